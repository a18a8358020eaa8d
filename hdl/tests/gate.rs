//! Promises of GATE in RTL: the same as the reference model, at a fixed latency.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{
    Account, BankCollateral, BankLoss, BankMark, BankOffset, Cancelled, Commit, Fill, Instrument, Marks, Order,
    Position,
};
use crossgate_contract::{Event, Reason};
use gate_support::{tiny, words, TinyRig};

/// Instrument 1 and account 1 with a bank in which the first lane loses 10 a gate lot either way.
fn prepare(rig: &mut TinyRig) {
    rig.send(Instrument {
        venue: 1,
        book: 1,
        shift: 0,
        instrument: 1,
        lots_min: 1,
        collar: 50,
        lots_max: 1000,
        crossed_max: 0,
        position_cap: 5000,
    });
    rig.send(Account { account: 1, lane_mask: 0xf, ..Default::default() });
    publish(rig, 1, 1_000);
}

fn publish(rig: &mut TinyRig, epoch: u32, collateral: i64) {
    rig.send(BankMark {
        exponent: 0,
        instrument: 1,
        epoch,
        mark_buy: 1000,
        mark_sell: 1000,
        tick_buy: 256,
        tick_sell: 256,
    });
    rig.send(Marks { epoch });
    rig.send(BankLoss { lane: 0, instrument: 1, epoch, long_0: 10, short_0: 10, long_1: 1, short_1: 2 });
    rig.send(BankOffset { lane: 2, ledger: 1, epoch, offset: 7, ..Default::default() });
    rig.send(BankCollateral { ledger: 1, epoch, collateral, ..Default::default() });
    rig.send(Commit { epoch, ..Default::default() });
}

fn order(slot: u16, generation: u16, lots: u64) -> Order {
    Order { account: 1, instrument: 1, slot, generation, lots, price: 1000, tag: 77, cookie: 99, ..Default::default() }
}

#[test]
fn order_equal_to_limit_passes_and_one_more_fails() {
    let mut rig = tiny();
    prepare(&mut rig);
    rig.compare_tables();
    let verdict = rig.verdict(order(0, 1, 100));
    assert_eq!(verdict.reason, Reason::Accepted.code());
    let verdict = rig.verdict(order(1, 1, 1));
    assert_eq!((verdict.reason, verdict.pool_lanes), (Reason::PoolMargin.code(), 1));
    rig.compare_tables();
    rig.send(Fill {
        account: 1,
        instrument: 1,
        slot: 0,
        generation: 1,
        cumulative: 40,
        price: 1001,
        ..Default::default()
    });
    rig.compare_tables();
    rig.send(Cancelled { account: 1, instrument: 1, slot: 0, generation: 1, cumulative: 40 });
    rig.compare_tables();
    rig.send(Position { account: 1, instrument: 1, lots: -20, price: 990 });
    rig.compare_tables();
    publish(&mut rig, 2, 500);
    rig.compare_tables();
    let event = rig.one(order(0, 2, 1));
    assert!(matches!(event, Event::Verdict(_)));
    let _ = words(order(0, 1, 1));
}
