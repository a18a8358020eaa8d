//! Promises of admission in the pipeline of GATE: each of its reasons at its exact limit, and what moves its state.
//!
//! The card alone is asked; the values are worked out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{Account, Ages, Cancelled, Collateral, Commit, Fill, InstrumentLimits, Order, Read};
use crossgate_contract::table::Table;
use crossgate_contract::{Command, Event, Reason};
use gate_support::{scene, scene_without_limits, tiny, window, words, Bank, TinyRig};

/// Sends a command to the card alone; the events.
fn raw(rig: &mut TinyRig, command: impl Into<Command>) -> Vec<Event> {
    let words = words(command);
    match window(&words) {
        crossgate_contract::Window::Orders => rig.orders.push_back(words),
        _ => rig.control.push_back(words),
    }
    rig.run().iter().map(gate_support::Seen::event).collect()
}

fn reason(rig: &mut TinyRig, order: Order) -> Reason {
    match raw(rig, order)[..] {
        [Event::Verdict(verdict)] => Reason::from_code(verdict.reason).expect("a reason"),
        ref other => panic!("{other:?}"),
    }
}

fn order(slot: u16, generation: u16, lots: u64) -> Order {
    Order { account: 1, instrument: 1, slot, generation, lots, price: 1000, ..Default::default() }
}

fn read(rig: &mut TinyRig, table: Table, index: u16) -> [u64; 4] {
    match raw(rig, Read { table: table as u8, index, ..Default::default() })[..] {
        [Event::ReadData(data)] => [data.word_0, data.word_1, data.word_2, data.word_3],
        ref other => panic!("{other:?}"),
    }
}

fn ready() -> TinyRig {
    let mut rig = tiny();
    scene(&mut rig);
    rig
}

#[test]
fn without_limits_an_order_is_malformed() {
    let mut rig = tiny();
    scene_without_limits(&mut rig);
    assert_eq!(read(&mut rig, Table::Limits, 1), [0; 4]);
    assert_eq!(reason(&mut rig, order(0, 1, 1)), Reason::Malformed);
    raw(&mut rig, InstrumentLimits { instrument: 1, notional_max: 1000, touch_ticks: 0 });
    assert_eq!(read(&mut rig, Table::Limits, 1), [1 << 32, 1000, 0, 0]);
    assert_eq!(reason(&mut rig, order(0, 1, 1)), Reason::Accepted);
}

#[test]
fn notional_equal_to_its_limit_passes_and_one_lot_more_fails() {
    let mut rig = ready();
    raw(&mut rig, InstrumentLimits { instrument: 1, notional_max: 50_000, touch_ticks: 0 });
    assert_eq!(reason(&mut rig, order(0, 1, 51)), Reason::Notional);
    assert_eq!(reason(&mut rig, order(0, 1, 50)), Reason::Accepted);
}

#[test]
fn open_orders_are_counted_until_they_are_freed() {
    let mut rig = ready();
    let account = |open_orders_max| Account { account: 1, lane_mask: 0xf, open_orders_max, ..Default::default() };
    raw(&mut rig, account(0));
    assert_eq!(reason(&mut rig, order(0, 1, 1)), Reason::OpenOrders);
    raw(&mut rig, account(2));
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, 1, 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(0, 1, 2)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(1, 1, 2)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::OpenOrders);
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 2);
    let fill =
        |cumulative| Fill { account: 1, instrument: 1, generation: 1, cumulative, price: 1000, ..Default::default() };
    raw(&mut rig, fill(1));
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::OpenOrders, "a part of an order does not free it");
    raw(&mut rig, fill(2));
    raw(&mut rig, fill(2));
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 1, "freed once");
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::Accepted);
    raw(&mut rig, Cancelled { account: 1, instrument: 1, slot: 1, generation: 1, cumulative: 0 });
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 1);
    assert_eq!(read(&mut rig, Table::Rate, 2)[0], 0);
}

