//! Promises of GATE in RTL about open orders: replaces and their answers, cancels, mass cancels, messages, the watchdog.
//!
//! Each command also goes to the reference model, and so does each message; the values here are worked out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{
    scope, Account, BankMark, Cancel, Cancelled, Commit, Fill, Halt, Marks, MassCancel, Order, Refused, Replace,
    Replaced,
};
use crossgate_contract::event::Closed;
use crossgate_contract::table::Table;
use crossgate_contract::{Command, Event, Fault, Reason};
use crossgate_hdl::gate::LATENCY_CYCLES;
use gate_support::commands::{fill, order, read, ready, reason, replace};
use gate_support::{desk, words, TinyRig};

const LATENCY: u64 = LATENCY_CYCLES as u64;

fn closed(rig: &mut TinyRig, command: impl Into<Command>) -> Closed {
    match rig.one(command) {
        Event::Closed(closed) => closed,
        other => panic!("not closed: {other:?}"),
    }
}

#[test]
fn a_replace_reserves_the_worst_of_both_and_a_refusal_gives_it_back() {
    let mut rig = ready();
    for side in [0, 1] {
        assert_eq!(reason(&mut rig, Order { side, generation: 1, ..order(u16::from(side), 20) }), Reason::Accepted);
        let before = [Table::Account, Table::VenueAccount].map(|table| read(&mut rig, table, 1));
        let worse = if side == 0 { 1003 } else { 997 };
        let said = rig.verdict(replace(side.into(), 30, worse));
        assert_eq!((said.reason, said.side, said.lots, said.price, said.check), (0, side, 30, worse, false));
        let slot = read(&mut rig, Table::Slot, side.into());
        assert_eq!((slot[1], slot[3]), (30, u64::from(worse)));
        assert_eq!(read(&mut rig, Table::Pending, side.into()), [1, 20, 30, 1000 | u64::from(worse) << 32]);
        // 30 lots at 3 ticks of one money unit
        assert_eq!(read(&mut rig, Table::Account, 1)[0], before[0][0] - 90);
        rig.compare_tables();
        let refused = Refused { account: 1, instrument: 1, slot: side.into(), generation: 1 };
        let said = closed(&mut rig, refused);
        assert_eq!((said.released, said.cumulative, said.freed), (10, 0, false));
        assert_eq!([Table::Account, Table::VenueAccount].map(|table| read(&mut rig, table, 1)), before);
        assert_eq!(read(&mut rig, Table::Pending, side.into()), [0; 4]);
        assert_eq!(rig.fault(refused), Some(Fault::UnplacedFill), "nothing is pending any more");
        rig.send(Halt { scope: scope::ACCOUNT, index: 1, halted: false });
        rig.compare_tables();
    }
}

#[test]
fn a_replaced_order_has_the_new_terms() {
    let mut rig = ready();
    rig.send(order(0, 20));
    rig.send(fill(0, 5, 1000));
    assert_eq!(reason(&mut rig, replace(0, 5, 1000)), Reason::LotsRange, "as many as are filled");
    assert_eq!(reason(&mut rig, replace(0, 6, 990)), Reason::Accepted);
    assert_eq!(reason(&mut rig, replace(0, 7, 990)), Reason::Slot, "one is pending");
    rig.send(fill(0, 6, 1000));
    let answer = Replaced { account: 1, instrument: 1, slot: 0, generation: 1, cumulative: 5 };
    let said = closed(&mut rig, answer);
    assert_eq!((said.released, said.cumulative, said.freed), (14, 5, true), "what is filled is all there is");
    assert_eq!(read(&mut rig, Table::Rate, 1)[0], 0);
    rig.compare_tables();
    // anew: 4 of 10 are filled when the venue enters 8 more
    rig.send(Order { generation: 2, ..order(0, 10) });
    let anew = Replace { anew: true, generation: 2, ..replace(0, 8, 1001) };
    assert_eq!(reason(&mut rig, anew), Reason::Accepted);
    assert_eq!(read(&mut rig, Table::Slot, 0)[1], 18);
    assert_eq!(read(&mut rig, Table::Pending, 0)[0], 3);
    rig.send(Fill { generation: 2, ..fill(0, 4, 1000) });
    let said = closed(&mut rig, Replaced { generation: 2, cumulative: 4, ..answer });
    assert_eq!((said.released, said.freed), (6, false));
    let slot = read(&mut rig, Table::Slot, 0);
    assert_eq!((slot[1], slot[2], slot[3]), (12, 4, 1001));
    rig.compare_tables();
}

