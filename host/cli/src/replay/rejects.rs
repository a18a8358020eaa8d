//! What the integers of the gate cost: orders that it refuses for margin though both ledgers would bear them exactly.
//!
//! The reference model beside the card takes the same commands in the same order, decides them again, and is asked about
//! each order and replace that is refused for margin. Not here: what was rounded before, in the rows of the banks and in
//! the fills of Y; the closing rule, which is asked in the rounded terms only.
//!
//! Invariant: the verdicts of model and card are the same.

use crate::report::FalseRejectReport;
use anyhow::{ensure, Result};
use crossgate_contract::event::Verdict;
use crossgate_contract::{Command, Event, Reason, Sizes, Window};
use crossgate_sim::model::{Charges, Model};
use std::collections::HashMap;

/// The model and what it counted.
pub(super) struct FalseRejects {
    model: Model,
    /// Verdicts that the card has not given yet, by tag.
    expected: HashMap<u32, Verdict>,
    counts: FalseRejectReport,
}

impl FalseRejects {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self { model: Model::new(sizes), expected: HashMap::new(), counts: FalseRejectReport::default() }
    }

    pub(super) fn arm(&mut self) {
        self.model.arm(true);
    }

    /// Card time moves.
    pub(super) fn set_time_us(&mut self, time_us: u64) {
        // There is no watchdog in a replay, hence no fault.
        self.model.set_time_us(time_us);
    }

    /// A command is on its way to the card.
    pub(super) fn posted(&mut self, window: Window, words: [u64; 4]) {
        for (_, words_of_event) in self.model.command(window, words) {
            if let Ok(Event::Verdict(verdict)) = Event::decode(&words_of_event) {
                self.count(&verdict, Command::decode(&words).ok());
                self.expected.insert(verdict.tag, verdict);
            }
        }
    }

    /// A command that is refused has changed nothing, so it can be asked about afterwards.
    fn count(&mut self, verdict: &Verdict, command: Option<Command>) {
        let Some(command @ (Command::Order(_) | Command::Replace(_))) = command else { return };
        self.counts.decided += 1;
        if matches!(Reason::from_code(verdict.reason), Some(Reason::PoolMargin | Reason::VenueMargin)) {
            self.counts.refused += 1;
            self.counts.borne += u64::from(self.bears(&command, Charges::OwnOutcomes));
            self.counts.rounded += u64::from(self.bears(&command, Charges::EveryOutcome));
        }
    }

    /// Whether both ledgers bear it exactly.
    fn bears(&self, command: &Command, charges: Charges) -> bool {
        let bears = match command {
            Command::Order(order) => self.model.bears_exactly(order, charges),
            Command::Replace(replace) => self.model.bears_replace_exactly(replace, charges),
            _ => None,
        };
        bears == Some([true; 2])
    }

    /// The card's verdict has arrived.
    pub(super) fn compare(&mut self, verdict: &Verdict) -> Result<()> {
        let expected = self.expected.remove(&verdict.tag);
        ensure!(
            expected.as_ref() == Some(verdict),
            "false rejects cannot be counted, card and model differ: {verdict:?}, model {expected:?}"
        );
        Ok(())
    }

    pub(super) fn report(&self) -> FalseRejectReport {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::command::{
        Account, BankCollateral, BankLoss, BankMark, BankOffset, Commit, Instrument, InstrumentLimits, Marks, Order,
        Replace, VenueLedger,
    };
    use crossgate_contract::sizes;
    use crossgate_driver::BankRows;

    const ORDER: Order = Order {
        side: 0,
        check: false,
        tif: 0,
        account: 0,
        instrument: 0,
        slot: 0,
        lots: 1,
        generation: 1,
        price: 1_000,
        tag: 7,
        cookie: 0,
    };

    /// A card with this much in the pool and plenty at the venue. A gate lot is 4 native lots and loses 160 bought.
    fn card(collateral: i64) -> FalseRejects {
        let epoch = 1;
        let instrument =
            Instrument { shift: 2, lots_min: 1, lots_max: 99, collar: 5, position_cap: 99, ..Default::default() };
        let mark =
            BankMark { mark_buy: 1_000, mark_sell: 1_000, tick_sell: 256, exponent: 1, epoch, ..Default::default() };
        let mut commands: Vec<Command> = vec![
            instrument.into(),
            InstrumentLimits { instrument: 0, notional_max: u64::MAX, touch_ticks: 0 }.into(),
            Account { account: 0, lane_mask: 0xf, open_orders_max: 9, ..Default::default() }.into(),
            VenueLedger { venue: 0, account: 0, ledger: 0, lane_mask: 0xf }.into(),
            mark.into(),
            Marks { epoch }.into(),
            BankLoss { epoch, long_0: 10, ..Default::default() }.into(),
            BankLoss { epoch, lane: 2, ..Default::default() }.into(),
        ];
        for (venue, collateral) in [(false, collateral), (true, 1 << 40)] {
            commands.extend((0..4).map(|lane| Command::from(BankOffset { lane, venue, epoch, ..Default::default() })));
            commands.push(BankCollateral { venue, epoch, collateral, ..Default::default() }.into());
        }
        let mut rejects = FalseRejects::new(sizes::TINY);
        rejects.arm();
        let mut rows = BankRows::new();
        for command in commands {
            rows.add(&command.encode().unwrap());
            rejects.posted(Window::Control, command.encode().unwrap());
        }
        let commit = Command::from(rows.commit(Commit { epoch, ..Default::default() }));
        rejects.posted(Window::Control, commit.encode().unwrap());
        rejects
    }

    fn counts(rejects: &FalseRejects) -> [u64; 4] {
        let FalseRejectReport { decided, refused, borne, rounded } = rejects.report();
        [decided, refused, borne, rounded]
    }

    #[test]
    fn an_order_that_rounding_refuses_is_a_false_reject_and_one_beyond_the_money_is_not() {
        for (collateral, expected) in [(160, [1, 0, 0, 0]), (159, [1, 1, 1, 1]), (40, [1, 1, 1, 1]), (39, [1, 1, 0, 0])]
        {
            let mut rejects = card(collateral);
            rejects.posted(Window::Orders, Command::from(ORDER).encode().unwrap());
            assert_eq!(counts(&rejects), expected, "{collateral}");
        }
    }

    #[test]
    fn a_replace_counts_as_an_order_does_and_other_reasons_do_not() {
        let mut rejects = card(250);
        let replace = Replace { lots: 5, generation: 1, price: 1_000, ..Default::default() };
        for command in [ORDER.into(), replace.into(), Order { lots: 100, slot: 1, ..ORDER }.into()] {
            rejects.posted(Window::Orders, Command::encode(&command).unwrap());
        }
        // 5 lots lose 200, 320 as two gate lots; 100 lots are above the limit of lots.
        assert_eq!(counts(&rejects), [3, 1, 1, 1]);
        rejects.posted(Window::Orders, Command::from(Replace { lots: 4, ..replace }).encode().unwrap());
        assert_eq!(counts(&rejects), [4, 1, 1, 1]);
    }

    #[test]
    fn a_charge_to_outcomes_without_the_fill_is_no_rounding() {
        // 4 bought lots lose 160; 4 sold at 999 cost 16 in the outcomes in which they are, which hold nothing then.
        for (collateral, expected) in [(176, [2, 0, 0, 0]), (175, [2, 1, 1, 0]), (160, [2, 1, 1, 0])] {
            let mut rejects = card(collateral);
            let sell = Order { side: 1, slot: 1, lots: 4, price: 999, ..ORDER };
            for order in [Order { lots: 4, ..ORDER }, sell] {
                rejects.posted(Window::Orders, Command::from(order).encode().unwrap());
            }
            assert_eq!(counts(&rejects), expected, "{collateral}");
        }
    }

    #[test]
    fn a_card_that_decides_otherwise_is_an_error() {
        let mut rejects = card(160);
        rejects.posted(Window::Orders, Command::from(ORDER).encode().unwrap());
        let verdict = rejects.expected[&ORDER.tag];
        assert!(rejects.compare(&Verdict { reason: Reason::PoolMargin.code(), ..verdict }).is_err());
        assert!(rejects.compare(&verdict).is_err(), "it is answered once");
        rejects.posted(Window::Orders, Command::from(Order { slot: 1, ..ORDER }).encode().unwrap());
        let verdict = rejects.expected[&ORDER.tag];
        rejects.compare(&verdict).unwrap();
    }
}
