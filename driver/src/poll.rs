//! Event rings: phase bit, event numbers, lazy consumer index, fences.

use crate::device::{halves, Wait};
use crate::transport::DmaBuffer;
use crate::{Device, DeviceError, Transport};
use crossgate_contract::event::{Event, FenceDone, Ring, CYCLE, LATENCY, PHASE, SEQUENCE, WAIT};
use crossgate_contract::register::{self, status, Register};
use crossgate_contract::Window;

/// The consumer's side of a ring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RingState {
    buffer: DmaBuffer,
    log2: u32,
    /// Events consumed, modulo 2^32.
    consumed: u32,
    /// The consumer index that the card was told.
    released: u32,
}

impl RingState {
    pub(crate) const fn new(buffer: DmaBuffer, log2: u32) -> Self {
        Self { buffer, log2, consumed: 0, released: 0 }
    }

    fn line(&self) -> usize {
        usize::try_from(self.consumed & ((1 << self.log2) - 1)).expect("a ring has at most 2^20 lines")
    }

    /// 1 on the first pass, then alternating.
    fn phase(&self) -> u64 {
        u64::from((self.consumed >> self.log2) & 1 ^ 1)
    }
}

/// The registers of a ring.
struct RingRegisters {
    base_low: &'static Register,
    base_high: &'static Register,
    size: &'static Register,
    consumer: &'static Register,
}

const fn registers(ring: Ring) -> RingRegisters {
    match ring {
        Ring::Decisions => RingRegisters {
            base_low: &register::DECISIONS_BASE_LO,
            base_high: &register::DECISIONS_BASE_HI,
            size: &register::DECISIONS_SIZE,
            consumer: &register::DECISIONS_CONSUMER,
        },
        Ring::Market => RingRegisters {
            base_low: &register::MARKET_BASE_LO,
            base_high: &register::MARKET_BASE_HI,
            size: &register::MARKET_SIZE,
            consumer: &register::MARKET_CONSUMER,
        },
    }
}

/// An event as it came from a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The ring.
    pub ring: Ring,
    /// The words of the event.
    pub words: [u64; 8],
}

impl Received {
    /// The typed event, or its unknown type.
    ///
    /// # Errors
    /// The type, if the contract has none such.
    pub fn decode(&self) -> Result<Event, u8> {
        Event::decode(&self.words)
    }

    /// Card cycle at the ring's input.
    pub const fn cycle(&self) -> u64 {
        CYCLE.get(&self.words)
    }

    /// Cycles from the accepted window beat to the ring's input; 65,535 means at least that.
    pub const fn latency_cycles(&self) -> u64 {
        LATENCY.get(&self.words)
    }

    /// The part of the latency that was queueing, cycles.
    pub const fn wait_cycles(&self) -> u64 {
        WAIT.get(&self.words)
    }

    /// Number of the event in its ring.
    pub fn sequence(&self) -> u32 {
        u32::try_from(SEQUENCE.get(&self.words)).expect("the field has 32 bits")
    }
}

impl<T: Transport> Device<T> {
    /// Gives a ring its memory; its event numbers start at 0.
    pub(crate) fn restart_ring(&mut self, ring: Ring) -> Result<(), DeviceError> {
        let state = self.rings[ring.index()];
        self.transport.dma_clear(&state.buffer)?;
        let (low, high) = halves(state.buffer.address);
        let names = registers(ring);
        self.write(names.base_low, low)?;
        self.write(names.base_high, high)?;
        self.write(names.consumer, 0)?;
        self.write(names.size, state.log2)?;
        self.rings[ring.index()] = RingState::new(state.buffer, state.log2);
        Ok(())
    }

