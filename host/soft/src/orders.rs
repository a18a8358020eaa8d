//! The commands of the orders window that are answered by a verdict, and what they send.
//!
//! Not here: how they are decided (see `gate` and `replace`).
//!
//! Invariant: a verdict and its message leave together; CANCEL and MASS_CANCEL wait for nothing.

use crate::card::Card;
use crate::egress::halt_message;
use crate::gate::Decision;
use crate::words::{command_of, event_words};
use crossgate_contract::command::{Cancel, Halt, MassCancel, Order, Replace};
use crossgate_contract::event::{Ring, Verdict};
use crossgate_contract::{register, Reason};

impl<const L: usize> Card<L> {
    /// Why no order is decided now.
    #[inline]
    fn unready(&self) -> Option<Decision> {
        if !self.armed || self.gate.epoch == 0 {
            Some(Decision::of(Reason::NotReady))
        } else if self.rings[Ring::Decisions.index()].is_full() {
            Some(Decision::of(Reason::RingFull))
        } else {
            None
        }
    }

    /// Counts a verdict of ORDER or REPLACE.
    #[inline]
    fn count_verdict(&mut self, reason: Reason) {
        let accepted = reason == Reason::Accepted;
        self.counters.count(if accepted { &register::COUNT_ACCEPTED } else { &register::COUNT_REJECTED });
    }

    /// A message leaves.
    #[inline]
    fn leave(&mut self, words: &[u64; 4]) {
        self.counters.count(&register::COUNT_EGRESS);
        self.egress.send(words);
    }

    #[inline]
    pub(crate) fn order(&mut self, words: &[u64; 4]) {
        let order = command_of!(
            words,
            Order { side, check, tif, account, instrument, slot, lots, generation, price, tag, cookie }
        );
        let decision = match self.unready() {
            Some(unready) => unready,
            None => self.gate.order(&order, &mut self.market),
        };
        self.count_verdict(decision.reason);
        if decision.reason == Reason::Accepted && !order.check {
            self.leave(words);
        }
        let event = event_words!(Verdict {
            reason: decision.reason.code(),
            side: order.side,
            check: order.check,
            pool_zero: decision.pool_zero,
            venue_zero: decision.venue_zero,
            closing: decision.closing,
            opcode: Order::CODE,
            epoch: self.gate.epoch,
            account: order.account,
            instrument: order.instrument,
            slot: order.slot,
            generation: order.generation,
            lots: order.lots,
            price: order.price,
            tag: order.tag,
            pool_lanes: decision.pool_lanes,
            venue_lanes: decision.venue_lanes,
            cookie: order.cookie,
        });
        self.send(Ring::Decisions, &event);
    }

    pub(crate) fn replace(&mut self, words: &[u64; 4]) {
        let replace =
            command_of!(words, Replace { anew, account, instrument, slot, lots, generation, price, tag, cookie });
        let decision = match self.unready() {
            Some(unready) => unready,
            None => self.gate.replace(&replace, &mut self.market),
        };
        self.count_verdict(decision.reason);
        if decision.reason == Reason::Accepted {
            self.leave(words);
        }
        let event = event_words!(Verdict {
            reason: decision.reason.code(),
            side: self.gate.side_of(replace.account, replace.instrument, replace.slot),
            pool_zero: decision.pool_zero,
            venue_zero: decision.venue_zero,
            opcode: Replace::CODE,
            epoch: self.gate.epoch,
            account: replace.account,
            instrument: replace.instrument,
            slot: replace.slot,
            generation: replace.generation,
            lots: replace.lots,
            price: replace.price,
            tag: replace.tag,
            pool_lanes: decision.pool_lanes,
            venue_lanes: decision.venue_lanes,
            cookie: replace.cookie,
        });
        self.send(Ring::Decisions, &event);
    }

    pub(crate) fn cancel(&mut self, words: &[u64; 4]) {
        let cancel = command_of!(words, Cancel { account, instrument, slot, generation, tag, cookie });
        let decision = self.gate.cancel(&cancel);
        if decision.reason == Reason::Accepted {
            self.leave(words);
        }
        let event = event_words!(Verdict {
            reason: decision.reason.code(),
            side: self.gate.side_of(cancel.account, cancel.instrument, cancel.slot),
            opcode: Cancel::CODE,
            epoch: self.gate.epoch,
            account: cancel.account,
            instrument: cancel.instrument,
            slot: cancel.slot,
            generation: cancel.generation,
            tag: cancel.tag,
            cookie: cancel.cookie,
        });
        self.send(Ring::Decisions, &event);
    }

    pub(crate) fn mass_cancel(&mut self, command: &MassCancel, words: &[u64; 4]) {
        let decision = self.gate.mass_cancel(command);
        if decision.reason == Reason::Accepted {
            self.leave(words);
        }
        let event = event_words!(Verdict {
            reason: decision.reason.code(),
            opcode: MassCancel::CODE,
            epoch: self.gate.epoch,
            account: command.index,
            tag: command.tag,
            cookie: command.cookie,
        });
        self.send(Ring::Decisions, &event);
    }

    /// A halt that took effect asks for every order of its scope to be cancelled.
    pub(crate) fn halted(&mut self, halt: &Halt) {
        if halt.halted {
            self.leave(&halt_message(halt.scope, halt.index));
        }
    }
}
