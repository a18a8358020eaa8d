//! What a simulated venue makes of replaces and cancels, some market time after they were sent.
//!
//! Until the venue answers, the order rests on its old terms and fills on them. Venues answer in the order in which they
//! were asked. A replace is refused when nothing of the order is left, when fewer lots are asked for than are filled,
//! and when the new price would take liquidity, since quotes are to rest.
//!
//! Invariant: the card hears of every replace and cancel exactly once, unless a fill freed the order before.

use super::desk::{Asked, Desk, Resting};
use crate::report::MessageReport;
use anyhow::{Context, Result};
use crossgate_contract::{command, Command};
use crossgate_instrument::{Kind, Lots, Side, Ticks};
use std::collections::VecDeque;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Replace,
    Cancel,
}

#[derive(Clone, Copy, Debug)]
struct Letter {
    due_ns: u64,
    slot: u16,
    generation: u16,
    question: Question,
}

/// Replaces and cancels on their way, how many were sent and how they ended.
#[derive(Debug, Default)]
pub(super) struct Mail {
    letters: VecDeque<Letter>,
    pub(super) counts: MessageReport,
}

/// Whether a venue of this kind of product replaces an order by cancelling it and entering another: spot venues do, the
/// venues of perpetuals change the total quantity.
pub(super) const fn enters_anew(kind: Kind) -> bool {
    matches!(kind, Kind::Spot)
}

/// Whether the venue refuses a replace; `opposite` is the best price of the other side.
fn refuses(order: &Resting, asked: &Asked, opposite: Option<Ticks>) -> bool {
    let takes = opposite.is_some_and(|best| match order.side {
        Side::Bid => asked.price >= best,
        Side::Ask => asked.price <= best,
    });
    let gone = order.filled == order.lots;
    takes || gone || (!asked.anew && asked.lots <= order.filled)
}

impl Desk {
    /// The REPLACE command that brings an open order to other terms; its rest becomes `lots`.
    pub(super) fn replace(
        &self,
        slot: u16,
        (price, lots): (Ticks, Lots),
        anew: bool,
        tag: u32,
    ) -> Result<Option<command::Replace>> {
        let free = |order: &&Resting| order.asked.is_none() && !order.closing;
        let Some(order) = self.resting(slot).filter(free) else { return Ok(None) };
        let lots = if anew { lots } else { order.filled + lots };
        Ok(Some(command::Replace {
            anew,
            account: self.account,
            instrument: u16::try_from(order.instrument)?,
            slot,
            lots: u64::try_from(lots.get())?,
            generation: order.generation,
            price: u32::try_from(price.get()).context("price of a replace")?,
            tag,
            cookie: 0,
        }))
    }

    /// The gate let a replace through: the venue will answer at `due_ns`.
    pub(super) fn replacing(&mut self, replace: &command::Replace, due_ns: u64) -> Result<()> {
        let command::Replace { anew, slot, generation, .. } = *replace;
        let (price, lots) = (Ticks::new(i64::from(replace.price)), Lots::new(i64::try_from(replace.lots)?));
        let order = self.resting_mut(slot).context("a replace of a slot without an order")?;
        order.asked = Some(Asked { price, lots, anew });
        self.mail.letters.push_back(Letter { due_ns, slot, generation, question: Question::Replace });
        Ok(())
    }

    /// The CANCEL command of an open order that is not being cancelled already.
    pub(super) fn cancel(&self, slot: u16, tag: u32) -> Result<Option<command::Cancel>> {
        let Some(order) = self.resting(slot).filter(|order| !order.closing) else { return Ok(None) };
        let (instrument, generation) = (u16::try_from(order.instrument)?, order.generation);
        Ok(Some(command::Cancel { account: self.account, instrument, slot, generation, tag, cookie: 0 }))
    }

    /// The gate let a cancel through: the venue will answer at `due_ns`. An order that is being cancelled already is left
    /// to its first cancel.
    pub(super) fn cancelling(&mut self, slot: u16, due_ns: u64) {
        let Some(order) = self.resting_mut(slot).filter(|order| !order.closing) else { return };
        order.closing = true;
        let generation = order.generation;
        self.mail.letters.push_back(Letter { due_ns, slot, generation, question: Question::Cancel });
    }

    /// Whether a venue has an answer.
    pub(super) fn answers(&self, now_ns: u64) -> bool {
        self.mail.letters.front().is_some_and(|letter| letter.due_ns <= now_ns)
    }

