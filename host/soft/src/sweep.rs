//! The flip of the banks: every ledger is rebuilt from cells, order slots and the rows of the new bank.
//!
//! Sums run in `i128`, because a venue ledger may hold every cell of a large build; what is kept afterwards fits 48
//! bits or is poisoned.
//!
//! Invariant: nothing of the active bank goes into the new one but Y and the poison flags that fills gave it since
//! MARKS.

use crate::arithmetic::{fits_money, Side, MONEY_LIMIT};
use crate::gate::Gate;
use crate::lanes::{worst, Lanes};
use crossgate_contract::command::Commit;

/// Sums of one ledger while it is rebuilt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals<const L: usize> {
    /// Sum of `W_s`.
    worst: [i128; L],
    /// `X`.
    execution: i128,
}

impl<const L: usize> Default for Totals<L> {
    fn default() -> Self {
        Self { worst: [0; L], execution: 0 }
    }
}

impl<const L: usize> Gate<L> {
    /// Whether every cell with a position or open lots has complete rows in the bank.
    pub(crate) fn is_covered(&self, bank: usize) -> bool {
        let rows = &self.banks[bank];
        self.cells.iter().enumerate().filter(|(_, cell)| cell.is_open()).all(|(index, _)| {
            let (account, instrument) = (index / self.sizes.instruments, index % self.sizes.instruments);
            let venue = self.venue_ledger(account, instrument);
            rows.has_instrument(instrument)
                && rows.has_ledger(account)
                && venue.is_none_or(|ledger| rows.has_ledger(ledger))
        })
    }

    /// Poisons both ledgers of a cell in a bank.
    pub(crate) fn poison_cell(&mut self, bank: usize, account: usize, instrument: usize) {
        self.ledgers[account].poisoned[bank] = true;
        if let Some(venue) = self.venue_ledger(account, instrument) {
            self.ledgers[venue].poisoned[bank] = true;
        }
    }

    /// Rebuilds every ledger at the inactive bank and makes it the active one, with the times of its COMMIT.
    pub(crate) fn flip(&mut self, commit: &Commit) {
        let next = self.inactive();
        self.totals.fill(Totals::default());
        for slot in 0..self.slots.len() {
            self.sum_slot(next, slot);
        }
        for cell in 0..self.cells.len() {
            self.sum_cell(next, cell);
        }
        for ledger in 0..self.ledgers.len() {
            self.finish_ledger(next, ledger);
            self.ledgers[ledger].as_of_us = commit.as_of_us;
        }
        self.active = next;
        (self.epoch, self.as_of_us, self.deadline_us) = (commit.epoch, commit.as_of_us, commit.deadline_us);
    }

    fn sum_slot(&mut self, next: usize, slot: usize) {
        let entry = self.slots[slot];
        if !entry.busy {
            return;
        }
        let (account, instrument) = (usize::from(entry.account), usize::from(entry.instrument));
        let marks = &self.banks[next].instruments[instrument].marks;
        let leaves = (entry.lots - entry.cumulative).cast_signed();
        let shift = self.instruments[instrument].shift();
        let Some(reserve) = marks.reserve(Side::of(entry.side), leaves, entry.price, shift) else {
            return self.poison_cell(next, account, instrument);
        };
        for ledger in [Some(account), self.venue_ledger(account, instrument)].into_iter().flatten() {
            self.totals[ledger].execution += i128::from(reserve);
        }
    }

    fn sum_cell(&mut self, next: usize, index: usize) {
        let (ends, base) = (self.cells[index].ends(), self.banks[next].bases[index]);
        if ends.bid == 0 && ends.ask == 0 && base == 0 {
            return;
        }
        let (account, instrument) = (index / self.sizes.instruments, index % self.sizes.instruments);
        let shift = self.instruments[instrument].shift();
        let (Some(absolute), Some(relative)) = (ends.span(0, shift), ends.span(base, shift)) else {
            return self.poison_cell(next, account, instrument);
        };
        let bank = &self.banks[next];
        let rows = &bank.instruments[instrument];
        let worst: [Lanes<L>; 2] = [worst(&rows.losses, absolute), worst(&rows.losses, relative)];
        let scale_log2 = rows.marks.scale_log2();
        let relative_bits = bank.kinds.relative_bits;
        for ledger in [Some(account), self.venue_ledger(account, instrument)].into_iter().flatten() {
            for (lane, sum) in self.totals[ledger].worst.iter_mut().enumerate() {
                let chosen = if relative_bits >> lane & 1 == 1 { 1 } else { 0 };
                *sum += i128::from(worst[chosen][lane] << scale_log2);
            }
        }
    }

    fn finish_ledger(&mut self, next: usize, index: usize) {
        let (totals, bank) = (&self.totals[index], &self.banks[next]);
        let (rows, ledger) = (&bank.ledgers[index], &mut self.ledgers[index]);
        let money = |value: i128| i64::try_from(value).ok().filter(|value| fits_money(*value));
        let headroom = i128::from(rows.available) - i128::from(ledger.y[next]) - totals.execution;
        let mut fits = fits_money(rows.available) && totals.execution < i128::from(MONEY_LIMIT);
        let mut kept = |value: i128| {
            let value = money(value);
            fits &= value.is_some();
            value.unwrap_or(0)
        };
        ledger.available = rows.available;
        ledger.headroom = kept(headroom);
        for lane in 0..L {
            let limit = if bank.kinds.unit_bits >> lane & 1 == 1 { 0 } else { headroom };
            ledger.slack[lane] = kept(limit - i128::from(rows.offset[lane]) - totals.worst[lane]);
        }
        ledger.poisoned[next] |= !fits;
    }
}
