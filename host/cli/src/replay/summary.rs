//! From a finished replay to its report.

use super::publish::{self, money, Publisher};
use super::watch::Compared;
use super::{Input, Replay};
use crate::args::ReplayArgs;
use crate::report::{
    BookReport, CaptureReport, CardReport, Comparison, EgressReport, Environment, FlowReport, MarginReport,
    OracleReport, PositionReport, Report, RiskReport, TouchReport, VenueMarginReport, VerdictReport, SCHEMA,
};
use crossgate_book::Best;
use crossgate_contract::CONTRACT_HASH;
use crossgate_driver::Egress;
use crossgate_instrument::Kind;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;

impl Replay {
    /// The report; `seconds` is the wall time of the replay.
    pub(super) fn report(self, args: &ReplayArgs, input: &Input, seconds: f64) -> Report {
        let market_ns = self.now_ns.saturating_sub(self.first_ns.unwrap_or(self.now_ns));
        let messages = self.desk.mail.counts;
        let false_rejects = self.card.false_rejects();
        let verdicts = VerdictReport { messages, false_rejects, ..self.verdicts.clone() };
        let market_seconds = std::time::Duration::from_nanos(market_ns).as_secs_f64();
        Report {
            schema: SCHEMA,
            environment: environment(self.config.sizes.name),
            captures: self.captures(input),
            oracle: OracleReport { compared: self.market.oracle.compared(), equal: self.market.oracle.equal() },
            card: self.card_report(args),
            books: self.books(),
            margin: self.margin(),
            risk: self.risk(),
            flow: self.flow_report(),
            seconds,
            market_seconds,
            ratio_to_real_time: if seconds > 0.0 { market_seconds / seconds } else { 0.0 },
            synthetic: input.synthetic,
            interrupted: self.interrupted,
            verdicts,
        }
    }

    fn captures(&self, input: &Input) -> Vec<CaptureReport> {
        let each = input.names.iter().zip(&self.feeds).zip(&self.errors);
        each.map(|((name, feed), error)| CaptureReport {
            path: name.clone(),
            venue: Some(feed.venue().name()),
            counters: feed.counters(),
            error: error.clone(),
        })
        .collect()
    }

    fn card_report(&self, args: &ReplayArgs) -> CardReport {
        let tally = &self.card.tally;
        let (host, ticker) = self.card.compared();
        CardReport {
            device: args.device.to_string(),
            cycles: self.card.cycles(),
            events: tally.events,
            orders: tally.orders,
            bbo_events: tally.bbo_events,
            level_commands: tally.level_commands,
            faults: tally.faults.clone(),
            lockstep_differences: 0,
            egress: self.egress(),
            touch: self.touch(),
            bbo: comparison(host),
            ticker: comparison(ticker),
            book_latency_cycles: tally.log.total(0),
            book_wait_cycles: tally.log.total(1),
            book_control_latency_cycles: tally.log.total(4),
            gate_latency_cycles: tally.log.total(2),
            gate_wait_cycles: tally.log.total(3),
        }
    }

    fn egress(&self) -> EgressReport {
        let [card, verdicts] = self.card.egress();
        let crc = |egress: Egress| format!("{:08x}", egress.crc);
        EgressReport {
            messages: card.messages,
            crc: crc(card),
            expected_messages: verdicts.messages,
            expected_crc: crc(verdicts),
            equal: card == verdicts,
        }
    }

    fn touch(&self) -> TouchReport {
        let instruments = self.publisher.as_ref().map_or(&[][..], Publisher::instruments);
        let tested = instruments.iter().filter(|index| self.market.touch_ticks(**index) > 0).count();
        let (tested, reason) = if !self.config.limits.touch {
            (0, Some("switched off by the configuration"))
        } else if self.market.is_partitioned() {
            (0, Some("the levels are split over venues that are not those of the instruments"))
        } else {
            (tested, None)
        };
        TouchReport { instruments: instruments.len(), tested, reason }
    }

    fn books(&self) -> Vec<BookReport> {
        let state = |instrument: &usize| {
            let heard = self.feeds.iter().find(|feed| {
                feed.venue() == self.config.instruments[*instrument].instrument.venue
                    && feed.instrument_counters(*instrument).is_some_and(|counters| counters.frames > 0)
            });
            heard.and_then(|feed| feed.state(*instrument)).map_or("silent", crossgate_feed::State::name)
        };
        let each = self.market.books.iter().map(|book| {
            let bbo = book.host.bbo();
            let price = |best: Option<Best>| best.map(|best| book.units.tick.value(best.price.get()).to_string());
            let window = book.window.stats();
            BookReport {
                name: book.name.clone(),
                instruments: book.members.iter().map(|index| self.instrument_name(*index)).collect(),
                states: book.members.iter().map(state).collect(),
                level_updates: book.updates_applied,
                bbo_changes: book.bbo_changes,
                bid: price(bbo.bid),
                ask: price(bbo.ask),
                slides: window.slides,
                rebases: window.rebases,
                refill_levels: window.refill_levels,
                updates_outside: window.updates_outside,
                quantity_too_large: window.quantity_too_large,
            }
        });
        each.collect()
    }

