//! Promises of GATE in RTL, one by one: every reason with its precedence, exact limits, every fault, overflow and
//! poison.
//!
//! Each command also goes to the reference model, whose events must be the same bit for bit; the values here are worked
//! out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{
    Account, BankLoss, BankMark, Cancelled, Commit, Fence, Fill, Halt, Instrument, InstrumentLimits, Order, Position,
    Read, VenueLedger,
};
use crossgate_contract::event::Verdict;
use crossgate_contract::{Event, Fault, Reason, Window};
use gate_support::bank::{mark, publish, Bank};
use gate_support::commands::{cancelled, fill, hold, order, ready, reason};
use gate_support::{account_row, scene, tiny, words};

#[test]
fn order_equal_to_limit_passes_and_one_more_fails() {
    let mut rig = ready();
    // 100 lots lose 1,000 in lane 0: all of the collateral, nothing above
    assert_eq!(reason(&mut rig, order(0, 100)), Reason::Accepted);
    let Verdict { reason, pool_lanes, pool_zero, .. } = rig.verdict(order(1, 1));
    assert_eq!((reason, pool_lanes, pool_zero), (Reason::PoolMargin.code(), 1, false));
    // the other side costs nothing until it is larger than the bids
    assert_eq!(self::reason(&mut rig, Order { side: 1, ..order(1, 100) }), Reason::Accepted);
    rig.compare_tables();
    // one money unit less collateral at the next bank: the same order fails
    rig.send(cancelled(0, 0));
    rig.send(cancelled(1, 0));
    publish(&mut rig, 2, 999);
    assert_eq!(self::reason(&mut rig, Order { generation: 2, ..order(0, 100) }), Reason::PoolMargin);
    assert_eq!(self::reason(&mut rig, Order { generation: 2, ..order(0, 99) }), Reason::Accepted);
    rig.compare_tables();
}

#[test]
fn execution_reserve_counts_to_the_last_unit() {
    let mut rig = ready();
    // 10 lots, 40 ticks through the mark at 1 a lot and tick: X = 400; W = 100; 500 are left
    assert_eq!(reason(&mut rig, Order { price: 1040, ..order(0, 10) }), Reason::Accepted);
    let Verdict { pool_zero, pool_lanes, .. } = rig.verdict(Order { price: 1050, ..order(1, 9) });
    assert_eq!((pool_zero, pool_lanes), (false, 1), "450 of X and 90 of W");
    assert_eq!(reason(&mut rig, Order { price: 1040, ..order(1, 10) }), Reason::Accepted);
    rig.send(account_row(1, 0));
    let Verdict { pool_zero, pool_lanes, .. } = rig.verdict(Order { price: 1050, ..order(2, 5) });
    assert_eq!((pool_zero, pool_lanes), (true, 0), "only the zero lane counts without a mask");
    assert_eq!(reason(&mut rig, Order { price: 1050, ..order(2, 4) }), Reason::Accepted);
}

#[test]
fn of_several_reasons_the_lowest_is_given() {
    let mut rig = tiny();
    let wrong = Order { tif: 3, generation: 9, lots: 2000, price: 2000, ..order(0, 1) };
    assert_eq!(reason(&mut rig, wrong), Reason::NotReady, "no bank yet");
    scene(&mut rig);
    rig.send(Halt { scope: 0, index: 0, halted: true });
    rig.send(Halt { scope: 1, index: 1, halted: true });
    rig.send(Halt { scope: 2, index: 1, halted: true });
    rig.arm(false);
    rig.ring_full(true);
    assert_eq!(reason(&mut rig, wrong), Reason::NotReady);
    rig.arm(true);
    assert_eq!(reason(&mut rig, wrong), Reason::RingFull);
    rig.ring_full(false);
    assert_eq!(reason(&mut rig, wrong), Reason::Malformed);
    let wrong = Order { tif: 2, ..wrong };
    assert_eq!(reason(&mut rig, wrong), Reason::HaltedGlobal);
    rig.send(Halt { scope: 0, index: 0, halted: false });
    assert_eq!(reason(&mut rig, wrong), Reason::HaltedAccount);
    rig.send(Halt { scope: 1, index: 1, halted: false });
    assert_eq!(reason(&mut rig, wrong), Reason::HaltedInstrument);
    rig.send(Halt { scope: 2, index: 1, halted: false });
    assert_eq!(reason(&mut rig, wrong), Reason::Slot);
    let wrong = Order { generation: 1, ..wrong };
    assert_eq!(reason(&mut rig, wrong), Reason::LotsRange);
    let wrong = Order { lots: 1000, ..wrong };
    assert_eq!(reason(&mut rig, wrong), Reason::Collar);
    rig.send(Position { account: 1, instrument: 1, lots: 4001, price: 1000 });
    let wrong = Order { price: 1000, ..wrong };
    assert_eq!(reason(&mut rig, wrong), Reason::PositionCap);
    let wrong = Order { lots: 999, ..wrong };
    assert_eq!(reason(&mut rig, wrong), Reason::PoolMargin);
}

