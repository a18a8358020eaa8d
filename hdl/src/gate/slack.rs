//! [`Slack`]: what one lane leaves to each ledger of a kind, and the sum that the next bank starts from.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `offset_*` | | BANK_OFFSET rows; the sum of the inactive bank starts there |
//! | `clear`, `clear_address` | | the sums start at 0 |
//! | `early_at` | 4 | ledger |
//! | `early` | 5 | its slack, for the least of the lanes |
//! | `late_at` | 9 | ledger |
//! | `sum_at` | 11 | ledger |
//! | `debit`, `unit` | 11 | fall of the headroom; a UNIT lane ignores it |
//! | `least` | 11 | the least limit of the ledger before the operation |
//! | `late_debit`, `worst`, `sweep`, `rebuild` | 12 | change of the worst loss; add it to the sum; take the sum |
//! | `sum_write_at` | 12 | ledger |
//! | `charge` | 13 | change of the worst loss and what the closing rule adds |
//! | `below`, `wide` | 13 | the new slack is negative; it leaves 48 bits |
//! | `worse` | 14 | the lane does not let a closing order pass |
//! | `write`, `write_at` | 15 | store the slack |
//! | `slack_read` | 10 | for READ |
//!
//! Slacks are those of the active bank; only a flip replaces them. The sum begins as minus the offset, loses the worst
//! loss of every cell, and becomes the slack. Cells of a sweep come in every second clock, so a sum is written before
//! the next cell reads it.
//!
//! ```text
//! clock  _/9\_/10\_/11\_/12\_/13\_/14\_/15\_
//! late_at <a >
//! debit             <a >
//! worst                  <a >
//! below                       <a >
//! worse                            <a >
//! ```

use super::ops::block;
use crate::int::{signed_cast, signed_cast_from, I, U};
use crate::leaf::Delay;
use crate::ram::{LutRam, Ram};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Slacks of one lane; `A` is bits of a ledger.
    pub(super) struct Slack [A] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) clear: Signal<In, Bit>,
        pub(super) clear_address: Signal<In, U<A>>,
        pub(super) offset_write: Signal<In, Bit>,
        pub(super) offset_address: Signal<In, U<A>>,
        pub(super) offset_data: Signal<In, I<48>>,
        pub(super) early_at: Signal<In, U<A>>,
        pub(super) late_at: Signal<In, U<A>>,
        pub(super) sum_at: Signal<In, U<A>>,
        pub(super) sum_write_at: Signal<In, U<A>>,
        pub(super) unit: Signal<In, Bit>,
        pub(super) debit: Signal<In, I<60>>,
        pub(super) late_debit: Signal<In, I<60>>,
        pub(super) least: Signal<In, I<48>>,
        pub(super) worst: Signal<In, I<50>>,
        pub(super) charge: Signal<In, I<52>>,
        pub(super) sweep: Signal<In, Bit>,
        pub(super) rebuild: Signal<In, Bit>,
        pub(super) write: Signal<In, Bit>,
        pub(super) write_at: Signal<In, U<A>>,
        pub(super) early: Signal<Out, I<48>>,
        pub(super) slack_read: Signal<Out, I<48>>,
        pub(super) below: Signal<Out, Bit>,
        pub(super) wide: Signal<Out, Bit>,
        pub(super) worse: Signal<Out, Bit>,

        zero_48: Constant<I<48>> = Constant::new(I::new(0)),
        zero_60: Constant<I<60>> = Constant::new(I::new(0)),
        early_ram: Ram<I<48>, A>,
        late_ram: Ram<I<48>, A>,
        sum_ram: LutRam<I<60>, A>,
        source_reg: DFF<I<48>>,
        sum_reg: DFF<I<60>>,
        base_reg: DFF<I<52>>,
        spare_reg: DFF<I<52>>,
        spare_13: DFF<I<52>>,
        slack_reg: DFF<I<60>>,
        worse_reg: DFF<Bit>,
        slack_line: Delay<I<48>, 2>,
        source: Signal<Local, I<52>>,
        fall: Signal<Local, I<52>>,
        from: Signal<Local, I<60>>,
        less: Signal<Local, I<60>>,
        result: Signal<Local, I<60>>,
        margin: Signal<Local, I<52>>,
        top: Signal<Local, U<13>>,
        stored: Signal<Local, I<48>>,
        stored_at: Signal<Local, U<A>>,
    }
}

