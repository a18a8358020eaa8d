//! [`Stores`]: what an operation stores of one ledger, as a word of bits, one clock later.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `money`, `y_own`, `y_other`, `collateral` | 0 | slacks and headroom; Y of the bank, of the other; K |
//! | `member` | 0 | the cell has this ledger |
//! | `writes` | 1 | bits of [`super::ops`] |
//!
//! ```text
//! clock   _/0\_/1\_
//! money   <a >
//! writes       <a >
//! ```

use super::ops::{self, block, value};
use crate::int::U;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Writes of one ledger.
    pub(super) struct Stores {
        pub(super) clock: Signal<In, Clock>,
        pub(super) money: Signal<In, Bit>,
        pub(super) y_own: Signal<In, Bit>,
        pub(super) y_other: Signal<In, Bit>,
        pub(super) collateral: Signal<In, Bit>,
        pub(super) member: Signal<In, Bit>,
        pub(super) writes: Signal<Out, U<4>>,
        none: Constant<U<4>> = value(0),
        bit_money: Constant<U<4>> = value(1 << ops::WRITE_MONEY),
        bit_y_own: Constant<U<4>> = value(1 << ops::WRITE_Y_OWN),
        bit_y_other: Constant<U<4>> = value(1 << ops::WRITE_Y_OTHER),
        bit_collateral: Constant<U<4>> = value(1 << ops::WRITE_COLLATERAL),
        writes_reg: DFF<U<4>>,
        bits: Signal<Local, U<4>>,
    }
}

impl Logic for Stores {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, writes_reg);
        self.bits.next = self.none.val();
        if self.member.val() & self.money.val() {
            self.bits.next = self.bits.val() | self.bit_money.val();
        }
        if self.member.val() & self.y_own.val() {
            self.bits.next = self.bits.val() | self.bit_y_own.val();
        }
        if self.member.val() & self.y_other.val() {
            self.bits.next = self.bits.val() | self.bit_y_other.val();
        }
        if self.member.val() & self.collateral.val() {
            self.bits.next = self.bits.val() | self.bit_collateral.val();
        }
        self.writes_reg.d.next = self.bits.val();
        self.writes.next = self.writes_reg.q.val();
    }
}
