//! Whole recalculations: determinism, explanation, refusals, the thread, and recorded history.

#![allow(clippy::unwrap_used)] // helpers of tests, where a failure is a failed test

mod common;

use common::{config, decimal, made_history, recorded_history, six_instruments};
use crossgate_instrument::{Lots, Ticks};
use crossgate_risk::{
    AccountState, BankError, EngineError, JointHistory, Money, Position, Ppm, Publication, Recalculator, RiskConfig,
    RiskEngine, RiskError, Snapshot, MANTISSA_MAX, QUEUE_REQUESTS,
};
use rust_decimal::Decimal;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);
const MINUTE_NS: u64 = 60_000_000_000;

fn position(instrument: usize, lots: i64) -> Position {
    Position { lots: Lots::new(lots), ..Position::flat(instrument) }
}

/// 2 BTC long linear against 120,000 USD short inverse, 20 ETH short linear against 20 ETH of spot, 100,000 USDT, 1
/// BTC.
fn snapshot(epoch: u32) -> Snapshot {
    let positions = vec![position(0, 2_000), position(1, -20_000), position(2, -1_200), position(5, 200_000)];
    let balances = [0, 100_000, 1, 0].map(Decimal::from).to_vec();
    let mut positions = positions;
    positions[0].cash = decimal("-120000");
    positions[1].cash = decimal("60000");
    positions[2].cash = decimal("-2");
    positions[3].cash = decimal("-60000");
    Snapshot {
        epoch,
        as_of_ns: u64::from(epoch) * MINUTE_NS,
        marks: [600_000, 300_000, 600_000, 300_000, 6_000_000, 300_000].map(|mark| Some(Ticks::new(mark))).to_vec(),
        asset_prices: vec![Decimal::ONE, Decimal::ONE, decimal("60000"), decimal("3000")],
        accounts: vec![AccountState { account: 7, balances, positions }],
    }
}

fn recalculator() -> Recalculator {
    Recalculator::new(config(six_instruments()), made_history(500)).unwrap()
}

/// A publication without its wall time.
fn timeless(mut publication: Publication) -> Publication {
    publication.seconds = 0.0;
    publication
}

#[test]
fn a_hedged_portfolio_needs_far_less_as_a_pool() {
    let publication = recalculator().recalculate(&snapshot(1)).unwrap();
    let report = &publication.accounts[0];
    let margin = &report.margin;
    assert_eq!(margin.stand_alone.len(), 4);
    assert_eq!(margin.benefit.units(), margin.stand_alone_sum.units() - margin.pool.margin.units());
    assert!(margin.benefit_ppm > Ppm::new(500_000), "{}", margin.benefit_ppm);
    assert!(margin.pool.margin <= margin.venue_sum && margin.venue_sum <= margin.stand_alone_sum);
    let lane = margin.pool.lane.unwrap();
    assert_eq!(margin.pool.by_lane[lane], margin.pool.margin);
    assert_eq!(publication.binding_lane(report), Some(publication.lanes.name(lane)));
    assert!(report.es_97_5 > Money::ZERO && report.var_99 > Money::ZERO);
    let parts: i64 = report.es_components.iter().map(|part| part.units()).sum::<i64>() + report.es_collateral.units();
    assert!((parts - report.es_97_5.units()).abs() <= 5, "components sum to ES up to their roundings");
}

#[test]
fn a_ledger_row_of_the_snapshot_is_that_of_the_image_and_follows_later_fills() {
    let mut recalculator = recalculator();
    let snapshot = snapshot(1);
    let publication = recalculator.recalculate(&snapshot).unwrap();
    let row = |account: &AccountState| {
        Recalculator::ledger_row(recalculator.universe(), &snapshot, &publication.lanes, account)
    };
    let mut account = snapshot.accounts[0].clone();
    assert_eq!(row(&account).unwrap(), publication.image.accounts[0]);
    account.balances[1] -= Decimal::from(1_000);
    let poorer = row(&account).unwrap().collateral.to_decimal();
    assert_eq!(publication.image.accounts[0].collateral.to_decimal() - poorer, decimal("999"));
}

#[test]
fn collateral_is_worked_by_hand() {
    let publication = recalculator().recalculate(&snapshot(1)).unwrap();
    let row = &publication.image.accounts[0];
    // USDT: 100000 + (2*60000 - 120000) + (-20*3000 + 60000) - 60000 = 40000, at .999: 39960.
    // BTC: 1 + (-2 + 120000/60000) = 1, at 60000 * .95 = 57000. Spot ETH: 20 * 3000 * .999 * .99 = 59340.6.
    assert_eq!(row.collateral.to_decimal(), decimal("156300.6"));
    // Gross: 2*60000*1.001 + 20*3000*1.001 + 120000 + 20*3000*1.001 = 360240; .2 % of it and 100.
    assert_eq!(row.reserve.to_decimal(), decimal("820.48"));
    // The only coin outside spot cells is one BTC: in the lane where it falls by its range R, box .5 %, its loss beyond
    // 5 %.
    let fall = |lane: usize| f64::from(publication.lanes.scenarios()[lane].moves[0].get()) / 1e6;
    for (lane, offset) in row.offsets.iter().enumerate() {
        let moved = 0.995 * (1.0 + fall(lane)) - 1.0;
        let loss = if moved > 0.0 { -moved * 0.95 } else { (-moved - 0.05).max(0.0) };
        let expected = loss * 60_000.0 * 1e4;
        let units = Decimal::from(offset.units()).to_string().parse::<f64>().unwrap();
        assert!((units - expected).abs() < 1.01, "lane {lane}: {units} {expected}");
    }
}

