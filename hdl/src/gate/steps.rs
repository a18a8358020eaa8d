//! [`Steps`]: what happens with the head of the control stream, one step after the other.
//!
//! | port | meaning |
//! |---|---|
//! | `reset` | scrub everything |
//! | `valid`, `busy`, `direct`, `marks`, `commit`, `commits` | the head, as in [`super::control`] |
//! | `idle`, `second`, `room` | nothing is in the pipeline; half of a POSITION is; an operation may enter |
//! | `slots_last`, `cells_last`, `old_row` | of the sweep |
//! | `execute`, `act`, `freeze`, `flip`, `discard`, `clear` | for [`super::control`] |
//! | `restart`, `slots`, `cells` | for [`super::walk`] |
//! | `hold` | orders wait |
//! | `clears`, `ledgers`, `row` | MARKS or the sweep for the ledgers of this number |
//! | `report` | outcome of the sweep |
//! | `take` | the head is done |
//! | `scrub`, `wipe`, `scrub_address`, `sweeping`, `resting` | status; `resting`: looks at the head |
//!
//! Everything is combinational but the step and its counters.

use super::ops::{block, value};
use crate::int::U;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// A step.
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
    /// Steps of the control stream.
    pub(super) struct Steps [A, N, S] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) reset: Signal<In, Bit>,
        pub(super) valid: Signal<In, Bit>,
        pub(super) busy: Signal<In, Bit>,
        pub(super) direct: Signal<In, Bit>,
        pub(super) marks: Signal<In, Bit>,
        pub(super) commit: Signal<In, Bit>,
        pub(super) commits: Signal<In, Bit>,
        pub(super) idle: Signal<In, Bit>,
        pub(super) second: Signal<In, Bit>,
        pub(super) room: Signal<In, Bit>,
        pub(super) slots_last: Signal<In, Bit>,
        pub(super) cells_last: Signal<In, Bit>,
        pub(super) old_row: Signal<In, Bit>,
        pub(super) execute: Signal<Out, Bit>,
        pub(super) act: Signal<Out, Bit>,
        pub(super) freeze: Signal<Out, Bit>,
        pub(super) flip: Signal<Out, Bit>,
        pub(super) discard: Signal<Out, Bit>,
        pub(super) clear: Signal<Out, Bit>,
        pub(super) restart: Signal<Out, Bit>,
        pub(super) slots: Signal<Out, Bit>,
        pub(super) cells: Signal<Out, Bit>,
        pub(super) hold: Signal<Out, Bit>,
        pub(super) clears: Signal<Out, Bit>,
        pub(super) ledgers: Signal<Out, Bit>,
        pub(super) row: Signal<Out, U<A>>,
        pub(super) report: Signal<Out, Bit>,
        pub(super) take: Signal<Out, Bit>,
        pub(super) scrub: Signal<Out, Bit>,
        pub(super) wipe: Signal<Out, Bit>,
        pub(super) scrub_address: Signal<Out, U<20>>,
        pub(super) sweeping: Signal<Out, Bit>,
        pub(super) resting: Signal<Out, Bit>,
        one_20: Constant<U<20>> = value(1),
        zero_20: Constant<U<20>> = value(0),
        one_a: Constant<U<A>> = value(1),
        zero_a: Constant<U<A>> = value(0),
        scrub_last: Constant<U<20>> = value((1u64 << (if S > A + N + 1 { S } else { A + N + 1 })).max(64) - 1),
        wipe_last: Constant<U<20>> = value((1 << (A + N)) - 1),
        state_reg: DFF<State>,
        scrub_reg: DFF<U<20>>,
        row_reg: DFF<U<A>>,
    }
}

