//! [`BankRows`]: count and CRC of the bank rows on their way to the card, for COMMIT.
//!
//! Not here: which rows a bank needs, and whether the card stored them.
//!
//! Invariant: the digest is that of the rows added since the last COMMIT, in their order.

use crossgate_contract::command::{
    BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Commit,
};
use crossgate_contract::window::SLOT_SEQUENCE;

/// What a card that stored every row expects in COMMIT.
#[derive(Clone, Debug, Default)]
pub struct BankRows {
    crc: crc32fast::Hasher,
    rows: u32,
}

impl BankRows {
    /// No rows yet: an empty bank.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the opcode is that of a bank row; MARKS and COMMIT are none.
    pub const fn is_row(opcode: u8) -> bool {
        matches!(
            opcode,
            BankMark::CODE
                | BankLoss::CODE
                | BankOffset::CODE
                | BankCollateral::CODE
                | BankLanes::CODE
                | BankBase::CODE
                | BankBox::CODE
        )
    }

    /// Counts a command if it is a bank row, and passes over any other.
    pub fn add(&mut self, words: &[u64; 4]) {
        if !Self::is_row(words[0].to_le_bytes()[0]) {
            return;
        }
        let [first, second, third, last] = *words;
        let last = last & !(SLOT_SEQUENCE.mask() << SLOT_SEQUENCE.lsb);
        for word in [first, second, third, last] {
            self.crc.update(&word.to_le_bytes());
        }
        self.rows = self.rows.wrapping_add(1);
    }

    /// Rows since the last COMMIT.
    pub const fn rows(&self) -> u32 {
        self.rows
    }

    /// COMMIT with the CRC and the count of the rows; the next rows are those of another bank.
    pub fn commit(&mut self, commit: Commit) -> Commit {
        let Self { crc, rows } = std::mem::take(self);
        Commit { crc: crc.finalize(), rows, ..commit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::command::Marks;
    use crossgate_contract::Command;

    /// The contract says of each of its commands whether it is a row of a bank.
    #[test]
    fn every_bank_row_of_the_contract_counts_and_nothing_else() {
        for layout in crossgate_contract::command::LAYOUTS {
            let described = layout.doc.trim_start().starts_with("Bank row");
            assert_eq!(BankRows::is_row(layout.code), described, "{}", layout.name);
        }
    }

    #[test]
    fn rows_are_counted_and_their_bytes_summed_in_order_without_the_sequence() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926, "the check value of the standard");
        let words = [[BankMark::CODE.into(), 1, 2, 3 | 0xabcd << 48], [BankLoss::CODE.into(), 4, 5, 6]];
        let mut rows = BankRows::new();
        rows.add(&words[0]);
        rows.add(&Command::from(Marks { epoch: 2 }).encode().expect("fits"));
        rows.add(&words[1]);
        let bytes =
            [[0x41, 1, 2, 3], [0x42, 4, 5, 6]].into_iter().flatten().flat_map(u64::to_le_bytes).collect::<Vec<_>>();
        let commit = rows.commit(Commit { epoch: 2, ..Default::default() });
        assert_eq!((commit.epoch, commit.rows, commit.crc), (2, 2, crc32fast::hash(&bytes)));
        assert_eq!(rows.commit(Commit::default()), Commit::default(), "an empty bank has the CRC 0");
    }
}
