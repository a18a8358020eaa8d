//! [`Reader`]: the four words that READ returns.
//!
//! Purely combinational: the fields of the READ stay in front of the pipeline until its event has left, so every memory
//! shows its row long before.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0`, `bank` | the command and the number of its bank |
//! | rows | what the memories show |
//! | `read_0` .. `read_3` | the words |
//!
//! ```text
//! clock    _/1\_ .. _/14\_
//! word_0   <a            >
//! read_0            <a  >
//! ```

use super::ops::{block, place, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crossgate_contract::command::{BankMark, Instrument, InstrumentLimits, Read};
use crossgate_contract::table::Table;
use rust_hdl_core::prelude::*;

block! {
    /// Selects table words.
    pub(super) struct Reader {
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) static_1: Signal<In, U<64>>,
        pub(super) static_2: Signal<In, U<64>>,
        pub(super) static_3: Signal<In, U<64>>,
        pub(super) mark_0: Signal<In, U<32>>,
        pub(super) mark_1: Signal<In, U<64>>,
        pub(super) mark_2: Signal<In, U<64>>,
        pub(super) slot_head: Signal<In, U<64>>,
        pub(super) slot_lots: Signal<In, U<40>>,
        pub(super) slot_cumulative: Signal<In, U<40>>,
        pub(super) slot_price: Signal<In, U<32>>,
        pub(super) pending_flags: Signal<In, U<2>>,
        pub(super) pending_before: Signal<In, U<40>>,
        pub(super) pending_asked: Signal<In, U<40>>,
        pub(super) pending_prices: Signal<In, U<64>>,
        pub(super) bid_end: Signal<In, I<40>>,
        pub(super) ask_end: Signal<In, I<40>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) flags: Signal<In, U<3>>,
        pub(super) venue_flags: Signal<In, U<2>>,
        pub(super) venue_row: Signal<In, U<40>>,
        pub(super) base: Signal<In, U<41>>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) pool_head: Signal<In, I<48>>,
        pub(super) pool_y: Signal<In, U<48>>,
        pub(super) pool_slack: Signal<In, I<48>>,
        pub(super) venue_head: Signal<In, I<48>>,
        pub(super) venue_y: Signal<In, U<48>>,
        pub(super) venue_slack: Signal<In, I<48>>,
        pub(super) loss: Signal<In, U<36>>,
        pub(super) open_orders: Signal<In, U<16>>,
        pub(super) tat: Signal<In, U<48>>,
        pub(super) notional_max: Signal<In, U<64>>,
        pub(super) touch_ticks: Signal<In, U<16>>,
        pub(super) limits_known: Signal<In, Bit>,
        pub(super) bid: Signal<In, U<33>>,
        pub(super) ask: Signal<In, U<33>>,
        pub(super) filling: Signal<In, Bit>,
        pub(super) low: Signal<In, U<32>>,
        pub(super) high: Signal<In, U<32>>,
        pub(super) box_known: Signal<In, Bit>,
        pub(super) read_0: Signal<Out, U<64>>,
        pub(super) read_1: Signal<Out, U<64>>,
        pub(super) read_2: Signal<Out, U<64>>,
        pub(super) read_3: Signal<Out, U<64>>,
        at_table: Constant<U<6>> = place(&[&Read::LAYOUT], "table", 0, 8),
        at_index: Constant<U<6>> = place(&[&Read::LAYOUT], "index", 0, 16),
        at_inactive: Constant<U<6>> = place(&[&Read::LAYOUT], "inactive", 0, 1),
        to_instrument: Constant<U<6>> = place(&[&Instrument::LAYOUT], "instrument", 0, 16),
        to_mark: Constant<U<6>> = place(&[&BankMark::LAYOUT], "instrument", 0, 16),
        table_cell: Constant<U<8>> = value(Table::Cell as u64),
        table_slot: Constant<U<8>> = value(Table::Slot as u64),
        table_pending: Constant<U<8>> = value(Table::Pending as u64),
        table_lane: Constant<U<8>> = value(Table::Lane as u64),
        table_account: Constant<U<8>> = value(Table::Account as u64),
        table_instrument: Constant<U<8>> = value(Table::Instrument as u64),
        table_mark: Constant<U<8>> = value(Table::Mark as u64),
        table_venue_lane: Constant<U<8>> = value(Table::VenueLane as u64),
        table_venue_account: Constant<U<8>> = value(Table::VenueAccount as u64),
        table_venue_ledger: Constant<U<8>> = value(Table::VenueLedger as u64),
        table_rate: Constant<U<8>> = value(Table::Rate as u64),
        table_touch: Constant<U<8>> = value(Table::Touch as u64),
        table_box: Constant<U<8>> = value(Table::Box as u64),
        table_limits: Constant<U<8>> = value(Table::Limits as u64),
        to_limits: Constant<U<6>> = place(&[&InstrumentLimits::LAYOUT], "instrument", 0, 16),
        to_touch: Constant<U<6>> = place(&[&InstrumentLimits::LAYOUT], "touch_ticks", 2, 16),
        table_base: Constant<U<8>> = value(Table::Base as u64),
        to_ledger: Constant<U<6>> = value(16),
        to_mask: Constant<U<6>> = value(32),
        ledger_index: Constant<U<6>> = value(33),
        present_index: Constant<U<6>> = value(32),
        base_present: Constant<U<6>> = value(40),
        absent: Constant<U<64>> = value(u64::MAX >> 1),
        zero: Constant<U<64>> = value(0),
        one: Constant<U<64>> = value(1),
        two: Constant<U<64>> = value(2),
        named_table: Signal<Local, U<8>>,
        index: Signal<Local, U<64>>,
        inactive: Signal<Local, Bit>,
        poisoned: Signal<Local, Bit>,
        open_bid: Signal<Local, I<40>>,
        open_ask: Signal<Local, I<40>>,
        open_bid_bits: Signal<Local, U<40>>,
        open_ask_bits: Signal<Local, U<40>>,
        position_64: Signal<Local, I<64>>,
        head_64: Signal<Local, I<64>>,
        of_venue: Signal<Local, Bit>,
        head: Signal<Local, I<48>>,
        y: Signal<Local, U<48>>,
        slack: Signal<Local, I<48>>,
        long_bits: Signal<Local, U<18>>,
        short_bits: Signal<Local, U<18>>,
        long: Signal<Local, I<18>>,
        short: Signal<Local, I<18>>,
        base_bits: Signal<Local, U<40>>,
        base_40: Signal<Local, I<40>>,
        long_64: Signal<Local, I<64>>,
        short_64: Signal<Local, I<64>>,
        base_64: Signal<Local, I<64>>,
        slack_64: Signal<Local, I<64>>,
        touch_64: Signal<Local, U<64>>,
    }
}

