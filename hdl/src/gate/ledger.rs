//! [`Ledger`]: headroom, collateral and Y of the ledgers of a kind, pool or venue, X during a sweep, and by how much an
//! operation lowers every slack.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `bank`, `number`, `member` | 1 | the operation and its ledger; it has one |
//! | `active`, `frozen` | | the bank that decides; the other one has a Y |
//! | `wipe` | | the inactive bank is emptied |
//! | `early_at`, `late_at`, `sum_at`, `sum_write_at`, `at` | 4, 9, 11, 12, 15 | the ledger, for the lanes |
//! | `head` | 5 | headroom before the operation, for the least of the limits |
//! | `x`, `y`, `shadow`, `charges`, `revalues` | 10 | reserves; Y grows; `y` is a part of X |
//! | `least` | 11 | the least of the limits before the operation |
//! | `sweeps`, `rebuild` | 10 | for the lanes |
//! | `sweep` | 12 | for the lanes |
//! | `debit`, `late_debit` | 11, 12 | fall of headroom and slacks |
//! | `head_below`, `head_worse`, `head_wide`, `y_wide`, ... | 14 | for the verdict |
//! | `write_*` | 15 | results |
//!
//! Money is exact in 60 bits until it is stored: nothing saturates, nothing wraps unseen. Headroom is that of the active
//! bank; only a flip replaces it.
//!
//! ```text
//! clock  _/1\_ .. _/10\_/11\_/12\_/13\_/14\_/15\_
//! hot    <a >
//! x               <a >
//! debit                 <a >
//! head_below                           <a >
//! ```

