//! [`Venues`]: which venue ledger a cell belongs to, and whether one is in use.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `row_*` | | INSTRUMENT and VENUE_LEDGER rows |
//! | `account`, `instrument`, `busy` | 0 | head of the orders stream; ledgers in the pipeline |
//! | `member`, `ledger`, `venue`, `conflict` | 0 | the cell has a ledger; which; its venue; the ledger is in the pipeline |
//! | `walk_account`, `walk_instrument` | 0 | the same for the sweep |
//! | `walk_member`, `walk_ledger` | 0 | |
//! | `read_account`, `read_venue` | 1 | an operation |
//! | `row` | 2 | its row: lane mask, bit 32 present, ledger from bit 33 |
//!
//! The ledgers of an account at every venue are looked up beside the venue of the instrument, not behind it.
//!
//! ```text
//! clock    _/0\_/1\_/2\_
//! account  <a >
//! conflict <a >
//! row               <a >
//! ```

use super::ops::{self, block, place, size, value};
use crate::int::{unsigned_cast, U};
use crate::ram::{LutRam, Ram};
use crossgate_contract::command::{Instrument, VenueLedger};
use rust_hdl_core::prelude::*;

/// Bit of a stored byte that says that there is a row.
const PRESENT: u64 = 7;

block! {
    /// Venues of instruments, ledgers of accounts; `V` is bits of a venue, `AV` of {account, venue}.
    pub(super) struct Venues [A, N, V, VENUES, AV] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) account: Signal<In, U<A>>,
        pub(super) instrument: Signal<In, U<N>>,
        pub(super) busy: Signal<In, U<64>>,
        pub(super) member: Signal<Out, Bit>,
        pub(super) ledger: Signal<Out, U<A>>,
        pub(super) venue: Signal<Out, U<V>>,
        pub(super) conflict: Signal<Out, Bit>,
        pub(super) walk_account: Signal<In, U<A>>,
        pub(super) walk_instrument: Signal<In, U<N>>,
        pub(super) walk_member: Signal<Out, Bit>,
        pub(super) walk_ledger: Signal<Out, U<A>>,
        pub(super) read_account: Signal<In, U<A>>,
        pub(super) read_venue: Signal<In, U<V>>,
        pub(super) row: Signal<Out, U<40>>,

        at_instrument: Constant<U<6>> = place(&[&Instrument::LAYOUT], "instrument", 0, 16),
        at_venue: Constant<U<6>> = place(&[&Instrument::LAYOUT, &VenueLedger::LAYOUT], "venue", 0, 8),
        at_account: Constant<U<6>> = place(&[&VenueLedger::LAYOUT], "account", 0, 16),
        at_ledger: Constant<U<6>> = place(&[&VenueLedger::LAYOUT], "ledger", 1, 16),
        at_mask: Constant<U<6>> = place(&[&VenueLedger::LAYOUT], "lane_mask", 2, 32),
        row_instrument: Constant<U<4>> = value(ops::ROW_INSTRUMENT),
        row_venue: Constant<U<4>> = value(ops::ROW_VENUE),
        present: Constant<U<8>> = value(1 << PRESENT),
        present_index: Constant<U<6>> = value(PRESENT),
        row_present: Constant<U<40>> = value(1 << 32),
        to_ledger: Constant<U<6>> = value(33),
        venue_bits: Constant<U<5>> = value(V as u64),
        numbers: [Constant<U<8>>; VENUES] = std::array::from_fn(size),
        zero_8: Constant<U<8>> = value(0),
        zero_40: Constant<U<40>> = value(0),

        venue_ram: LutRam<U<8>, N>,
        walk_venue_ram: LutRam<U<8>, N>,
        ledger_ram: [LutRam<U<8>, A>; VENUES] = std::array::from_fn(|_| Default::default()),
        walk_ledger_ram: [LutRam<U<8>, A>; VENUES] = std::array::from_fn(|_| Default::default()),
        row_ram: Ram<U<40>, AV>,

        is_instrument: Signal<Local, Bit>,
        is_venue: Signal<Local, Bit>,
        found: [Signal<Local, U<6>>; VENUES] = std::array::from_fn(|_| Default::default()),
        venue_at: Signal<Local, U<N>>,
        venue_data: Signal<Local, U<8>>,
        ledger_at: Signal<Local, U<A>>,
        ledger_data: Signal<Local, U<8>>,
        row_venue_8: Signal<Local, U<8>>,
        of_head: Signal<Local, U<8>>,
        of_walk: Signal<Local, U<8>>,
        head_row: Signal<Local, U<8>>,
        walk_row: Signal<Local, U<8>>,
        meets: Signal<Local, Bit>,
        wide: Signal<Local, U<AV>>,
    }
}

