//! The device side of a command window: quadwords in any order become slots in sequence.
//!
//! Invariant: a slot is handed on once, complete, and only in its turn; a quadword that arrives twice before its slot
//! was consumed is an overrun.

use crossgate_contract::window::SLOT_SEQUENCE;

/// Reassembly of one window.
#[derive(Clone, Debug)]
pub(crate) struct Reassembly {
    arrived: Box<[u8]>,
    slots: Box<[[u64; 8]]>,
    /// Slots consumed, modulo 2^16: the sequence that is next.
    pub(crate) consumed: u16,
    /// A sequence was wrong: nothing is consumed until RESET.
    pub(crate) halted: bool,
    /// Expected sequence in the low, received in the high half.
    pub(crate) first_error: u32,
}

/// The slot whose turn it is.
pub(crate) enum Next {
    /// It has not arrived, or the window is halted.
    None,
    /// Its words.
    Slot([u64; 8]),
    /// It has another sequence: the window is halted. Expected in the low, received in the high half.
    Wrong(u32),
}

impl Reassembly {
    /// An empty window of `slots` slots, a power of two.
    pub(crate) fn new(slots: usize) -> Self {
        let (arrived, slots) = (vec![0; slots].into(), vec![[0; 8]; slots].into());
        Self { arrived, slots, consumed: 0, halted: false, first_error: 0 }
    }

    #[inline]
    fn index(&self, slot: u16) -> usize {
        usize::from(slot) & (self.slots.len() - 1)
    }

    /// Takes quadwords of a slot, one bit of `strobe` each. False if one was there already; then nothing is taken.
    #[inline]
    pub(crate) fn write(&mut self, slot: u16, strobe: u8, words: &[u64; 8]) -> bool {
        let index = self.index(slot);
        if self.arrived[index] & strobe != 0 {
            return false;
        }
        self.arrived[index] |= strobe;
        if strobe == u8::MAX {
            self.slots[index] = *words;
        } else {
            for (quadword, word) in words.iter().enumerate().filter(|(quadword, _)| strobe >> quadword & 1 == 1) {
                self.slots[index][quadword] = *word;
            }
        }
        true
    }

    /// Consumes the next slot, if it is complete.
    #[inline]
    pub(crate) fn next(&mut self) -> Next {
        let index = self.index(self.consumed);
        if self.halted || self.arrived[index] != u8::MAX {
            return Next::None;
        }
        self.arrived[index] = 0;
        let words = self.slots[index];
        let received = u16::try_from(SLOT_SEQUENCE.get(&words)).unwrap_or(0);
        if received != self.consumed {
            self.halted = true;
            self.first_error = u32::from(self.consumed) | u32::from(received) << 16;
            return Next::Wrong(self.first_error);
        }
        self.consumed = self.consumed.wrapping_add(1);
        Next::Slot(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::window::slot;

    fn tag(next: &Next) -> Option<u64> {
        match next {
            Next::Slot(words) => Some(words[1]),
            _ => None,
        }
    }

    #[test]
    fn slots_leave_in_sequence_however_their_quadwords_arrive() {
        let mut window = Reassembly::new(4);
        let slots = [0, 1].map(|number| slot(&[0, 70 + u64::from(number), 0, 0], &[0; 4], number));
        assert!(window.write(1, u8::MAX, &slots[1]));
        assert!(window.write(0, 0xfe, &slots[0]));
        assert!(matches!(window.next(), Next::None));
        assert!(window.write(0, 0x01, &slots[0]));
        assert_eq!([tag(&window.next()), tag(&window.next()), tag(&window.next())], [Some(70), Some(71), None]);
        assert_eq!(window.consumed, 2);
    }

    #[test]
    fn a_quadword_that_arrives_twice_is_refused_and_a_wrong_sequence_halts() {
        let mut window = Reassembly::new(4);
        assert!(window.write(0, 0x01, &[0; 8]) && !window.write(0, 0x81, &[0; 8]));
        assert!(window.write(0, 0xfe, &slot(&[0; 4], &[0; 4], 9)));
        assert!(matches!(window.next(), Next::Wrong(0x0009_0000)) && window.halted);
        assert!(window.write(1, u8::MAX, &slot(&[0; 4], &[0; 4], 1)));
        assert!(matches!(window.next(), Next::None), "until RESET");
    }
}
