//! Clocks of GATE: the latency of a verdict, what waits for what, the sweep, and the speed of its simulation.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{
    BankCollateral, BankMark, Cancel, Commit, Fence, Fill, Marks, MassCancel, Order, Position, Read, Replace,
    VenueLedger,
};
use crossgate_contract::Event;
use crossgate_hdl::gate::LATENCY_CYCLES;
use gate_support::random::Host;
use gate_support::{desk, scene, tiny, words, Seen, TinyRig};

const LATENCY: u64 = LATENCY_CYCLES as u64;

fn order(account: u16, slot: u16) -> Order {
    Order { account, instrument: 1, slot, generation: 1, lots: 1, price: 1000, ..Default::default() }
}

fn verdicts(rig: &mut TinyRig, orders: &[Order]) -> Vec<Seen> {
    for order in orders {
        rig.offer(words(*order));
    }
    rig.taken.clear();
    rig.check()
}

#[test]
fn the_latency_of_a_verdict_is_stated_and_constant() {
    assert_eq!(LATENCY, 15, "the documentation states 15 clocks");
    let mut rig = tiny();
    let mut host = Host::new(21, &rig.sizes);
    host.commands(&mut rig, 1_500);
    for opcode in [Order::CODE, Replace::CODE, Cancel::CODE, MassCancel::CODE] {
        let latencies = rig.latencies.remove(&opcode).unwrap_or_default();
        let least = if opcode == Order::CODE { 200 } else { 10 };
        assert!(latencies.len() > least, "opcode {opcode:#x}: {} verdicts", latencies.len());
        assert!(latencies.iter().all(|latency| *latency == LATENCY), "opcode {opcode:#x}: {latencies:?}");
    }
}

#[test]
fn orders_of_different_accounts_and_slots_enter_every_clock() {
    let mut rig = tiny();
    scene(&mut rig);
    let seen = verdicts(&mut rig, &[order(0, 0), order(1, 1), order(2, 2), order(3, 3)]);
    for (index, seen) in seen.iter().enumerate() {
        assert_eq!((seen.cycle - rig.taken[0], seen.wait), (LATENCY + index as u64, u64::from(index > 0) * seen.wait));
        assert_eq!(seen.cycle - rig.taken[index], LATENCY);
        assert_eq!(seen.wait, 0);
    }
}

#[test]
fn an_order_waits_for_its_account_and_says_how_long() {
    let mut rig = tiny();
    scene(&mut rig);
    let seen = verdicts(&mut rig, &[order(1, 0), order(1, 1)]);
    assert_eq!(rig.taken[1] - rig.taken[0], LATENCY);
    assert_eq!(seen[1].wait, LATENCY - 1);
    assert_eq!(seen[1].cycle - rig.taken[1], LATENCY);
}

#[test]
fn accounts_that_share_a_venue_ledger_wait_for_each_other_there() {
    let mut rig = tiny();
    scene(&mut rig);
    rig.send(VenueLedger { venue: 1, account: 2, ledger: 1, lane_mask: 0xf });
    let seen = verdicts(&mut rig, &[order(1, 0), order(2, 1), order(3, 2)]);
    assert_eq!(rig.taken[1] - rig.taken[0], LATENCY, "one ledger");
    assert_eq!(rig.taken[2] - rig.taken[1], 1, "another one");
    assert_eq!((seen[1].wait, seen[1].cycle - rig.taken[1]), (LATENCY - 1, LATENCY));
}

#[test]
fn a_commit_ends_within_its_bound_and_orders_go_on_while_the_bank_is_emptied() {
    let mut rig = desk();
    rig.send(BankMark { instrument: 1, epoch: 1, mark_buy: 5, mark_sell: 5, ..Default::default() });
    rig.send(Marks { epoch: 1 });
    let start = rig.cycle;
    rig.offer(words(Commit { epoch: 1, ..Default::default() }));
    while rig.seen.is_empty() {
        rig.clock();
    }
    rig.offer(words(order(1, 0)));
    rig.offer(words(Read::default()));
    let seen = rig.check();
    assert!(matches!(seen[1].event(), Event::Verdict(_)), "the order passes the READ that waits");
    assert!(seen[1].cycle - seen[0].cycle < 40, "{} {}", seen[0].cycle, seen[1].cycle);
    let took = seen[2].cycle - start;
    eprintln!("COMMIT of desk with its emptying: {took} clocks");
    assert!(took <= 5_000, "{took} clocks");
}