use super::ops::{self, block, place, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use crate::ram::{LutRam, Ram};
use crossgate_contract::command::{BankCollateral, Collateral};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Money of the ledgers of a kind; `A` is bits of a ledger, `BA` of {bank, ledger}.
    pub(super) struct Ledger [A, BA] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) number: Signal<In, U<A>>,
        pub(super) member: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) wipe: Signal<In, Bit>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_3: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) least: Signal<In, I<48>>,
        pub(super) charges: Signal<In, Bit>,
        pub(super) revalues: Signal<In, Bit>,
        pub(super) x: Signal<In, I<48>>,
        pub(super) y: Signal<In, I<48>>,
        pub(super) shadow: Signal<In, I<48>>,
        pub(super) write_money: Signal<In, Bit>,
        pub(super) write_y_own: Signal<In, Bit>,
        pub(super) write_y_other: Signal<In, Bit>,
        pub(super) clear_y: Signal<In, Bit>,
        pub(super) write_collateral: Signal<In, Bit>,
        pub(super) early_at: Signal<Out, U<A>>,
        pub(super) late_at: Signal<Out, U<A>>,
        pub(super) sum_at: Signal<Out, U<A>>,
        pub(super) sum_write_at: Signal<Out, U<A>>,
        pub(super) at: Signal<Out, U<A>>,
        pub(super) head: Signal<Out, I<48>>,
        pub(super) sweeps: Signal<Out, Bit>,
        pub(super) rebuild: Signal<Out, Bit>,
        pub(super) sweep: Signal<Out, Bit>,
        pub(super) debit: Signal<Out, I<60>>,
        pub(super) late_debit: Signal<Out, I<60>>,
        pub(super) head_read: Signal<Out, I<48>>,
        pub(super) y_read: Signal<Out, U<48>>,
        pub(super) head_below: Signal<Out, Bit>,
        pub(super) head_worse: Signal<Out, Bit>,
        pub(super) head_wide: Signal<Out, Bit>,
        pub(super) y_own_wide: Signal<Out, Bit>,
        pub(super) y_other_wide: Signal<Out, Bit>,
        pub(super) y_own: Signal<Out, U<48>>,
        pub(super) y_other: Signal<Out, U<48>>,
        pub(super) x_wide: Signal<Out, Bit>,
        pub(super) refused: Signal<Out, Bit>,
        pub(super) collateral_wide: Signal<Out, Bit>,

        op_collateral: Constant<U<5>> = value(ops::COLLATERAL),
        op_slot: Constant<U<5>> = value(ops::SLOT),
        op_cell: Constant<U<5>> = value(ops::CELL),
        op_ledgers: Constant<U<5>> = value(ops::LEDGERS),
        row_collateral: Constant<U<4>> = value(ops::ROW_COLLATERAL),
        of_venue: Constant<Bit> = Constant::new(false),
        at_venue: Constant<U<6>> = place(&[&BankCollateral::LAYOUT], "venue", 0, 1),
        at_ledger: Constant<U<6>> = place(&[&BankCollateral::LAYOUT], "ledger", 0, 16),
        at_collateral: Constant<U<6>> = place(&[&BankCollateral::LAYOUT, &Collateral::LAYOUT], "collateral", 1, 48),
        at_reserve: Constant<U<6>> = place(&[&BankCollateral::LAYOUT, &Collateral::LAYOUT], "reserve", 2, 47),
        at_included: Constant<U<6>> = place(&[&BankCollateral::LAYOUT, &Collateral::LAYOUT], "y_included", 3, 47),
        bank_bit: Constant<U<BA>> = value(1 << (BA - 1)),
        bank_index: Constant<U<6>> = value(BA as u64 - 1),
        zero_48: Constant<I<48>> = Constant::new(I::new(0)),
        none_48: Constant<U<48>> = value(0),
        zero_50: Constant<I<50>> = Constant::new(I::new(0)),
        zero_60: Constant<I<60>> = Constant::new(I::new(0)),
        empty_60: Constant<U<60>> = value(0),

        head_ram: Ram<I<48>, A>,
        early_ram: Ram<I<48>, A>,
        collateral_ram: Ram<I<50>, BA>,
        y_0_ram: Ram<U<48>, A>,
        y_1_ram: Ram<U<48>, A>,
        x_ram: LutRam<U<60>, A>,
        hot_7: Delay<ops::Hot, 6>,
        hot_9: Delay<ops::Hot, 2>,
        hot_10: Delay<ops::Hot, 1>,
        number_4: Delay<U<A>, 3>,
        own_8: Delay<U<BA>, 7>,
        own_9: Delay<U<BA>, 1>,
        own_10: Delay<U<BA>, 1>,
        own_11: Delay<U<BA>, 1>,
        own_12: Delay<U<BA>, 1>,
        own_15: Delay<U<BA>, 3>,
        member_10: Delay<Bit, 9>,
        sweep_line: Delay<Bit, 2>,
        net_reg: DFF<I<50>>,
        included_reg: DFF<I<50>>,
        published_reg: DFF<I<50>>,
        row_line: Delay<Bit, 2>,
        row_at_line: Delay<U<BA>, 2>,
        head_10: Delay<I<48>, 1>,
        adjust_reg: DFF<I<60>>,
        y_own_reg: DFF<U<48>>,
        y_other_reg: DFF<U<48>>,
        debit_reg: DFF<I<60>>,
        late_debit_reg: DFF<I<60>>,
        least_12: Delay<I<48>, 1>,
        head_11: DFF<I<60>>,
        head_reg: DFF<I<60>>,
        head_line: Delay<I<48>, 3>,
        below_line: Delay<Bit, 2>,
        worse_line: Delay<Bit, 2>,
        wide_line: Delay<Bit, 2>,
        y_own_11: DFF<U<50>>,
        y_other_11: DFF<U<50>>,
        y_own_14: Delay<U<48>, 3>,
        y_other_14: Delay<U<48>, 3>,
        y_own_15: Delay<U<48>, 1>,
        y_other_15: Delay<U<48>, 1>,
        y_own_wide_line: Delay<Bit, 3>,
        y_other_wide_line: Delay<Bit, 3>,
        x_over_line: Delay<Bit, 4>,
        refused_line: Delay<Bit, 4>,
        collateral_wide_line: Delay<Bit, 5>,

        own: Signal<Local, U<BA>>,
        own_void: Signal<Local, Bit>,
        other_void: Signal<Local, Bit>,
        row_stored: Signal<Local, Bit>,
        wiped_at: Signal<Local, U<BA>>,
        slot_adds: Signal<Local, Bit>,
        margin: Signal<Local, I<60>>,
        row_at: Signal<Local, U<BA>>,
        collateral_48: Signal<Local, I<48>>,
        reserve_48: Signal<Local, U<48>>,
        included_48: Signal<Local, U<48>>,
        y_own_at_9: Signal<Local, U<48>>,
        y_other_at_9: Signal<Local, U<48>>,
        y_signed: Signal<Local, I<50>>,
        wide_y: Signal<Local, U<50>>,
        x_sum: Signal<Local, U<60>>,
        x_next: Signal<Local, U<60>>,
        x_part: Signal<Local, I<60>>,
        x_bits: Signal<Local, U<48>>,
        y_bits: Signal<Local, U<48>>,
        shadow_bits: Signal<Local, U<48>>,
        top: Signal<Local, U<13>>,
        k_top: Signal<Local, U<3>>,
        y_write_own: Signal<Local, U<48>>,
    }
}

