//! A GATE on a bench: feeds both streams, collects events with the cycle in which they came, and compares them with the
//! reference model.
#![allow(dead_code)] // each test crate uses its part

pub(crate) mod bank;
pub(crate) mod commands;
pub(crate) mod random;
mod tables;

use bank::publish;
use crossgate_contract::command::{self, Account, Commit, Instrument, InstrumentLimits, VenueLedger};
use crossgate_contract::{event, sizes, Command, Event, Fault, Sizes, Window};
use crossgate_driver::BankRows;
use crossgate_hdl::gate::{Gate, GateDesk, GateTiny};
use crossgate_hdl::sim::{settle, tick};
use crossgate_sim::model::{Model, Output};
use rust_hdl_core::prelude::*;
use std::collections::{BTreeMap, VecDeque};

/// Generous: a COMMIT of `desk` takes 4,200 clocks.
const PATIENCE_CYCLES: u64 = 20_000;

/// Sees the pins of every cycle.
pub(crate) type Recorder<G> = Box<dyn FnMut(&G)>;

/// An event, the cycle in which it was on the port, its stamp and wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) words: [u64; 6],
    pub(crate) cycle: u64,
    pub(crate) stamp: u64,
    pub(crate) wait: u64,
}

impl Seen {
    /// The event in the contract's terms.
    pub(crate) fn event(&self) -> Event {
        let mut words = [0; 8];
        words[..6].copy_from_slice(&self.words);
        Event::decode(&words).expect("a known event")
    }
}

/// A GATE, its streams and what it said.
pub(crate) struct Rig<
    const A: usize,
    const N: usize,
    const S: usize,
    const V: usize,
    const VENUES: usize,
    const LANES: usize,
    const AI: usize,
    const BI: usize,
    const BA: usize,
    const AV: usize,
    const BC: usize,
> {
    pub(crate) gate: Box<Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>>,
    pub(crate) sizes: Sizes,
    pub(crate) orders: VecDeque<[u64; 4]>,
    pub(crate) control: VecDeque<[u64; 4]>,
    pub(crate) seen: Vec<Seen>,
    /// Cycles in which commands of the orders stream were taken.
    pub(crate) taken: Vec<u64>,
    in_flight: VecDeque<(u8, u64)>,
    /// Clocks of every command with a verdict from the clock in which it was taken to that verdict, by opcode.
    pub(crate) latencies: BTreeMap<u8, Vec<u64>>,
    /// Messages that were sent, and whether as a MASS_CANCEL.
    pub(crate) messages: Vec<(bool, [u64; 4])>,
    /// The port of egress is held; it was, and messages of then are compared now.
    pub(crate) held: bool,
    queued: bool,
    pub(crate) cycle: u64,
    pub(crate) model: Model,
    offered: Vec<[u64; 4]>,
    expected: Vec<[u64; 8]>,
    /// Rows that were stored since the last COMMIT.
    stored: BankRows,
    pub(crate) accepted: u64,
    pub(crate) rejected: u64,
    pub(crate) filled: u64,
    /// Called with the settled pins of every cycle.
    pub(crate) recorder: Option<Recorder<Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>>>,
}

/// The rig of `tiny`.
pub(crate) type TinyRig = Rig<2, 2, 4, 1, 2, 4, 4, 3, 3, 3, 5>;
/// The rig of `desk`.
pub(crate) type DeskRig = Rig<4, 6, 10, 2, 4, 16, 10, 7, 5, 6, 11>;

/// A tiny GATE after RESET, armed.
pub(crate) fn tiny() -> TinyRig {
    Rig::new(Box::new(GateTiny::tiny()), sizes::TINY, None)
}

/// A GATE of `desk` after RESET, armed.
pub(crate) fn desk() -> DeskRig {
    Rig::new(Box::new(GateDesk::desk()), sizes::DESK, None)
}

/// A tiny GATE whose pins are seen from the first cycle on.
pub(crate) fn tiny_recorded(recorder: Recorder<GateTiny>) -> TinyRig {
    Rig::new(Box::new(GateTiny::tiny()), sizes::TINY, Some(recorder))
}

/// Collateral of the venue ledgers of [`scene`]: more than any test of the pool needs.
pub(crate) const PLENTY: i64 = 1 << 46;