impl<const A: usize, const N: usize, const S: usize> Logic for Steps<A, N, S> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state_reg, scrub_reg, row_reg);
        self.execute.next = false;
        self.act.next = false;
        self.freeze.next = false;
        self.flip.next = false;
        self.discard.next = false;
        self.clear.next = false;
        self.restart.next = false;
        self.slots.next = false;
        self.cells.next = false;
        self.clears.next = false;
        self.ledgers.next = false;
        self.report.next = false;
        self.take.next = false;
        match self.state_reg.q.val() {
            State::Scrub => {
                self.clear.next = true;
                self.scrub_reg.d.next = self.scrub_reg.q.val() + self.one_20.val();
                if self.scrub_reg.q.val() == self.scrub_last.val() {
                    self.state_reg.d.next = State::Idle;
                }
            }
            State::Idle => {
                if self.valid.val() & !self.busy.val() {
                    self.state_reg.d.next = State::Execute;
                }
            }
            State::Execute => {
                self.execute.next = true;
                if self.direct.val() {
                    self.take.next = true;
                    self.state_reg.d.next = State::Idle;
                } else {
                    self.state_reg.d.next = State::Drain;
                }
            }
            State::Drain => {
                self.row_reg.d.next = self.zero_a.val();
                self.restart.next = true;
                if (self.idle.val() & !self.second.val()) & self.room.val() {
                    self.state_reg.d.next = State::Act;
                }
            }
            State::Act => {
                self.act.next = true;
                self.state_reg.d.next = State::Settle;
                if self.marks.val() {
                    self.state_reg.d.next = State::Clear;
                } else {
                    if self.commit.val() {
                        self.state_reg.d.next = State::Slots;
                    } else {
                        self.discard.next = self.commits.val();
                    }
                }
            }
            State::Clear => {
                self.clears.next = true;
                self.row_reg.d.next = self.row_reg.q.val() + self.one_a.val();
                if self.row_reg.q.val().all() {
                    self.freeze.next = true;
                    self.state_reg.d.next = State::Settle;
                }
            }
            State::Slots => {
                self.slots.next = true;
                if self.slots_last.val() {
                    self.state_reg.d.next = State::SlotsEnd;
                }
            }
            State::SlotsEnd => {
                self.state_reg.d.next = State::Cells;
            }
            State::Cells => {
                self.cells.next = true;
                if self.cells_last.val() {
                    self.state_reg.d.next = State::CellsEnd;
                }
            }
            State::CellsEnd => {
                if self.idle.val() {
                    self.state_reg.d.next = State::Ledgers;
                    if self.old_row.val() {
                        self.discard.next = true;
                        self.state_reg.d.next = State::Report;
                    }
                }
            }
            State::Ledgers => {
                self.ledgers.next = true;
                self.row_reg.d.next = self.row_reg.q.val() + self.one_a.val();
                if self.row_reg.q.val().all() {
                    self.state_reg.d.next = State::Swept;
                }
            }
            State::Swept => {
                if self.idle.val() {
                    self.flip.next = true;
                    self.discard.next = true;
                    self.state_reg.d.next = State::Report;
                }
            }
            State::Report => {
                self.report.next = true;
                self.state_reg.d.next = State::Settle;
            }
            State::Settle => {
                self.scrub_reg.d.next = self.zero_20.val();
                if self.idle.val() {
                    self.take.next = true;
                    self.state_reg.d.next = State::Idle;
                    if self.commits.val() {
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
        if self.reset.val() {
            self.state_reg.d.next = State::Scrub;
            self.scrub_reg.d.next = self.zero_20.val();
        }
        self.hold.next = true;
        if ((self.state_reg.q.val() == State::Idle) | (self.state_reg.q.val() == State::Execute))
            | (self.state_reg.q.val() == State::Empty)
        {
            self.hold.next = false;
        }
        self.row.next = self.row_reg.q.val();
        self.scrub.next = self.state_reg.q.val() == State::Scrub;
        self.wipe.next = self.state_reg.q.val() == State::Empty;
        self.scrub_address.next = self.scrub_reg.q.val();
        self.resting.next = self.state_reg.q.val() == State::Idle;
        self.sweeping.next = ((self.state_reg.q.val() == State::Slots) | (self.state_reg.q.val() == State::SlotsEnd))
            | (((self.state_reg.q.val() == State::Cells) | (self.state_reg.q.val() == State::CellsEnd))
                | ((self.state_reg.q.val() == State::Ledgers) | (self.state_reg.q.val() == State::Swept)));
    }
}