    fn instrument_name(&self, index: usize) -> String {
        let instrument = &self.config.instruments[index].instrument;
        format!("{} {}", instrument.venue, instrument.symbol)
    }

    fn margin(&self) -> MarginReport {
        let Some(published) = self.publisher.as_ref().map(|publisher| &publisher.published) else {
            return MarginReport::default();
        };
        let last = published.last.as_ref();
        let Some((publication, report)) = last.and_then(|last| Some((last, last.accounts.first()?))) else {
            return MarginReport::default();
        };
        let requirement = |venue| {
            let own = report.margin.venues.iter().find(|one| one.venue == venue);
            own.map_or(0.0, |one| money(one.requirement.margin.units()))
        };
        let venues = self.config.venues.iter().zip(&published.venue_collateral);
        MarginReport {
            venues: venues
                .map(|(one, collateral)| VenueMarginReport {
                    venue: one.venue.name(),
                    requirement: requirement(one.venue),
                    collateral: *collateral,
                })
                .collect(),
            pool: money(report.margin.pool.margin.units()),
            stand_alone: money(report.margin.stand_alone_sum.units()),
            benefit_percent: f64::from(report.margin.benefit_ppm.get()) / 1e4,
            benefit_percent_max: published.benefit_percent_max,
            binding_lane: publication.binding_lane(report).map(str::to_owned),
            collateral: published.collateral,
        }
    }

    fn risk(&self) -> RiskReport {
        let Some(published) = self.publisher.as_ref().map(|publisher| &publisher.published) else {
            return RiskReport { history_days: self.history_days, ..RiskReport::default() };
        };
        let report = published.last.as_ref().and_then(|last| last.accounts.first());
        let mut seconds = published.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        RiskReport {
            var_99: report.map_or(0.0, |report| money(report.var_99.units())),
            es_97_5: report.map_or(0.0, |report| money(report.es_97_5.units())),
            history_days: self.history_days,
            recalculations: published.recalculations,
            refused: published.refused,
            seconds_median: seconds.get(seconds.len() / 2).copied().unwrap_or(0.0),
        }
    }

    fn flow_report(&self) -> FlowReport {
        let held = self.desk.positions.iter().enumerate().filter(|(_, position)| !position.lots.is_zero());
        FlowReport {
            fills: self.desk.fills,
            hedges: self.hedges,
            pnl: self.profit().and_then(|profit| profit.to_f64()).unwrap_or(f64::NAN),
            positions: held
                .map(|(index, position)| PositionReport {
                    instrument: self.instrument_name(index),
                    quantity: self.config.instruments[index].instrument.lot.value(position.lots.get()).to_string(),
                })
                .collect(),
        }
    }

    /// What all positions and their cash are worth at mid prices; positions start flat.
    fn profit(&self) -> Option<Decimal> {
        let prices = publish::asset_prices(&self.market, &self.config);
        let price_of = |name: &str| {
            let place = self.config.assets.iter().position(|asset| asset.spec.name == name)?;
            prices.get(place).copied().flatten()
        };
        let mut total = Decimal::ZERO;
        for (index, position) in self.desk.positions.iter().enumerate() {
            if position.lots.is_zero() && position.cash.is_zero() {
                continue;
            }
            let instrument = &self.config.instruments[index].instrument;
            let mark = instrument.tick.value(publish::mark(&self.market, index)?.get());
            let amount = Decimal::from(position.lots.get()) * instrument.lot.step() * instrument.contract_size;
            let (value, currency) = match instrument.kind {
                Kind::Spot => (position.cash + amount * mark, &instrument.quote),
                Kind::LinearPerpetual => (position.cash + amount * mark, &instrument.settlement),
                Kind::InversePerpetual => (position.cash - amount.checked_div(mark)?, &instrument.settlement),
            };
            total += value * price_of(currency)?;
        }
        Some(total.round_dp(4))
    }
}

fn comparison(compared: &Compared) -> Comparison {
    Comparison {
        compared: compared.compared,
        equal: compared.equal,
        skipped: compared.skipped.clone(),
        first_difference: compared.first_difference.clone(),
    }
}

fn environment(build: &str) -> Environment {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    Environment {
        version: env!("CARGO_PKG_VERSION"),
        commit: option_env!("CROSSGATE_COMMIT").map(str::to_owned),
        contract_hash: format!("{CONTRACT_HASH:016x}"),
        build: build.to_owned(),
        cpu: model.unwrap_or("unknown").to_owned(),
    }
}