/// Four accounts with a venue ledger each and instrument 1 under a first bank: collateral 1,000 in the pool and
/// [`PLENTY`] at the venue; lane 0 loses 10 a lot either way.
pub(crate) fn scene(rig: &mut TinyRig) {
    scene_without_limits(rig);
    rig.send(InstrumentLimits { instrument: 1, notional_max: u64::MAX, touch_ticks: 0 });
}

/// [`scene`] but for the INSTRUMENT_LIMITS row, without which every order is malformed.
pub(crate) fn scene_without_limits(rig: &mut TinyRig) {
    rig.send(Instrument {
        venue: 1,
        book: 1,
        shift: 0,
        instrument: 1,
        lots_min: 1,
        collar: 50,
        lots_max: 1000,
        crossed_max: 0,
        position_cap: 5000,
    });
    for account in 0..4 {
        rig.send(account_row(account, 0xf));
        rig.send(VenueLedger { venue: 1, account, ledger: account, lane_mask: 0xf });
    }
    publish(rig, 1, 1_000);
}

/// An account with these lanes that may have as many orders open as there are slots, and send messages for nothing.
pub(crate) fn account_row(account: u16, lane_mask: u32) -> Account {
    Account { account, lane_mask, open_orders_max: u16::MAX, ..Default::default() }
}

/// Whether a command is answered by a verdict.
fn is_judged(words: &[u64; 4]) -> bool {
    let judged = [command::Order::CODE, command::Replace::CODE, command::Cancel::CODE, command::MassCancel::CODE];
    judged.contains(&words[0].to_le_bytes()[0])
}

/// The words of a command.
pub(crate) fn words(command: impl Into<Command>) -> [u64; 4] {
    command.into().encode().expect("a command within its fields")
}