#[test]
fn answers_that_cannot_be_halt_the_account() {
    let mut rig = ready();
    rig.send(order(0, 20));
    let refused = Refused { account: 1, instrument: 1, slot: 0, generation: 1 };
    let replaced = Replaced { account: 1, instrument: 1, slot: 0, generation: 1, cumulative: 21 };
    let release = Halt { scope: scope::ACCOUNT, index: 1, halted: false };
    assert_eq!(rig.fault(refused), Some(Fault::UnplacedFill));
    assert_eq!(reason(&mut rig, replace(0, 10, 1000)), Reason::HaltedAccount);
    rig.send(release);
    assert_eq!(reason(&mut rig, Replace { anew: true, ..replace(0, 10, 1000) }), Reason::Accepted);
    assert_eq!(rig.fault(replaced), Some(Fault::OverFill), "31 of 30 lots");
    assert_eq!(reason(&mut rig, order(1, 1)), Reason::HaltedAccount);
    rig.send(release);
    assert_eq!(rig.fault(Replaced { generation: 2, ..replaced }), Some(Fault::UnplacedFill));
    assert_eq!(rig.fault(Replaced { slot: 16, ..replaced }), Some(Fault::BadField));
    rig.send(Replaced { cumulative: 20, ..replaced });
    rig.compare_tables();
}

#[test]
fn a_fill_of_everything_and_a_cancelled_end_what_is_pending() {
    let mut rig = ready();
    rig.send(order(0, 20));
    rig.send(replace(0, 30, 1000));
    rig.send(fill(0, 30, 1000));
    assert_eq!(read(&mut rig, Table::Pending, 0), [0; 4]);
    rig.send(order(1, 10));
    rig.send(replace(1, 5, 1001));
    rig.send(Cancelled { account: 1, instrument: 1, slot: 1, generation: 1, cumulative: 2 });
    assert_eq!(read(&mut rig, Table::Pending, 1), [0; 4]);
    rig.compare_tables();
}

#[test]
fn a_replace_beyond_the_margin_changes_nothing() {
    let mut rig = ready();
    rig.send(order(0, 99));
    let said = rig.verdict(replace(0, 101, 1000));
    assert_eq!((said.reason, said.pool_lanes), (Reason::PoolMargin.code(), 1));
    assert_eq!(rig.verdict(replace(0, 100, 1000)).reason, 0);
    rig.compare_tables();
}

#[test]
fn cancels_pass_where_orders_do_not_and_release_nothing() {
    let mut rig = ready();
    rig.send(Order { side: 1, ..order(0, 20) });
    rig.send(Halt { scope: scope::GLOBAL, index: 7, halted: true });
    rig.arm(false);
    rig.ring_full(true);
    let cancel = Cancel { account: 1, instrument: 1, slot: 0, generation: 1, tag: 7, cookie: 9 };
    let before = read(&mut rig, Table::Slot, 0);
    let said = rig.verdict(cancel);
    assert_eq!((said.reason, said.side, said.lots, said.price, said.tag, said.cookie), (0, 1, 0, 0, 7, 9));
    assert_eq!(read(&mut rig, Table::Slot, 0), before);
    assert_eq!(reason(&mut rig, Cancel { generation: 2, ..cancel }), Reason::Slot);
    assert_eq!(reason(&mut rig, Cancel { account: 2, ..cancel }), Reason::Slot);
    assert_eq!(reason(&mut rig, Cancel { slot: 1, ..cancel }), Reason::Slot);
    assert_eq!(reason(&mut rig, Cancel { slot: 16, ..cancel }), Reason::Malformed);
    assert_eq!(rig.accepted + rig.rejected, 1, "only ORDER and REPLACE are counted");
    rig.compare_tables();
}

#[test]
fn a_cancel_costs_a_message_and_a_mass_cancel_does_not() {
    let mut rig = ready();
    let (message_cost_us, message_burst_us) = (100, 250);
    rig.send(Account { account: 1, lane_mask: 0xf, open_orders_max: 9, message_cost_us, message_burst_us });
    rig.set_time_us(1_000);
    rig.send(order(0, 1));
    rig.send(Cancel { account: 1, instrument: 1, slot: 0, generation: 1, ..Default::default() });
    rig.send(MassCancel { scope: scope::ACCOUNT, index: 1, ..Default::default() });
    assert_eq!(read(&mut rig, Table::Rate, 1)[..2], [1, 1_200]);
    assert_eq!(reason(&mut rig, replace(0, 2, 1000)), Reason::MessageRate);
    rig.send(Cancel { account: 1, instrument: 1, slot: 0, generation: 1, ..Default::default() });
    assert_eq!(read(&mut rig, Table::Rate, 1)[..2], [1, 1_300], "a cancel never waits");
}