    /// Hands every event that has arrived to `sink`, decisions first, and returns how many. Does not wait.
    ///
    /// # Errors
    /// [`DeviceError::EventSequence`] if an event is missing (it is not handed over), or the transport's.
    pub fn poll(&mut self, mut sink: impl FnMut(&Received)) -> Result<usize, DeviceError> {
        self.transport.advance()?;
        Ok(self.drain(Ring::Decisions, &mut sink)? + self.drain(Ring::Market, &mut sink)?)
    }

    /// Takes at most one ring full of events.
    fn drain(&mut self, ring: Ring, sink: &mut impl FnMut(&Received)) -> Result<usize, DeviceError> {
        let mut taken = 0;
        while taken < self.rings[ring.index()].buffer.lines {
            let state = &mut self.rings[ring.index()];
            let received = Received { ring, words: self.transport.line(&state.buffer, state.line())? };
            if PHASE.get(&received.words) != state.phase() {
                break;
            }
            let (expected, actual) = (state.consumed, received.sequence());
            if actual != expected {
                return Err(DeviceError::EventSequence { ring, expected, actual });
            }
            state.consumed = expected.wrapping_add(1);
            let unreleased = state.consumed.wrapping_sub(state.released);
            // A quarter of the ring: the card is told seldom and never runs dry.
            if unreleased >= 1 << (state.log2 - 2) {
                state.released = state.consumed;
                let consumed = state.consumed;
                self.write(registers(ring).consumer, consumed)?;
            }
            taken += 1;
            sink(&received);
        }
        Ok(taken)
    }

    /// Tells the card everything that was consumed, for a host that stops polling for a while.
    ///
    /// # Errors
    /// The transport's.
    pub fn release(&mut self) -> Result<(), DeviceError> {
        for ring in Ring::ALL {
            let state = &mut self.rings[ring.index()];
            if state.released != state.consumed {
                state.released = state.consumed;
                let consumed = state.consumed;
                self.write(registers(ring).consumer, consumed)?;
            }
        }
        Ok(())
    }

    /// Waits until nothing is in flight in the card and hands over the events meanwhile. Reads STATUS in a loop: not
    /// for the hot path.
    ///
    /// # Errors
    /// [`DeviceError::Busy`] at the deadline, [`DeviceError::Gone`], or those of [`Device::poll`].
    pub fn idle(&mut self, mut sink: impl FnMut(&Received)) -> Result<(), DeviceError> {
        let mut wait = Wait::new(self.options.patience);
        loop {
            let status = self.status()?;
            // What was busy when STATUS was read may have written its last event since.
            let taken = self.poll(&mut sink)?;
            if status & status::BUSY == 0 && taken == 0 {
                return Ok(());
            }
            if wait.expired() {
                return Err(DeviceError::Busy { status, polls: wait.polls, elapsed: wait.elapsed() });
            }
        }
    }

    /// Waits until every earlier command of the window has taken effect and its events were handed to `sink`. Events of
    /// other windows that arrive meanwhile are handed over too; the answer to the fence itself is not.
    ///
    /// # Errors
    /// [`DeviceError::Fence`] at the deadline, [`DeviceError::Gone`], or those of [`Device::post`] and
    /// [`Device::poll`].
    pub fn fence(&mut self, window: Window, mut sink: impl FnMut(&Received)) -> Result<(), DeviceError> {
        let tag = self.post_fence(window)?;
        let mut wait = Wait::new(self.options.patience);
        let mut done = false;
        loop {
            self.poll(|received| {
                if is_answer(received, window, tag) {
                    done = true;
                } else {
                    sink(received);
                }
            })?;
            if done {
                return Ok(());
            }
            if wait.expired() {
                self.check_present()?;
                return Err(DeviceError::Fence { window, tag, polls: wait.polls, elapsed: wait.elapsed() });
            }
        }
    }
}

fn is_answer(received: &Received, window: Window, tag: u64) -> bool {
    let code = received.words[0].to_le_bytes()[0];
    let answer = FenceDone { window: window as u8, tag };
    code == FenceDone::CODE && received.decode() == Ok(Event::FenceDone(answer))
}
