//! [`Limits`]: whether an order is within the limits of one ledger, or passes there because it closes a position.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `lane_mask` | 2 | lanes that count |
//! | `failed` | 13 | lanes whose new slack is negative |
//! | `worse`, `head_below`, `head_worse`, `closes` | 14 | lanes and headroom under the closing rule |
//! | `needed` | 14 | the order is not within the limits |
//! | `bad` | 14 | nor does it pass by the closing rule |
//! | `lanes`, `zero_lane` | 14 | what failed, if it is bad |
//!
//! ```text
//! clock   _/13\_/14\_
//! failed  <a  >
//! bad          <a  >
//! ```

use super::ops::{block, value};
use crate::int::U;
use crate::leaf::Delay;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Limits of one ledger.
    pub(super) struct Limits {
        pub(super) clock: Signal<In, Clock>,
        pub(super) lane_mask: Signal<In, U<32>>,
        pub(super) failed: Signal<In, U<32>>,
        pub(super) worse: Signal<In, U<32>>,
        pub(super) head_below: Signal<In, Bit>,
        pub(super) head_worse: Signal<In, Bit>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) needed: Signal<Out, Bit>,
        pub(super) bad: Signal<Out, Bit>,
        pub(super) lanes: Signal<Out, U<32>>,
        pub(super) zero_lane: Signal<Out, Bit>,
        none: Constant<U<32>> = value(0),
        mask_13: Delay<U<32>, 11>,
        mask_14: Delay<U<32>, 1>,
        failed_reg: DFF<U<32>>,
        held: Signal<Local, U<32>>,
        outside: Signal<Local, Bit>,
        stays: Signal<Local, Bit>,
    }
}

impl Logic for Limits {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, mask_13, mask_14, failed_reg);
        self.mask_13.data.next = self.lane_mask.val();
        self.mask_14.data.next = self.mask_13.delayed.val();
        self.failed_reg.d.next = self.failed.val() & self.mask_13.delayed.val();
        self.held.next = self.worse.val() & self.mask_14.delayed.val();
        self.outside.next = self.failed_reg.q.val().any() | self.head_below.val();
        self.stays.next = self.closes.val() & !(self.held.val().any() | self.head_worse.val());
        self.needed.next = self.outside.val();
        self.bad.next = self.outside.val() & !self.stays.val();
        self.lanes.next = self.none.val();
        self.zero_lane.next = false;
        if self.outside.val() & !self.stays.val() {
            self.lanes.next = self.failed_reg.q.val();
            self.zero_lane.next = self.head_below.val();
        }
    }
}
