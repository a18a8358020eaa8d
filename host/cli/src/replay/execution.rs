//! Orders and their consequences: trades that fill, venues that answer, states that end trading, quotes and hedges that
//! are sent.

use super::answers::enters_anew;
use super::desk::Intent;
use super::flow::Wish;
use super::Replay;
use anyhow::Result;
use crossgate_contract::command::{scope, MassCancel, Order, Replace};
use crossgate_contract::{event, reason::Reason, Command};
use crossgate_feed::{State, Trade};
use crossgate_instrument::{Lots, Ticks};

fn is_accepted(verdict: &event::Verdict) -> bool {
    verdict.reason == Reason::Accepted.code()
}

/// A command that a verdict answers.
enum Sent {
    Order(Order, Intent),
    Replace(Replace),
    Cancel(u16),
}

impl Replay {
    /// What the simulated venues make of replaces and cancels by now.
    pub(super) fn answers(&mut self) -> Result<()> {
        while self.desk.answers(self.now_ns) {
            let market = &self.market;
            let opposite = |instrument, side: crossgate_instrument::Side| {
                market.top(instrument, side.opposite()).map(|best| best.price)
            };
            if let Some(command) = self.desk.answer(self.now_ns, opposite)? {
                self.card.set_time(self.now_ns)?;
                self.card.orders(&[command])?;
            }
        }
        Ok(())
    }

    /// A recorded trade fills what it goes through; the exposure may then be hedged.
    pub(super) fn on_trade(&mut self, trade: &Trade) -> Result<()> {
        let struck = self.desk.struck(trade);
        if struck.is_empty() {
            return Ok(());
        }
        self.card.set_time(self.now_ns)?;
        for (slot, lots) in struck {
            let Some(price) = self.desk.resting(slot).map(|order| order.price) else { continue };
            self.fill(slot, lots, price, true)?;
        }
        self.hedge(trade.instrument)
    }

    /// A book that is not live cannot be quoted: one message cancels every order of the instrument.
    pub(super) fn on_state(&mut self, instrument: usize, state: &State) -> Result<()> {
        if let State::Lost(loss) = state {
            self.tell(&loss.to_string());
        }
        let slots = self.desk.open_slots_of(instrument);
        if state.is_live() || slots.is_empty() {
            return Ok(());
        }
        self.card.set_time(self.now_ns)?;
        let (index, tag) = (u16::try_from(instrument)?, self.card.tag());
        let mass = MassCancel { scope: scope::INSTRUMENT, index, tag, ..Default::default() };
        self.desk.mail.counts.mass_cancels += 1;
        if self.card.orders(&[mass.into()])?.iter().all(is_accepted) {
            for slot in slots {
                self.cancelling(slot);
            }
        }
        Ok(())
    }

    /// Quotes the instruments of the books in the mask `touched`.
    pub(super) fn quote(&mut self, touched: u64) -> Result<()> {
        if touched == 0 {
            return Ok(());
        }
        let mut wishes = Vec::new();
        for instrument in 0..self.config.instruments.len() {
            if touched >> self.market.book_of(instrument) & 1 == 1 {
                self.flow.quote(instrument, self.now_ns, &self.market, &self.desk, &self.config, &mut wishes);
            }
        }
        self.execute(&wishes)
    }

    fn hedge(&mut self, instrument: usize) -> Result<()> {
        let hedge = self.flow.hedge(instrument, self.now_ns, &self.market, &self.desk, &self.config);
        let Some(intent) = hedge else { return Ok(()) };
        self.hedges += 1;
        self.execute(&[Wish::Send(intent)])
    }

    /// The commands of the wishes, in order, and what their verdicts answer.
    fn commands(&mut self, wishes: &[Wish]) -> Result<Vec<(Command, Sent)>> {
        let mut commands = Vec::with_capacity(wishes.len());
        for wish in wishes {
            let tag = self.card.tag();
            match wish {
                Wish::Cancel(slot) => {
                    commands.extend(self.desk.cancel(*slot, tag)?.map(|one| (one.into(), Sent::Cancel(*slot))));
                }
                Wish::Replace(slot, price, lots) => {
                    let Some(order) = self.desk.resting(*slot) else { continue };
                    let anew = enters_anew(self.config.instruments[order.instrument].instrument.kind);
                    let replace = self.desk.replace(*slot, (*price, *lots), anew, tag)?;
                    commands.extend(replace.map(|one| (one.into(), Sent::Replace(one))));
                }
                Wish::Send(intent) => match self.desk.order(intent, tag)? {
                    Some(order) => commands.push((order.into(), Sent::Order(order, *intent))),
                    None => self.verdicts.no_slot += 1,
                },
            }
        }
        Ok(commands)
    }

