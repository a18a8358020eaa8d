//! Orders and their consequences: trades that fill, states that end trading, quotes and hedges that are sent.

use super::flow::Wish;
use super::Replay;
use anyhow::Result;
use crossgate_contract::{event, reason::Reason, Command};
use crossgate_feed::{State, Trade};
use crossgate_instrument::{Lots, Ticks};

impl Replay {
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

    /// A book that is not live cannot be quoted: its orders are cancelled.
    pub(super) fn on_state(&mut self, instrument: usize, state: &State) -> Result<()> {
        if let State::Lost(loss) = state {
            self.tell(&loss.to_string());
        }
        if state.is_live() {
            return Ok(());
        }
        let wishes: Vec<Wish> = self.desk.open_slots_of(instrument).into_iter().map(Wish::Cancel).collect();
        self.execute(&wishes)
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

    /// Cancels and sends in order, waits for the verdicts, and fills what takes liquidity.
    pub(super) fn execute(&mut self, wishes: &[Wish]) -> Result<()> {
        if wishes.is_empty() {
            return Ok(());
        }
        self.card.set_time(self.now_ns)?;
        let mut commands: Vec<Command> = Vec::with_capacity(wishes.len());
        let mut sent = Vec::new();
        for wish in wishes {
            match wish {
                Wish::Cancel(slot) => commands.extend(self.desk.cancel(*slot)?.map(Command::from)),
                Wish::Send(intent) => match self.desk.order(intent, self.card.tag())? {
                    Some(order) => {
                        commands.push(order.into());
                        sent.push((order, *intent));
                    }
                    None => self.verdicts.no_slot += 1,
                },
            }
        }
        let verdicts = self.card.orders(&commands)?;
        let mut takes = Vec::new();
        for ((order, intent), verdict) in sent.iter().zip(&verdicts) {
            let accepted = self.count(verdict);
            self.desk.decided(order, intent, accepted);
            if accepted {
                let needed = self.publisher.as_ref().is_some_and(|publisher| publisher.offset_needed(&self.desk));
                self.verdicts.ledgers.offset_needed += u64::from(needed);
                self.flow.placed(intent, order.slot);
                takes.extend(intent.take.map(|take| (order.slot, take)));
            }
        }
        for (slot, (lots, price)) in takes {
            self.take(slot, lots, price)?;
        }
        Ok(())
    }

    /// An immediate-or-cancel order takes what is displayed; the venue cancels the rest.
    fn take(&mut self, slot: u16, lots: Lots, price: Ticks) -> Result<()> {
        self.fill(slot, lots, price, false)?;
        if let Some(cancelled) = self.desk.cancel(slot)? {
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
