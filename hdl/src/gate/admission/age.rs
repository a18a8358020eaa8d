//! [`Age`]: whether something is older than a limit.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `now`, `since`, `limit` | 0 | microseconds; limit 0 switches the test off |
//! | `over` | 2 | `now - since > limit`; a time after `now` has age 0 |
//!
//! Latency: 2 clocks, one a clock.
//!
//! ```text
//! clock  _/0\_/1\_/2\_
//! now    <a >
//! over            <a >
//! ```

use crate::gate::ops::{block, value};
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Compares an age with its limit.
    pub struct Age {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Card time.
        pub now: Signal<In, U<48>>,
        /// When it began.
        pub since: Signal<In, U<48>>,
        /// Greatest age.
        pub limit: Signal<In, U<48>>,
        /// It is older.
        pub over: Signal<Out, Bit>,
        borrow_index: Constant<U<6>> = value(48),
        age_reg: DFF<U<49>>,
        limit_1: Delay<U<48>, 1>,
        over_reg: DFF<Bit>,
        age: Signal<Local, U<48>>,
    }
}

impl Logic for Age {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, age_reg, limit_1, over_reg);
        self.age_reg.d.next = unsigned_cast::<49, 48>(self.now.val()) - unsigned_cast::<49, 48>(self.since.val());
        self.limit_1.data.next = self.limit.val();
        self.age.next = self.age_reg.q.val().get_bits::<48>(0);
        self.over_reg.d.next = (self.age.val() > self.limit_1.delayed.val())
            & (self.limit_1.delayed.val().any() & !self.age_reg.q.val().get_bit(self.borrow_index.val().index()));
        self.over.next = self.over_reg.q.val();
    }
}
