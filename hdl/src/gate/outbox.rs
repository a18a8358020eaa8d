//! [`Outbox`]: the message that an operation sends out of the card.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `word_0` .. `word_3` | 14 | the operation |
//! | `sends`, `masses` | 14 | it sends its command; it sends a MASS_CANCEL |
//! | `leave` | 15 | an operation that could send is decided |
//! | `push`, `mass`, `words` | 15 | the message; it is a MASS_CANCEL |
//!
//! HALT and WATCHDOG send a MASS_CANCEL of their own: scope and index of the command, everything else 0.
//!
//! ```text
//! clock  _/14\_/15\_
//! sends  <a  >
//! push        <a  >
//! ```

use super::ops::{self, block, used, value};
use crate::int::U;
use crate::leaf::Delay;
use crossgate_contract::command::MassCancel;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Messages.
    pub(super) struct Outbox {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) word_3: Signal<In, U<64>>,
        pub(super) sends: Signal<In, Bit>,
        pub(super) masses: Signal<In, Bit>,
        pub(super) leave: Signal<Out, Bit>,
        pub(super) push: Signal<Out, Bit>,
        pub(super) mass: Signal<Out, Bit>,
        pub(super) word_0_15: Signal<Out, U<64>>,
        pub(super) word_1_15: Signal<Out, U<64>>,
        pub(super) word_2_15: Signal<Out, U<64>>,
        pub(super) word_3_15: Signal<Out, U<64>>,
        op_order: Constant<U<5>> = value(ops::ORDER),
        op_replace: Constant<U<5>> = value(ops::REPLACE),
        op_cancel: Constant<U<5>> = value(ops::CANCEL),
        op_mass: Constant<U<5>> = value(ops::MASS_CANCEL),
        code_mass: Constant<U<64>> = value(MassCancel::CODE as u64),
        used_0: Constant<U<64>> = used(&MassCancel::LAYOUT, 0),
        zero: Constant<U<64>> = value(0),
        leave_reg: DFF<Bit>,
        push_reg: DFF<Bit>,
        mass_reg: DFF<Bit>,
        word_0_line: Delay<U<64>, 1>,
        word_1_line: Delay<U<64>, 1>,
        word_2_line: Delay<U<64>, 1>,
        word_3_line: Delay<U<64>, 1>,
    }
}

impl Logic for Outbox {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, leave_reg, push_reg, mass_reg, word_0_line, word_1_line, word_2_line, word_3_line);
        self.leave_reg.d.next = self.hot.val().get_bit(self.op_order.val().index())
            | (self.hot.val().get_bit(self.op_replace.val().index())
                | self.hot.val().get_bit(self.op_cancel.val().index()));
        self.push_reg.d.next = self.sends.val() | self.masses.val();
        self.mass_reg.d.next = self.masses.val();
        self.word_0_line.data.next = self.word_0.val();
        self.word_1_line.data.next = self.word_1.val();
        self.word_2_line.data.next = self.word_2.val();
        self.word_3_line.data.next = self.word_3.val();
        if self.masses.val() & !self.hot.val().get_bit(self.op_mass.val().index()) {
            self.word_0_line.data.next = (self.word_0.val() & self.used_0.val()) | self.code_mass.val();
            self.word_1_line.data.next = self.zero.val();
            self.word_2_line.data.next = self.zero.val();
            self.word_3_line.data.next = self.zero.val();
        }
        self.leave.next = self.leave_reg.q.val();
        self.push.next = self.push_reg.q.val();
        self.mass.next = self.mass_reg.q.val();
        self.word_0_15.next = self.word_0_line.delayed.val();
        self.word_1_15.next = self.word_1_line.delayed.val();
        self.word_2_15.next = self.word_2_line.delayed.val();
        self.word_3_15.next = self.word_3_line.delayed.val();
    }
}
