//! The promise of the bank image: what the card computes is never below what can happen.
//!
//! The economics here are worked from first principles: balances, cash and lots at scenario prices, every fill subset
//! at its own prices and fees. They share the number type with the crate, and no formula.

#![allow(clippy::unwrap_used)] // helpers of tests, where a failure is a failed test

mod common;

use common::{config, made_history, product, spec};
use crossgate_instrument::{Kind, Lots, Side, Ticks, Venue};
use crossgate_risk::{
    AccountState, Exact, InstrumentSpec, LanePlan, Position, Ppm, Publication, Recalculator, RiskConfig, Snapshot,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

#[derive(Clone, Debug)]
struct Order {
    instrument: usize,
    side: Side,
    lots: i64,
    price: i64,
}

#[derive(Clone, Debug)]
struct Case {
    config: RiskConfig,
    snapshot: Snapshot,
    orders: Vec<Order>,
    /// Where in the box each instrument and each asset stands, in parts per thousand of it.
    box_points: Vec<i32>,
    /// Where in its haircut interval a stable rate stands, likewise.
    rate_point: i32,
}

fn instruments() -> impl Strategy<Value = Vec<InstrumentSpec>> {
    let one = (0..3_usize, 0..3_u32, 0..4_usize, 0..50_000_i32, 1..100_u32, 0..30_000_i32);
    proptest::collection::vec((one, any::<bool>()), 1..=3).prop_map(|list| {
        let build = |(index, ((kind, shift, lot, fee, collar, haircut), eth))| {
            let kind = [Kind::Spot, Kind::LinearPerpetual, Kind::InversePerpetual][kind];
            let underlying = if eth { "ETH" } else { "BTC" };
            let lot = ["0.001", "0.03", "0.7", "2"][lot];
            let contract = if kind == Kind::InversePerpetual { "100" } else { "1" };
            let name = format!("I{index}");
            let product = product(Venue::BinanceSpot, &name, underlying, kind, "0.5", lot, contract);
            let mut spec = spec(product, 1_000, shift);
            spec.taker_fee = Ppm::new(fee);
            spec.collar_ticks = collar;
            spec.spot_haircut = if kind == Kind::Spot { Ppm::new(haircut) } else { Ppm::default() };
            spec
        };
        list.into_iter().enumerate().map(build).collect()
    })
}

fn cases() -> impl Strategy<Value = Case> {
    instruments().prop_flat_map(|specs| {
        let count = specs.len();
        let order = (
            0..count,
            any::<bool>(),
            1..=3_i64,
            prop_oneof![-20..=20_i64, Just(-400_i64), Just(400_i64), -400..=400_i64],
        );
        (
            Just(specs),
            proptest::collection::vec(900..1_100_i64, count),
            (500..600_i64, 480..520_i64, 970..1_010_i64),
            proptest::collection::vec((-6..=6_i64, -2_000..2_000_i64), count),
            proptest::collection::vec(-3_000..3_000_i64, 4),
            proptest::collection::vec(order, 0..=3),
            proptest::collection::vec(prop_oneof![Just(-1_000), Just(1_000), -1_000..=1_000], count + 4),
            (prop_oneof![Just(-1_000), Just(1_000), -1_000..=1_000], 0..20_000_i32, 0..100_000_i32, 0..50_000_i32),
        )
            .prop_map(build_case)
    })
}

type Drawn = (
    Vec<InstrumentSpec>,
    Vec<i64>,
    (i64, i64, i64),
    Vec<(i64, i64)>,
    Vec<i64>,
    Vec<(usize, bool, i64, i64)>,
    Vec<i32>,
    (i32, i32, i32, i32),
);

fn build_case(drawn: Drawn) -> Case {
    let (specs, marks, (btc, eth, usdt), positions, balances, orders, box_points, rest) = drawn;
    let (rate_point, validity_box, coin_haircut, usdt_haircut) = rest;
    let orders = orders
        .into_iter()
        .map(|(instrument, buy, lots, away)| {
            let spec = &specs[instrument];
            let side = if buy { Side::Bid } else { Side::Ask };
            // Within the collar, or resting in it when the mark was a quarter lower; a bid may rest anywhere.
            let mark = marks[instrument];
            let price = mark + away.max(-i64::from(spec.collar_ticks) - mark / 4);
            Order { instrument, side, lots, price }
        })
        .collect();
    let mut config = config(specs);
    config.validity_box = Ppm::new(validity_box);
    config.assets[1].haircut = Ppm::new(usdt_haircut);
    config.assets[2].haircut = Ppm::new(coin_haircut);
    config.assets[3].haircut = Ppm::new(coin_haircut / 2);
    config.lanes = LanePlan { tails: 4, ..LanePlan::default() };
    let positions = positions.into_iter().enumerate().map(|(instrument, (lots, cash))| Position {
        instrument,
        lots: Lots::new(lots),
        cash: Decimal::new(cash, 2),
    });
    let account = AccountState {
        account: 0,
        balances: balances.into_iter().map(|b| Decimal::new(b, 1)).collect(),
        positions: positions.collect(),
    };
    let snapshot = Snapshot {
        epoch: 1,
        as_of_ns: 0,
        marks: marks.into_iter().map(|mark| Some(Ticks::new(mark))).collect(),
        asset_prices: vec![Decimal::ONE, Decimal::new(usdt, 3), Decimal::from(btc), Decimal::from(eth)],
        accounts: vec![account],
    };
    Case { config, snapshot, orders, box_points, rate_point }
}

fn thousandth(parts: i32) -> Exact {
    Exact::ratio(parts, 1_000)
}

impl Case {
    fn publish(&self) -> Publication {
        Recalculator::new(self.config.clone(), made_history(80)).unwrap().recalculate(&self.snapshot).unwrap()
    }

    fn underlying(&self, name: &str) -> Option<usize> {
        self.config.underlyings.iter().position(|underlying| underlying == name)
    }

    /// What each asset is worth in a lane, at this case's point of the box or of its haircut interval.
    fn asset_prices(&self, moves: &[Ppm]) -> Vec<Exact> {
        let price = |index: usize| {
            let (asset, price) = (&self.config.assets[index], Exact::from(self.snapshot.asset_prices[index]));
            match self.underlying(&asset.name) {
                Some(underlying) => {
                    let point = self.box_points[self.config.instruments.len() + index];
                    let in_box = Exact::whole(1) + self.config.validity_box.exact() * thousandth(point);
                    price * in_box * (Exact::whole(1) + moves[underlying].exact())
                }
                None => price * (Exact::whole(1) + asset.haircut.exact() * thousandth(self.rate_point)),
            }
        };
        (0..self.config.assets.len()).map(price).collect()
    }

    /// Equity in a lane after `filled` lots of each order, in account currency, from nothing but prices and quantities.
    fn equity(&self, moves: &[Ppm], filled: &[i64]) -> Exact {
        let worth = self.asset_prices(moves);
        let asset = |name: &str| self.config.assets.iter().position(|asset| asset.name == name).unwrap();
        let account = &self.snapshot.accounts[0];
        let mut equity = Exact::zero();
        for (balance, price) in account.balances.iter().zip(&worth) {
            equity = equity + Exact::from(*balance) * price;
        }
        for position in &account.positions {
            let spec = &self.config.instruments[position.instrument];
            let product = &spec.instrument;
            let unit = Exact::from(product.lot.step()) * Exact::from(product.contract_size);
            let at = |ticks: i64| Exact::from(product.tick.step()) * Exact::from(ticks);
            let in_box =
                Exact::whole(1) + self.config.validity_box.exact() * thousandth(self.box_points[position.instrument]);
            let mark = at(self.snapshot.marks[position.instrument].unwrap().get());
            let moved = moves[self.underlying(&product.underlying).unwrap()].exact();
            let price = mark * in_box * (Exact::whole(1) + moved);
            let inverse = product.kind == Kind::InversePerpetual;
            // One lot is worth `unit * price`, or owes `unit / price` coins.
            let lot_value = if inverse { -(&unit / &price) } else { &unit * &price };
            let mut cash = Exact::from(position.cash) + Exact::from(position.lots.get()) * lot_value.clone();
            for (order, lots) in self.orders.iter().zip(filled).filter(|(o, _)| o.instrument == position.instrument) {
                let amount = if inverse { -(&unit / &at(order.price)) } else { &unit * &at(order.price) };
                let signed = Exact::from(order.side.sign() * lots);
                let fee = spec.taker_fee.exact() * amount.clone().abs() * Exact::from(*lots);
                cash = cash + signed * (lot_value.clone() - amount) - fee;
            }
            let paid_in = if inverse { product.settlement.as_str() } else { product.quote.as_str() };
            equity = equity + cash * &worth[asset(paid_in)];
        }
        equity
    }

    /// Every combination of filled lots.
    fn fills(&self) -> Vec<Vec<i64>> {
        self.orders.iter().fold(vec![Vec::new()], |subsets, order| {
            let extend = |subset: &Vec<i64>| {
                let subset = subset.clone();
                (0..=order.lots).map(move |lots| [subset.as_slice(), &[lots]].concat()).collect::<Vec<_>>()
            };
            subsets.iter().flat_map(extend).collect()
        })
    }

    fn open(&self, instrument: usize, side: Side) -> i64 {
        self.orders.iter().filter(|o| o.instrument == instrument && o.side == side).map(|o| o.lots).sum()
    }

    /// The card's total of a lane: offset plus worst losses; and its execution reserve. `None` where it refuses an
    /// order.
    fn card(&self, publication: &Publication, lane: usize) -> Option<(i64, i64)> {
        let row = |instrument: usize| publication.image.rows[instrument].as_ref().unwrap();
        let mut total = publication.image.accounts[0].offsets[lane].units();
        for position in &self.snapshot.accounts[0].positions {
            let (bids, asks) = (self.open(position.instrument, Side::Bid), self.open(position.instrument, Side::Ask));
            total += row(position.instrument).worst_loss(lane, position.lots.get(), bids, asks)?;
        }
        let mut reserve = 0;
        for order in &self.orders {
            let price = u32::try_from(order.price).unwrap();
            reserve += row(order.instrument).execution_reserve(order.side, price, order.lots)?;
        }
        Some((total, reserve))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_fill_subset_at_any_box_point_loses_more_than_the_card_counts(case in cases()) {
        let publication = case.publish();
        let collateral = publication.image.accounts[0].collateral.units();
        let subsets = case.fills();
        for (lane, scenario) in publication.lanes.scenarios().iter().enumerate() {
            let Some((total, reserve)) = case.card(&publication, lane) else { continue };
            let guaranteed = Exact::from(collateral - total - reserve) / Exact::whole(10_000);
            for filled in &subsets {
                let equity = case.equity(&scenario.moves, filled);
                prop_assert!(
                    guaranteed <= equity,
                    "lane {} fills {filled:?}: card leaves {}, equity is {}",
                    scenario.name, guaranteed.to_f64(), equity.to_f64()
                );
            }
        }
    }

    #[test]
    fn collateral_never_falls_by_more_than_the_execution_reserve(case in cases()) {
        let publication = case.publish();
        let Some((_, reserve)) = case.card(&publication, 0) else { return Ok(()) };
        let before = publication.image.accounts[0].collateral.units();
        for filled in case.fills() {
            let mut after = case.clone();
            for (order, lots) in case.orders.iter().zip(&filled).filter(|(_, lots)| **lots > 0) {
                let spec = &case.config.instruments[order.instrument];
                let position = &mut after.snapshot.accounts[0].positions[order.instrument];
                let (lots, price) = (Lots::new(*lots), Ticks::new(order.price));
                position.fill(&spec.instrument, order.side, lots, price, spec.taker_fee).unwrap();
            }
            let counted = after.publish().image.accounts[0].collateral.units();
            // Position cash is rounded down at 1e-12 of a coin, which may cost one money unit.
            prop_assert!(counted >= before - reserve - 1, "{counted} < {before} - {reserve}");
        }
    }

    #[test]
    fn the_cards_requirement_is_never_below_the_cpus(case in cases()) {
        let publication = case.publish();
        let without_orders = Case { orders: Vec::new(), ..case };
        let offsets = &publication.image.accounts[0].offsets;
        let margin = &publication.accounts[0].margin;
        for (lane, offset) in offsets.iter().enumerate() {
            let (total, _) = without_orders.card(&publication, lane).unwrap();
            prop_assert!(margin.pool.by_lane[lane].units() <= total - offset.units());
        }
        let instruments = margin.stand_alone.len();
        prop_assert!(margin.pool.margin.units() <= margin.venue_sum.units() + 1);
        prop_assert!(margin.venue_sum.units() <= margin.stand_alone_sum.units());
        prop_assert!(instruments > 0 || margin.stand_alone_sum.units() == 0);
    }
}

#[test]
fn the_execution_reserve_of_a_perpetual_at_its_mark_is_little_more_than_its_fee() {
    let case = build_case((
        vec![spec(product(Venue::BinanceUsdm, "L", "BTC", Kind::LinearPerpetual, "0.1", "0.001", "1"), 1_000, 0)],
        vec![600_000],
        (60_000, 3_000, 1_000),
        vec![(0, 0)],
        vec![0; 4],
        vec![(0, true, 3, 0)],
        vec![0; 5],
        (0, 5_000, 50_000, 0),
    ));
    let row = case.publish().image.rows[0].clone().unwrap();
    // 60 USD a lot at .05 % is .03 USD, 300 money units; mark_buy = floor(600000 / 1.0005) = 599700.
    assert_eq!((row.mark_buy, row.mark_sell), (599_700, 600_301));
    let reserve = row.execution_reserve(Side::Bid, 600_000, 1).unwrap();
    assert!((300..=320).contains(&reserve), "{reserve}");
    assert_eq!(row.execution_reserve(Side::Bid, 599_700, 1), Some(0));
}
