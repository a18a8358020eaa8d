//! The closing rule.

use super::*;

/// Long 40 lots: 10 gate lots. W_0 = 1,600, W_1 = -640, so with a collateral of 1,000 S_0 = -600 and S_1 = 1,640; m =
/// -600.
fn long(collateral: i64) -> Card {
    let mut card = Card::new(collateral);
    assert_eq!(card.position(40, 1_000).y_active, 0);
    card
}

fn shown(verdict: Verdict) -> (Reason, bool, u32, bool) {
    (Reason::from_code(verdict.reason).unwrap(), verdict.closing, verdict.pool_lanes, verdict.pool_zero)
}

#[test]
fn an_order_that_only_closes_passes_beyond_the_limit() {
    let mut card = long(1_000);
    assert_eq!(shown(card.verdict(order(0, BUY, 4, 1_000))), (Reason::PoolMargin, false, 0b0001, false));
    assert_eq!(shown(card.verdict(order(0, SELL, 4, 1_010))), (Reason::Accepted, true, 0, false));
    assert_eq!(card.cell(), [40, 0, 4]);
    assert_eq!(card.slack(0), -600);
}

#[test]
fn within_the_limits_the_rule_is_not_needed() {
    assert_eq!(shown(long(1_600).verdict(order(0, SELL, 4, 1_010))), (Reason::Accepted, false, 0, false));
    assert_eq!(shown(long(1_599).verdict(order(0, SELL, 4, 1_010))), (Reason::Accepted, true, 0, false));
}

#[test]
fn open_orders_of_the_side_count_and_the_position_may_not_turn() {
    let mut card = long(1_000);
    assert_eq!(shown(card.verdict(order(0, SELL, 41, 1_010))), (Reason::PoolMargin, false, 0b0001, false));
    assert!(card.verdict(order(0, SELL, 39, 1_010)).closing);
    assert_eq!(card.reason(order(1, SELL, 2, 1_010)), Reason::PoolMargin);
    assert!(card.verdict(order(1, SELL, 1, 1_010)).closing);
    assert_eq!(card.reason(order(2, SELL, 1, 1_010)), Reason::PoolMargin);
}

#[test]
fn a_charge_is_covered_by_what_the_lane_releases_up_to_equality() {
    // Each tick below 1,010 costs 5 a gate lot: a rate of 10 at 1,008. Lane 0 releases 10 a gate lot sold.
    let sell = |price: u32, tick_sell: u32| {
        let mut card = Card::new(1_000);
        card.bank(2, BankMark { tick_sell, ..mark(2) }, 1_000);
        card.position(40, 1_000);
        shown(card.verdict(order(0, SELL, 4, price)))
    };
    assert_eq!(sell(1_008, 5 * 256), (Reason::Accepted, true, 0, false));
    // A rate of 11 exceeds it: S_0 = -600 - 176 is below m.
    assert_eq!(sell(1_009, 11 * 256), (Reason::PoolMargin, false, 0b0001, false));
}

#[test]
fn a_lane_that_releases_less_than_the_rate_must_hold_m_by_itself() {
    // Lane 1 wins with the position. With lane 1 and 2 checked alone: H = -100, S_1 = 540, S_2 = -100, m = -100.
    let mut card = long(-100);
    card.silent(account(0, 0b0110));
    // Sold at 1,009: the rate is 3, X = 48, so H falls below m.
    assert_eq!(shown(card.verdict(order(0, SELL, 4, 1_009))), (Reason::PoolMargin, false, 0b0100, true));
    assert_eq!(shown(card.verdict(order(0, SELL, 4, 1_010))), (Reason::Accepted, true, 0, false));
}

#[test]
fn a_short_position_is_closed_by_buying() {
    // Short 40 lots at 1,010: W_1 = 1,280; C = 1,000 leaves S_1 = -280. Lane 1 releases 8 a gate lot bought.
    let mut card = Card::new(1_000);
    assert_eq!(card.position(-40, 1_010).y_active, 0);
    assert_eq!(card.reason(order(0, SELL, 4, 1_010)), Reason::PoolMargin);
    // 1,004 has the rate 8, 1,005 has 10.
    assert_eq!(card.reason(order(0, BUY, 4, 1_005)), Reason::PoolMargin);
    assert!(card.verdict(order(0, BUY, 4, 1_004)).closing);
    assert_eq!(card.reason(order(1, BUY, 37, 1_000)), Reason::PoolMargin);
    assert!(card.verdict(order(1, BUY, 36, 1_000)).closing);
}

#[test]
fn a_rel_lane_gets_no_credit_for_what_it_releases() {
    // Lane 0 REL from p0 = 0: the same slacks, but the charge of 48 at 1,009 is not given back.
    let mut card = Card::new(1_000);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.silent(BankLanes { epoch: 2, relative: 0b0001, unit: 0 });
    card.rows_behind_marks(2, 1_000);
    card.commit(2);
    card.position(40, 1_000);
    assert_eq!(shown(card.verdict(order(0, SELL, 4, 1_009))), (Reason::PoolMargin, false, 0b0001, false));
    assert!(card.verdict(order(0, SELL, 4, 1_010)).closing);
}

#[test]
fn a_unit_lane_must_stay_within_its_constant() {
    // Lane 3 is UNIT with L = 5 and loses nothing long, 1 a gate lot short; lane 2 wins nothing.
    let mut card = Card::new(1_000);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.silent(BankLanes { epoch: 2, relative: 0b1000, unit: 0b1000 });
    card.silent(BankBase { epoch: 2, base: 40, ..Default::default() });
    card.rows_behind_marks(2, 1_000);
    card.silent(BankLoss { lane: 2, epoch: 2, long_1: 0, short_1: 1, ..Default::default() });
    for (venue, ledger) in [(false, 0), (true, VENUE_LEDGER)] {
        card.silent(BankOffset { lane: 3, ledger, epoch: 2, offset: -32, venue });
    }
    card.commit(2);
    card.position(40, 1_000);
    // S_3 = 32 - 16 * (gate lots below the base): two gate lots at most, whatever the money says.
    assert_eq!(card.slack(3), 32);
    assert_eq!(shown(card.verdict(order(0, SELL, 9, 1_010))), (Reason::PoolMargin, false, 0b1001, false));
    assert!(card.verdict(order(0, SELL, 8, 1_010)).closing);
    assert_eq!(card.slack(3), 0);
}

#[test]
fn each_ledger_passes_by_itself() {
    // The pool has room; the venue ledger is at S_0 = -600 like the pool of the other tests.
    let mut card = Card::new(10_000);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.rows_behind_marks(2, 10_000);
    card.silent(BankCollateral { venue: true, ledger: VENUE_LEDGER, ..collateral_row(2, 1_000) });
    card.commit(2);
    card.position(40, 1_000);
    assert_eq!(card.venue_slack(0), -600);
    let refused = card.verdict(order(0, BUY, 4, 1_000));
    assert_eq!((shown(refused), refused.venue_lanes), ((Reason::VenueMargin, false, 0, false), 0b0001));
    let closing = card.verdict(order(0, SELL, 4, 1_010));
    assert_eq!((shown(closing), closing.venue_lanes), ((Reason::Accepted, true, 0, false), 0));
    // The venue ledger closes, the pool does not: only the pool is reported.
    let live = Collateral { epoch: 2, collateral: -5_000, ..Default::default() };
    card.silent(live);
    let refused = card.verdict(order(1, BUY, 4, 1_000));
    assert_eq!((shown(refused), refused.venue_lanes), ((Reason::PoolMargin, false, 0b1111, true), 0b0001));
}
