//! [`Egress`]: count and CRC of the messages that leave.
//!
//! The software card has no port: what its verdicts accept is the caller's to send, and nothing waits. So the queue of
//! the card is always empty here and never full.
//!
//! Invariant: the digest is that of every message since RESET, in the order of their verdicts.

use crossgate_contract::command::MassCancel;
use crossgate_contract::Command;

const MESSAGE_BYTES: usize = 32;
/// Messages that are summed at once; one by one they would cost more than a decision's share.
const GATHERED: usize = 64;

/// What left.
#[derive(Clone, Debug)]
pub(crate) struct Egress {
    crc: crc32fast::Hasher,
    gathered: Vec<u8>,
}

impl Egress {
    pub(crate) fn new() -> Self {
        Self { crc: crc32fast::Hasher::new(), gathered: Vec::with_capacity(GATHERED * MESSAGE_BYTES) }
    }

    /// Takes a message: the words of its command without sequence bits.
    #[inline]
    pub(crate) fn send(&mut self, words: &[u64; 4]) {
        if self.gathered.len() == GATHERED * MESSAGE_BYTES {
            self.sum();
        }
        for word in words {
            self.gathered.extend_from_slice(&word.to_le_bytes());
        }
    }

    /// The CRC-32 of every message so far.
    pub(crate) fn crc(&mut self) -> u32 {
        self.sum();
        self.crc.clone().finalize()
    }

    fn sum(&mut self) {
        self.crc.update(&self.gathered);
        self.gathered.clear();
    }
}

/// The message that a halt sends.
pub(crate) fn halt_message(scope: u8, index: u16) -> [u64; 4] {
    // An 8-bit scope and a 16-bit index fit their fields.
    Command::from(MassCancel { scope, index, tag: 0, cookie: 0 }).encode().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_that_of_all_bytes_in_order_however_often_it_is_asked_for() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926, "the check value of the standard");
        let mut egress = Egress::new();
        let mut all = Vec::new();
        assert_eq!(egress.crc(), 0);
        for number in 0..200u64 {
            let words = [number, 1, 2, number << 16];
            egress.send(&words);
            all.extend(words.into_iter().flat_map(u64::to_le_bytes));
            if number % 70 == 0 {
                assert_eq!(egress.crc(), crc32fast::hash(&all), "after message {number}");
            }
        }
        assert_eq!(egress.crc(), crc32fast::hash(&all));
    }
}
