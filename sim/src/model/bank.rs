//! Banks of the model: rows, MARKS, COMMIT with its sweep, and the live collateral.

use super::gate::{Bank, Gate};
use super::ledger::{totals, Ledger, View, MONEY_LIMIT};
use crossgate_contract::command::{
    BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral, Commit, Marks,
};
use crossgate_contract::{event, BankResult, Fault};

/// What is known of the rows of the inactive bank.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    /// The epoch of the rows; none when the bank is empty.
    pub(super) epoch: Option<u32>,
    /// MARKS was given.
    pub(super) frozen: bool,
    loss_negative: bool,
    marks_crossed: bool,
    /// The words of every stored row, in their order.
    rows: Vec<[u64; 4]>,
}

/// CRC-32 of IEEE 802.3, bit by bit, of bytes behind others whose CRC is `crc`; that of none is 0.
pub(super) fn crc(crc: u32, bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(!crc, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

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

    fn check_ledger(&self, ledger: Ledger) -> Result<(), Fault> {
        match ledger {
            Ledger::Pool(account) => self.check_account(account),
            Ledger::Venue(number) => bad(usize::from(number) >= self.sizes.venue_ledgers),
        }
    }

    /// Marks and MARKS come before `frozen`, into an empty bank or one of their epoch.
    fn open_marks(&mut self, epoch: u32) -> Result<(), Fault> {
        if self.gathered.frozen || self.gathered.epoch.is_some_and(|gathering| gathering != epoch) {
            return Err(Fault::RowOrder);
        }
        self.gathered.epoch = Some(epoch);
        Ok(())
    }

    /// The other rows come after it.
    fn check_frozen(&self, epoch: u32) -> Result<(), Fault> {
        if self.gathered.frozen && self.gathered.epoch == Some(epoch) {
            Ok(())
        } else {
            Err(Fault::RowOrder)
        }
    }

    /// The inactive bank, after the words of a row were counted.
    fn store(&mut self, words: [u64; 4]) -> &mut Bank {
        self.gathered.rows.push(words);
        &mut self.banks[1 - self.active]
    }

    /// Forgets the rows of the inactive bank.
    fn empty(&mut self) {
        self.banks[1 - self.active] = Bank::default();
        self.gathered = Gathered::default();
    }

    pub(super) fn freeze_marks(&mut self, marks: &Marks) -> Result<(), Fault> {
        self.check_epoch(marks.epoch)?;
        self.open_marks(marks.epoch)?;
        self.gathered.frozen = true;
        Ok(())
    }

    pub(super) fn mark_row(&mut self, row: &BankMark, words: [u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_instrument(row.instrument)?;
        self.open_marks(row.epoch)?;
        self.gathered.marks_crossed |= row.mark_buy > row.mark_sell;
        self.store(words).marks.insert(row.instrument, *row);
        Ok(())
    }

    pub(super) fn loss_row(&mut self, row: &BankLoss, words: [u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_instrument(row.instrument)?;
        bad(row.lane >= self.lanes() || row.lane % 2 == 1)?;
        self.check_frozen(row.epoch)?;
        self.gathered.loss_negative |= row.long_0 + row.short_0 < 0 || row.long_1 + row.short_1 < 0;
        let bank = self.store(words);
        bank.losses.insert((row.instrument, row.lane), (row.long_0, row.short_0));
        bank.losses.insert((row.instrument, row.lane + 1), (row.long_1, row.short_1));
        Ok(())
    }

    pub(super) fn offset_row(&mut self, row: &BankOffset, words: [u64; 4]) -> Result<(), Fault> {
        let ledger = Ledger::named(row.venue, row.ledger);
        self.check_epoch(row.epoch)?;
        self.check_ledger(ledger)?;
        bad(row.lane >= self.lanes())?;
        self.check_frozen(row.epoch)?;
        self.store(words).offsets.insert((ledger, row.lane), row.offset);
        Ok(())
    }

    pub(super) fn collateral_row(&mut self, row: &BankCollateral, words: [u64; 4]) -> Result<(), Fault> {
        let ledger = Ledger::named(row.venue, row.ledger);
        self.check_epoch(row.epoch)?;
        self.check_ledger(ledger)?;
        self.check_frozen(row.epoch)?;
        let bank = self.store(words);
        bank.available.insert(ledger, available(row.collateral, row.reserve, row.y_included));
        bank.collateral.insert(ledger);
        Ok(())
    }

    pub(super) fn lanes_row(&mut self, row: &BankLanes, words: [u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        bad(u64::from(row.relative | row.unit) >> self.lanes() != 0)?;
        self.check_frozen(row.epoch)?;
        self.store(words).lanes = *row;
        Ok(())
    }

    pub(super) fn base_row(&mut self, row: &BankBase, words: [u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        self.check_account(row.account)?;
        self.check_instrument(row.instrument)?;
        self.check_frozen(row.epoch)?;
        self.store(words).bases.insert((row.account, row.instrument), row.base);
        Ok(())
    }

    pub(super) fn box_row(&mut self, row: &BankBox, words: [u64; 4]) -> Result<(), Fault> {
        self.check_epoch(row.epoch)?;
        bad(usize::from(row.book) >= self.sizes.books)?;
        self.check_frozen(row.epoch)?;
        self.store(words).boxes.insert(row.book, *row);
        Ok(())
    }

    /// A publish that poisons its ledger has not been refused either.
    pub(super) fn live_collateral(&mut self, live: &Collateral, now_us: u64) -> Result<(), Fault> {
        let ledger = Ledger::named(live.venue, live.ledger);
        self.check_ledger(ledger)?;
        let refused = live.epoch != self.epoch
            || live.epoch == 0
            || i128::from(live.y_included) > self.bank().y(ledger)
            || self.bank().poisoned.contains(&ledger);
        if refused {
            return Err(Fault::CollateralRefused);
        }
        let available = available(live.collateral, live.reserve, live.y_included);
        self.banks[self.active].available.insert(ledger, available);
        let as_of_us = now_us.saturating_sub(1_000 * u64::from(live.age_ms));
        self.banks[self.active].live_as_of_us.insert(ledger, as_of_us);
        if totals(self, self.bank(), ledger, &View::all(self, self.bank())).is_none() {
            self.banks[self.active].poisoned.insert(ledger);
            return Err(Fault::Poisoned);
        }
        Ok(())
    }

    pub(super) fn commit(&mut self, commit: &Commit) -> event::Bank {
        let Gathered { epoch, frozen, loss_negative, marks_crossed, rows } = &self.gathered;
        let bytes = rows.iter().flatten().flat_map(|word| word.to_le_bytes());
        let counted = u32::try_from(rows.len()).is_ok_and(|rows| rows == commit.rows);
        let result = if commit.epoch <= self.epoch {
            BankResult::EpochNotRising
        } else if !frozen || *epoch != Some(commit.epoch) {
            BankResult::NoMarks
        } else if !counted || crc(0, bytes) != commit.crc {
            BankResult::BadCrc
        } else if *loss_negative {
            BankResult::LossNegative
        } else if *marks_crossed {
            BankResult::MarksCrossed
        } else if self.lacks_rows(&self.banks[1 - self.active]) {
            BankResult::OldRow
        } else {
            BankResult::Flipped
        };
        let flipped = result == BankResult::Flipped;
        if flipped {
            let next = &mut self.banks[1 - self.active];
            (next.as_of_us, next.deadline_us) = (commit.as_of_us, commit.deadline_us);
            self.flip(commit.epoch);
        }
        self.empty();
        let flags = |number: fn(&Ledger) -> Option<u16>| {
            let numbers = self.bank().poisoned.iter().filter_map(number).filter(|number| flipped && *number < 64);
            numbers.fold(0, |flags, number| flags | 1 << number)
        };
        event::Bank {
            result: result.code(),
            epoch: commit.epoch,
            active: self.epoch,
            as_of_us: commit.as_of_us,
            poisoned: flags(|ledger| if let Ledger::Pool(account) = ledger { Some(*account) } else { None }),
            venue_poisoned: flags(|ledger| if let Ledger::Venue(number) = ledger { Some(*number) } else { None }),
        }
    }

    /// Whether a cell with a position or open lots needs a row that the bank has not.
    fn lacks_rows(&self, bank: &Bank) -> bool {
        let used = self.cells.iter().filter(|(_, cell)| (cell.position, cell.bid, cell.ask) != (0, 0, 0));
        used.into_iter().any(|((account, instrument), _)| {
            let ledgers = self.ledgers(*account, *instrument);
            !self.is_instrument_complete(bank, *instrument)
                || ledgers.iter().any(|ledger| !self.is_ledger_complete(bank, *ledger))
        })
    }

    /// Rebuilds every ledger at the new bank and makes it active.
    fn flip(&mut self, epoch: u32) {
        let next = 1 - self.active;
        let view = View::all(self, &self.banks[next]);
        let mut poisoned = self.banks[next].poisoned.clone();
        for ends in view.cells.iter().filter(|ends| ends.overflow(self, &self.banks[next])) {
            poisoned.extend(self.ledgers(ends.account, ends.instrument));
        }
        for order in view.orders.iter().filter(|order| order.reserve(self, &self.banks[next]).is_none()) {
            poisoned.extend(self.ledgers(order.account, order.instrument));
        }
        let accounts = (0..=u16::MAX).take(self.sizes.accounts).map(Ledger::Pool);
        for ledger in accounts.chain((0..=u16::MAX).take(self.sizes.venue_ledgers).map(Ledger::Venue)) {
            let rebuilt = totals(self, &self.banks[next], ledger, &view);
            if rebuilt.is_none_or(|totals| totals.execution >= MONEY_LIMIT) {
                poisoned.insert(ledger);
            }
        }
        self.banks[next].poisoned = poisoned;
        self.active = next;
        self.epoch = epoch;
    }
}