    /// The next answer that is due: the command for the card, none for an order that a fill has freed. `opposite` is the
    /// best price of the other side of an instrument's own venue.
    pub(super) fn answer(
        &mut self,
        now_ns: u64,
        opposite: impl FnOnce(usize, Side) -> Option<Ticks>,
    ) -> Result<Option<Command>> {
        if !self.answers(now_ns) {
            return Ok(None);
        }
        let Some(letter) = self.mail.letters.pop_front() else { return Ok(None) };
        let slot = letter.slot;
        let Some(order) = self.resting(slot).copied().filter(|order| order.generation == letter.generation) else {
            return Ok(None);
        };
        if letter.question == Question::Cancel {
            self.mail.counts.cancelled += 1;
            return Ok(self.cancelled(slot)?.map(Command::from));
        }
        let Some(asked) = order.asked else { return Ok(None) };
        let (account, instrument, generation) = (self.account, u16::try_from(order.instrument)?, order.generation);
        let refused = refuses(&order, &asked, opposite(order.instrument, order.side));
        if let Some(kept) = self.resting_mut(slot) {
            kept.asked = None;
        }
        if refused {
            self.mail.counts.refused += 1;
            if order.filled == order.lots {
                self.close(slot);
            }
            return Ok(Some(command::Refused { account, instrument, slot, generation }.into()));
        }
        self.mail.counts.replaced += 1;
        let lots = if asked.anew { order.filled + asked.lots } else { asked.lots };
        self.change(slot, asked.price, lots);
        let cumulative = u64::try_from(order.filled.get())?;
        Ok(Some(command::Replaced { account, instrument, slot, cumulative, generation }.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::replay::desk::Intent;

    const TOUCH: i64 = 100;

    /// A desk with a bid of 5 lots at 90 in slot 0, its replace by 8 lots at 95 asked for at time 0.
    fn asked(anew: bool, price: i64) -> Desk {
        let mut desk = Desk::new(0, 4, 1).unwrap();
        let intent =
            Intent { instrument: 0, side: Side::Bid, level: 0, price: Ticks::new(90), lots: Lots::new(5), take: None };
        let order = desk.order(&intent, 0).unwrap().unwrap();
        desk.decided(&order, &intent, true);
        let replace = desk.replace(order.slot, (Ticks::new(price), Lots::new(8)), anew, 1).unwrap().unwrap();
        assert_eq!((replace.slot, replace.lots, replace.generation), (0, 8, 1));
        desk.replacing(&replace, 10).unwrap();
        desk
    }

    fn fill(desk: &mut Desk, lots: i64) {
        let config = Config::load(None).unwrap();
        desk.fill(0, Lots::new(lots), Ticks::new(90), &config.instruments[0], true).unwrap();
    }

    fn answer(desk: &mut Desk) -> Option<Command> {
        desk.answer(10, |_, _| Some(Ticks::new(TOUCH))).unwrap()
    }

    #[test]
    fn the_old_terms_rest_until_the_venue_answers_in_its_time() {
        let mut desk = asked(false, 95);
        assert!(!desk.answers(9) && desk.answers(10));
        assert_eq!(desk.resting(0).unwrap().price, Ticks::new(90));
        assert!(desk.replace(0, (Ticks::new(96), Lots::new(1)), false, 2).unwrap().is_none(), "one at a time");
        fill(&mut desk, 2);
        let expected = command::Replaced { cumulative: 2, generation: 1, ..Default::default() };
        assert_eq!(answer(&mut desk), Some(expected.into()));
        let order = desk.resting(0).unwrap();
        assert_eq!((order.price, order.lots, order.filled), (Ticks::new(95), Lots::new(8), Lots::new(2)));
        assert_eq!(desk.open_lots(0), [6, 0]);
    }

    #[test]
    fn lots_entered_anew_come_on_top_of_those_filled() {
        let mut desk = asked(true, 95);
        assert_eq!(desk.open_lots(0), [13, 0], "both may fill until the venue answers");
        fill(&mut desk, 2);
        assert!(matches!(answer(&mut desk), Some(Command::Replaced(_))));
        assert_eq!(desk.resting(0).unwrap().lots, Lots::new(10));
    }

    #[test]
    fn a_replace_that_would_take_is_refused_and_the_old_order_stays() {
        let mut desk = asked(false, TOUCH);
        let expected = command::Refused { generation: 1, ..Default::default() };
        assert_eq!(answer(&mut desk), Some(expected.into()));
        let order = desk.resting(0).unwrap();
        assert_eq!((order.price, order.lots, order.asked), (Ticks::new(90), Lots::new(5), None));
    }

    #[test]
    fn a_replace_of_a_filled_order_is_refused_and_frees_its_slot_only_then() {
        let mut desk = asked(true, 95);
        fill(&mut desk, 5);
        assert!(desk.resting(0).is_some(), "the card holds the slot until the venue has answered");
        assert!(matches!(answer(&mut desk), Some(Command::Refused(_))));
        assert!(desk.resting(0).is_none());
    }

    #[test]
    fn an_order_that_a_fill_frees_is_not_answered_any_more() {
        let mut desk = asked(false, 95);
        desk.resting_mut(0).unwrap().asked = Some(Asked { price: Ticks::new(95), lots: Lots::new(4), anew: false });
        fill(&mut desk, 5);
        assert!(desk.resting(0).is_none(), "all that may fill has");
        assert_eq!(answer(&mut desk), None);
    }

    #[test]
    fn a_cancel_is_answered_after_the_replace_before_it() {
        let mut desk = asked(false, 95);
        let cancel = desk.cancel(0, 3).unwrap().unwrap();
        desk.cancelling(cancel.slot, 10);
        assert!(desk.cancel(0, 4).unwrap().is_none(), "one is on its way");
        desk.cancelling(cancel.slot, 12);
        assert_eq!(desk.mail.letters.len(), 2, "a mass cancel asks for nothing anew");
        assert!(matches!(answer(&mut desk), Some(Command::Replaced(_))));
        let expected = command::Cancelled { generation: 1, ..Default::default() };
        assert_eq!(answer(&mut desk), Some(expected.into()));
        assert!(desk.resting(0).is_none() && !desk.answers(u64::MAX));
    }
}
