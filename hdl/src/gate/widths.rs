//! [`Widths`]: what leaves its fixed-point width, brought to clock 14.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot` | 14 | the operation |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | widths |
//! | `x_wide`, `y_rate_wide`, `shadow_rate_wide` | 8 | widths |
//! | `*_lanes_wide` | 13 | of the lanes |
//! | `*_head_wide`, `*_x_wide`, `*_collateral_wide` | 14 | of the ledgers |
//! | `ends`, `leaves`, `quantity`, `x`, `y`, `shadow` | 14 | the first six |
//! | `pool`, `venue` | 14 | a slack or the headroom of the ledger leaves 48 bits, or what it is rebuilt from does |
//!
//! ```text
//! clock     _/7\_ .. _/14\_
//! end_wide  <a >
//! ends               <a  >
//! ```

use super::ops::{self, block, value};
use crate::int::U;
use crate::leaf::Delay;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Widths.
    pub(super) struct Widths {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) end_wide: Signal<In, Bit>,
        pub(super) leaves_wide: Signal<In, Bit>,
        pub(super) quantity_wide: Signal<In, Bit>,
        pub(super) x_wide: Signal<In, Bit>,
        pub(super) y_rate_wide: Signal<In, Bit>,
        pub(super) shadow_rate_wide: Signal<In, Bit>,
        pub(super) pool_lanes_wide: Signal<In, Bit>,
        pub(super) pool_head_wide: Signal<In, Bit>,
        pub(super) pool_x_wide: Signal<In, Bit>,
        pub(super) pool_collateral_wide: Signal<In, Bit>,
        pub(super) venue_lanes_wide: Signal<In, Bit>,
        pub(super) venue_head_wide: Signal<In, Bit>,
        pub(super) venue_x_wide: Signal<In, Bit>,
        pub(super) venue_collateral_wide: Signal<In, Bit>,
        pub(super) ends: Signal<Out, Bit>,
        pub(super) leaves: Signal<Out, Bit>,
        pub(super) quantity: Signal<Out, Bit>,
        pub(super) x: Signal<Out, Bit>,
        pub(super) y: Signal<Out, Bit>,
        pub(super) shadow: Signal<Out, Bit>,
        pub(super) pool: Signal<Out, Bit>,
        pub(super) venue: Signal<Out, Bit>,
        op_collateral: Constant<U<5>> = value(ops::COLLATERAL),
        op_venue_collateral: Constant<U<5>> = value(ops::VENUE_COLLATERAL),
        op_ledgers: Constant<U<5>> = value(ops::LEDGERS),
        end_line: Delay<Bit, 7>,
        leaves_line: Delay<Bit, 7>,
        quantity_line: Delay<Bit, 7>,
        x_line: Delay<Bit, 6>,
        y_line: Delay<Bit, 6>,
        shadow_line: Delay<Bit, 6>,
        pool_reg: DFF<Bit>,
        venue_reg: DFF<Bit>,
        pool_sets: Signal<Local, Bit>,
        venue_sets: Signal<Local, Bit>,
    }
}

impl Logic for Widths {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, end_line, leaves_line, quantity_line, x_line, y_line, shadow_line, pool_reg, venue_reg);
        self.end_line.data.next = self.end_wide.val();
        self.leaves_line.data.next = self.leaves_wide.val();
        self.quantity_line.data.next = self.quantity_wide.val();
        self.x_line.data.next = self.x_wide.val();
        self.y_line.data.next = self.y_rate_wide.val();
        self.shadow_line.data.next = self.shadow_rate_wide.val();
        self.pool_reg.d.next = self.pool_lanes_wide.val();
        self.venue_reg.d.next = self.venue_lanes_wide.val();
        self.pool_sets.next = self.hot.val().get_bit(self.op_collateral.val().index())
            | self.hot.val().get_bit(self.op_ledgers.val().index());
        self.venue_sets.next = self.hot.val().get_bit(self.op_venue_collateral.val().index())
            | self.hot.val().get_bit(self.op_ledgers.val().index());
        self.ends.next = self.end_line.delayed.val();
        self.leaves.next = self.leaves_line.delayed.val();
        self.quantity.next = self.quantity_line.delayed.val();
        self.x.next = self.x_line.delayed.val();
        self.y.next = self.y_line.delayed.val();
        self.shadow.next = self.shadow_line.delayed.val();
        self.pool.next = (self.pool_reg.q.val() | self.pool_head_wide.val())
            | ((self.pool_collateral_wide.val() & self.pool_sets.val()) | self.pool_x_wide.val());
        self.venue.next = (self.venue_reg.q.val() | self.venue_head_wide.val())
            | ((self.venue_collateral_wide.val() & self.venue_sets.val()) | self.venue_x_wide.val());
    }
}