#[test]
fn malformed_orders_of_every_kind() {
    let mut rig = ready();
    rig.send(Instrument { instrument: 3, venue: 0, ..Default::default() });
    let wrong = [
        Order { instrument: 3, ..order(0, 1) },
        Order { account: 4, ..order(0, 1) },
        Order { instrument: 4, ..order(0, 1) },
        Order { account: 0xffff, instrument: 0xffff, slot: 0xffff, ..order(0, 1) },
        order(16, 1),
        Order { instrument: 2, ..order(0, 1) },
        Order { price: 0, ..order(0, 1) },
        order(0, 0),
        Order { tif: 3, ..order(0, 1) },
    ];
    for order in wrong {
        assert_eq!(reason(&mut rig, order), Reason::Malformed, "{order:?}");
    }
    rig.compare_tables();
}

#[test]
fn limits_of_the_static_row_are_exact() {
    let mut rig = ready();
    publish(&mut rig, 2, 1 << 40);
    for (price, side, expected) in
        [(1050, 0, Reason::Accepted), (1051, 0, Reason::Collar), (950, 1, Reason::Accepted), (949, 1, Reason::Collar)]
    {
        let checked = Order { price, side, check: true, ..order(0, 1) };
        assert_eq!(reason(&mut rig, checked), expected, "{price}");
    }
    for (lots, expected) in [(1000, Reason::Accepted), (1001, Reason::LotsRange)] {
        assert_eq!(reason(&mut rig, Order { check: true, ..order(0, lots) }), expected);
    }
    rig.send(Position { account: 1, instrument: 1, lots: 4500, price: 1000 });
    assert_eq!(reason(&mut rig, order(0, 501)), Reason::PositionCap);
    assert_eq!(reason(&mut rig, order(0, 500)), Reason::Accepted);
    rig.send(Position { account: 1, instrument: 1, lots: -4500, price: 1000 });
    assert_eq!(reason(&mut rig, Order { side: 1, ..order(1, 501) }), Reason::PositionCap);
    assert_eq!(reason(&mut rig, Order { side: 1, ..order(1, 500) }), Reason::Accepted);
    rig.compare_tables();
}

#[test]
fn fills_and_cancels_that_cannot_be_placed_halt_the_account() {
    let mut rig = ready();
    rig.verdict(order(0, 10));
    rig.send(fill(0, 4, 1000));
    let bad: [(Option<Fault>, Vec<[u64; 4]>); 3] = [
        (
            Some(Fault::BadField),
            vec![
                words(Fill { account: 4, ..fill(0, 5, 1000) }),
                words(Fill { instrument: 9, ..fill(0, 5, 1000) }),
                words(fill(16, 5, 1000)),
                words(fill(0, 5, 0)),
                words(Cancelled { account: 77, ..cancelled(0, 5) }),
                words(cancelled(99, 5)),
            ],
        ),
        (
            Some(Fault::UnplacedFill),
            vec![
                words(Fill { generation: 2, ..fill(0, 5, 1000) }),
                words(Fill { account: 2, ..fill(0, 5, 1000) }),
                words(Fill { instrument: 0, ..fill(0, 5, 1000) }),
                words(Fill { side: 1, ..fill(0, 5, 1000) }),
                words(Cancelled { generation: 2, ..cancelled(0, 5) }),
                words(Cancelled { instrument: 0, ..cancelled(0, 5) }),
                words(cancelled(0, 3)),
            ],
        ),
        (Some(Fault::OverFill), vec![words(fill(0, 11, 1000)), words(cancelled(0, 11))]),
    ];
    for (fault, commands) in bad {
        for command in commands {
            let events = rig.batch(&[command]);
            let [Event::FaultRaised(raised)] = events[..] else { panic!("{events:?}") };
            assert_eq!(Fault::from_code(raised.code), fault);
            rig.compare_tables();
            for index in 0..4 {
                rig.send(Halt { scope: 1, index, halted: false });
            }
        }
    }
}