#[test]
fn messages_cost_time_and_checks_do_not() {
    let mut rig = ready();
    let row = Account { account: 1, lane_mask: 0xf, open_orders_max: 100, message_cost_us: 100, message_burst_us: 250 };
    raw(&mut rig, row);
    rig.gate.card_time.next = 1_000u64.into();
    // arrival times 1100 and 1200 are within 1000 + 250, 1300 is not
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, 1, 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(0, 1, 1)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(1, 1, 1)), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::MessageRate);
    assert_eq!(read(&mut rig, Table::Rate, 1), [2, 1_200, 0, 0]);
    rig.gate.card_time.next = 1_049u64.into();
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::MessageRate);
    rig.gate.card_time.next = 1_050u64.into();
    assert_eq!(reason(&mut rig, order(2, 1, 1)), Reason::Accepted);
    assert_eq!(read(&mut rig, Table::Rate, 1), [3, 1_300, 0, 0]);
}

/// Whether an order is admitted at this card time; it reserves nothing.
fn passes(rig: &mut TinyRig, now: u64) -> bool {
    rig.gate.card_time.next = now.into();
    match reason(rig, Order { check: true, ..order(0, 1, 1) }) {
        Reason::Accepted => true,
        Reason::Stale => false,
        other => panic!("{other}"),
    }
}

fn bank(rig: &mut TinyRig, epoch: u32, as_of_us: u64, deadline_us: u64) {
    for row in Bank::default().rows(epoch) {
        assert_eq!(rig.fault(row), None);
    }
    let event = rig.one(Commit { epoch, as_of_us, deadline_us, ..Default::default() });
    assert!(matches!(event, Event::Bank(bank) if bank.result == 0), "{event:?}");
}

fn heartbeat(rig: &mut TinyRig, venue: u64, time: u64) {
    rig.gate.beat.next = true;
    rig.gate.beat_venue.next = venue.into();
    rig.gate.beat_time.next = time.into();
    rig.clock();
    rig.gate.beat.next = false;
}

#[test]
fn a_bank_ages_and_has_a_deadline() {
    let mut rig = ready();
    bank(&mut rig, 2, 1_000, 9_000);
    assert!(passes(&mut rig, 9_000) && !passes(&mut rig, 9_001));
    raw(&mut rig, Ages { bank_us: 500, ..Default::default() });
    assert!(passes(&mut rig, 1_500) && !passes(&mut rig, 1_501) && passes(&mut rig, 10), "a time after now has age 0");
    bank(&mut rig, 3, 1_200, 0);
    assert!(passes(&mut rig, 1_700) && !passes(&mut rig, 1_701));
    raw(&mut rig, Ages::default());
    assert!(passes(&mut rig, 1 << 47));
}

#[test]
fn collateral_of_each_ledger_ages_from_its_last_publish() {
    let mut rig = ready();
    bank(&mut rig, 2, 1_000, 0);
    raw(&mut rig, Ages { collateral_us: 300, ..Default::default() });
    assert!(passes(&mut rig, 1_300) && !passes(&mut rig, 1_301));
    let live =
        |venue, age_ms, epoch| Collateral { venue, ledger: 1, epoch, collateral: 1_000, age_ms, ..Default::default() };
    rig.gate.card_time.next = 4_400u64.into();
    raw(&mut rig, live(false, 0, 2));
    assert!(!passes(&mut rig, 4_400), "the venue ledger is still old");
    raw(&mut rig, live(true, 3, 2));
    assert!(!passes(&mut rig, 4_400), "data of 3 ms before are of 1400");
    raw(&mut rig, live(true, 0, 2));
    assert!(passes(&mut rig, 4_700) && !passes(&mut rig, 4_701));
    rig.gate.card_time.next = 5_000u64.into();
    raw(&mut rig, live(false, 0, 1));
    assert!(!passes(&mut rig, 4_701), "a refused one does not count");
    bank(&mut rig, 3, 8_000, 0);
    assert!(passes(&mut rig, 8_300) && !passes(&mut rig, 8_301), "a new bank has its own time");
}

#[test]
fn the_heartbeat_of_the_venue_of_the_instrument_counts() {
    let mut rig = ready();
    raw(&mut rig, Ages { heartbeat_us: 200, ..Default::default() });
    assert!(passes(&mut rig, 200) && !passes(&mut rig, 201), "0 before the first");
    heartbeat(&mut rig, 0, 5_000);
    assert!(!passes(&mut rig, 5_000), "another venue's");
    heartbeat(&mut rig, 1, 5_000);
    assert!(passes(&mut rig, 5_200) && !passes(&mut rig, 5_201));
}
