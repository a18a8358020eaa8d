//! [`Poison`]: the poison flags of one ledger in both banks, before and after an operation; combinational.
//!
//! | port | meaning |
//! |---|---|
//! | `flags`, `bank` | stored flags of bank 0 and 1; bank of the operation |
//! | `frozen`, `active` | the inactive bank has a Y; the active bank |
//! | `spoils` | the operation poisons the ledgers of its bank |
//! | `settles`, `money_wide` | it changes slacks and headroom; one leaves 48 bits |
//! | `charges`, `own_wide`, `other_wide` | it adds to Y; what it adds or Y leaves its bits in its bank, in the other |
//! | `heals` | MARKS: the flag of its bank starts at 0 |
//! | `own_before`, `own_after`, `other_after`, `data` | the flags |

use super::ops::{block, value};
use crate::int::U;
use rust_hdl_core::prelude::*;

block! {
    /// Poison flags.
    pub(super) struct Poison {
        pub(super) flags: Signal<In, U<2>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) spoils: Signal<In, Bit>,
        pub(super) settles: Signal<In, Bit>,
        pub(super) money_wide: Signal<In, Bit>,
        pub(super) charges: Signal<In, Bit>,
        pub(super) own_wide: Signal<In, Bit>,
        pub(super) other_wide: Signal<In, Bit>,
        pub(super) heals: Signal<In, Bit>,
        pub(super) own_before: Signal<Out, Bit>,
        pub(super) own_after: Signal<Out, Bit>,
        pub(super) other_after: Signal<Out, Bit>,
        pub(super) data: Signal<Out, U<2>>,
        no_flags: Constant<U<2>> = value(0),
        flag_0: Constant<U<2>> = value(1),
        flag_1: Constant<U<2>> = value(2),
        own: Signal<Local, Bit>,
        other: Signal<Local, Bit>,
        bits: Signal<Local, U<2>>,
    }
}

impl Logic for Poison {
    #[hdl_gen]
    fn update(&mut self) {
        self.own.next = self.flags.val().get_bit(0);
        self.other.next = self.flags.val().get_bit(1);
        if self.bank.val() {
            self.own.next = self.flags.val().get_bit(1);
            self.other.next = self.flags.val().get_bit(0);
        }
        self.own_before.next = self.own.val();
        self.own_after.next = ((self.own.val() | self.spoils.val())
            | ((self.settles.val() & self.money_wide.val()) | (self.charges.val() & self.own_wide.val())))
            & !self.heals.val();
        // a bank that nothing froze has no Y that could poison it
        self.other_after.next = (self.other.val() | (self.charges.val() & self.other_wide.val()))
            & (self.frozen.val() | (self.bank.val() ^ self.active.val()));
        self.bits.next = self.no_flags.val();
        if (self.own_after.val() & !self.bank.val()) | (self.other_after.val() & self.bank.val()) {
            self.bits.next = self.bits.val() | self.flag_0.val();
        }
        if (self.own_after.val() & self.bank.val()) | (self.other_after.val() & !self.bank.val()) {
            self.bits.next = self.bits.val() | self.flag_1.val();
        }
        self.data.next = self.bits.val();
    }
}