#[test]
fn two_orders_of_one_slot_do_not_both_pass() {
    let mut rig = tiny();
    scene(&mut rig);
    let seen = verdicts(&mut rig, &[order(1, 7), order(2, 7)]);
    let reasons: Vec<u8> = seen
        .iter()
        .map(|seen| match seen.event() {
            Event::Verdict(verdict) => verdict.reason,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(reasons, [0, 8]);
}

#[test]
fn nothing_enters_without_room() {
    let mut rig = tiny();
    scene(&mut rig);
    rig.gate.room.next = false;
    rig.offer(words(order(1, 0)));
    rig.offer(words(Fence { tag: 5 }));
    for _ in 0..50 {
        rig.clock();
    }
    assert!(rig.seen.is_empty() && rig.orders.len() == 1 && rig.control.len() == 1);
    rig.gate.room.next = true;
    let seen = rig.run();
    assert_eq!(seen.len(), 2);
    rig.forget();
}

#[test]
fn a_sweep_holds_orders_and_takes_the_stated_clocks() {
    let mut rig = desk();
    rig.send(BankMark { instrument: 1, epoch: 1, mark_buy: 5, mark_sell: 5, ..Default::default() });
    rig.send(Marks { epoch: 1 });
    rig.send(BankCollateral { ledger: 1, epoch: 1, collateral: 5, ..Default::default() });
    rig.offer(words(Commit { epoch: 1, ..Default::default() }));
    for _ in 0..100 {
        rig.clock();
    }
    assert!(rig.gate.sweeping.val());
    rig.orders.push_back(words(Position { account: 1, instrument: 1, lots: 3, price: 5 }));
    let start = rig.cycle - 100;
    let seen = rig.run();
    assert!(matches!(seen[0].event(), Event::Bank(_)), "the position waits");
    let sizes = rig.sizes;
    let sweep = (sizes.slots + 2 * sizes.accounts * sizes.instruments + sizes.accounts) as u64;
    let took = seen[0].cycle - start;
    eprintln!("sweep of desk: {took} clocks from COMMIT to BANK");
    assert!((sweep..sweep + 80).contains(&took), "{took} clocks, stated {sweep} and 80 more");
    assert!(seen[1].wait > sweep - 200);
}

#[test]
fn reset_in_the_middle_of_everything_forgets_everything() {
    let mut rig = tiny();
    scene(&mut rig);
    rig.offer(words(order(1, 0)));
    rig.offer(words(Commit { epoch: 9, ..Default::default() }));
    for _ in 0..5 {
        rig.clock();
    }
    rig.orders.clear();
    rig.control.clear();
    rig.forget();
    rig.reset();
    rig.compare_tables();
    scene(&mut rig);
    rig.batch(&[
        words(order(1, 0)),
        words(Fill { account: 1, instrument: 1, slot: 0, generation: 1, cumulative: 1, price: 1, side: 0 }),
    ]);
    rig.send(Read::default());
    rig.compare_tables();
}

#[test]
#[ignore = "measures speed; run in release"]
fn speed_of_a_desk() {
    let mut rig = desk();
    let mut host = Host::new(3, &rig.sizes);
    host.commands(&mut rig, 500);
    let (start, cycle) = (std::time::Instant::now(), rig.cycle);
    host.commands(&mut rig, 3_000);
    let busy = (rig.cycle - cycle) as f64 / start.elapsed().as_secs_f64();
    let start = std::time::Instant::now();
    for _ in 0..20_000 {
        rig.clock();
    }
    let idle = 20_000.0 / start.elapsed().as_secs_f64();
    eprintln!("desk: {busy:.0} cycles/s under traffic, {idle:.0} idle");
}
