//! Venue ledgers: shared, absent, and beside the pool.

use super::*;

/// Two accounts that share the venue ledger at venue 0, whose collateral is this; both pools have 10,000.
fn shared(collateral: i64) -> Card {
    let mut card = Card::new(10_000);
    card.silent(account(1, 0b1111));
    card.silent(VenueLedger { account: 1, ledger: VENUE_LEDGER, lane_mask: 0b0001, ..Default::default() });
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.silent(loss(2));
    card.silent(BankLoss { lane: 2, epoch: 2, ..Default::default() });
    card.ledger_rows(false, 0, 2, 10_000);
    card.ledger_rows(false, 1, 2, 10_000);
    card.ledger_rows(true, VENUE_LEDGER, 2, collateral);
    assert_eq!(card.commit(2).result, 0);
    card
}

#[test]
fn accounts_that_share_a_venue_ledger_share_its_room() {
    // 4 lots bought at 1,000 are one gate lot: 160 in lane 0.
    let mut card = shared(480);
    assert_eq!(card.reason(order(0, BUY, 8, 1_000)), Reason::Accepted);
    let other = Order { account: 1, ..order(1, BUY, 4, 1_000) };
    assert_eq!(card.reason(other), Reason::Accepted);
    assert_eq!(card.venue_slack(0), 0);
    let verdict = card.verdict(Order { slot: 2, ..other });
    assert_eq!((verdict.reason, verdict.venue_lanes, verdict.venue_zero), (Reason::VenueMargin.code(), 1, false));
    assert_eq!((verdict.pool_lanes, verdict.pool_zero), (0, false));
    // A cancel of the one gives room to the other.
    card.one(Cancelled { slot: 0, generation: 1, ..Default::default() });
    assert_eq!(card.reason(Order { slot: 2, ..other }), Reason::Accepted);
    assert_eq!(card.read(Table::Lane, 1, 0, false)[0], 10_000 - 320);
}

#[test]
fn the_mask_of_the_venue_ledger_row_counts_there() {
    // Account 1 checks lane 0 alone; sold lots lose in lane 1.
    let mut card = shared(0);
    assert_eq!(card.reason(Order { account: 1, ..order(0, SELL, 4, 1_010) }), Reason::Accepted);
    let verdict = card.verdict(order(1, SELL, 4, 1_010));
    assert_eq!((verdict.reason, verdict.venue_lanes), (Reason::VenueMargin.code(), 0b0010));
}

#[test]
fn both_ledgers_are_reported_and_the_pool_comes_first() {
    let mut card = shared(-1);
    card.silent(Collateral { epoch: 2, collateral: -1, ..Default::default() });
    let verdict = card.verdict(order(0, BUY, 4, 1_000));
    assert_eq!(verdict.reason, Reason::PoolMargin.code());
    // The 64 that lane 1 would win are not counted before the fill.
    assert_eq!((verdict.pool_lanes, verdict.pool_zero), (0b1111, true));
    assert_eq!((verdict.venue_lanes, verdict.venue_zero), (0b1111, true));
}

#[test]
fn without_a_venue_ledger_orders_are_malformed_and_positions_move_the_pool() {
    let mut card = Card::new(10_000);
    card.silent(Instrument { instrument: 1, venue: 1, ..instrument() });
    card.silent(limits(1));
    assert_eq!(card.reason(Order { instrument: 1, ..order(0, BUY, 4, 1_000) }), Reason::Malformed);
    card.silent(BankMark { instrument: 0, ..mark(2) });
    card.silent(BankMark { instrument: 1, ..mark(2) });
    card.silent(Marks { epoch: 2 });
    card.silent(BankLoss { instrument: 1, ..loss(2) });
    card.silent(BankLoss { instrument: 1, lane: 2, epoch: 2, ..Default::default() });
    card.rows_behind_marks(2, 10_000);
    card.commit(2);
    let moved = card.one(Position { instrument: 1, lots: 4, price: 1_000, ..Default::default() });
    assert!(matches!(moved, Event::PositionSet(set) if !set.poisoned && !set.venue_poisoned));
    assert_eq!((card.slack(0), card.venue_slack(0)), (10_000 - 160, VENUE_COLLATERAL));
}

#[test]
fn a_position_without_the_rows_of_its_instrument_poisons_both_ledgers() {
    let mut card = Card::new(10_000);
    card.silent(Instrument { instrument: 1, ..instrument() });
    let moved = card.one(Position { instrument: 1, lots: 4, price: 1_000, ..Default::default() });
    assert!(matches!(moved, Event::PositionSet(set) if set.poisoned && set.venue_poisoned));
    assert_eq!((card.account(false), card.venue_account(false)), ([0, 0, 0, 1], [0, 0, 0, 1]));
    // Nothing that did not move.
    let mut card = Card::new(10_000);
    card.silent(Instrument { instrument: 1, ..instrument() });
    let moved = card.one(Position { instrument: 1, lots: 0, price: 1_000, ..Default::default() });
    assert!(matches!(moved, Event::PositionSet(set) if !set.poisoned && !set.venue_poisoned));
}

#[test]
fn a_ledger_is_poisoned_alone_by_its_own_money() {
    // K = -2^47 in the venue ledger: the 160 of one gate lot do not fit.
    let mut card = shared(-(1 << 47));
    assert_eq!(card.reason(order(0, BUY, 4, 1_000)), Reason::Overflow);
    let set = card.position(4, 1_000);
    assert!(!set.poisoned && set.venue_poisoned);
    assert_eq!(card.account(false), [10_000, 0, 0, 0]);
    assert_eq!(card.venue_account(false), [0, 0, 0, 1]);
    let other = Order { account: 1, ..order(0, BUY, 4, 1_000) };
    assert_eq!(card.reason(other), Reason::Overflow, "whoever shares the ledger");
}

#[test]
fn rows_of_venue_ledgers_are_checked_and_read_back() {
    let mut card = Card::new(0);
    assert_eq!(card.read(Table::VenueLedger, 0, 0, false)[0], 1 | 2 << 16 | 0b1111 << 32);
    assert_eq!(card.read(Table::VenueLedger, 0, 1, false), [0; 4]);
    for wrong in [
        VenueLedger { venue: 2, ..Default::default() },
        VenueLedger { account: 4, ..Default::default() },
        VenueLedger { ledger: 4, ..Default::default() },
    ] {
        assert_eq!(card.fault(wrong), Fault::BadField);
    }
    for (table, index, sub) in [
        (Table::VenueLane, 4, 0),
        (Table::VenueLane, 0, 4),
        (Table::VenueAccount, 4, 0),
        (Table::VenueLedger, 4, 0),
        (Table::VenueLedger, 0, 2),
        (Table::Base, 4, 0),
        (Table::Base, 0, 4),
    ] {
        assert_eq!(card.fault(Read { table: table as u8, index, sub, ..Default::default() }), Fault::BadField);
    }
}
