//! Promises of admission in the pipeline of GATE: each of its reasons at its exact limit, and what moves its state.
//!
//! Each command also goes to the reference model; the values here are worked out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{Account, Ages, Collateral, Commit, Heartbeat, InstrumentLimits, Order};
use crossgate_contract::table::Table;
use crossgate_contract::{Event, Reason, Window};
use gate_support::bank::Bank;
use gate_support::commands::{cancelled, fill, order, read, ready, reason};
use gate_support::{scene_without_limits, tiny, words, TinyRig};

#[test]
fn without_limits_an_order_is_malformed() {
    let mut rig = tiny();
    scene_without_limits(&mut rig);
    assert_eq!(read(&mut rig, Table::Limits, 1), [0; 4]);
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::Malformed);
    rig.send(InstrumentLimits { instrument: 1, notional_max: 1000, touch_ticks: 0 });
    assert_eq!(read(&mut rig, Table::Limits, 1), [1 << 32, 1000, 0, 0]);
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::Accepted);
}

#[test]
fn notional_equal_to_its_limit_passes_and_one_lot_more_fails() {
    let mut rig = ready();
    rig.send(InstrumentLimits { instrument: 1, notional_max: 50_000, touch_ticks: 0 });
    assert_eq!(reason(&mut rig, order(0, 51)), Reason::Notional);
    assert_eq!(reason(&mut rig, order(0, 50)), Reason::Accepted);
}

#[test]
fn open_orders_are_counted_until_they_are_freed() {
    let mut rig = ready();
    let account = |open_orders_max| Account { account: 1, lane_mask: 0xf, open_orders_max, ..Default::default() };
    rig.send(account(0));
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::OpenOrders);
    rig.send(account(2));
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(0, 2)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(1, 2)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::OpenOrders);
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 2);
    rig.send(fill(0, 1, 1000));
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::OpenOrders, "a part of an order does not free it");
    rig.send(fill(0, 2, 1000));
    rig.send(fill(0, 2, 1000));
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 1, "freed once");
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::Accepted);
    rig.send(cancelled(1, 0));
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 1);
    assert_eq!(read(&mut rig, Table::Rate, 2)[0], 0);
}

#[test]
fn messages_cost_time_and_checks_do_not() {
    let mut rig = ready();
    let row = Account { account: 1, lane_mask: 0xf, open_orders_max: 100, message_cost_us: 100, message_burst_us: 250 };
    rig.send(row);
    rig.set_time_us(1_000);
    // arrival times 1100 and 1200 are within 1000 + 250, 1300 is not
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(1, 1)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::MessageRate);
    assert_eq!(read(&mut rig, Table::Rate, 1), [2, 1_200, 0, 0]);
    rig.set_time_us(1_049);
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::MessageRate);
    rig.set_time_us(1_050);
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::Accepted);
    assert_eq!(read(&mut rig, Table::Rate, 1), [3, 1_300, 0, 0]);
}

/// Whether an order is admitted at this card time; it reserves nothing.
fn passes(rig: &mut TinyRig, now: u64) -> bool {
    rig.set_time_us(now);
    match reason(rig, Order { check: true, ..order(0, 1) }) {
        Reason::Accepted => true,
        Reason::Stale => false,
        other => panic!("{other}"),
    }
}

fn bank(rig: &mut TinyRig, epoch: u32, as_of_us: u64, deadline_us: u64) {
    for row in Bank::default().rows(epoch) {
        assert_eq!(rig.fault(row), None, "{row:?}");
    }
    let event = rig.one(Commit { epoch, as_of_us, deadline_us, ..Default::default() });
    assert!(matches!(event, Event::Bank(bank) if bank.result == 0), "{event:?}");
}

/// What BOOK hands to GATE of a HEARTBEAT.
fn heartbeat(rig: &mut TinyRig, venue: u8, time_us: u64) {
    assert!(rig.model.command(Window::Market, words(Heartbeat { venue, time_us })).is_empty());
    rig.gate.beat.next = true;
    rig.gate.beat_venue.next = u64::from(venue).into();
    rig.gate.beat_time.next = time_us.into();
    rig.clock();
    rig.gate.beat.next = false;
}

#[test]
fn a_bank_ages_and_has_a_deadline() {
    let mut rig = ready();
    bank(&mut rig, 2, 1_000, 9_000);
    assert!(passes(&mut rig, 9_000) && !passes(&mut rig, 9_001));
    rig.send(Ages { bank_us: 500, ..Default::default() });
    assert!(passes(&mut rig, 1_500) && !passes(&mut rig, 1_501) && passes(&mut rig, 10), "a time after now has age 0");
    bank(&mut rig, 3, 1_200, 0);
    assert!(passes(&mut rig, 1_700) && !passes(&mut rig, 1_701));
    rig.send(Ages::default());
    assert!(passes(&mut rig, 1 << 47));
}

#[test]
fn collateral_of_each_ledger_ages_from_its_last_publish() {
    let mut rig = ready();
    bank(&mut rig, 2, 1_000, 0);
    rig.send(Ages { collateral_us: 300, ..Default::default() });
    assert!(passes(&mut rig, 1_300) && !passes(&mut rig, 1_301));
    let live =
        |venue, age_ms, epoch| Collateral { venue, ledger: 1, epoch, collateral: 1_000, age_ms, ..Default::default() };
    rig.set_time_us(4_400);
    rig.send(live(false, 0, 2));
    assert!(!passes(&mut rig, 4_400), "the venue ledger is still old");
    rig.send(live(true, 3, 2));
    assert!(!passes(&mut rig, 4_400), "data of 3 ms before are of 1400");
    rig.send(live(true, 0, 2));
    assert!(passes(&mut rig, 4_700) && !passes(&mut rig, 4_701));
    rig.set_time_us(5_000);
    rig.send(live(false, 0, 1));
    assert!(!passes(&mut rig, 4_701), "a refused one does not count");
    bank(&mut rig, 3, 8_000, 0);
    assert!(passes(&mut rig, 8_300) && !passes(&mut rig, 8_301), "a new bank has its own time");
}

#[test]
fn the_heartbeat_of_the_venue_of_the_instrument_counts() {
    let mut rig = ready();
    rig.send(Ages { heartbeat_us: 200, ..Default::default() });
    assert!(passes(&mut rig, 200) && !passes(&mut rig, 201), "0 before the first");
    heartbeat(&mut rig, 0, 5_000);
    assert!(!passes(&mut rig, 5_000), "another venue's");
    heartbeat(&mut rig, 1, 5_000);
    assert!(passes(&mut rig, 5_200) && !passes(&mut rig, 5_201));
}