impl<const A: usize, const N: usize, const V: usize, const VENUES: usize, const AV: usize> Logic
    for Venues<A, N, V, VENUES, AV>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, venue_ram, walk_venue_ram, row_ram);
        // rows
        self.is_instrument.next = self.row_hot.val().get_bit(self.row_instrument.val().index());
        self.is_venue.next = self.row_hot.val().get_bit(self.row_venue.val().index());
        self.row_venue_8.next = self.row_0.val().get_bits::<8>(self.at_venue.val().index());
        self.venue_at.next = self.row_0.val().get_bits::<N>(self.at_instrument.val().index());
        self.venue_data.next = self.row_venue_8.val() | self.present.val();
        self.ledger_at.next = self.row_0.val().get_bits::<A>(self.at_account.val().index());
        self.ledger_data.next =
            unsigned_cast::<8, A>(self.row_1.val().get_bits::<A>(self.at_ledger.val().index())) | self.present.val();
        self.wide.next = unsigned_cast::<AV, A>(self.row_0.val().get_bits::<A>(self.at_account.val().index()));
        self.row_ram.write_address.next = (self.wide.val() << self.venue_bits.val())
            | unsigned_cast::<AV, V>(self.row_0.val().get_bits::<V>(self.at_venue.val().index()));
        self.row_ram.write_data.next =
            (unsigned_cast::<40, 32>(self.row_2.val().get_bits::<32>(self.at_mask.val().index()))
                | self.row_present.val())
                | (unsigned_cast::<40, A>(self.row_1.val().get_bits::<A>(self.at_ledger.val().index()))
                    << self.to_ledger.val());
        if self.scrub.val() {
            self.venue_at.next = self.scrub_address.val().get_bits::<N>(0);
            self.venue_data.next = self.zero_8.val();
            self.ledger_at.next = self.scrub_address.val().get_bits::<A>(0);
            self.ledger_data.next = self.zero_8.val();
            self.row_ram.write_address.next = self.scrub_address.val().get_bits::<AV>(0);
            self.row_ram.write_data.next = self.zero_40.val();
        }
        self.row_ram.write_enable.next = self.is_venue.val() | self.scrub.val();
        self.venue_ram.write_enable.next = self.is_instrument.val() | self.scrub.val();
        self.venue_ram.write_address.next = self.venue_at.val();
        self.venue_ram.write_data.next = self.venue_data.val();
        self.walk_venue_ram.write_enable.next = self.is_instrument.val() | self.scrub.val();
        self.walk_venue_ram.write_address.next = self.venue_at.val();
        self.walk_venue_ram.write_data.next = self.venue_data.val();
        // lookups
        self.venue_ram.read_address.next = self.instrument.val();
        self.walk_venue_ram.read_address.next = self.walk_instrument.val();
        self.of_head.next = self.venue_ram.read_data.val() & !self.present.val();
        self.of_walk.next = self.walk_venue_ram.read_data.val() & !self.present.val();
        self.head_row.next = self.zero_8.val();
        self.walk_row.next = self.zero_8.val();
        self.meets.next = false;
        for i in 0..VENUES {
            self.ledger_ram[i].clock.next = self.clock.val();
            self.walk_ledger_ram[i].clock.next = self.clock.val();
            self.ledger_ram[i].write_enable.next =
                (self.is_venue.val() & (self.row_venue_8.val() == self.numbers[i].val())) | self.scrub.val();
            self.walk_ledger_ram[i].write_enable.next =
                (self.is_venue.val() & (self.row_venue_8.val() == self.numbers[i].val())) | self.scrub.val();
            self.ledger_ram[i].write_address.next = self.ledger_at.val();
            self.walk_ledger_ram[i].write_address.next = self.ledger_at.val();
            self.ledger_ram[i].write_data.next = self.ledger_data.val();
            self.walk_ledger_ram[i].write_data.next = self.ledger_data.val();
            self.ledger_ram[i].read_address.next = self.account.val();
            self.walk_ledger_ram[i].read_address.next = self.walk_account.val();
            self.found[i].next = self.ledger_ram[i].read_data.val().get_bits::<6>(0);
            if self.of_head.val() == self.numbers[i].val() {
                self.head_row.next = self.ledger_ram[i].read_data.val();
                self.meets.next = self.busy.val().get_bit(self.found[i].val().index())
                    & self.ledger_ram[i].read_data.val().get_bit(self.present_index.val().index());
            }
            if self.of_walk.val() == self.numbers[i].val() {
                self.walk_row.next = self.walk_ledger_ram[i].read_data.val();
            }
        }
        self.member.next = self.head_row.val().get_bit(self.present_index.val().index())
            & self.venue_ram.read_data.val().get_bit(self.present_index.val().index());
        self.conflict.next =
            self.meets.val() & self.venue_ram.read_data.val().get_bit(self.present_index.val().index());
        self.ledger.next = self.head_row.val().get_bits::<A>(0);
        self.venue.next = self.venue_ram.read_data.val().get_bits::<V>(0);
        self.walk_member.next = self.walk_row.val().get_bit(self.present_index.val().index())
            & self.walk_venue_ram.read_data.val().get_bit(self.present_index.val().index());
        self.walk_ledger.next = self.walk_row.val().get_bits::<A>(0);
        self.row_ram.read_address.next = (unsigned_cast::<AV, A>(self.read_account.val()) << self.venue_bits.val())
            | unsigned_cast::<AV, V>(self.read_venue.val());
        self.row.next = self.row_ram.read_data.val();
    }
}
