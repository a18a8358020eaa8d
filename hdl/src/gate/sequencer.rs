//! [`Sequencer`]: what enters the pipeline, in which order.
//!
//! Orders, fills and cancels enter one a clock unless they meet their account, venue ledger or slot in the pipeline. Rows of the
//! control stream go to their tables at once; any other control command holds the orders, waits until the pipeline is
//! empty, and runs alone. A COMMIT runs the sweep: one slot a clock, one cell in two, then the ledgers of one number a
//! clock; afterwards it empties the inactive bank, one cell a clock, while orders go on.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `orders_*`, `control_*` | 0 | the streams; a command is taken when valid and ready |
//! | `room`, `ring_full`, `armed` | 0 | the ring takes eight more events; it was full for long; orders are decided |
//! | `hot`, `account`, ... | 1 | the operation; the fields stay until the next one |
//! | `fired`, `fired_stamp` | | card time has reached WATCHDOG; low bits of the cycle count |
//! | `enters_sender` | 0 | an ORDER, REPLACE or CANCEL is taken |
//! | `row_*` | | writes of static and bank rows |
//! | `wipe`, `wipe_address` | | the inactive bank is emptied |
//! | `old_row` | | the sweep met a row that is not complete |
//! | `owner_*` | | writes of the copy of the slot owners that the sweep reads ahead |
//!
//! ```text
//! clock         _/0\_/1\_
//! orders_valid  /-\______
//! hot           ____<op>
//! ```

use super::control::Control;
use super::issue::Issue;
use super::ops::{self, block, value};
use super::orders_head::OrdersHead;
use super::steps::Steps;
use super::walk::Walk;
use crate::int::U;
use crate::island::Sleeper;
use crossgate_contract::{BankResult, Sizes};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Front of the pipeline.
    pub(super) struct Sequencer [A, N, S, V, VENUES, AV] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) reset: Signal<In, Bit>,
        pub(super) armed: Signal<In, Bit>,
        pub(super) room: Signal<In, Bit>,
        pub(super) ring_full: Signal<In, Bit>,
        pub(super) fired: Signal<In, Bit>,
        pub(super) fired_stamp: Signal<In, U<16>>,
        pub(super) enters_sender: Signal<Out, Bit>,
        pub(super) orders_valid: Signal<In, Bit>,
        pub(super) orders_0: Signal<In, U<64>>,
        pub(super) orders_1: Signal<In, U<64>>,
        pub(super) orders_2: Signal<In, U<64>>,
        pub(super) orders_3: Signal<In, U<64>>,
        pub(super) orders_stamp: Signal<In, U<16>>,
        pub(super) orders_ready: Signal<Out, Bit>,
        pub(super) control_valid: Signal<In, Bit>,
        pub(super) control_0: Signal<In, U<64>>,
        pub(super) control_1: Signal<In, U<64>>,
        pub(super) control_2: Signal<In, U<64>>,
        pub(super) control_3: Signal<In, U<64>>,
        pub(super) control_stamp: Signal<In, U<16>>,
        pub(super) control_ready: Signal<Out, Bit>,
        // the operation, clock 1
        pub(super) hot: Signal<Out, ops::Hot>,
        pub(super) bank: Signal<Out, Bit>,
        pub(super) account: Signal<Out, U<A>>,
        pub(super) instrument: Signal<Out, U<N>>,
        pub(super) slot: Signal<Out, U<S>>,
        pub(super) member: Signal<Out, Bit>,
        pub(super) ledger: Signal<Out, U<A>>,
        pub(super) word_0: Signal<Out, U<64>>,
        pub(super) word_1: Signal<Out, U<64>>,
        pub(super) word_2: Signal<Out, U<64>>,
        pub(super) word_3: Signal<Out, U<64>>,
        pub(super) code: Signal<Out, U<8>>,
        pub(super) index_bad: Signal<Out, Bit>,
        pub(super) unready: Signal<Out, Bit>,
        pub(super) full: Signal<Out, Bit>,
        pub(super) control: Signal<Out, Bit>,
        pub(super) stamp: Signal<Out, U<16>>,
        pub(super) waited: Signal<Out, U<16>>,
        // writes of rows
        pub(super) row_0: Signal<Out, U<64>>,
        pub(super) row_1: Signal<Out, U<64>>,
        pub(super) row_2: Signal<Out, U<64>>,
        pub(super) row_3: Signal<Out, U<64>>,
        pub(super) row_hot: Signal<Out, U<16>>,
        pub(super) venue_row: Signal<Out, U<40>>,
        pub(super) old_row: Signal<In, Bit>,
        pub(super) restart: Signal<Out, Bit>,
        pub(super) wipe: Signal<Out, Bit>,
        // writes of owners
        pub(super) owner_write: Signal<In, Bit>,
        pub(super) owner_slot: Signal<In, U<S>>,
        pub(super) owner_account: Signal<In, U<A>>,
        pub(super) owner_instrument: Signal<In, U<N>>,
        // status
        pub(super) ready: Signal<Out, Bit>,
        pub(super) scrub: Signal<Out, Bit>,
        pub(super) scrub_address: Signal<Out, U<20>>,
        pub(super) active: Signal<Out, Bit>,
        pub(super) epoch: Signal<Out, U<32>>,
        pub(super) frozen: Signal<Out, Bit>,
        pub(super) halted: Signal<Out, Bit>,
        pub(super) sweeping: Signal<Out, Bit>,
        pub(super) idle: Signal<Out, Bit>,

        flipped: Constant<U<8>> = value(BankResult::Flipped.code() as u64),
        old: Constant<U<8>> = value(BankResult::OldRow.code() as u64),

        control_head: Sleeper<Control>,
        head: OrdersHead<A, N, S, V, VENUES, AV>,
        walk: Walk<A, N, S>,
        steps: Steps<A, N, S>,
        issue: Issue<A, N, S, V>,
        second_reg: DFF<Bit>,
        watch_reg: DFF<Bit>,
        watch_stamp_reg: DFF<U<16>>,

        go_watch: Signal<Local, Bit>,
        go_order: Signal<Local, Bit>,
        take_order: Signal<Local, Bit>,
        result: Signal<Local, U<8>>,
    }
}