impl Logic for Reader {
    #[hdl_gen]
    fn update(&mut self) {
        self.named_table.next = self.word_0.val().get_bits::<8>(self.at_table.val().index());
        self.index.next = unsigned_cast::<64, 16>(self.word_0.val().get_bits::<16>(self.at_index.val().index()));
        self.inactive.next = self.word_0.val().get_bit(self.at_inactive.val().index());
        self.of_venue.next = (self.named_table.val() == self.table_venue_lane.val())
            | (self.named_table.val() == self.table_venue_account.val());
        self.poisoned.next = self.flags.val().get_bit(0);
        if self.bank.val() {
            self.poisoned.next = self.flags.val().get_bit(1);
        }
        self.head.next = self.pool_head.val();
        self.y.next = self.pool_y.val();
        self.slack.next = self.pool_slack.val();
        if self.of_venue.val() {
            self.poisoned.next = self.venue_flags.val().get_bit(0);
            if self.bank.val() {
                self.poisoned.next = self.venue_flags.val().get_bit(1);
            }
            self.head.next = self.venue_head.val();
            self.y.next = self.venue_y.val();
            self.slack.next = self.venue_slack.val();
        }
        if self.inactive.val() & !self.frozen.val() {
            self.poisoned.next = false;
        }
        self.long_bits.next = self.loss.val().get_bits::<18>(0);
        self.short_bits.next = self.loss.val().get_bits::<18>(18);
        self.long.next = signed_cast_from(self.long_bits.val());
        self.short.next = signed_cast_from(self.short_bits.val());
        self.base_bits.next = self.base.val().get_bits::<40>(0);
        self.base_40.next = signed_cast_from(self.base_bits.val());
        self.base_64.next = signed_cast::<64, 40>(self.base_40.val());
        self.open_bid.next = self.bid_end.val() - self.position.val();
        self.open_ask.next = self.position.val() - self.ask_end.val();
        self.open_bid_bits.next = unsigned_cast_from(self.open_bid.val());
        self.open_ask_bits.next = unsigned_cast_from(self.open_ask.val());
        self.position_64.next = signed_cast::<64, 40>(self.position.val());
        self.head_64.next = signed_cast::<64, 48>(self.head.val());
        self.long_64.next = signed_cast::<64, 18>(self.long.val());
        self.short_64.next = signed_cast::<64, 18>(self.short.val());
        self.slack_64.next = signed_cast::<64, 48>(self.slack.val());
        // LOSS, unless another table is named
        self.read_0.next = unsigned_cast_from(self.long_64.val());
        self.read_1.next = unsigned_cast_from(self.short_64.val());
        self.read_2.next = self.zero.val();
        self.read_3.next = self.zero.val();
        if self.named_table.val() == self.table_cell.val() {
            self.read_0.next = unsigned_cast_from(self.position_64.val());
            self.read_1.next = unsigned_cast::<64, 40>(self.open_bid_bits.val());
            self.read_2.next = unsigned_cast::<64, 40>(self.open_ask_bits.val());
        }
        if self.named_table.val() == self.table_slot.val() {
            self.read_0.next = self.slot_head.val();
            self.read_1.next = unsigned_cast::<64, 40>(self.slot_lots.val());
            self.read_2.next = unsigned_cast::<64, 40>(self.slot_cumulative.val());
            self.read_3.next = unsigned_cast::<64, 32>(self.slot_price.val());
        }
        if self.named_table.val() == self.table_pending.val() {
            self.read_0.next = unsigned_cast::<64, 2>(self.pending_flags.val());
            self.read_1.next = unsigned_cast::<64, 40>(self.pending_before.val());
            self.read_2.next = unsigned_cast::<64, 40>(self.pending_asked.val());
            self.read_3.next = self.pending_prices.val();
        }
        if (self.named_table.val() == self.table_lane.val()) | (self.named_table.val() == self.table_venue_lane.val()) {
            self.read_0.next = unsigned_cast_from(self.slack_64.val());
            self.read_1.next = self.zero.val();
            if self.poisoned.val() {
                self.read_3.next = self.one.val();
            }
            if self.poisoned.val() | self.inactive.val() {
                self.read_0.next = self.zero.val();
            }
        }
        if (self.named_table.val() == self.table_account.val())
            | (self.named_table.val() == self.table_venue_account.val())
        {
            self.read_0.next = unsigned_cast_from(self.head_64.val());
            self.read_1.next = unsigned_cast::<64, 48>(self.y.val());
            if self.poisoned.val() {
                self.read_1.next = self.zero.val();
                self.read_3.next = self.one.val();
            }
            if self.poisoned.val() | self.inactive.val() {
                self.read_0.next = self.zero.val();
            }
            if self.flags.val().get_bit(2) & !self.of_venue.val() {
                self.read_3.next = self.read_3.val() | self.two.val();
            }
        }
        if self.named_table.val() == self.table_venue_ledger.val() {
            self.read_0.next =
                (unsigned_cast::<64, 7>(self.venue_row.val().get_bits::<7>(self.ledger_index.val().index()))
                    << self.to_ledger.val())
                    | (unsigned_cast::<64, 32>(self.venue_row.val().get_bits::<32>(0)) << self.to_mask.val());
            if self.venue_row.val().get_bit(self.present_index.val().index()) {
                self.read_0.next = self.read_0.val() | self.one.val();
            }
            self.read_1.next = self.zero.val();
        }
        if self.named_table.val() == self.table_base.val() {
            self.read_0.next = unsigned_cast_from(self.base_64.val());
            self.read_1.next = self.zero.val();
            if self.base.val().get_bit(self.base_present.val().index()) {
                self.read_3.next = self.one.val();
            }
        }
        if self.named_table.val() == self.table_touch.val() {
            self.read_0.next = unsigned_cast::<64, 32>(self.bid.val().get_bits::<32>(0));
            self.read_1.next = unsigned_cast::<64, 32>(self.ask.val().get_bits::<32>(0));
            if self.filling.val() {
                self.read_2.next = self.one.val();
            }
        }
        if self.named_table.val() == self.table_box.val() {
            self.read_0.next = unsigned_cast::<64, 32>(self.low.val());
            self.read_1.next = unsigned_cast::<64, 32>(self.high.val());
            if self.box_known.val() {
                self.read_3.next = self.one.val();
            }
        }
        if self.named_table.val() == self.table_rate.val() {
            self.read_0.next = unsigned_cast::<64, 16>(self.open_orders.val());
            self.read_1.next = unsigned_cast::<64, 48>(self.tat.val());
        }
        self.touch_64.next = unsigned_cast::<64, 16>(self.touch_ticks.val());
        if self.named_table.val() == self.table_limits.val() {
            self.read_0.next = self.zero.val();
            if self.limits_known.val() {
                self.read_0.next = self.index.val() << self.to_limits.val();
            }
            self.read_1.next = self.notional_max.val();
            self.read_2.next = self.touch_64.val() << self.to_touch.val();
        }
        if self.named_table.val() == self.table_instrument.val() {
            self.read_0.next =
                (self.static_0.val() & self.absent.val()) | (self.index.val() << self.to_instrument.val());
            self.read_1.next = self.static_1.val();
            self.read_2.next = self.static_2.val();
            self.read_3.next = self.static_3.val();
        }
        if self.named_table.val() == self.table_mark.val() {
            self.read_0.next = unsigned_cast::<64, 32>(self.mark_0.val()) | (self.index.val() << self.to_mark.val());
            self.read_1.next = self.mark_1.val();
            self.read_2.next = self.mark_2.val();
        }
    }
}
