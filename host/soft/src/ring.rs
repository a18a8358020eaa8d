//! The device side of an event ring: room, sequence, phase, conflation, and the DMA writes not yet carried over.
//!
//! Events that find no room wait in order. A BBO event that would have to wait replaces the one of its book that waits
//! behind the last event that must not be dropped.
//!
//! Invariant: no event but a BBO is ever lost; a waiting list that was reserved grows only while the host does not
//! read.

use crate::words::field;
use crossgate_contract::event::{Bbo, PHASE, SEQUENCE};
use crossgate_contract::Field;
use std::collections::VecDeque;

const CONFLATED: Field = field(&Bbo::LAYOUT, "conflated");
const BOOK: Field = field(&Bbo::LAYOUT, "book");
const LINE_BYTES: u64 = 64;
/// Events that may wait, and writes that may be carried over at once, before memory is allocated.
const RESERVED: usize = 4_096;

/// One ring.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    base: u64,
    log2: u32,
    producer: u32,
    consumer: u32,
    waiting: VecDeque<[u64; 8]>,
    /// Waiting events that are no BBO.
    lossless: usize,
    written: Vec<(u64, [u64; 8])>,
}

fn is_bbo(words: &[u64; 8]) -> bool {
    words[0].to_le_bytes()[0] == Bbo::CODE
}

impl Ring {
    /// A ring that is switched off.
    pub(crate) fn new() -> Self {
        Self {
            base: 0,
            log2: 0,
            producer: 0,
            consumer: 0,
            waiting: VecDeque::with_capacity(RESERVED),
            lossless: 0,
            written: Vec::with_capacity(RESERVED),
        }
    }

    /// Entries of the ring; 0 while it is off.
    const fn entries(&self) -> u32 {
        if 4 <= self.log2 && self.log2 <= 20 {
            1 << self.log2
        } else {
            0
        }
    }

    #[inline]
    const fn has_room(&self) -> bool {
        self.producer.wrapping_sub(self.consumer) < self.entries()
    }

    /// Whether an event sent now would wait.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        !self.has_room() || !self.waiting.is_empty()
    }

    /// Whether an event that must not be dropped waits.
    #[inline]
    pub(crate) const fn holds_window(&self) -> bool {
        self.lossless != 0
    }

    /// Events written, modulo 2^32.
    pub(crate) const fn producer(&self) -> u32 {
        self.producer
    }

    pub(crate) fn set_base_low(&mut self, value: u32) {
        self.base = self.base >> 32 << 32 | u64::from(value);
    }

    pub(crate) fn set_base_high(&mut self, value: u32) {
        self.base = self.base & u64::from(u32::MAX) | u64::from(value) << 32;
    }

    /// Restarts the ring with 2^`log2` entries; what waits is written first.
    pub(crate) fn restart(&mut self, log2: u32) {
        (self.log2, self.producer, self.consumer) = (log2, 0, 0);
        self.deliver();
    }

    /// Frees the entries before `consumer`.
    pub(crate) fn consume(&mut self, consumer: u32) {
        self.consumer = consumer;
        self.deliver();
    }

    /// Sends an event. True if it replaced an older one.
    #[inline]
    pub(crate) fn send(&mut self, words: &[u64; 8]) -> bool {
        if !self.is_full() {
            self.write(words);
            return false;
        }
        self.wait(words)
    }

    #[cold]
    fn wait(&mut self, words: &[u64; 8]) -> bool {
        if !is_bbo(words) {
            self.lossless += 1;
        } else {
            let newest = self.waiting.iter_mut().rev().take_while(|old| is_bbo(old));
            let mut of_book = newest.filter(|old| BOOK.get(*old) == BOOK.get(words));
            if let Some(old) = of_book.next() {
                let replaced = CONFLATED.get(old) + 1;
                *old = *words;
                CONFLATED.put(old, replaced);
                return true;
            }
        }
        self.waiting.push_back(*words);
        false
    }

    fn deliver(&mut self) {
        while self.has_room() {
            let Some(words) = self.waiting.pop_front() else { return };
            if !is_bbo(&words) {
                self.lossless -= 1;
            }
            self.write(&words);
        }
    }

    #[inline]
    fn write(&mut self, words: &[u64; 8]) {
        let entry = self.producer & ((1 << self.log2) - 1);
        let mut words = *words;
        words[7] |=
            u64::from(self.producer) << SEQUENCE.lsb | u64::from(self.producer >> self.log2 & 1 ^ 1) << PHASE.lsb;
        self.written.push((self.base + u64::from(entry) * LINE_BYTES, words));
        self.producer = self.producer.wrapping_add(1);
    }

    /// Hands over the writes since the last call, in order.
    #[inline]
    pub(crate) fn take(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        for (address, words) in &self.written {
            sink(*address, words);
        }
        self.written.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::event::{DepthLevel, FenceDone};
    use crossgate_contract::Event;

    fn words(event: impl Into<Event>) -> [u64; 8] {
        event.into().encode().unwrap()
    }

    fn bbo(book: u8, tag: u64) -> [u64; 8] {
        words(Bbo { book, tag, ..Default::default() })
    }

    fn taken(ring: &mut Ring) -> Vec<(u64, [u64; 8])> {
        let mut all = Vec::new();
        ring.take(&mut |address, words| all.push((address, *words)));
        all
    }

    #[test]
    fn events_are_numbered_and_the_phase_toggles_with_each_pass() {
        let mut ring = Ring::new();
        ring.set_base_low(0x1000);
        ring.set_base_high(2);
        ring.restart(4);
        for tag in 0..16 {
            assert!(!ring.send(&words(FenceDone { window: 0, tag })));
        }
        ring.consume(1);
        ring.send(&words(FenceDone { window: 0, tag: 16 }));
        let written = taken(&mut ring);
        for (number, (address, words)) in (0..).zip(&written) {
            assert_eq!(*address, 0x2_0000_1000 + number % 16 * 64);
            assert_eq!((SEQUENCE.get(words), PHASE.get(words)), (number, u64::from(number < 16)));
        }
        assert_eq!((written.len(), ring.producer()), (17, 17));
    }

    #[test]
    fn the_newest_bbo_of_a_book_wins_and_everything_else_waits_in_order() {
        let mut ring = Ring::new();
        assert!(ring.is_full(), "a ring that is off has no room");
        assert!(!ring.send(&bbo(1, 1)) && !ring.send(&bbo(2, 2)) && ring.send(&bbo(1, 3)) && ring.send(&bbo(1, 4)));
        assert!(!ring.holds_window());
        assert!(!ring.send(&words(DepthLevel { tag: 5, ..Default::default() })) && ring.holds_window());
        assert!(!ring.send(&bbo(1, 6)), "nothing overtakes a listing");
        ring.restart(4);
        assert!(!ring.holds_window());
        let seen: Vec<_> = taken(&mut ring).iter().map(|(_, words)| (words[5], CONFLATED.get(words))).collect();
        assert_eq!(seen, [(4, 2), (2, 0), (5, CONFLATED.get(&words(DepthLevel::default()))), (6, 0)]);
    }
}