#[test]
fn mass_cancels_have_a_scope() {
    let mut rig = ready();
    let mass = |scope, index| MassCancel { scope, index, tag: 5, cookie: 6 };
    for (scope, index, expected) in [
        (scope::GLOBAL, 60_000, Reason::Accepted),
        (scope::ACCOUNT, 3, Reason::Accepted),
        (scope::ACCOUNT, 4, Reason::Malformed),
        (scope::INSTRUMENT, 3, Reason::Accepted),
        (scope::INSTRUMENT, 4, Reason::Malformed),
        (scope::VENUE, 1, Reason::Accepted),
        (scope::VENUE, 2, Reason::Malformed),
        (4, 0, Reason::Malformed),
    ] {
        let said = rig.verdict(mass(scope, index));
        assert_eq!((said.reason, said.account, said.tag, said.cookie), (expected.code(), index, 5, 6));
        assert_eq!((said.instrument, said.slot, said.generation), (0, 0, 0));
    }
    let pushed = |rig: &mut TinyRig, command: Command| {
        rig.control.push_back(words(command));
        rig.run();
        std::mem::take(&mut rig.messages)
    };
    let halt = |halted| Command::from(Halt { scope: scope::INSTRUMENT, index: 2, halted });
    let expected = words(MassCancel { scope: scope::INSTRUMENT, index: 2, tag: 0, cookie: 0 });
    assert_eq!(pushed(&mut rig, halt(true)), [(true, expected)]);
    assert_eq!(pushed(&mut rig, halt(false)), []);
}

#[test]
fn nothing_but_a_conflict_delays_a_command_that_is_judged() {
    let mut rig = ready();
    for account in 0..4 {
        rig.send(Order { account, ..order(account, 5) });
    }
    let cancel = |account| Cancel { account, instrument: 1, slot: account, generation: 1, ..Default::default() };
    let commands = [
        words(Replace { account: 0, ..replace(0, 6, 1000) }),
        words(cancel(1)),
        words(MassCancel { scope: scope::ACCOUNT, index: 1, ..Default::default() }),
        words(Order { account: 2, ..order(9, 1) }),
        words(MassCancel::default()),
        words(Replaced { account: 3, instrument: 1, slot: 3, generation: 1, cumulative: 0 }),
        words(cancel(0)),
    ];
    commands.iter().for_each(|words| drop(rig.offer(*words)));
    rig.taken.clear();
    let seen = rig.check();
    let from_first: Vec<u64> = seen.iter().map(|seen| seen.cycle - rig.taken[0]).collect();
    let last = 2 * LATENCY;
    assert_eq!(from_first, [0, 1, 2, 3, 4, 5, last - LATENCY].map(|clocks| LATENCY + clocks));
    assert_eq!(seen[0].wait, 0);
}

#[test]
fn the_watchdog_halts_everything_and_cancels_everything() {
    let mut rig = ready();
    rig.send(order(0, 5));
    rig.set_time_us(4);
    rig.set_watchdog_us(5);
    assert!(!rig.gate.halted.val());
    rig.set_time_us(5);
    assert!(rig.gate.halted.val());
    assert_eq!(reason(&mut rig, order(1, 5)), Reason::HaltedGlobal);
    rig.send(Halt { scope: scope::GLOBAL, index: 0, halted: false });
    assert_eq!(reason(&mut rig, order(1, 5)), Reason::Accepted);
    rig.compare_tables();
}

#[test]
fn the_watchdog_does_not_wait_for_a_bank_that_is_emptied() {
    let mut rig = desk();
    rig.send(BankMark { instrument: 1, epoch: 1, mark_buy: 5, mark_sell: 5, ..Default::default() });
    rig.send(Marks { epoch: 1 });
    rig.offer(words(Commit { epoch: 1, ..Default::default() }));
    while rig.seen.is_empty() {
        rig.clock();
    }
    rig.orders.push_back(words(order(0, 1)));
    rig.orders.push_back(words(order(1, 1)));
    rig.gate.fired.next = true;
    rig.clock();
    rig.gate.fired.next = false;
    let fired = rig.cycle;
    let seen = rig.run();
    let at = seen.iter().find(|seen| matches!(seen.event(), Event::FaultRaised(_))).expect("the fault").cycle;
    assert!(at - fired <= LATENCY + 3, "{} clocks", at - fired);
    assert_eq!(rig.messages, [(true, words(MassCancel::default()))]);
}

#[test]
fn nothing_enters_while_egress_has_no_room() {
    let mut rig = ready();
    rig.gate.egress_room.next = false;
    rig.orders.push_back(words(MassCancel::default()));
    rig.control.push_back(words(Halt { scope: scope::GLOBAL, index: 0, halted: true }));
    rig.gate.fired.next = true;
    rig.clock();
    rig.gate.fired.next = false;
    for _ in 0..60 {
        rig.clock();
    }
    assert!(rig.seen.is_empty() && rig.messages.is_empty() && !rig.gate.halted.val());
    rig.gate.egress_room.next = true;
    rig.run();
    assert_eq!(rig.messages.len(), 3);
    assert!(rig.messages.iter().all(|(mass, _)| *mass));
}