impl<const A: usize, const N: usize, const S: usize, const V: usize, const VENUES: usize, const AV: usize>
    Sequencer<A, N, S, V, VENUES, AV>
{
    /// The front of a build.
    pub(super) fn new(sizes: &Sizes) -> Self {
        Self { control_head: Sleeper::new(Control::new(sizes)), ..Default::default() }
    }
}

impl<const A: usize, const N: usize, const S: usize, const V: usize, const VENUES: usize, const AV: usize> Logic
    for Sequencer<A, N, S, V, VENUES, AV>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, control_head, head, walk, steps, issue);
        dff_setup!(self, clock, second_reg, watch_reg, watch_stamp_reg);
        // head of the control stream
        self.control_head.word_0.next = self.control_0.val();
        self.control_head.word_1.next = self.control_1.val();
        self.control_head.word_2.next = self.control_2.val();
        self.control_head.word_3.next = self.control_3.val();
        self.control_head.execute.next = self.steps.execute.val();
        self.control_head.act.next = self.steps.act.val();
        self.control_head.freeze.next = self.steps.freeze.val();
        self.control_head.flip.next = self.steps.flip.val();
        self.control_head.discard.next = self.steps.discard.val();
        self.control_head.clear.next = self.steps.clear.val();
        self.steps.reset.next = self.reset.val();
        self.steps.valid.next = self.control_valid.val();
        self.steps.busy.next = self.control_head.busy.val();
        self.steps.direct.next = self.control_head.direct.val();
        self.steps.marks.next = self.control_head.marks.val();
        self.steps.commit.next = self.control_head.commit.val();
        self.steps.commits.next = self.control_head.commits.val();
        self.steps.idle.next = self.head.idle.val();
        self.steps.second.next = self.second_reg.q.val();
        self.steps.room.next = self.room.val();
        self.steps.slots_last.next = self.walk.slots_last.val();
        self.steps.cells_last.next = self.walk.cells_last.val();
        self.steps.old_row.next = self.old_row.val();
        // head of the orders stream
        self.head.word_0.next = self.orders_0.val();
        self.head.second.next = self.second_reg.q.val();
        self.go_order.next = ((self.orders_valid.val() & self.room.val())
            & ((!self.steps.hold.val() & !self.watch_reg.q.val()) | (self.steps.hold.val() & self.second_reg.q.val())))
            & (self.head.free.val() | !self.head.conflict.val());
        self.take_order.next = self.go_order.val() & (!self.head.position.val() | self.second_reg.q.val());
        if self.go_order.val() & self.head.position.val() {
            self.second_reg.d.next = !self.second_reg.q.val();
        }
        if self.steps.scrub.val() {
            self.second_reg.d.next = false;
        }
        // the watchdog goes before everything that waits
        self.go_watch.next = (self.watch_reg.q.val() & self.room.val()) & !self.steps.hold.val();
        self.control_head.watchdog.next = self.go_watch.val();
        if self.fired.val() {
            self.watch_reg.d.next = true;
            self.watch_stamp_reg.d.next = self.fired_stamp.val();
        }
        if self.go_watch.val() | self.reset.val() {
            self.watch_reg.d.next = false;
        }
        self.issue.watch.next = self.go_watch.val();
        self.issue.watch_stamp.next = self.watch_stamp_reg.q.val();
        self.head.push.next = self.issue.enters.val();
        self.head.claims.next = self.go_order.val() & !self.head.free.val();
        self.enters_sender.next = self.take_order.val() & self.head.sends.val();
        self.orders_ready.next = self.take_order.val();
        self.control_ready.next = self.steps.take.val();
        // the sweep: owners of slots, rows of cells
        self.walk.slots.next = self.steps.slots.val();
        self.walk.cells.next = self.steps.cells.val();
        self.walk.restart.next = self.steps.restart.val();
        self.walk.owner_write.next = self.owner_write.val();
        self.walk.owner_slot.next = self.owner_slot.val();
        self.walk.owner_account.next = self.owner_account.val();
        self.walk.owner_instrument.next = self.owner_instrument.val();
        self.head.walk_account.next = self.walk.account.val();
        self.head.walk_instrument.next = self.walk.instrument.val();
        self.head.scrub.next = self.steps.scrub.val();
        self.head.scrub_address.next = self.steps.scrub_address.val();
        self.head.row_0.next = self.control_head.row_0.val();
        self.head.row_1.next = self.control_head.row_1.val();
        self.head.row_2.next = self.control_head.row_2.val();
        self.head.row_hot.next = self.control_head.row_hot.val();
        self.head.read_account.next = self.issue.account.val();
        self.head.read_venue.next = self.issue.venue.val();
        // the operation
        self.issue.clear.next = self.reset.val();
        self.issue.active.next = self.control_head.active.val();
        self.issue.order.next = self.go_order.val();
        self.issue.order_valid.next = self.orders_valid.val();
        self.issue.order_take.next = self.take_order.val();
        self.issue.order_hot.next = self.head.hot.val();
        self.issue.order_account.next = self.head.account.val().get_bits::<A>(0);
        self.issue.order_instrument.next = self.head.instrument.val().get_bits::<N>(0);
        self.issue.order_slot.next = self.head.slot.val().get_bits::<S>(0);
        self.issue.order_member.next = self.head.member.val();
        self.issue.order_ledger.next = self.head.ledger.val();
        self.issue.order_venue.next = self.head.venue.val();
        self.issue.order_0.next = self.orders_0.val();
        self.issue.order_1.next = self.orders_1.val();
        self.issue.order_2.next = self.orders_2.val();
        self.issue.order_3.next = self.orders_3.val();
        self.issue.order_outside.next = self.head.outside.val();
        self.issue.order_unready.next = !self.armed.val() | !self.control_head.epoch.val().any();
        self.issue.order_full.next = self.ring_full.val();
        self.issue.order_stamp.next = self.orders_stamp.val();
        self.issue.act.next = self.steps.act.val();
        self.issue.act_enters.next = !(self.control_head.marks.val() | self.control_head.commit.val());
        self.issue.act_hot.next = self.control_head.hot.val();
        self.issue.act_bank.next = self.control_head.bank.val();
        self.issue.act_index.next = self.control_head.index.val();
        self.issue.act_instrument.next = self.control_head.instrument.val();
        self.issue.act_sub.next = self.control_head.sub.val();
        self.issue.act_code.next = self.control_head.code.val();
        self.issue.clears.next = self.steps.clears.val();
        self.issue.ledgers.next = self.steps.ledgers.val();
        self.issue.row.next = self.steps.row.val();
        self.issue.report.next = self.steps.report.val();
        self.result.next = self.flipped.val();
        if self.old_row.val() {
            self.result.next = self.old.val();
        }
        self.issue.result.next = self.result.val();
        self.issue.walk.next = self.walk.valid.val();
        self.issue.walk_is_slot.next = self.walk.is_slot.val();
        self.issue.walk_account.next = self.walk.account.val();
        self.issue.walk_instrument.next = self.walk.instrument.val();
        self.issue.walk_slot.next = self.walk.slot.val();
        self.issue.walk_member.next = self.head.walk_member.val();
        self.issue.walk_ledger.next = self.head.walk_ledger.val();
        self.issue.control_valid.next = self.control_valid.val();
        self.issue.control_take.next = self.steps.take.val();
        self.issue.control_0.next = self.control_0.val();
        self.issue.control_1.next = self.control_1.val();
        self.issue.control_2.next = self.control_2.val();
        self.issue.control_3.next = self.control_3.val();
        self.issue.control_stamp.next = self.control_stamp.val();
        // outputs
        self.hot.next = self.issue.hot.val();
        self.bank.next = self.issue.bank.val();
        self.account.next = self.issue.account.val();
        self.instrument.next = self.issue.instrument.val();
        self.slot.next = self.issue.slot.val();
        self.member.next = self.issue.member.val();
        self.ledger.next = self.issue.ledger.val();
        self.venue_row.next = self.head.venue_row.val();
        self.word_0.next = self.issue.word_0.val();
        self.word_1.next = self.issue.word_1.val();
        self.word_2.next = self.issue.word_2.val();
        self.word_3.next = self.issue.word_3.val();
        self.code.next = self.issue.code.val();
        self.index_bad.next = self.issue.index_bad.val();
        self.unready.next = self.issue.unready.val();
        self.full.next = self.issue.full.val();
        self.control.next = self.issue.control.val();
        self.stamp.next = self.issue.stamp.val();
        self.waited.next = self.issue.waited.val();
        self.row_0.next = self.control_head.row_0.val();
        self.row_1.next = self.control_head.row_1.val();
        self.row_2.next = self.control_head.row_2.val();
        self.row_3.next = self.control_head.row_3.val();
        self.row_hot.next = self.control_head.row_hot.val();
        self.restart.next = self.steps.restart.val();
        self.wipe.next = self.steps.wipe.val();
        self.scrub.next = self.steps.scrub.val();
        self.scrub_address.next = self.steps.scrub_address.val();
        self.ready.next = !self.steps.scrub.val();
        self.active.next = self.control_head.active.val();
        self.epoch.next = self.control_head.epoch.val();
        self.frozen.next = self.control_head.frozen.val();
        self.halted.next = self.control_head.halted.val();
        self.idle.next = (self.head.idle.val() & self.steps.resting.val())
            & !((self.control_valid.val() | self.orders_valid.val()) | (self.watch_reg.q.val() | self.fired.val()));
        self.sweeping.next = self.steps.sweeping.val();
    }
}
