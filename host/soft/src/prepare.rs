//! Preparing the inactive bank: rows, MARKS, COMMIT up to its flip, and the live collateral of the active one.
//!
//! Not here: rebuilding the ledgers (see `sweep`).
//!
//! Invariant: rows reach the inactive bank only, each counted in the CRC when it is stored and only then.

use crate::arithmetic::{fits_money, Marks};
use crate::crc;
use crate::gate::Gate;
use crate::lanes::{Kinds, Taken};
use crate::market::{Market, PriceBox};
use crate::tables::index_below;
use crossgate_contract::command::{
    BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral, Commit,
};
use crossgate_contract::{event, BankResult, Fault};

/// What the inactive bank has gathered since it was emptied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Preparation {
    /// Epoch of its rows.
    gathering: Option<u32>,
    /// MARKS was given.
    pub(crate) frozen: bool,
    loss_negative: bool,
    marks_crossed: bool,
    crc: u32,
    rows: u32,
}

/// `K = C - R + y_included`.
fn available(collateral: i64, reserve: u64, y_included: u64) -> i64 {
    collateral - reserve.cast_signed() + y_included.cast_signed()
}

fn require(holds: bool, fault: Fault) -> Result<(), Fault> {
    if holds {
        Ok(())
    } else {
        Err(fault)
    }
}

impl<const L: usize> Gate<L> {
    pub(crate) fn inactive(&self) -> usize {
        1 - self.active
    }

    fn check_epoch(&self, epoch: u32) -> Result<(), Fault> {
        require(epoch > self.epoch, Fault::OldEpoch)
    }

    /// A mark, or MARKS: the bank is not frozen and has no other epoch.
    fn check_gathering(&self, epoch: u32) -> Result<(), Fault> {
        let Preparation { gathering, frozen, .. } = self.preparation;
        require(!frozen && gathering.is_none_or(|gathering| gathering == epoch), Fault::RowOrder)
    }

    fn check_frozen(&self, epoch: u32) -> Result<(), Fault> {
        require(self.preparation.frozen && self.preparation.gathering == Some(epoch), Fault::RowOrder)
    }

    fn lane_index(&self, lane: u8) -> Result<usize, Fault> {
        index_below(lane, self.sizes.lanes)
    }

    /// The index of a pool or venue ledger.
    fn ledger_index(&self, venue: bool, ledger: u16) -> Result<usize, Fault> {
        if !venue {
            return self.account_index(ledger);
        }
        Ok(self.sizes.accounts + index_below(ledger, self.sizes.venue_ledgers)?)
    }

    fn stored(&mut self, words: &[u64; 4]) {
        self.preparation.crc = crc::row(self.preparation.crc, words);
        self.preparation.rows = self.preparation.rows.wrapping_add(1);
    }

    pub(crate) fn freeze_marks(&mut self, epoch: u32) -> Result<(), Fault> {
        self.check_epoch(epoch)?;
        self.check_gathering(epoch)?;
        self.preparation.gathering = Some(epoch);
        self.preparation.frozen = true;
        Ok(())
    }

    pub(crate) fn mark_row(&mut self, row: &BankMark, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let instrument = self.instrument_index(row.instrument)?;
        self.check_gathering(row.epoch)?;
        self.preparation.gathering = Some(row.epoch);
        self.preparation.marks_crossed |= row.mark_buy > row.mark_sell;
        let (mark, tick) = ([row.mark_buy, row.mark_sell], [row.tick_buy, row.tick_sell]);
        let inactive = self.inactive();
        self.banks[inactive].set_marks(instrument, Marks { mark, tick, exponent: row.exponent });
        self.stored(words);
        Ok(())
    }

    pub(crate) fn loss_row(&mut self, row: &BankLoss, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let instrument = self.instrument_index(row.instrument)?;
        let lane = self.lane_index(row.lane)?;
        require(lane.is_multiple_of(2), Fault::BadField)?;
        self.check_frozen(row.epoch)?;
        self.preparation.loss_negative |= row.long_0 + row.short_0 < 0 || row.long_1 + row.short_1 < 0;
        let pair = [(row.long_0, row.short_0), (row.long_1, row.short_1)];
        let inactive = self.inactive();
        self.banks[inactive].set_losses(instrument, lane, pair);
        self.stored(words);
        Ok(())
    }

    pub(crate) fn offset_row(&mut self, row: &BankOffset, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let ledger = self.ledger_index(row.venue, row.ledger)?;
        let lane = self.lane_index(row.lane)?;
        self.check_frozen(row.epoch)?;
        let inactive = self.inactive();
        self.banks[inactive].set_offset(ledger, lane, row.offset);
        self.stored(words);
        Ok(())
    }

