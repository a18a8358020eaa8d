//! [`Lanes`]: every lane of the pool ledger, their rows, and what they say together.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `row_*`, `inactive` | | BANK_LOSS and BANK_OFFSET rows for the inactive bank |
//! | `bank`, `instrument` | 1 | of the operation |
//! | `new_negative` .. `debit` | 6 to 11 | as in [`super::lane`] |
//! | `failed`, `wide` | 13 | one bit a lane whose new slack is negative; a slack leaves 48 bits |
//! | `write`, `write_address` | 15 | store the slacks |
//! | `word_0`, `long_read`, `short_read`, `slack_read` | | READ and the memories of its lane |
//!
//! ```text
//! clock       _/1\_ .. _/7\_ .. _/11\_/12\_/13\_
//! instrument  <a >
//! end_new              <a >
//! debit                         <a >
//! failed                                    <a >
//! ```

use super::lane::Lane;
use super::ops::{block, place, size, value};
use crate::int::{signed_cast_from, unsigned_cast, I, U};
use crate::island::Sleeper;
use crate::leaf::Delay;
use crossgate_contract::command::{BankLoss, BankOffset, Read};
use rust_hdl_core::prelude::*;

block! {
    /// All lanes.
    pub(super) struct Lanes [A, N, LANES, BI, BA] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_loss: Signal<In, Bit>,
        pub(super) row_offset: Signal<In, Bit>,
        pub(super) inactive: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) instrument: Signal<In, U<N>>,
        pub(super) new_negative: Signal<In, Bit>,
        pub(super) current_negative: Signal<In, Bit>,
        pub(super) other_negative: Signal<In, Bit>,
        pub(super) end_new: Signal<In, I<18>>,
        pub(super) end_current: Signal<In, I<18>>,
        pub(super) end_other: Signal<In, I<18>>,
        pub(super) ledger: Signal<In, U<BA>>,
        pub(super) sweep: Signal<In, Bit>,
        pub(super) rebuild: Signal<In, Bit>,
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) debit: Signal<In, I<60>>,
        pub(super) write: Signal<In, Bit>,
        pub(super) write_address: Signal<In, U<BA>>,
        pub(super) failed: Signal<Out, U<32>>,
        pub(super) wide: Signal<Out, Bit>,
        pub(super) long_read: Signal<Out, I<18>>,
        pub(super) short_read: Signal<Out, I<18>>,
        pub(super) slack_read: Signal<Out, I<48>>,

        at_lane: Constant<U<6>> = place(&[&BankLoss::LAYOUT, &BankOffset::LAYOUT], "lane", 0, 8),
        at_loss_instrument: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "instrument", 0, 16),
        at_ledger: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "ledger", 0, 16),
        at_offset: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "offset", 1, 48),
        at_long_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_0", 1, 18),
        at_short_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_0", 1, 18),
        at_long_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_1", 2, 18),
        at_short_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_1", 2, 18),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        loss_bank: Constant<U<BI>> = value(1 << (BI - 1)),
        offset_bank: Constant<U<BA>> = value(1 << (BA - 1)),
        numbers: [Constant<U<8>>; LANES] = std::array::from_fn(size),
        pairs: [Constant<U<8>>; LANES] = std::array::from_fn(|lane| size(lane & !1)),
        odd: [Constant<Bit>; LANES] = std::array::from_fn(|lane| Constant::new(lane % 2 == 1)),
        lane_bits: [Constant<U<32>>; LANES] = std::array::from_fn(|lane| value(1 << lane)),
        none: Constant<U<32>> = value(0),

        lane: [Sleeper<Lane<BI, BA>>; LANES] = std::array::from_fn(|_| Default::default()),
        row_5: Delay<U<BI>, 4>,

        row: Signal<Local, U<BI>>,
        number: Signal<Local, U<8>>,
        sub: Signal<Local, U<8>>,
        long_0: Signal<Local, U<18>>,
        short_0: Signal<Local, U<18>>,
        long_1: Signal<Local, U<18>>,
        short_1: Signal<Local, U<18>>,
        loss_at: Signal<Local, U<BI>>,
        offset_at: Signal<Local, U<BA>>,
        offset: Signal<Local, U<48>>,
    }
}