#[test]
fn fills_are_idempotent_and_free_the_slot() {
    let mut rig = ready();
    rig.verdict(order(0, 10));
    for (cumulative, applied, freed) in [(4, 4, false), (4, 0, false), (2, 0, false), (10, 6, true), (10, 0, false)] {
        let Event::Filled(filled) = rig.one(fill(0, cumulative, 1003)) else { panic!("a fill") };
        assert_eq!((filled.applied, filled.freed, filled.poisoned), (applied, freed, false));
    }
    let Event::Filled(filled) = rig.one(fill(0, 3, 1003)) else { panic!("a fill") };
    // 10 lots, 3 ticks through the mark, 1 a tick
    assert_eq!((filled.position, filled.y_active), (10, 30));
    rig.compare_tables();
}

#[test]
fn a_cancel_waits_for_the_fills_that_it_names() {
    let mut rig = ready();
    rig.verdict(order(0, 10));
    let Event::Closed(closed) = rig.one(cancelled(0, 7)) else { panic!("a close") };
    assert_eq!((closed.released, closed.freed), (3, false));
    let Event::Filled(filled) = rig.one(fill(0, 7, 1000)) else { panic!("a fill") };
    assert_eq!((filled.applied, filled.freed), (7, true));
    let Event::Closed(closed) = rig.one(cancelled(0, 7)) else { panic!("a close") };
    assert_eq!((closed.released, closed.freed), (0, false), "it was free already");
    rig.compare_tables();
}

