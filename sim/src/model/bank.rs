//! Banks of the model: rows, MARKS, COMMIT with its sweep, and the live collateral.

use super::gate::Gate;
use super::ledger::{totals, View, MONEY_LIMIT};
use crossgate_contract::command::{BankCollateral, BankLoss, BankMark, BankOffset, Collateral, Commit, Marks};
use crossgate_contract::{event, BankResult, Fault};

/// `K = C - R + y_included`.
fn available(collateral: i64, reserve: u64, y_included: u64) -> i128 {
    i128::from(collateral) - i128::from(reserve) + i128::from(y_included)
}

fn bad(holds: bool) -> Result<(), Fault> {
    if holds {
        Err(Fault::BadField)
    } else {
        Ok(())
    }
}

impl Gate {
    fn check_epoch(&self, epoch: u32) -> Result<(), Fault> {
        if epoch > self.epoch {
            Ok(())
        } else {
            Err(Fault::OldEpoch)
        }
    }

    fn check_prepared(&self, epoch: u32) -> Result<(), Fault> {
        if self.prepared == Some(epoch) {
            Ok(())
        } else {
            Err(Fault::RowOrder)
        }
    }

    fn inactive(&mut self) -> &mut super::gate::Bank {
        &mut self.banks[1 - self.active]
    }

    pub(super) fn freeze_marks(&mut self, marks: &Marks) -> Result<(), Fault> {
        self.check_epoch(marks.epoch)?;
        self.prepared = Some(marks.epoch);
        self.inactive().y.clear();
        self.inactive().poisoned.clear();
        Ok(())
    }

    pub(super) fn mark_row(&mut self, row: &BankMark) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_instrument(row.instrument)?;
        if self.prepared == Some(row.epoch) {
            return Err(Fault::RowOrder);
        }
        self.prepared = None;
        self.marks_crossed |= row.mark_buy > row.mark_sell;
        self.inactive().marks.insert(row.instrument, *row);
        Ok(())
    }

    pub(super) fn loss_row(&mut self, row: &BankLoss) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_instrument(row.instrument)?;
        bad(row.lane >= self.lanes() || row.lane % 2 == 1)?;
        self.check_prepared(row.epoch)?;
        for (lane, long, short) in [(row.lane, row.long_0, row.short_0), (row.lane + 1, row.long_1, row.short_1)] {
            self.loss_negative |= long + short < 0;
            self.inactive().losses.insert((row.instrument, lane), (long, short));
        }
        Ok(())
    }

    pub(super) fn offset_row(&mut self, row: &BankOffset) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_account(row.ledger)?;
        bad(row.lane >= self.lanes() || row.venue || row.relative || row.unit)?;
        self.check_prepared(row.epoch)?;
        self.inactive().offsets.insert((row.ledger, row.lane), row.offset);
        Ok(())
    }

    pub(super) fn collateral_row(&mut self, row: &BankCollateral) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_account(row.ledger)?;
        bad(row.venue)?;
        self.check_prepared(row.epoch)?;
        let available = available(row.collateral, row.reserve, row.y_included);
        self.inactive().collateral.insert(row.ledger, available);
        Ok(())
    }

    pub(super) fn live_collateral(&mut self, live: &Collateral) -> Result<(), Fault> {
        bad(live.venue)?;
        self.check_account(live.ledger)?;
        let account = live.ledger;
        let refused = live.epoch != self.epoch
            || live.epoch == 0
            || i128::from(live.y_included) > self.bank().y(account)
            || self.bank().poisoned.contains(&account);
        if refused {
            return Err(Fault::CollateralRefused);
        }
        let available = available(live.collateral, live.reserve, live.y_included);
        self.banks[self.active].collateral.insert(account, available);
        if self.active_totals(account, &View::of(self, account)).is_none() {
            self.banks[self.active].poisoned.insert(account);
            return Err(Fault::Poisoned);
        }
        Ok(())
    }

    pub(super) fn commit(&mut self, commit: &Commit) -> event::Bank {
        let result = if commit.epoch <= self.epoch {
            BankResult::EpochNotRising
        } else if self.prepared != Some(commit.epoch) {
            BankResult::NoMarks
        } else if self.loss_negative {
            BankResult::LossNegative
        } else if self.marks_crossed {
            BankResult::MarksCrossed
        } else {
            BankResult::Flipped
        };
        self.loss_negative = false;
        self.marks_crossed = false;
        let poisoned = if result == BankResult::Flipped { self.flip(commit.epoch) } else { 0 };
        event::Bank {
            result: result.code(),
            epoch: commit.epoch,
            active: self.epoch,
            as_of_us: commit.as_of_us,
            poisoned,
        }
    }

    /// Rebuilds every ledger at the new bank, makes it active and returns the poison flags of the first 64 accounts.
    fn flip(&mut self, epoch: u32) -> u64 {
        let next = 1 - self.active;
        let accounts = u16::try_from(self.sizes.accounts).expect("accounts have 16-bit numbers");
        for account in 0..accounts {
            let rebuilt = totals(self, &self.banks[next], account, &View::of(self, account));
            if rebuilt.is_none_or(|totals| totals.execution >= MONEY_LIMIT) {
                self.banks[next].poisoned.insert(account);
            }
        }
        self.active = next;
        self.epoch = epoch;
        self.prepared = None;
        self.bank().poisoned.iter().filter(|account| **account < 64).fold(0, |flags, account| flags | 1 << account)
    }
}
