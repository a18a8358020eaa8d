//! Promises of GATE in RTL about its ledgers and kinds of lanes: the venue ledger, the closing rule, REL and UNIT lanes.
//!
//! Each command also goes to the reference model; the values here are worked out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{BankBase, BankLanes, BankLoss, BankOffset, Collateral, Order, VenueLedger};
use crossgate_contract::event::Verdict;
use crossgate_contract::Reason;
use gate_support::bank::{publish, Bank};
use gate_support::commands::{hold, order, ready, reason};
use gate_support::TinyRig;

#[test]
fn the_venue_ledger_binds_by_itself_and_is_shared() {
    let mut rig = ready();
    rig.send(VenueLedger { venue: 1, account: 2, ledger: 1, lane_mask: 0xf });
    Bank { collateral: 1 << 40, venue_collateral: 1_000, ..Bank::default() }.publish(&mut rig, 2);
    assert_eq!(reason(&mut rig, order(0, 60)), Reason::Accepted);
    assert_eq!(reason(&mut rig, Order { account: 2, ..order(1, 40) }), Reason::Accepted);
    let Verdict { reason: code, venue_lanes, venue_zero, pool_lanes, pool_zero, .. } = rig.verdict(order(2, 1));
    assert_eq!((code, venue_lanes, venue_zero), (Reason::VenueMargin.code(), 1, false));
    assert_eq!((pool_lanes, pool_zero), (0, false));
    assert_eq!(reason(&mut rig, Order { account: 2, ..order(2, 1) }), Reason::VenueMargin, "one ledger");
    assert_eq!(reason(&mut rig, Order { account: 3, ..order(2, 100) }), Reason::Accepted, "another one");
    // its own collateral, live
    let live = Collateral { venue: true, ledger: 1, epoch: 2, collateral: 1_010, ..Default::default() };
    assert_eq!(rig.fault(live), None);
    assert_eq!(reason(&mut rig, order(3, 1)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(4, 1)), Reason::VenueMargin);
    rig.compare_tables();
}

#[test]
fn both_ledgers_are_reported_and_the_pool_comes_first() {
    let mut rig = ready();
    Bank { venue_collateral: 990, ..Bank::default() }.publish(&mut rig, 2);
    let Verdict { reason, pool_lanes, venue_lanes, .. } = rig.verdict(order(0, 101));
    assert_eq!((reason, pool_lanes, venue_lanes), (Reason::PoolMargin.code(), 1, 1));
    let Verdict { reason, pool_lanes, venue_lanes, .. } = rig.verdict(order(0, 100));
    assert_eq!((reason, pool_lanes, venue_lanes), (Reason::VenueMargin.code(), 0, 1));
    let Verdict { reason, closing, .. } = rig.verdict(order(0, 99));
    assert_eq!((reason, closing), (Reason::Accepted.code(), false));
}