#[test]
fn lane_losses_of_a_linear_lot_are_worked_by_hand() {
    let publication = recalculator().recalculate(&snapshot(1)).unwrap();
    let row = publication.image.rows[0].as_ref().unwrap();
    assert_eq!(row.scale.lot_shift, 3);
    for (lane, scenario) in publication.lanes.scenarios().iter().enumerate() {
        let moved = f64::from(scenario.moves[0].get()) / 1e6;
        // Eight lots of .001 BTC at 60,000; a loss in USDT is taken at 1.001, a gain at .999.
        let gain = |corner: f64| {
            let gain = 480.0 * (corner * (1.0 + moved) - 1.0) * 1e4;
            gain * if gain > 0.0 { 0.999 } else { 1.001 }
        };
        let loss = |corner: f64| {
            let loss = 480.0 * (corner * (1.0 + moved) - 1.0) * 1e4;
            loss * if loss > 0.0 { 1.001 } else { 0.999 }
        };
        let unit = f64::from(1_u32 << row.scale.exponent);
        let (long, short) = (-gain(0.995) / unit, loss(1.005) / unit);
        let (actual_long, actual_short) = (f64::from(row.loss_long[lane]), f64::from(row.loss_short[lane]));
        assert!((0.0..1.0001).contains(&(actual_long - long + 1e-6)), "lane {lane} long: {actual_long} {long}");
        assert!((0.0..1.0001).contains(&(actual_short - short + 1e-6)), "lane {lane} short: {actual_short} {short}");
    }
}

#[test]
fn the_same_requests_give_the_same_publications() {
    let run = || -> Vec<Publication> {
        let mut recalculator = recalculator();
        (1..6).map(|epoch| timeless(recalculator.recalculate(&snapshot(epoch)).unwrap())).collect()
    };
    assert_eq!(run(), run());
}

#[test]
fn lanes_keep_their_names_while_ranges_move() {
    let mut recalculator = recalculator();
    let first = recalculator.recalculate(&snapshot(1)).unwrap();
    let mut moved = snapshot(2);
    moved.asset_prices[2] = decimal("52000");
    let second = recalculator.recalculate(&moved).unwrap();
    assert!(second.ranges[0] > first.ranges[0]);
    let names = |p: &Publication| -> Vec<String> { p.lanes.scenarios().iter().map(|s| s.name.clone()).collect() };
    assert_eq!(names(&first), names(&second));
}

#[test]
fn an_epoch_must_rise() {
    let mut recalculator = recalculator();
    recalculator.recalculate(&snapshot(3)).unwrap();
    let error = recalculator.recalculate(&snapshot(3)).unwrap_err();
    assert_eq!(error, RiskError::Epoch { previous: 3, actual: 3 });
}

#[test]
fn an_instrument_without_a_mark_has_no_row_and_must_not_be_held() {
    let mut unmarked = snapshot(1);
    unmarked.marks[3] = None;
    let publication = recalculator().recalculate(&unmarked).unwrap();
    assert!(publication.image.rows[3].is_none() && publication.image.rows[2].is_some());
    unmarked.marks[0] = None;
    let error = recalculator().recalculate(&unmarked).unwrap_err();
    assert_eq!(error, RiskError::Bank(BankError::Position { account: 7, instrument: 0 }));
}

#[test]
fn what_does_not_fit_the_card_is_refused_by_name() {
    let mut dear = snapshot(1);
    dear.marks[0] = Some(Ticks::new(4_000_000_000));
    dear.accounts.clear();
    let error = recalculator().recalculate(&dear).unwrap_err();
    assert!(
        matches!(&error, RiskError::Bank(BankError::Mantissa { symbol, lot_shift: 3 }) if symbol == "BTCUSDT"),
        "{error}"
    );
    let mut rich = snapshot(1);
    rich.accounts[0].balances[0] = decimal("14073748836");
    let error = recalculator().recalculate(&rich).unwrap_err();
    assert_eq!(error, RiskError::Bank(BankError::Money { account: 7, field: "collateral" }));
    let mut wide = config(six_instruments());
    wide.instruments[0].lot_shift = 31;
    let error = Recalculator::new(wide, made_history(100)).unwrap().recalculate(&snapshot(1)).unwrap_err();
    assert!(matches!(error, RiskError::Bank(BankError::Mantissa { lot_shift: 31, .. })), "{error}");
}