    /// Cancels, replaces and sends in order, waits for the verdicts, and fills what takes liquidity. A quote that cannot be
    /// moved is cancelled.
    pub(super) fn execute(&mut self, wishes: &[Wish]) -> Result<()> {
        let sent = self.commands(wishes)?;
        if sent.is_empty() {
            return Ok(());
        }
        self.card.set_time(self.now_ns)?;
        let commands: Vec<Command> = sent.iter().map(|(command, _)| *command).collect();
        let verdicts = self.card.orders(&commands)?;
        let due_ns = self.now_ns + self.config.flow.venue_ns;
        let mut takes = Vec::new();
        let mut stuck = Vec::new();
        for ((_, sent), verdict) in sent.iter().zip(&verdicts) {
            match sent {
                Sent::Order(order, intent) => {
                    let accepted = self.count(verdict);
                    self.desk.decided(order, intent, accepted);
                    if accepted {
                        self.count_offset();
                        self.flow.placed(intent, (order.slot, order.generation));
                        takes.extend(intent.take.map(|take| (order.slot, take)));
                    }
                }
                Sent::Replace(replace) => {
                    self.desk.mail.counts.replaces += 1;
                    if self.count(verdict) {
                        self.desk.mail.counts.replaces_accepted += 1;
                        self.desk.replacing(replace, due_ns)?;
                        self.count_offset();
                    } else {
                        stuck.push(Wish::Cancel(replace.slot));
                    }
                }
                Sent::Cancel(slot) => {
                    self.desk.mail.counts.cancels += 1;
                    if is_accepted(verdict) {
                        self.cancelling(*slot);
                    }
                }
            }
        }
        for (slot, (lots, price)) in takes {
            self.take(slot, lots, price)?;
        }
        self.execute(&stuck)
    }

    /// A cancel of the order is on its way to its venue.
    fn cancelling(&mut self, slot: u16) {
        self.desk.cancelling(slot, self.now_ns + self.config.flow.venue_ns);
        self.flow.pulled(slot);
    }

    fn count_offset(&mut self) {
        let needed = self.publisher.as_ref().is_some_and(|publisher| publisher.offset_needed(&self.desk));
        self.verdicts.ledgers.offset_needed += u64::from(needed);
    }

    /// An immediate-or-cancel order takes what is displayed; the venue cancels the rest.
    fn take(&mut self, slot: u16, lots: Lots, price: Ticks) -> Result<()> {
        self.fill(slot, lots, price, false)?;
        if let Some(cancelled) = self.desk.cancelled(slot)? {
            self.card.orders(&[cancelled.into()])?;
        }
        Ok(())
    }

    fn fill(&mut self, slot: u16, lots: Lots, price: Ticks, maker: bool) -> Result<()> {
        let Some(instrument) = self.desk.resting(slot).map(|order| order.instrument) else { return Ok(()) };
        let fill = self.desk.fill(slot, lots, price, &self.config.instruments[instrument], maker)?;
        self.card.orders(&[fill.into()])?;
        Ok(())
    }

    fn count(&mut self, verdict: &event::Verdict) -> bool {
        let reason = Reason::from_code(verdict.reason);
        let ledgers = &mut self.verdicts.ledgers;
        ledgers.closing += u64::from(verdict.closing);
        let venue_failed = verdict.venue_lanes != 0 || verdict.venue_zero;
        match reason {
            Some(Reason::VenueMargin) => ledgers.venue_alone += 1,
            Some(Reason::PoolMargin) if venue_failed => ledgers.both += 1,
            Some(Reason::PoolMargin) => ledgers.pool_alone += 1,
            _ => {}
        }
        if reason == Some(Reason::Accepted) {
            self.verdicts.accepted += 1;
            return true;
        }
        let name = reason.map_or_else(|| format!("reason {}", verdict.reason), |reason| reason.name().to_owned());
        *self.verdicts.rejected.entry(name).or_default() += 1;
        false
    }
}
