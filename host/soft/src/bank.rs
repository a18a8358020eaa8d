//! The rows of a bank, in the form in which the check reads them, and which of them are there.
//!
//! Not here: when rows are taken and when banks change over (see `prepare` and `sweep`).
//!
//! Invariant: a row that was not stored since the bank was emptied reads 0, and its bit in `stored` is 0.

use crate::arithmetic::Marks;
use crate::lanes::{Kinds, Lanes, Losses};
use crate::market::PriceBox;
use crossgate_contract::Sizes;

/// The rows of an instrument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InstrumentRows<const L: usize> {
    pub(crate) marks: Marks,
    /// Bit 0 BANK_MARK, then a bit a pair of lanes.
    stored: u32,
    pub(crate) losses: Losses<L>,
}

/// The rows of a ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LedgerRows<const L: usize> {
    pub(crate) offset: Lanes<L>,
    /// `K`.
    pub(crate) available: i64,
    /// Bit 0 BANK_COLLATERAL, then a bit a lane.
    stored: u64,
}

/// One of the two banks.
#[derive(Clone, Debug)]
pub(crate) struct Bank<const L: usize> {
    pub(crate) instruments: Box<[InstrumentRows<L>]>,
    /// Pool ledgers, then venue ledgers.
    pub(crate) ledgers: Box<[LedgerRows<L>]>,
    /// `p0` by cell.
    pub(crate) bases: Box<[i64]>,
    /// A bit a cell: its BANK_BASE row is there.
    based: Box<[u64]>,
    /// By book; `None` without a row.
    pub(crate) boxes: Box<[Option<PriceBox>]>,
    pub(crate) kinds: Kinds<L>,
    instrument_complete: u32,
    ledger_complete: u64,
}

impl<const L: usize> Bank<L> {
    /// An empty bank.
    pub(crate) fn new(sizes: &Sizes) -> Self {
        let rows = InstrumentRows { marks: Marks::default(), stored: 0, losses: [[0; L]; 2] };
        let ledger = LedgerRows { offset: [0; L], available: 0, stored: 0 };
        let cells = sizes.accounts * sizes.instruments;
        Self {
            instruments: vec![rows; sizes.instruments].into(),
            ledgers: vec![ledger; sizes.accounts + sizes.venue_ledgers].into(),
            bases: vec![0; cells].into(),
            based: vec![0; cells.div_ceil(64)].into(),
            boxes: vec![None; sizes.books].into(),
            kinds: Kinds::new(0, 0),
            instrument_complete: (1 << (1 + sizes.lanes / 2)) - 1,
            ledger_complete: (1 << (1 + sizes.lanes)) - 1,
        }
    }

    /// Forgets every row.
    pub(crate) fn clear(&mut self) {
        let rows = InstrumentRows { marks: Marks::default(), stored: 0, losses: [[0; L]; 2] };
        self.instruments.fill(rows);
        self.ledgers.fill(LedgerRows { offset: [0; L], available: 0, stored: 0 });
        self.bases.fill(0);
        self.based.fill(0);
        self.boxes.fill(None);
        self.kinds = Kinds::new(0, 0);
    }

    /// Whether every row of the instrument is there.
    #[inline]
    pub(crate) fn has_instrument(&self, instrument: usize) -> bool {
        self.instruments[instrument].stored == self.instrument_complete
    }

    /// Whether every row of the ledger is there.
    #[inline]
    pub(crate) fn has_ledger(&self, ledger: usize) -> bool {
        self.ledgers[ledger].stored == self.ledger_complete
    }

    pub(crate) fn has_base(&self, cell: usize) -> bool {
        self.based[cell / 64] >> (cell % 64) & 1 == 1
    }

    pub(crate) fn set_marks(&mut self, instrument: usize, marks: Marks) {
        let rows = &mut self.instruments[instrument];
        rows.marks = marks;
        rows.stored |= 1;
    }

    /// Losses (long, short) of the lane and its neighbour.
    pub(crate) fn set_losses(&mut self, instrument: usize, lane: usize, pair: [(i32, i32); 2]) {
        let rows = &mut self.instruments[instrument];
        for (lane, (long, short)) in (lane..).zip(pair) {
            rows.losses[0][lane] = long;
            rows.losses[1][lane] = short;
        }
        rows.stored |= 2 << (lane / 2);
    }

    pub(crate) fn set_offset(&mut self, ledger: usize, lane: usize, offset: i64) {
        let rows = &mut self.ledgers[ledger];
        rows.offset[lane] = offset;
        rows.stored |= 2 << lane;
    }

    pub(crate) fn set_available(&mut self, ledger: usize, available: i64) {
        let rows = &mut self.ledgers[ledger];
        rows.available = available;
        rows.stored |= 1;
    }

    pub(crate) fn set_base(&mut self, cell: usize, base: i64) {
        self.bases[cell] = base;
        self.based[cell / 64] |= 1 << (cell % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::sizes::TINY;

    #[test]
    fn rows_are_complete_when_each_was_stored_once_whatever_was_stored_twice() {
        let mut bank = Bank::<4>::new(&TINY);
        bank.set_marks(1, Marks::default());
        bank.set_losses(1, 0, [(1, 2), (3, 4)]);
        bank.set_losses(1, 0, [(1, 2), (3, 4)]);
        assert!(!bank.has_instrument(1));
        bank.set_losses(1, 2, [(5, 6), (7, 8)]);
        assert!(bank.has_instrument(1) && !bank.has_instrument(0));
        assert_eq!(bank.instruments[1].losses, [[1, 3, 5, 7], [2, 4, 6, 8]]);
        for lane in 0..4 {
            assert!(!bank.has_ledger(5));
            bank.set_offset(5, lane, 9);
        }
        assert!(!bank.has_ledger(5), "its collateral is missing");
        bank.set_available(5, 3);
        assert!(bank.has_ledger(5));
        bank.set_base(15, -4);
        assert!(bank.has_base(15) && !bank.has_base(14));
        bank.clear();
        assert!(!bank.has_ledger(5) && !bank.has_instrument(1) && !bank.has_base(15));
        assert_eq!((bank.bases[15], bank.ledgers[5].offset, bank.ledgers[5].available), (0, [0; 4], 0));
    }
}