impl<const A: usize> Logic for Slack<A> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, early_ram, late_ram, sum_ram, source_reg, sum_reg, base_reg, spare_reg, spare_13);
        clock!(self, clock, slack_reg, worse_reg, slack_line);
        // 4 to 5, 9 to 11
        self.early_ram.read_address.next = self.early_at.val();
        self.late_ram.read_address.next = self.late_at.val();
        self.sum_ram.read_address.next = self.sum_at.val();
        self.early.next = self.early_ram.read_data.val();
        self.slack_read.next = self.late_ram.read_data.val();
        self.source_reg.d.next = self.late_ram.read_data.val();
        // 11 to 12
        self.sum_reg.d.next = self.sum_ram.read_data.val();
        self.source.next = signed_cast::<52, 48>(self.source_reg.q.val());
        self.fall.next = signed_cast::<52, 60>(self.debit.val());
        self.base_reg.d.next = self.source.val() - self.fall.val();
        if self.unit.val() {
            self.base_reg.d.next = self.source.val();
        }
        self.spare_reg.d.next = self.source.val() - signed_cast::<52, 48>(self.least.val());
        // 12 to 13
        self.spare_13.d.next = self.spare_reg.q.val();
        self.from.next = signed_cast::<60, 52>(self.base_reg.q.val());
        self.less.next = signed_cast::<60, 50>(self.worst.val());
        if self.sweep.val() | self.rebuild.val() {
            self.from.next = self.sum_reg.q.val();
        }
        if self.rebuild.val() {
            self.less.next = self.late_debit.val();
            if self.unit.val() {
                self.less.next = self.zero_60.val();
            }
        }
        self.result.next = self.from.val() - self.less.val();
        self.slack_reg.d.next = self.result.val();
        self.sum_ram.write_enable.next = (self.sweep.val() | self.offset_write.val()) | self.clear.val();
        self.sum_ram.write_address.next = self.sum_write_at.val();
        self.sum_ram.write_data.next = self.result.val();
        if self.offset_write.val() {
            self.sum_ram.write_address.next = self.offset_address.val();
            self.sum_ram.write_data.next = -signed_cast::<60, 48>(self.offset_data.val());
        }
        if self.clear.val() {
            self.sum_ram.write_address.next = self.clear_address.val();
            self.sum_ram.write_data.next = self.zero_60.val();
        }
        // 13 to 14
        self.below.next = self.slack_reg.q.val().get_bit(59);
        self.top.next = self.slack_reg.q.val().get_bits::<13>(47);
        self.wide.next = self.top.val().any() & !self.top.val().all();
        self.slack_line.data.next = signed_cast_from(self.slack_reg.q.val().get_bits::<48>(0));
        self.margin.next = self.spare_13.q.val() - self.charge.val();
        self.worse_reg.d.next = self.margin.val().get_bit(51);
        if self.unit.val() {
            self.worse_reg.d.next = self.slack_reg.q.val().get_bit(59);
        }
        self.worse.next = self.worse_reg.q.val();
        // 15
        self.stored.next = self.slack_line.delayed.val();
        self.stored_at.next = self.write_at.val();
        if self.scrub.val() {
            self.stored.next = self.zero_48.val();
            self.stored_at.next = self.clear_address.val();
        }
        self.early_ram.write_enable.next = self.write.val() | self.scrub.val();
        self.early_ram.write_address.next = self.stored_at.val();
        self.early_ram.write_data.next = self.stored.val();
        self.late_ram.write_enable.next = self.write.val() | self.scrub.val();
        self.late_ram.write_address.next = self.stored_at.val();
        self.late_ram.write_data.next = self.stored.val();
    }
}
