//! Banks of `tiny` for the tests of GATE: marks and rows.

use super::{TinyRig, PLENTY};
use crossgate_contract::command::{BankBase, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Commit, Marks};
use crossgate_contract::{Command, Event};

/// A mark at 1,000 with one money unit a tick.
pub(crate) fn mark(instrument: u16) -> BankMark {
    BankMark {
        instrument,
        mark_buy: 1000,
        mark_sell: 1000,
        tick_buy: 256,
        tick_sell: 256,
        exponent: 0,
        ..Default::default()
    }
}

/// The bank of [`scene`] at an epoch, with this collateral for every account.
pub(crate) fn publish(rig: &mut TinyRig, epoch: u32, collateral: i64) {
    Bank { collateral, ..Bank::default() }.publish(rig, epoch);
}

/// Rows of a bank of `tiny`; what is not given is 0.
pub(crate) struct Bank {
    pub(crate) marks: Vec<BankMark>,
    pub(crate) lanes: BankLanes,
    pub(crate) bases: Vec<BankBase>,
    pub(crate) losses: Vec<BankLoss>,
    pub(crate) offsets: Vec<BankOffset>,
    pub(crate) collateral: i64,
    pub(crate) venue_collateral: i64,
}

impl Default for Bank {
    fn default() -> Self {
        Self {
            marks: vec![mark(1)],
            lanes: BankLanes::default(),
            bases: Vec::new(),
            losses: vec![BankLoss {
                lane: 0,
                instrument: 1,
                long_0: 10,
                short_0: 10,
                long_1: 1,
                short_1: 2,
                ..Default::default()
            }],
            offsets: Vec::new(),
            collateral: 1_000,
            venue_collateral: PLENTY,
        }
    }
}

impl Bank {
    /// Every row but those of lanes and bases, which need not be there, MARKS behind the marks.
    pub(crate) fn rows(&self, epoch: u32) -> Vec<Command> {
        let mut rows: Vec<Command> = self.marks.iter().map(|row| BankMark { epoch, ..*row }.into()).collect();
        rows.push(Marks { epoch }.into());
        rows.push(BankLanes { epoch, ..self.lanes }.into());
        rows.extend(self.bases.iter().map(|row| Command::from(BankBase { epoch, ..*row })));
        for BankMark { instrument, .. } in &self.marks {
            for lane in [0, 2] {
                let empty = BankLoss { lane, instrument: *instrument, ..Default::default() };
                let row = self.losses.iter().find(|row| (row.lane, row.instrument) == (lane, *instrument));
                rows.push(BankLoss { epoch, ..*row.unwrap_or(&empty) }.into());
            }
        }
        for (venue, collateral) in [(false, self.collateral), (true, self.venue_collateral)] {
            for ledger in 0..4 {
                for lane in 0..4 {
                    let empty = BankOffset { lane, ledger, venue, ..Default::default() };
                    let key = |row: &&BankOffset| (row.lane, row.ledger, row.venue) == (lane, ledger, venue);
                    let row = self.offsets.iter().find(key).unwrap_or(&empty);
                    rows.push(BankOffset { epoch, ..*row }.into());
                }
                rows.push(BankCollateral { venue, ledger, epoch, collateral, ..Default::default() }.into());
            }
        }
        rows
    }

    /// Sends the rows, then COMMIT.
    pub(crate) fn publish(&self, rig: &mut TinyRig, epoch: u32) -> Event {
        for row in self.rows(epoch) {
            assert_eq!(rig.fault(row), None, "{row:?}");
        }
        rig.one(Commit { epoch, ..Default::default() })
    }
}