impl<const A: usize, const N: usize, const LANES: usize, const BI: usize, const BA: usize> Logic
    for Lanes<A, N, LANES, BI, BA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, row_5);
        self.row.next = unsigned_cast::<BI, N>(self.instrument.val());
        if self.bank.val() {
            self.row.next = unsigned_cast::<BI, N>(self.instrument.val()) | self.loss_bank.val();
        }
        self.row_5.data.next = self.row.val();
        self.number.next = self.row_0.val().get_bits::<8>(self.at_lane.val().index());
        self.long_0.next = self.row_1.val().get_bits::<18>(self.at_long_0.val().index());
        self.short_0.next = self.row_1.val().get_bits::<18>(self.at_short_0.val().index());
        self.long_1.next = self.row_2.val().get_bits::<18>(self.at_long_1.val().index());
        self.short_1.next = self.row_2.val().get_bits::<18>(self.at_short_1.val().index());
        self.loss_at.next =
            unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_loss_instrument.val().index()));
        self.offset_at.next = unsigned_cast::<BA, A>(self.row_0.val().get_bits::<A>(self.at_ledger.val().index()));
        if self.inactive.val() {
            self.loss_at.next =
                unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_loss_instrument.val().index()))
                    | self.loss_bank.val();
            self.offset_at.next = unsigned_cast::<BA, A>(self.row_0.val().get_bits::<A>(self.at_ledger.val().index()))
                | self.offset_bank.val();
        }
        self.offset.next = self.row_1.val().get_bits::<48>(self.at_offset.val().index());
        self.sub.next = self.word_0.val().get_bits::<8>(self.at_sub.val().index());
        self.failed.next = self.none.val();
        self.wide.next = false;
        self.long_read.next = self.lane[0].long_read.val();
        self.short_read.next = self.lane[0].short_read.val();
        self.slack_read.next = self.lane[0].slack_read.val();
        for i in 0..LANES {
            self.lane[i].clock.next = self.clock.val();
            self.lane[i].scrub.next = self.scrub.val();
            self.lane[i].scrub_address.next = self.scrub_address.val();
            self.lane[i].loss_write.next = self.row_loss.val() & (self.number.val() == self.pairs[i].val());
            self.lane[i].loss_address.next = self.loss_at.val();
            self.lane[i].loss_long.next = self.long_0.val();
            self.lane[i].loss_short.next = self.short_0.val();
            if self.odd[i].val() {
                self.lane[i].loss_long.next = self.long_1.val();
                self.lane[i].loss_short.next = self.short_1.val();
            }
            self.lane[i].offset_write.next = self.row_offset.val() & (self.number.val() == self.numbers[i].val());
            self.lane[i].offset_address.next = self.offset_at.val();
            self.lane[i].offset_data.next = signed_cast_from(self.offset.val());
            self.lane[i].row.next = self.row_5.delayed.val();
            self.lane[i].new_negative.next = self.new_negative.val();
            self.lane[i].current_negative.next = self.current_negative.val();
            self.lane[i].other_negative.next = self.other_negative.val();
            self.lane[i].end_new.next = self.end_new.val();
            self.lane[i].end_current.next = self.end_current.val();
            self.lane[i].end_other.next = self.end_other.val();
            self.lane[i].ledger.next = self.ledger.val();
            self.lane[i].sweep.next = self.sweep.val();
            self.lane[i].rebuild.next = self.rebuild.val();
            self.lane[i].exponent.next = self.exponent.val();
            self.lane[i].debit.next = self.debit.val();
            self.lane[i].write.next = self.write.val();
            self.lane[i].write_address.next = self.write_address.val();
            if self.lane[i].below.val() {
                self.failed.next = self.failed.val() | self.lane_bits[i].val();
            }
            if self.lane[i].wide.val() {
                self.wide.next = true;
            }
            if self.sub.val() == self.numbers[i].val() {
                self.long_read.next = self.lane[i].long_read.val();
                self.short_read.next = self.lane[i].short_read.val();
                self.slack_read.next = self.lane[i].slack_read.val();
            }
        }
    }
}