#[test]
fn closing_orders_pass_where_they_leave_nothing_worse() {
    let mut rig = ready();
    assert_eq!(hold(&mut rig, 1, 200).0, [false; 2]);
    // lane 0 is at 1,000 - 2,000, so the least is -1,000; a sold lot gives back 10
    let sell = |lots, price| Order { side: 1, check: true, price, ..order(0, lots) };
    let expected = [
        (sell(50, 1000), Reason::Accepted),
        (sell(200, 1000), Reason::Accepted),
        (sell(201, 1000), Reason::PoolMargin),
        // 10 ticks through the mark cost what the lot gives back, 11 do not
        (sell(50, 990), Reason::Accepted),
        (sell(50, 989), Reason::PoolMargin),
        // lane 1 stands at 800 and gives back 1 a lot, less than the reserve of 10 that it holds
        (sell(180, 990), Reason::Accepted),
        (sell(181, 990), Reason::PoolMargin),
        (Order { check: true, ..order(0, 1) }, Reason::PoolMargin),
    ];
    for (order, reason) in expected {
        let verdict = rig.verdict(order);
        assert_eq!((verdict.reason, verdict.closing), (reason.code(), reason == Reason::Accepted), "{order:?}");
    }
    let first = rig.verdict(Order { check: false, ..sell(150, 1000) });
    assert_eq!((first.reason, first.closing), (Reason::Accepted.code(), true));
    let open = |lots| Order { generation: 1, slot: 1, ..sell(lots, 1000) };
    assert_eq!(reason(&mut rig, open(51)), Reason::PoolMargin, "150 are on their way");
    assert_eq!(reason(&mut rig, open(50)), Reason::Accepted);
    // the other way round
    assert_eq!(hold(&mut rig, 2, -200).0, [false; 2]);
    let buy = |lots, price| Order { account: 2, slot: 2, check: true, price, ..order(0, lots) };
    for (order, reason) in [
        (buy(200, 1000), Reason::Accepted),
        (buy(201, 1000), Reason::PoolMargin),
        // lane 1 stands at 600
        (buy(160, 1010), Reason::Accepted),
        (buy(161, 1010), Reason::PoolMargin),
        (buy(1, 1011), Reason::PoolMargin),
    ] {
        assert_eq!(self::reason(&mut rig, order), reason, "{order:?}");
    }
    rig.compare_tables();
}

#[test]
fn long_and_short_losses_are_not_exchanged() {
    let mut rig = ready();
    let losses = vec![BankLoss { lane: 0, instrument: 1, long_0: 10, short_0: 25, ..Default::default() }];
    Bank { losses, ..Bank::default() }.publish(&mut rig, 2);
    for (side, most) in [(0, 100), (1, 40)] {
        let order = |lots| Order { side, check: true, ..order(0, lots) };
        assert_eq!(reason(&mut rig, order(most)), Reason::Accepted);
        assert_eq!(reason(&mut rig, order(most + 1)), Reason::PoolMargin);
    }
}

#[test]
fn relative_lanes_count_from_the_base_and_unit_lanes_from_their_limit() {
    let mut rig = ready();
    assert_eq!(hold(&mut rig, 1, 7).0, [false; 2]);
    let limit = |venue, offset| BankOffset { lane: 2, ledger: 1, venue, offset, ..Default::default() };
    let bank = |base, relative| Bank {
        lanes: BankLanes { relative, unit: 4, ..Default::default() },
        bases: vec![BankBase { account: 1, instrument: 1, base, ..Default::default() }],
        losses: vec![BankLoss { lane: 2, instrument: 1, long_0: 3, short_0: 3, ..Default::default() }],
        offsets: vec![limit(false, -30), limit(true, -1_000)],
        ..Bank::default()
    };
    // 30 units at 3 a lot from the base 7: 10 lots either way; money does not count
    let most = |rig: &mut TinyRig, side: u8, lots: u64| {
        let order = |lots| Order { side, check: true, ..order(0, lots) };
        assert_eq!(reason(rig, order(lots)), Reason::Accepted, "{side} {lots}");
        let Verdict { pool_lanes, pool_zero, .. } = rig.verdict(order(lots + 1));
        assert_eq!((pool_lanes, pool_zero), (4, false), "{side} {lots}");
    };
    bank(7, 4).publish(&mut rig, 2);
    most(&mut rig, 0, 10);
    most(&mut rig, 1, 10);
    rig.compare_tables();
    bank(5, 4).publish(&mut rig, 3);
    most(&mut rig, 0, 8);
    most(&mut rig, 1, 12);
    // ABS: from zero
    bank(5, 0).publish(&mut rig, 4);
    most(&mut rig, 0, 3);
    most(&mut rig, 1, 17);
    rig.compare_tables();
    publish(&mut rig, 5, 1_000);
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, 93) }), Reason::Accepted, "no kinds, no base");
    rig.compare_tables();
}