impl<const A: usize, const BA: usize> Ledger<A, BA> {
    /// The venue ledgers; the default is the pool.
    pub(super) fn venue() -> Self {
        Self { of_venue: Constant::new(true), op_collateral: value(ops::VENUE_COLLATERAL), ..Default::default() }
    }
}

impl<const A: usize, const BA: usize> Logic for Ledger<A, BA> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, head_ram, early_ram, collateral_ram, y_0_ram, y_1_ram, x_ram, hot_7, hot_9, hot_10);
        clock!(self, clock, number_4, own_8, own_9, own_10, own_11, own_12, own_15, member_10, sweep_line, net_reg);
        clock!(self, clock, included_reg, published_reg, row_line, row_at_line, head_10, adjust_reg, y_own_reg);
        clock!(self, clock, y_other_reg, debit_reg, late_debit_reg, least_12, head_11, head_reg, head_line, below_line);
        clock!(self, clock, worse_line, wide_line, y_own_11, y_other_11, y_own_14, y_other_14, y_own_15, y_other_15);
        clock!(self, clock, y_own_wide_line, y_other_wide_line, x_over_line, refused_line, collateral_wide_line);
        // clock 1 to 9
        self.own.next = unsigned_cast::<BA, A>(self.number.val());
        if self.bank.val() {
            self.own.next = unsigned_cast::<BA, A>(self.number.val()) | self.bank_bit.val();
        }
        self.number_4.data.next = self.number.val();
        self.own_8.data.next = self.own.val();
        self.own_9.data.next = self.own_8.delayed.val();
        self.own_10.data.next = self.own_9.delayed.val();
        self.own_11.data.next = self.own_10.delayed.val();
        self.own_12.data.next = self.own_11.delayed.val();
        self.own_15.data.next = self.own_12.delayed.val();
        self.early_at.next = self.number_4.delayed.val();
        self.late_at.next = self.own_9.delayed.val().get_bits::<A>(0);
        self.sum_at.next = self.own_11.delayed.val().get_bits::<A>(0);
        self.sum_write_at.next = self.own_12.delayed.val().get_bits::<A>(0);
        self.at.next = self.own_15.delayed.val().get_bits::<A>(0);
        self.member_10.data.next = self.member.val();
        self.early_ram.read_address.next = self.number_4.delayed.val();
        self.head.next = self.early_ram.read_data.val();
        self.hot_7.data.next = self.hot.val();
        self.hot_9.data.next = self.hot_7.delayed.val();
        self.hot_10.data.next = self.hot_9.delayed.val();
        // K = C - R + y_included of the row or command at the head of the control stream
        self.collateral_48.next = signed_cast_from(self.row_1.val().get_bits::<48>(self.at_collateral.val().index()));
        self.reserve_48.next = unsigned_cast::<48, 47>(self.row_2.val().get_bits::<47>(self.at_reserve.val().index()));
        self.included_48.next =
            unsigned_cast::<48, 47>(self.row_3.val().get_bits::<47>(self.at_included.val().index()));
        self.net_reg.d.next = signed_cast::<50, 48>(self.collateral_48.val())
            - signed_cast::<50, 48>(signed_cast_from(self.reserve_48.val()));
        self.included_reg.d.next = signed_cast::<50, 48>(signed_cast_from(self.included_48.val()));
        self.published_reg.d.next = self.net_reg.q.val() + self.included_reg.q.val();
        self.row_at.next = unsigned_cast::<BA, A>(self.row_0.val().get_bits::<A>(self.at_ledger.val().index()));
        self.wiped_at.next = unsigned_cast::<BA, A>(self.scrub_address.val().get_bits::<A>(0));
        if !self.active.val() {
            self.row_at.next = unsigned_cast::<BA, A>(self.row_0.val().get_bits::<A>(self.at_ledger.val().index()))
                | self.bank_bit.val();
            self.wiped_at.next =
                unsigned_cast::<BA, A>(self.scrub_address.val().get_bits::<A>(0)) | self.bank_bit.val();
        }
        self.row_stored.next = self.row_hot.val().get_bit(self.row_collateral.val().index())
            & !(self.row_0.val().get_bit(self.at_venue.val().index()) ^ self.of_venue.val());
        self.row_line.data.next = self.row_stored.val();
        self.row_at_line.data.next = self.row_at.val();
        // 9 to 10
        self.head_ram.read_address.next = self.own_8.delayed.val().get_bits::<A>(0);
        self.collateral_ram.read_address.next = self.own_8.delayed.val();
        self.y_0_ram.read_address.next = self.own_8.delayed.val().get_bits::<A>(0);
        self.y_1_ram.read_address.next = self.own_8.delayed.val().get_bits::<A>(0);
        self.y_own_at_9.next = self.y_0_ram.read_data.val();
        self.y_other_at_9.next = self.y_1_ram.read_data.val();
        if self.own_9.delayed.val().get_bit(self.bank_index.val().index()) {
            self.y_own_at_9.next = self.y_1_ram.read_data.val();
            self.y_other_at_9.next = self.y_0_ram.read_data.val();
        }
        self.own_void.next =
            !self.frozen.val() & (self.own_9.delayed.val().get_bit(self.bank_index.val().index()) ^ self.active.val());
        self.other_void.next =
            !self.frozen.val() & !(self.own_9.delayed.val().get_bit(self.bank_index.val().index()) ^ self.active.val());
        if self.own_void.val() {
            self.y_own_at_9.next = self.none_48.val();
        }
        if self.other_void.val() {
            self.y_other_at_9.next = self.none_48.val();
        }
        self.head_read.next = self.head_ram.read_data.val();
        self.y_read.next = self.y_own_at_9.val();
        self.y_own_reg.d.next = self.y_own_at_9.val();
        self.y_other_reg.d.next = self.y_other_at_9.val();
        self.head_10.data.next = self.head_ram.read_data.val();
        self.wide_y.next = unsigned_cast::<50, 48>(self.y_own_at_9.val());
        self.y_signed.next = signed_cast_from(self.wide_y.val());
        self.adjust_reg.d.next = signed_cast::<60, 50>(self.collateral_ram.read_data.val())
            - signed_cast::<60, 50>(self.published_reg.q.val());
        if self.hot_9.delayed.val().get_bit(self.op_ledgers.val().index()) {
            self.adjust_reg.d.next =
                signed_cast::<60, 50>(self.y_signed.val()) - signed_cast::<60, 50>(self.collateral_ram.read_data.val());
        }
        self.k_top.next = self.published_reg.q.val().get_bits::<3>(47);
        if self.hot_9.delayed.val().get_bit(self.op_ledgers.val().index()) {
            self.k_top.next = self.collateral_ram.read_data.val().get_bits::<3>(47);
        }
        self.collateral_wide_line.data.next = self.k_top.val().any() & !self.k_top.val().all();
        self.collateral_wide.next = self.collateral_wide_line.delayed.val();
        // 10 to 11
        self.sweeps.next = self.hot_10.delayed.val().get_bit(self.op_cell.val().index());
        self.sweep_line.data.next =
            self.hot_10.delayed.val().get_bit(self.op_cell.val().index()) & self.member_10.delayed.val();
        self.sweep.next = self.sweep_line.delayed.val();
        self.rebuild.next = self.hot_10.delayed.val().get_bit(self.op_ledgers.val().index());
        self.x_ram.read_address.next = self.own_10.delayed.val().get_bits::<A>(0);
        self.slot_adds.next =
            self.hot_10.delayed.val().get_bit(self.op_slot.val().index()) & self.member_10.delayed.val();
        self.x_ram.write_address.next = self.own_10.delayed.val().get_bits::<A>(0);
        self.x_ram.write_enable.next = (self.scrub.val() | self.wipe.val()) | self.slot_adds.val();
        self.x_bits.next = unsigned_cast_from(self.x.val());
        self.y_bits.next = unsigned_cast_from(self.y.val());
        self.shadow_bits.next = unsigned_cast_from(self.shadow.val());
        self.x_sum.next = self.x_ram.read_data.val();
        self.x_next.next = self.x_sum.val() + unsigned_cast::<60, 48>(self.x_bits.val());
        self.x_ram.write_data.next = self.x_next.val();
        self.x_over_line.data.next = self.hot_10.delayed.val().get_bit(self.op_ledgers.val().index())
            & self.x_sum.val().get_bits::<13>(47).any();
        self.x_part.next = signed_cast_from(self.x_sum.val());
        self.debit_reg.d.next = signed_cast::<60, 48>(self.x.val());
        if self.charges.val() | self.revalues.val() {
            self.debit_reg.d.next = signed_cast::<60, 48>(self.x.val()) + signed_cast::<60, 48>(self.y.val());
        }
        if self.hot_10.delayed.val().get_bit(self.op_collateral.val().index()) {
            self.debit_reg.d.next = self.adjust_reg.q.val();
        }
        self.head_11.d.next = signed_cast::<60, 48>(self.head_10.delayed.val());
        if self.hot_10.delayed.val().get_bit(self.op_ledgers.val().index()) {
            self.debit_reg.d.next = self.adjust_reg.q.val() + self.x_part.val();
            self.head_11.d.next = self.zero_60.val();
        }
        self.y_own_11.d.next = unsigned_cast::<50, 48>(self.y_own_reg.q.val());
        self.y_other_11.d.next = unsigned_cast::<50, 48>(self.y_other_reg.q.val());
        if self.charges.val() {
            self.y_own_11.d.next =
                unsigned_cast::<50, 48>(self.y_own_reg.q.val()) + unsigned_cast::<50, 48>(self.y_bits.val());
            if self.frozen.val() {
                self.y_other_11.d.next =
                    unsigned_cast::<50, 48>(self.y_other_reg.q.val()) + unsigned_cast::<50, 48>(self.shadow_bits.val());
            }
        }
        self.refused_line.data.next = self.included_48.val() > self.y_own_reg.q.val();
        // 11 to 12
        self.debit.next = self.debit_reg.q.val();
        self.late_debit_reg.d.next = self.debit_reg.q.val();
        self.late_debit.next = self.late_debit_reg.q.val();
        self.least_12.data.next = self.least.val();
        self.head_reg.d.next = self.head_11.q.val() - self.debit_reg.q.val();
        self.y_own_wide_line.data.next = self.y_own_11.q.val().get_bits::<3>(47).any();
        self.y_other_wide_line.data.next = self.y_other_11.q.val().get_bits::<3>(47).any();
        self.y_own_14.data.next = self.y_own_11.q.val().get_bits::<48>(0);
        self.y_other_14.data.next = self.y_other_11.q.val().get_bits::<48>(0);
        // 12
        self.below_line.data.next = self.head_reg.q.val().get_bit(59);
        self.margin.next = self.head_reg.q.val() - signed_cast::<60, 48>(self.least_12.delayed.val());
        self.worse_line.data.next = self.margin.val().get_bit(59);
        self.top.next = self.head_reg.q.val().get_bits::<13>(47);
        self.wide_line.data.next = self.top.val().any() & !self.top.val().all();
        self.head_line.data.next = signed_cast_from(self.head_reg.q.val().get_bits::<48>(0));
        // 14
        self.head_below.next = self.below_line.delayed.val();
        self.head_worse.next = self.worse_line.delayed.val();
        self.head_wide.next = self.wide_line.delayed.val();
        self.y_own_wide.next = self.y_own_wide_line.delayed.val();
        self.y_other_wide.next = self.y_other_wide_line.delayed.val();
        self.y_own.next = self.y_own_14.delayed.val();
        self.y_other.next = self.y_other_14.delayed.val();
        self.x_wide.next = self.x_over_line.delayed.val();
        self.refused.next = self.refused_line.delayed.val();
        // 15
        self.y_own_15.data.next = self.y_own_14.delayed.val();
        self.y_other_15.data.next = self.y_other_14.delayed.val();
        self.y_write_own.next = self.y_own_15.delayed.val();
        if self.clear_y.val() {
            self.y_write_own.next = self.none_48.val();
        }
        self.head_ram.write_enable.next = self.write_money.val() | self.scrub.val();
        self.head_ram.write_address.next = self.own_15.delayed.val().get_bits::<A>(0);
        self.head_ram.write_data.next = self.head_line.delayed.val();
        self.early_ram.write_enable.next = self.write_money.val() | self.scrub.val();
        self.early_ram.write_address.next = self.own_15.delayed.val().get_bits::<A>(0);
        self.early_ram.write_data.next = self.head_line.delayed.val();
        self.collateral_ram.write_enable.next =
            (self.write_collateral.val() | self.row_line.delayed.val()) | (self.scrub.val() | self.wipe.val());
        self.collateral_ram.write_address.next = self.own_15.delayed.val();
        if self.row_line.delayed.val() {
            self.collateral_ram.write_address.next = self.row_at_line.delayed.val();
        }
        self.collateral_ram.write_data.next = self.published_reg.q.val();
        self.y_0_ram.write_enable.next = self.write_y_own.val() | self.scrub.val();
        self.y_1_ram.write_enable.next = self.write_y_other.val() | self.scrub.val();
        self.y_0_ram.write_data.next = self.y_write_own.val();
        self.y_1_ram.write_data.next = self.y_other_15.delayed.val();
        if self.own_15.delayed.val().get_bit(self.bank_index.val().index()) {
            self.y_0_ram.write_enable.next = self.write_y_other.val() | self.scrub.val();
            self.y_1_ram.write_enable.next = self.write_y_own.val() | self.scrub.val();
            self.y_0_ram.write_data.next = self.y_other_15.delayed.val();
            self.y_1_ram.write_data.next = self.y_write_own.val();
        }
        self.y_0_ram.write_address.next = self.own_15.delayed.val().get_bits::<A>(0);
        self.y_1_ram.write_address.next = self.own_15.delayed.val().get_bits::<A>(0);
        if self.wipe.val() {
            self.collateral_ram.write_address.next = self.wiped_at.val();
            self.collateral_ram.write_data.next = self.zero_50.val();
        }
        if self.scrub.val() | self.wipe.val() {
            self.x_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.x_ram.write_data.next = self.empty_60.val();
        }
        if self.scrub.val() {
            self.head_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.head_ram.write_data.next = self.zero_48.val();
            self.early_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.early_ram.write_data.next = self.zero_48.val();
            self.collateral_ram.write_address.next = self.scrub_address.val().get_bits::<BA>(0);
            self.collateral_ram.write_data.next = self.zero_50.val();
            self.y_0_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.y_0_ram.write_data.next = self.none_48.val();
            self.y_1_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.y_1_ram.write_data.next = self.none_48.val();
        }
    }
}