/// The window of a command; FENCE goes to the control window.
pub(crate) fn window(words: &[u64; 4]) -> Window {
    let opcode = words[0].to_le_bytes()[0];
    if Window::Control.takes(opcode) {
        Window::Control
    } else {
        Window::Orders
    }
}

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    > Rig<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>
{
    fn new(
        gate: Box<Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>>,
        sizes: Sizes,
        recorder: Option<Recorder<Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>>>,
    ) -> Self {
        let mut rig = Self {
            gate,
            sizes,
            orders: VecDeque::new(),
            control: VecDeque::new(),
            seen: Vec::new(),
            taken: Vec::new(),
            in_flight: VecDeque::new(),
            latencies: BTreeMap::new(),
            messages: Vec::new(),
            held: false,
            queued: false,
            cycle: 0,
            model: Model::without_books(sizes),
            offered: Vec::new(),
            expected: Vec::new(),
            stored: BankRows::new(),
            accepted: 0,
            rejected: 0,
            filled: 0,
            recorder,
        };
        rig.gate.connect_all();
        rig.gate.room.next = true;
        rig.gate.egress_room.next = true;
        rig.arm(true);
        rig.wait_ready();
        rig
    }

    /// Arms both sides.
    pub(crate) fn arm(&mut self, armed: bool) {
        self.gate.armed.next = armed;
        self.model.arm(armed);
    }

    /// Tells both sides that the ring is full.
    pub(crate) fn ring_full(&mut self, full: bool) {
        self.gate.ring_full.next = full;
        self.model.set_ring_full(full);
    }

    /// Sets the card time of both sides; the watchdog may bite.
    pub(crate) fn set_time_us(&mut self, time_us: u64) {
        self.gate.card_time.next = time_us.into();
        let fault = self.model.set_time_us(time_us);
        self.bite(fault);
    }

    /// Sets the watchdog; it may bite at once.
    pub(crate) fn set_watchdog_us(&mut self, watchdog_us: u64) {
        let fault = self.model.set_watchdog_us(watchdog_us);
        self.bite(fault);
    }

    /// What the registers tell GATE when the watchdog bites.
    fn bite(&mut self, fault: Option<Output>) {
        if let Some((_, words)) = fault {
            self.expected.push(words);
            self.gate.fired.next = true;
            self.gate.fired_stamp.next = (self.cycle & 0xffff).into();
            self.clock();
            self.gate.fired.next = false;
            self.check();
        }
    }

    /// Holds the port of egress of both sides. While it is held, commands must come one by one: what is in flight counts.
    pub(crate) fn hold_egress(&mut self, held: bool) {
        self.held = held;
        self.model.hold_egress(held);
        self.check();
    }

    fn wait_ready(&mut self) {
        let start = self.cycle;
        while !self.gate.ready.val() {
            self.clock();
            assert!(self.cycle - start < PATIENCE_CYCLES, "never ready");
        }
    }

    /// RESET of both sides.
    pub(crate) fn reset(&mut self) {
        self.gate.reset.next = true;
        self.clock();
        self.gate.reset.next = false;
        self.clock();
        self.wait_ready();
        self.model = Model::without_books(self.sizes);
        self.set_time_us(0);
        self.stored = BankRows::new();
        self.messages.clear();
        self.hold_egress(false);
        self.ring_full(false);
        self.in_flight.clear();
        self.arm(true);
    }

    /// Drops what was offered but not compared.
    pub(crate) fn forget(&mut self) {
        self.expected.clear();
        self.offered.clear();
        self.seen.clear();
        self.messages.clear();
        self.model.take_egress().for_each(drop);
    }

    /// Sets the inputs of this cycle and lets it settle.
    pub(crate) fn drive(&mut self) {
        let stamp = (self.cycle & 0xffff).into();
        self.gate.orders_valid.next = !self.orders.is_empty();
        if let Some([w0, w1, w2, w3]) = self.orders.front() {
            self.gate.orders_0.next = (*w0).into();
            self.gate.orders_1.next = (*w1).into();
            self.gate.orders_2.next = (*w2).into();
            self.gate.orders_3.next = (*w3).into();
            self.gate.orders_stamp.next = stamp;
        }
        self.gate.control_valid.next = !self.control.is_empty();
        if let Some([w0, w1, w2, w3]) = self.control.front() {
            self.gate.control_0.next = (*w0).into();
            self.gate.control_1.next = (*w1).into();
            self.gate.control_2.next = (*w2).into();
            self.gate.control_3.next = (*w3).into();
            self.gate.control_stamp.next = stamp;
        }
        settle(&mut *self.gate);
        if let Some(recorder) = &mut self.recorder {
            recorder(&self.gate);
        }
    }

    /// Takes what this cycle shows, then gives the clock edge.
    pub(crate) fn finish(&mut self) {
        let gate = &mut *self.gate;
        if gate.orders_valid.val() && gate.orders_ready.val() {
            let taken = self.orders.pop_front().expect("it was offered");
            self.taken.push(self.cycle);
            if is_judged(&taken) {
                self.in_flight.push_back((taken[0].to_le_bytes()[0], self.cycle));
            }
        }
        if gate.control_valid.val() && gate.control_ready.val() {
            self.control.pop_front();
        }
        if gate.event_valid.val() {
            if gate.event_0.val().get().to_le_bytes()[0] == event::Verdict::CODE {
                let (opcode, taken) = self.in_flight.pop_front().expect("a command for each verdict");
                self.latencies.entry(opcode).or_default().push(self.cycle - taken);
            }
            self.seen.push(Seen {
                words: [
                    gate.event_0.val(),
                    gate.event_1.val(),
                    gate.event_2.val(),
                    gate.event_3.val(),
                    gate.event_4.val(),
                    gate.event_5.val(),
                ]
                .map(|word| word.get()),
                cycle: self.cycle,
                stamp: gate.event_stamp.val().get(),
                wait: gate.event_wait.val().get(),
            });
        }
        if gate.egress_push.val() {
            let words = std::array::from_fn(|index| gate.egress_words[index].val().get());
            self.messages.push((gate.egress_mass.val(), words));
        }
        self.accepted += u64::from(gate.accepted.val());
        self.rejected += u64::from(gate.rejected.val());
        self.filled += u64::from(gate.filled.val());
        tick(gate);
        self.cycle += 1;
    }

    /// One cycle.
    pub(crate) fn clock(&mut self) {
        self.drive();
        self.finish();
    }

    /// Clocks until both streams are empty and nothing is in flight; returns the events.
    pub(crate) fn run(&mut self) -> Vec<Seen> {
        let start = self.cycle;
        loop {
            self.drive();
            let done = self.gate.idle.val();
            self.finish();
            if done {
                return std::mem::take(&mut self.seen);
            }
            assert!(self.cycle - start < PATIENCE_CYCLES, "never idle");
        }
    }

    /// Sends one command to both sides and compares; returns the events of the model.
    pub(crate) fn send(&mut self, command: impl Into<Command>) -> Vec<Event> {
        self.batch(&[words(command)])
    }

    /// The single event of a command.
    pub(crate) fn one(&mut self, command: impl Into<Command>) -> Event {
        let events = self.send(command);
        assert_eq!(events.len(), 1);
        events[0]
    }

    /// The fault that a command raises.
    pub(crate) fn fault(&mut self, command: impl Into<Command>) -> Option<Fault> {
        match self.send(command)[..] {
            [] => None,
            [Event::FaultRaised(fault)] => Fault::from_code(fault.code),
            ref other => panic!("not a fault: {other:?}"),
        }
    }

    /// The verdict about a command.
    pub(crate) fn verdict(&mut self, command: impl Into<Command>) -> event::Verdict {
        match self.one(command) {
            Event::Verdict(verdict) => verdict,
            other => panic!("not a verdict: {other:?}"),
        }
    }

    /// Queues a command for the card, applies it to the model, and returns what the model says.
    pub(crate) fn offer(&mut self, words: [u64; 4]) -> Vec<Event> {
        self.offer_in(window(&words), words)
    }

    /// The same for a window that is named, because FENCE belongs to all. A COMMIT without CRC and count gets those of
    /// the rows that were stored.
    pub(crate) fn offer_in(&mut self, window: Window, mut words: [u64; 4]) -> Vec<Event> {
        let opcode = words[0].to_le_bytes()[0];
        if opcode == Commit::CODE {
            let Commit { crc, rows, .. } = self.stored.commit(Commit::default());
            if words[1] == 0 {
                words[1] = u64::from(crc) | u64::from(rows) << 32;
            }
        }
        let events = self.model.command(window, words);
        match window {
            Window::Orders => self.orders.push_back(words),
            _ => self.control.push_back(words),
        }
        self.offered.push(words);
        if events.is_empty() {
            self.stored.add(&words);
        }
        let decode = |(_, words): &(_, [u64; 8])| Event::decode(words).expect("a known event");
        let decoded = events.iter().map(decode).collect();
        self.expected.extend(events.into_iter().map(|(_, words)| words));
        decoded
    }

    /// Runs what was offered and compares; commands of two windows must not depend on each other.
    pub(crate) fn check(&mut self) -> Vec<Seen> {
        let seen = self.run();
        let (expected, offered) = (std::mem::take(&mut self.expected), std::mem::take(&mut self.offered));
        for (index, want) in expected.iter().enumerate() {
            let got = seen.get(index).map(|seen| seen.words);
            assert_eq!(
                got,
                want[..6].try_into().ok(),
                "cycle {}, event {index}:\nmodel {:?}\ncard  {:?}\nof {:#?}",
                self.cycle,
                Event::decode(want),
                seen.get(index).map(Seen::event),
                offered.iter().map(Command::decode).collect::<Vec<_>>()
            );
        }
        assert_eq!(seen.len(), expected.len(), "{:?}", seen.iter().map(Seen::event).collect::<Vec<_>>());
        if !self.held {
            let (masses, others): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.messages).into_iter().partition(|(mass, _)| *mass && self.queued);
            let sent: Vec<[u64; 4]> = masses.into_iter().chain(others).map(|(_, words)| words).collect();
            assert_eq!(sent, self.model.take_egress().collect::<Vec<_>>(), "messages of {offered:x?}");
        }
        self.queued = self.held;
        self.gate.egress_full.next = self.model.is_egress_full();
        self.gate.egress_room.next = self.model.takes_operations();
        seen
    }

    /// Sends commands of one window back to back to both sides and compares.
    pub(crate) fn batch(&mut self, commands: &[[u64; 4]]) -> Vec<Event> {
        let events = commands.iter().flat_map(|words| self.offer(*words)).collect();
        self.check();
        events
    }
}