#[test]
fn a_spot_haircut_too_wide_for_the_reserve_is_refused_rather_than_blocking_every_order() {
    let mut wide = config(six_instruments());
    wide.instruments[4].spot_haircut = Ppm::new(50_000);
    let error = Recalculator::new(wide, made_history(100)).unwrap().recalculate(&snapshot(1)).unwrap_err();
    // 5 % of 60,000 is 300,000 ticks of .01, more than 17 bits.
    assert!(matches!(error, RiskError::Bank(BankError::Rate { field: "mark_buy", .. })), "{error}");
}

fn engine() -> RiskEngine {
    RiskEngine::spawn(config(six_instruments()), made_history(500)).unwrap()
}

#[test]
fn the_thread_publishes_what_the_function_returns() {
    let engine = engine();
    let mut recalculator = recalculator();
    for epoch in 1..4 {
        engine.submit(snapshot(epoch)).unwrap();
        let published = timeless(engine.recv_epoch(epoch, DEADLINE).unwrap());
        assert_eq!(published, timeless(recalculator.recalculate(&snapshot(epoch)).unwrap()));
    }
}

#[test]
fn a_refused_epoch_is_answered_and_the_next_one_works() {
    let engine = engine();
    let mut bad = snapshot(1);
    bad.marks.pop();
    engine.submit(bad).unwrap();
    assert!(matches!(engine.recv_epoch(1, DEADLINE), Err(EngineError::Risk(RiskError::Market(_)))));
    engine.submit(snapshot(2)).unwrap();
    assert_eq!(engine.recv_epoch(2, DEADLINE).unwrap().epoch(), 2);
}

#[test]
fn waiting_has_a_deadline_and_an_epoch_that_passed_is_named() {
    let engine = engine();
    assert!(matches!(engine.recv_epoch(1, Duration::from_millis(1)), Err(EngineError::Deadline { epoch: 1, .. })));
    engine.submit(snapshot(5)).unwrap();
    assert!(matches!(engine.recv_epoch(4, DEADLINE), Err(EngineError::Passed { epoch: 4, actual: 5 })));
}

#[test]
fn a_full_queue_refuses_at_once() {
    let engine = engine();
    let mut refused = None;
    for epoch in 1..10_000 {
        if let Err(error) = engine.submit(snapshot(epoch)) {
            refused = Some((epoch, error));
            break;
        }
    }
    let (epoch, error) = refused.unwrap();
    assert!(matches!(error, EngineError::Busy { epoch: busy } if busy == epoch));
    assert!(usize::try_from(epoch).unwrap() > QUEUE_REQUESTS);
    assert_eq!(engine.recv_epoch(epoch - 1, DEADLINE).unwrap().epoch(), epoch - 1);
}

fn on_recorded(history: JointHistory, config: RiskConfig) -> (Publication, f64) {
    let mut recalculator = Recalculator::new(config, history).unwrap();
    let mut seconds: Vec<f64> = Vec::new();
    let mut last = None;
    for epoch in 1..=50 {
        let publication = recalculator.recalculate(&snapshot(epoch)).unwrap();
        seconds.push(publication.seconds);
        last = Some(publication);
    }
    seconds.sort_by(f64::total_cmp);
    (last.unwrap(), seconds[seconds.len() / 2])
}

#[test]
fn recorded_history_gives_sound_figures_in_time() {
    let Some(history) = recorded_history(&["BTC", "ETH"]) else { return };
    assert_eq!(history.len(), 2_609);
    let (publication, median) = on_recorded(history, config(six_instruments()));
    let report = &publication.accounts[0];
    eprintln!("{} lanes, 2609 days, 6 instruments: median {:.3} ms", publication.lanes.len(), median * 1e3);
    eprintln!("ranges {} {}", publication.ranges[0], publication.ranges[1]);
    eprintln!(
        "pool {} stand-alone {} benefit {}",
        report.margin.pool.margin, report.margin.stand_alone_sum, report.margin.benefit_ppm
    );
    eprintln!("binding {:?} VaR99 {} ES97.5 {}", publication.binding_lane(report), report.var_99, report.es_97_5);
    for row in publication.image.rows.iter().flatten() {
        eprintln!("{row:?}");
    }
    assert!(publication.lanes.scenarios().iter().any(|s| s.name == "2020-03-12 long all"));
    let all = |pick: fn(&crossgate_risk::InstrumentRow) -> &Vec<i32>| {
        publication.image.rows.iter().flatten().flat_map(move |row| pick(row).iter().map(|m| i64::from(m.abs())))
    };
    let largest = all(|row| &row.loss_long).chain(all(|row| &row.loss_short)).max().unwrap();
    assert!((1_000..=MANTISSA_MAX).contains(&largest), "{largest}");
    assert!(median < 0.1, "a recalculation took {median} s");
}

#[test]
fn three_recorded_assets_share_their_common_dates() {
    let Some(history) = recorded_history(&["BTC", "ETH", "SOL"]) else { return };
    assert_eq!(history.len(), 1_726);
    assert_eq!(history.days()[0].to_string(), "2020-04-11");
    // SOL closed at 0.9510539770126343 and 0.7768189907073975 on the first two days.
    assert!((history.moves(2)[0] - (0.7768189907073975 / 0.9510539770126343 - 1.0)).abs() < 1e-15);
}
