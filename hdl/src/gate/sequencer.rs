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
use super::ops::{self, block, value};
use super::orders_head::OrdersHead;
use super::walk::Walk;
use crate::int::U;
use crate::island::Sleeper;
use crossgate_contract::{BankResult, Sizes};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// What the sequencer does with the head of the control stream.
#[derive(Copy, Clone, Debug, PartialEq, Eq, LogicState)]
pub(super) enum State {
    /// Memories are being scrubbed.
    Scrub,
    /// Looks at the head of the control stream.
    Idle,
    /// Writes a row, or goes on to `Drain`.
    Execute,
    /// Waits until the pipeline is empty.
    Drain,
    /// Issues the operation.
    Act,
    /// MARKS: one operation an account.
    Clear,
    /// Sweep: reads owners of slots ahead.
    Slots,
    /// Sweep: the last slot enters.
    SlotsEnd,
    /// Sweep: cells.
    Cells,
    /// Sweep: waits for the last cell.
    CellsEnd,
    /// Sweep: ledgers.
    Ledgers,
    /// Sweep: waits for the last ledger, then flips.
    Swept,
    /// Reports the sweep.
    Report,
    /// Waits until the operation is done.
    Settle,
    /// Empties the inactive bank; orders go on.
    Empty,
}

block! {
    /// Front of the pipeline.
    pub(super) struct Sequencer [A, N, S, V, VENUES, AV] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) reset: Signal<In, Bit>,
        pub(super) armed: Signal<In, Bit>,
        pub(super) room: Signal<In, Bit>,
        pub(super) ring_full: Signal<In, Bit>,
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
        pub(super) hot: Signal<Out, U<16>>,
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

        hot_clear: Constant<U<16>> = value(1 << ops::CLEAR),
        hot_slot: Constant<U<16>> = value(1 << ops::SLOT),
        hot_cell: Constant<U<16>> = value(1 << ops::CELL),
        hot_ledgers: Constant<U<16>> = value(1 << ops::LEDGERS),
        hot_bank: Constant<U<16>> = value(1 << ops::BANK),
        one_16: Constant<U<16>> = value(1),
        flipped: Constant<U<8>> = value(BankResult::Flipped.code() as u64),
        old: Constant<U<8>> = value(BankResult::OldRow.code() as u64),
        zero_8: Constant<U<8>> = value(0),
        zero_16: Constant<U<16>> = value(0),
        one_20: Constant<U<20>> = value(1),
        zero_20: Constant<U<20>> = value(0),
        one_a: Constant<U<A>> = value(1),
        zero_a: Constant<U<A>> = value(0),
        word_3_used: Constant<U<64>> = value(u64::MAX >> 16),
        scrub_last: Constant<U<20>> = value((1u64 << (if S > A + N + 1 { S } else { A + N + 1 })).max(64) - 1),
        wipe_last: Constant<U<20>> = value((1 << (A + N)) - 1),

        control_head: Sleeper<Control>,
        head: OrdersHead<A, N, S, V, VENUES, AV>,
        walk: Walk<A, N, S>,
        state_reg: DFF<State>,
        scrub_reg: DFF<U<20>>,
        second_reg: DFF<Bit>,
        row_reg: DFF<U<A>>,
        orders_wait_reg: DFF<U<16>>,
        control_wait_reg: DFF<U<16>>,
        hot_reg: DFF<U<16>>,
        bank_reg: DFF<Bit>,
        account_reg: DFF<U<A>>,
        instrument_reg: DFF<U<N>>,
        slot_reg: DFF<U<S>>,
        member_reg: DFF<Bit>,
        ledger_reg: DFF<U<A>>,
        venue_reg: DFF<U<V>>,
        word_0_reg: DFF<U<64>>,
        word_1_reg: DFF<U<64>>,
        word_2_reg: DFF<U<64>>,
        word_3_reg: DFF<U<64>>,
        code_reg: DFF<U<8>>,
        index_bad_reg: DFF<Bit>,
        unready_reg: DFF<Bit>,
        full_reg: DFF<Bit>,
        control_reg: DFF<Bit>,
        stamp_reg: DFF<U<16>>,
        wait_reg: DFF<U<16>>,

        hold: Signal<Local, Bit>,
        go_order: Signal<Local, Bit>,
        go_control: Signal<Local, Bit>,
        take_order: Signal<Local, Bit>,
        take_control: Signal<Local, Bit>,
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
        clock!(self, clock, control_head, head, walk);
        dff_setup!(self, clock, state_reg, scrub_reg, second_reg, row_reg, member_reg, ledger_reg, venue_reg);
        dff_setup!(self, clock, orders_wait_reg, control_wait_reg, bank_reg, account_reg, instrument_reg, slot_reg);
        dff_setup!(self, clock, word_0_reg, word_1_reg, word_2_reg, word_3_reg, code_reg, index_bad_reg, unready_reg);
        dff_setup!(self, clock, full_reg, control_reg, stamp_reg, wait_reg);
        clock!(self, clock, hot_reg);
        // head of the control stream
        self.control_head.word_0.next = self.control_0.val();
        self.control_head.word_1.next = self.control_1.val();
        self.control_head.word_2.next = self.control_2.val();
        self.control_head.word_3.next = self.control_3.val();
        self.control_head.execute.next = false;
        self.control_head.act.next = false;
        self.control_head.freeze.next = false;
        self.control_head.flip.next = false;
        self.control_head.discard.next = false;
        self.control_head.clear.next = false;
        // head of the orders stream
        self.head.word_0.next = self.orders_0.val();
        self.head.second.next = self.second_reg.q.val();
        self.head.walk_account.next = self.walk.account.val();
        self.head.walk_instrument.next = self.walk.instrument.val();
        self.walk.slots.next = false;
        self.walk.cells.next = false;
        self.walk.restart.next = false;
        // what enters now
        self.hold.next = true;
        if ((self.state_reg.q.val() == State::Idle) | (self.state_reg.q.val() == State::Execute))
            | (self.state_reg.q.val() == State::Empty)
        {
            self.hold.next = false;
        }
        self.go_order.next = ((self.orders_valid.val() & self.room.val())
            & (!self.hold.val() | self.second_reg.q.val()))
            & (self.head.fence.val() | !self.head.conflict.val());
        self.take_order.next = self.go_order.val() & (!self.head.position.val() | self.second_reg.q.val());
        self.go_control.next = false;
        self.take_control.next = false;
        self.hot_reg.d.next = self.zero_16.val();
        if self.go_order.val() {
            self.hot_reg.d.next = self.head.hot.val();
            self.bank_reg.d.next = self.control_head.active.val();
            self.account_reg.d.next = self.head.account.val().get_bits::<A>(0);
            self.instrument_reg.d.next = self.head.instrument.val().get_bits::<N>(0);
            self.slot_reg.d.next = self.head.slot.val().get_bits::<S>(0);
            self.member_reg.d.next = self.head.member.val();
            self.ledger_reg.d.next = self.head.ledger.val();
            self.venue_reg.d.next = self.head.venue.val();
            self.word_0_reg.d.next = self.orders_0.val();
            self.word_1_reg.d.next = self.orders_1.val();
            self.word_2_reg.d.next = self.orders_2.val();
            self.word_3_reg.d.next = self.orders_3.val() & self.word_3_used.val();
            self.code_reg.d.next = self.zero_8.val();
            self.index_bad_reg.d.next = self.head.outside.val();
            self.unready_reg.d.next = !self.armed.val() | !self.control_head.epoch.val().any();
            self.full_reg.d.next = self.ring_full.val();
            self.control_reg.d.next = false;
            self.stamp_reg.d.next = self.orders_stamp.val();
            self.wait_reg.d.next = self.orders_wait_reg.q.val();
            if self.head.position.val() {
                self.second_reg.d.next = !self.second_reg.q.val();
            }
        }
        if self.orders_valid.val() & !self.orders_wait_reg.q.val().all() {
            self.orders_wait_reg.d.next = self.orders_wait_reg.q.val() + self.one_16.val();
        }
        if self.take_order.val() {
            self.orders_wait_reg.d.next = self.zero_16.val();
        }
        // control
        match self.state_reg.q.val() {
            State::Scrub => {
                self.control_head.clear.next = true;
                self.scrub_reg.d.next = self.scrub_reg.q.val() + self.one_20.val();
                self.second_reg.d.next = false;
                if self.scrub_reg.q.val() == self.scrub_last.val() {
                    self.state_reg.d.next = State::Idle;
                }
            }
            State::Idle => {
                if self.control_valid.val() & !self.control_head.busy.val() {
                    self.state_reg.d.next = State::Execute;
                }
            }
            State::Execute => {
                self.control_head.execute.next = true;
                if self.control_head.direct.val() {
                    self.take_control.next = true;
                    self.state_reg.d.next = State::Idle;
                } else {
                    self.state_reg.d.next = State::Drain;
                }
            }
            State::Drain => {
                self.row_reg.d.next = self.zero_a.val();
                self.walk.restart.next = true;
                if (self.head.idle.val() & !self.second_reg.q.val()) & self.room.val() {
                    self.state_reg.d.next = State::Act;
                }
            }
            State::Act => {
                self.control_head.act.next = true;
                self.bank_reg.d.next = self.control_head.bank.val();
                self.account_reg.d.next = self.control_head.index.val().get_bits::<A>(0);
                self.instrument_reg.d.next = self.control_head.instrument.val().get_bits::<N>(0);
                self.slot_reg.d.next = self.control_head.index.val().get_bits::<S>(0);
                self.member_reg.d.next = true;
                self.ledger_reg.d.next = self.control_head.index.val().get_bits::<A>(0);
                self.venue_reg.d.next = self.control_head.sub.val().get_bits::<V>(0);
                self.code_reg.d.next = self.control_head.code.val();
                self.state_reg.d.next = State::Settle;
                if self.control_head.marks.val() {
                    self.state_reg.d.next = State::Clear;
                } else {
                    if self.control_head.commit.val() {
                        self.state_reg.d.next = State::Slots;
                    } else {
                        self.go_control.next = true;
                        self.hot_reg.d.next = self.control_head.hot.val();
                        self.control_head.discard.next = self.control_head.commits.val();
                    }
                }
            }
            State::Clear => {
                self.go_control.next = true;
                self.hot_reg.d.next = self.hot_clear.val();
                self.bank_reg.d.next = !self.control_head.active.val();
                self.account_reg.d.next = self.row_reg.q.val();
                self.ledger_reg.d.next = self.row_reg.q.val();
                self.row_reg.d.next = self.row_reg.q.val() + self.one_a.val();
                if self.row_reg.q.val().all() {
                    self.control_head.freeze.next = true;
                    self.state_reg.d.next = State::Settle;
                }
            }
            State::Slots => {
                self.walk.slots.next = true;
                if self.walk.slots_last.val() {
                    self.state_reg.d.next = State::SlotsEnd;
                }
            }
            State::SlotsEnd => {
                self.state_reg.d.next = State::Cells;
            }
            State::Cells => {
                self.walk.cells.next = true;
                if self.walk.cells_last.val() {
                    self.state_reg.d.next = State::CellsEnd;
                }
            }
            State::CellsEnd => {
                if self.head.idle.val() {
                    self.state_reg.d.next = State::Ledgers;
                    if self.old_row.val() {
                        self.control_head.discard.next = true;
                        self.state_reg.d.next = State::Report;
                    }
                }
            }
            State::Ledgers => {
                self.go_control.next = true;
                self.hot_reg.d.next = self.hot_ledgers.val();
                self.bank_reg.d.next = !self.control_head.active.val();
                self.account_reg.d.next = self.row_reg.q.val();
                self.ledger_reg.d.next = self.row_reg.q.val();
                self.member_reg.d.next = true;
                self.row_reg.d.next = self.row_reg.q.val() + self.one_a.val();
                if self.row_reg.q.val().all() {
                    self.state_reg.d.next = State::Swept;
                }
            }
            State::Swept => {
                if self.head.idle.val() {
                    self.control_head.flip.next = true;
                    self.control_head.discard.next = true;
                    self.state_reg.d.next = State::Report;
                }
            }
            State::Report => {
                self.go_control.next = true;
                self.hot_reg.d.next = self.hot_bank.val();
                self.code_reg.d.next = self.flipped.val();
                if self.old_row.val() {
                    self.code_reg.d.next = self.old.val();
                }
                self.state_reg.d.next = State::Settle;
            }
            State::Settle => {
                self.scrub_reg.d.next = self.zero_20.val();
                if self.head.idle.val() {
                    self.take_control.next = true;
                    self.state_reg.d.next = State::Idle;
                    if self.control_head.commits.val() {
                        self.state_reg.d.next = State::Empty;
                    }
                }
            }
            State::Empty => {
                self.scrub_reg.d.next = self.scrub_reg.q.val() + self.one_20.val();
                if self.scrub_reg.q.val() == self.wipe_last.val() {
                    self.state_reg.d.next = State::Idle;
                }
            }
        }
        if self.walk.valid.val() {
            self.go_control.next = true;
            self.hot_reg.d.next = self.hot_cell.val();
            if self.walk.is_slot.val() {
                self.hot_reg.d.next = self.hot_slot.val();
            }
            self.bank_reg.d.next = !self.control_head.active.val();
            self.account_reg.d.next = self.walk.account.val();
            self.instrument_reg.d.next = self.walk.instrument.val();
            self.slot_reg.d.next = self.walk.slot.val();
            self.member_reg.d.next = self.head.walk_member.val();
            self.ledger_reg.d.next = self.head.walk_ledger.val();
        }
        if self.go_control.val() {
            self.word_0_reg.d.next = self.control_0.val();
            self.word_1_reg.d.next = self.control_1.val();
            self.word_2_reg.d.next = self.control_2.val();
            self.word_3_reg.d.next = self.control_3.val() & self.word_3_used.val();
            self.control_reg.d.next = true;
            self.stamp_reg.d.next = self.control_stamp.val();
            self.wait_reg.d.next = self.control_wait_reg.q.val();
        }
        if self.control_valid.val() & !self.control_wait_reg.q.val().all() {
            self.control_wait_reg.d.next = self.control_wait_reg.q.val() + self.one_16.val();
        }
        if self.take_control.val() {
            self.control_wait_reg.d.next = self.zero_16.val();
        }
        if self.reset.val() {
            self.state_reg.d.next = State::Scrub;
            self.scrub_reg.d.next = self.zero_20.val();
            self.hot_reg.d.next = self.zero_16.val();
        }
        self.head.push.next = self.go_order.val() | self.go_control.val();
        self.head.claims.next = self.go_order.val() & !self.head.fence.val();
        self.orders_ready.next = self.take_order.val();
        self.control_ready.next = self.take_control.val();
        // owners of slots, rows of cells
        self.walk.owner_write.next = self.owner_write.val();
        self.walk.owner_slot.next = self.owner_slot.val();
        self.walk.owner_account.next = self.owner_account.val();
        self.walk.owner_instrument.next = self.owner_instrument.val();
        self.head.scrub.next = self.state_reg.q.val() == State::Scrub;
        self.head.scrub_address.next = self.scrub_reg.q.val();
        self.head.row_0.next = self.control_head.row_0.val();
        self.head.row_1.next = self.control_head.row_1.val();
        self.head.row_2.next = self.control_head.row_2.val();
        self.head.row_hot.next = self.control_head.row_hot.val();
        self.head.read_account.next = self.account_reg.q.val();
        self.head.read_venue.next = self.venue_reg.q.val();
        // outputs
        self.hot.next = self.hot_reg.q.val();
        self.bank.next = self.bank_reg.q.val();
        self.account.next = self.account_reg.q.val();
        self.instrument.next = self.instrument_reg.q.val();
        self.slot.next = self.slot_reg.q.val();
        self.member.next = self.member_reg.q.val();
        self.ledger.next = self.ledger_reg.q.val();
        self.venue_row.next = self.head.venue_row.val();
        self.word_0.next = self.word_0_reg.q.val();
        self.word_1.next = self.word_1_reg.q.val();
        self.word_2.next = self.word_2_reg.q.val();
        self.word_3.next = self.word_3_reg.q.val();
        self.code.next = self.code_reg.q.val();
        self.index_bad.next = self.index_bad_reg.q.val();
        self.unready.next = self.unready_reg.q.val();
        self.full.next = self.full_reg.q.val();
        self.control.next = self.control_reg.q.val();
        self.stamp.next = self.stamp_reg.q.val();
        self.waited.next = self.wait_reg.q.val();
        self.row_0.next = self.control_head.row_0.val();
        self.row_1.next = self.control_head.row_1.val();
        self.row_2.next = self.control_head.row_2.val();
        self.row_3.next = self.control_head.row_3.val();
        self.row_hot.next = self.control_head.row_hot.val();
        self.restart.next = self.state_reg.q.val() == State::Drain;
        self.wipe.next = self.state_reg.q.val() == State::Empty;
        self.scrub.next = self.state_reg.q.val() == State::Scrub;
        self.scrub_address.next = self.scrub_reg.q.val();
        self.ready.next = self.state_reg.q.val() != State::Scrub;
        self.active.next = self.control_head.active.val();
        self.epoch.next = self.control_head.epoch.val();
        self.frozen.next = self.control_head.frozen.val();
        self.halted.next = self.control_head.halted.val();
        self.idle.next = (self.head.idle.val() & (self.state_reg.q.val() == State::Idle))
            & !(self.control_valid.val() | self.orders_valid.val());
        self.sweeping.next = ((self.state_reg.q.val() == State::Slots) | (self.state_reg.q.val() == State::SlotsEnd))
            | (((self.state_reg.q.val() == State::Cells) | (self.state_reg.q.val() == State::CellsEnd))
                | ((self.state_reg.q.val() == State::Ledgers) | (self.state_reg.q.val() == State::Swept)));
    }
}
