//! The engine against reference numbers made elsewhere: `vectors/gen_vectors.py` (numpy, scipy, QuantLib) and its
//! output.

#![allow(clippy::unwrap_used)] // helpers of tests, where a failure is a failed test

mod common;

use common::{asset, config, decimal, product, spec};
use crossgate_instrument::{Kind, Lots, Ticks, Venue};
use crossgate_risk::{
    component_es, ewma_variance, historical, Exact, Level, Market, Ppm, RiskConfig, Scenario, Universe,
};
use rust_decimal::Decimal;
use serde_json::Value;

fn vectors(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn close(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}

#[test]
fn historical_var_and_es_match_the_reference_series() {
    let file = vectors(include_str!("vectors/historical_var.json"));
    let returns = numbers(&file["returns"]);
    for (level, name) in [(Level::P99, "0.99"), (Level::P97_5, "0.975"), (tail(50_000), "0.95")] {
        let (reference, risk) = (&file["hs"][name], historical(&returns, level).unwrap());
        let var = reference["VaR_order_stat"].as_f64().unwrap();
        close(risk.var, var, 1e-12);
        // The reference averages the losses strictly beyond VaR; at or beyond it there is one more.
        let beyond = reference["k_0based_from_worst"].as_f64().unwrap();
        let es = (reference["ES_tail_mean_k"].as_f64().unwrap() * beyond + var) / (beyond + 1.0);
        close(risk.es, es, 1e-12);
    }
    // A tail of 7 of 750 is the reference's own at 99 %.
    let seven = historical(&returns, tail(9_333)).unwrap();
    close(seven.es, file["hs"]["0.99"]["ES_tail_mean_k"].as_f64().unwrap(), 1e-12);
}

fn tail(parts: i32) -> Level {
    Level::with_tail(Ppm::new(parts)).unwrap()
}

#[test]
fn ewma_volatility_matches_the_reference() {
    let file = vectors(include_str!("vectors/historical_var.json"));
    let sigma = ewma_variance(&numbers(&file["returns"]), 0.94).sqrt();
    close(sigma, file["ewma"]["sigma_next"].as_f64().unwrap(), 1e-12);
}

#[test]
fn es_components_match_the_reference_and_sum_to_the_whole() {
    let file = vectors(include_str!("vectors/euler_es_allocation.json"));
    let rows: Vec<Vec<f64>> = file["pnl"].as_array().unwrap().iter().map(numbers).collect();
    let total: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
    // The reference's tail has 12 of 500 outcomes: 2.4 %.
    let risk = historical(&total, tail(24_000)).unwrap();
    close(risk.es, file["ES"].as_f64().unwrap(), 1e-6);
    let (components, alone) = (numbers(&file["components"]), numbers(&file["standalone"]));
    let mut sum = 0.0;
    for (venue, (component, alone)) in components.into_iter().zip(alone).enumerate() {
        let part: Vec<f64> = rows.iter().map(|row| row[venue]).collect();
        let actual = component_es(&part, &risk);
        close(actual, component, 1e-6);
        close(historical(&part, tail(24_000)).unwrap().es, alone, 1e-6);
        sum += actual;
    }
    close(sum, risk.es, 1e-6);
}

/// A linear and an inverse perpetual whose lots are fine enough to hold the reference positions, without box, haircut
/// or fee.
fn fine_config() -> RiskConfig {
    let venue = Venue::BinanceUsdm;
    let linear = product(venue, "LINEAR", "BTC", Kind::LinearPerpetual, "0.01", "0.000000001", "1");
    let inverse = product(venue, "INVERSE", "BTC", Kind::InversePerpetual, "0.01", "0.00000000001", "1");
    let mut config = config(vec![spec(linear, 1, 0), spec(inverse, 1, 0)]);
    config.validity_box = Ppm::default();
    config.assets = vec![asset("USD", 0), asset("USDT", 0), asset("BTC", 0)];
    config
}

#[test]
fn futures_pnl_matches_the_reference_exactly_and_in_floating_point() {
    let file = vectors(include_str!("vectors/futures_scenario_pnl.json"));
    let universe = Universe::new(fine_config()).unwrap();
    for row in file["rows"].as_array().unwrap() {
        let number = |name: &str| decimal_of(&row[name]);
        let (base, mark, shock) = (number("pos_base"), number("mark"), number("shock"));
        let ticks = Ticks::new(whole(mark * Decimal::from(100)));
        let market = Market::new(&universe, &[Some(ticks); 2], &[Decimal::ONE, Decimal::ONE, mark]).unwrap();
        // The inverse position is given in coins at the mark: this many dollars.
        let lots = [base * Decimal::from(1_000_000_000), base * mark * Decimal::from(100_000_000_000_i64)]
            .map(|lots| Lots::new(whole(lots)));
        let moved = Ppm::new(i32::try_from(whole(shock * Decimal::from(1_000_000))).unwrap());
        let scenario = Scenario { name: "reference".to_owned(), moves: vec![moved, moved] };
        let coin_price = mark * (Decimal::ONE + shock);
        let expected = [number("linear_pnl_quote"), number("inverse_pnl_coin") * coin_price];
        for (instrument, expected) in expected.into_iter().enumerate() {
            let expected = Exact::from(expected).to_f64();
            let tolerance = 1e-10 * expected.abs().max(1e-3);
            let exact = market.lot_loss(instrument, &scenario).unwrap().of(lots[instrument]);
            close(-exact.to_f64(), expected, tolerance);
            close(market.pnl(instrument, lots[instrument], moved.to_f64()), expected, tolerance);
        }
    }
}

/// The decimal that a JSON number is written as; exponents are small ones.
fn decimal_of(value: &Value) -> Decimal {
    let text = value.to_string();
    Decimal::from_scientific(&text).unwrap_or_else(|_| decimal(&text))
}

fn whole(value: Decimal) -> i64 {
    assert_eq!(value, value.trunc(), "the grid holds the reference position");
    value.trunc().to_string().parse().unwrap()
}