    pub(crate) fn collateral_row(&mut self, row: &BankCollateral, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let ledger = self.ledger_index(row.venue, row.ledger)?;
        self.check_frozen(row.epoch)?;
        let inactive = self.inactive();
        self.banks[inactive].set_available(ledger, available(row.collateral, row.reserve, row.y_included));
        self.stored(words);
        Ok(())
    }

    pub(crate) fn lanes_row(&mut self, row: &BankLanes, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let known = self.mask(u32::MAX).bits;
        require((row.relative | row.unit) & !known == 0, Fault::BadField)?;
        self.check_frozen(row.epoch)?;
        let inactive = self.inactive();
        self.banks[inactive].kinds = Kinds::new(row.relative, row.unit);
        self.stored(words);
        Ok(())
    }

    pub(crate) fn base_row(&mut self, row: &BankBase, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let (account, instrument) = (self.account_index(row.account)?, self.instrument_index(row.instrument)?);
        self.check_frozen(row.epoch)?;
        let (inactive, cell) = (self.inactive(), self.cell_index(account, instrument));
        self.banks[inactive].set_base(cell, row.base);
        self.stored(words);
        Ok(())
    }

    pub(crate) fn box_row(&mut self, row: &BankBox, words: &[u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        let book = self.book_index(u16::from(row.book))?;
        self.check_frozen(row.epoch)?;
        let inactive = self.inactive();
        self.banks[inactive].boxes[book] = Some(PriceBox { low: row.low, high: row.high });
        self.stored(words);
        Ok(())
    }

    pub(crate) fn live_collateral(&mut self, live: &Collateral) -> Result<(), Fault> {
        let index = self.ledger_index(live.venue, live.ledger)?;
        let as_of_us = self.now_us.saturating_sub(u64::from(live.age_ms) * 1_000);
        let (active, ledger) = (self.active, &mut self.ledgers[index]);
        let current = live.epoch == self.epoch && live.epoch != 0 && !ledger.poisoned[active];
        let included = live.y_included.cast_signed() <= ledger.y[active];
        require(current && included, Fault::CollateralRefused)?;
        ledger.as_of_us = as_of_us;
        let available = available(live.collateral, live.reserve, live.y_included);
        // A difference of two values of 50 bits at most; taking its negative adds it.
        let money = ledger.available - available;
        let taken = Taken { grown: &[0; L], money, kinds: &self.banks[active].kinds };
        let (overflows, _) = taken.look(&ledger.slack, ledger.headroom, &[0; L]);
        if overflows || !fits_money(available) {
            ledger.poisoned[active] = true;
            return Err(Fault::Poisoned);
        }
        ledger.available = available;
        taken.apply(&mut ledger.slack, &mut ledger.headroom);
        Ok(())
    }

    /// Checks the inactive bank, makes it active if it may, and empties the one that is inactive then. The boxes of the
    /// books follow the active bank.
    pub fn commit(&mut self, commit: &Commit, market: &mut Market) -> event::Bank {
        let result = self.commit_result(commit);
        if result == BankResult::Flipped {
            self.flip(commit);
            market.set_boxes(&self.banks[self.active].boxes);
        }
        let inactive = self.inactive();
        self.banks[inactive].clear();
        for ledger in &mut self.ledgers {
            ledger.y[inactive] = 0;
            ledger.poisoned[inactive] = false;
        }
        self.preparation = Preparation::default();
        let flags = |first: usize, count: usize| {
            let ledgers = self.ledgers[first..first + count].iter().take(64).rev();
            ledgers.fold(0, |flags, ledger| flags << 1 | u64::from(ledger.poisoned[self.active]))
        };
        let flipped = result == BankResult::Flipped;
        let Self { sizes, .. } = self;
        event::Bank {
            result: result.code(),
            epoch: commit.epoch,
            active: self.epoch,
            as_of_us: commit.as_of_us,
            poisoned: if flipped { flags(0, sizes.accounts) } else { 0 },
            venue_poisoned: if flipped { flags(sizes.accounts, sizes.venue_ledgers) } else { 0 },
        }
    }

    fn commit_result(&self, commit: &Commit) -> BankResult {
        let Preparation { gathering, frozen, loss_negative, marks_crossed, crc, rows } = self.preparation;
        if commit.epoch <= self.epoch {
            BankResult::EpochNotRising
        } else if !frozen || gathering != Some(commit.epoch) {
            BankResult::NoMarks
        } else if (crc, rows) != (commit.crc, commit.rows) {
            BankResult::BadCrc
        } else if loss_negative {
            BankResult::LossNegative
        } else if marks_crossed {
            BankResult::MarksCrossed
        } else if !self.is_covered(self.inactive()) {
            BankResult::OldRow
        } else {
            BankResult::Flipped
        }
    }
}