#[test]
fn overflow_rejects_an_order_and_poisons_everything_else() {
    let mut rig = ready();
    rig.send(Instrument {
        instrument: 1,
        venue: 1,
        book: 1,
        lots_max: (1 << 40) - 1,
        position_cap: (1 << 40) - 1,
        collar: (1 << 24) - 1,
        ..Default::default()
    });
    publish(&mut rig, 2, (1 << 47) - 1);
    // 2^17 - 1 gate lots are the most
    assert_eq!(reason(&mut rig, Order { check: true, ..order(0, (1 << 17) - 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, order(0, 1 << 17)), Reason::Overflow);
    // so are 2^17 - 1 ticks through the mark
    assert_eq!(reason(&mut rig, Order { check: true, price: 1000 + (1 << 17) - 1, ..order(0, 1) }), Reason::Accepted);
    assert_eq!(reason(&mut rig, Order { price: 1000 + (1 << 17), ..order(0, 1) }), Reason::Overflow);
    assert_eq!(hold(&mut rig, 2, 1 << 17).0, [true; 2]);
    assert_eq!(reason(&mut rig, Order { account: 2, ..order(0, 1) }), Reason::Overflow);
    rig.compare_tables();
    assert_eq!(hold(&mut rig, 2, 5), ([true; 2], 0), "poison lasts until the next COMMIT");
    publish(&mut rig, 3, 1_000);
    assert_eq!(reason(&mut rig, Order { account: 2, ..order(0, 1) }), Reason::Accepted);
    rig.compare_tables();
}

#[test]
fn y_that_overflows_poisons_the_inactive_bank_until_marks() {
    let mut rig = ready();
    let mark = BankMark { mark_buy: 1, mark_sell: 1, tick_buy: 131_071, tick_sell: 1, exponent: 3, ..mark(1) };
    for row in (Bank { marks: vec![mark], ..Bank::default() }).rows(2) {
        rig.send(row);
    }
    rig.verdict(order(0, 10));
    let Event::Filled(filled) = rig.one(fill(0, 2, 1000)) else { panic!("a fill") };
    assert_eq!((filled.poisoned, filled.y_inactive), (false, 0), "a rate of 511,489 does not fit");
    let Event::Bank(bank) = rig.one(Commit { epoch: 2, ..Default::default() }) else { panic!("a bank") };
    assert_eq!((bank.result, bank.poisoned, bank.venue_poisoned), (0, 1 << 1, 1 << 1));
    rig.compare_tables();
}

#[test]
fn faults_of_control_commands() {
    let mut rig = ready();
    assert_eq!(rig.fault(Instrument { instrument: 4, ..Default::default() }), Some(Fault::BadField));
    assert_eq!(rig.fault(Instrument { venue: 2, ..Default::default() }), Some(Fault::BadField));
    assert_eq!(rig.fault(Instrument { book: 2, ..Default::default() }), Some(Fault::BadField));
    assert_eq!(rig.fault(Account { account: 4, ..Default::default() }), Some(Fault::BadField));
    for bad in [
        VenueLedger { account: 4, ..Default::default() },
        VenueLedger { venue: 2, ..Default::default() },
        VenueLedger { ledger: 4, ..Default::default() },
    ] {
        assert_eq!(rig.fault(bad), Some(Fault::BadField));
    }
    for (scope, index, fault) in
        [(0, 99, None), (1, 4, Some(Fault::BadField)), (2, 4, Some(Fault::BadField)), (3, 0, Some(Fault::BadField))]
    {
        assert_eq!(rig.fault(Halt { scope, index, halted: false }), fault);
    }
    for (table, index, sub) in [
        (0, 4, 0),
        (0, 0, 4),
        (1, 16, 0),
        (2, 4, 0),
        (2, 0, 4),
        (3, 4, 0),
        (4, 4, 0),
        (5, 4, 0),
        (6, 4, 0),
        (6, 0, 4),
        (8, 4, 0),
        (8, 0, 4),
        (9, 4, 0),
        (10, 4, 0),
        (10, 0, 2),
        (11, 4, 0),
        (11, 0, 4),
        (12, 16, 0),
        (13, 4, 0),
        (14, 4, 0),
        (15, 2, 0),
        (15, 0, 2),
        (16, 2, 0),
        (17, 0, 0),
    ] {
        assert_eq!(rig.fault(Read { table, index, sub, ..Default::default() }), Some(Fault::BadField), "{table}");
    }
    for bad in [
        Position { account: 4, instrument: 1, lots: 1, price: 1 },
        Position { account: 1, instrument: 4, lots: 1, price: 1 },
        Position { account: 1, instrument: 2, lots: 1, price: 1 },
        Position { account: 1, instrument: 1, lots: 1, price: 0 },
    ] {
        assert_eq!(rig.fault(bad), Some(Fault::BadField));
    }
    rig.compare_tables();
}

#[test]
fn fences_come_after_everything_before_them() {
    let mut rig = ready();
    rig.offer(words(order(0, 1)));
    rig.offer_in(Window::Orders, words(Fence { tag: 3 }));
    rig.offer(words(Order { account: 2, ..order(1, 1) }));
    let seen = rig.check();
    assert!(matches!(seen[1].event(), Event::FenceDone(fence) if (fence.tag, fence.window) == (3, 0)));
    let Event::FenceDone(fence) = rig.one(Fence { tag: u64::MAX }) else { panic!("a fence") };
    assert_eq!((fence.tag, fence.window), (u64::MAX, 2));
}

#[test]
fn gate_lots_round_against_the_account() {
    let mut rig = ready();
    rig.send(Instrument {
        instrument: 2,
        venue: 1,
        shift: 3,
        lots_max: 100,
        position_cap: 1000,
        collar: 10,
        ..Default::default()
    });
    rig.send(InstrumentLimits { instrument: 2, notional_max: u64::MAX, touch_ticks: 0 });
    let bank = Bank {
        marks: vec![BankMark { mark_buy: 50, mark_sell: 50, ..mark(2) }],
        losses: vec![BankLoss { lane: 0, instrument: 2, long_0: 10, short_0: 100, ..Default::default() }],
        collateral: 200,
        ..Bank::default()
    };
    bank.publish(&mut rig, 2);
    let small = |slot, side, lots| Order { instrument: 2, side, price: 50, ..order(slot, lots) };
    // 9 lots are 2 gate lots either way: 20 long, 200 short
    assert_eq!(reason(&mut rig, small(0, 0, 9)), Reason::Accepted);
    assert_eq!(reason(&mut rig, small(1, 1, 16)), Reason::Accepted);
    assert_eq!(reason(&mut rig, small(2, 1, 1)), Reason::PoolMargin);
    rig.compare_tables();
}
