//! Promises of the banks of GATE in RTL: the order of rows, what COMMIT refuses, what a flip rebuilds, live collateral.
//!
//! Each command also goes to the reference model, whose events must be the same bit for bit; the values here are worked
//! out by hand.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::command::{
    BankBase, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral, Commit, Marks, Order,
};
use crossgate_contract::table::Table;
use crossgate_contract::{BankResult, Event, Fault, Reason};
use gate_support::bank::{mark, publish, Bank};
use gate_support::commands::{fill, hold, order, read, ready, reason};
use gate_support::TinyRig;

#[test]
fn the_inactive_bank_has_a_y_from_marks_on() {
    let mut rig = ready();
    rig.verdict(order(0, 10));
    rig.send(BankMark {
        instrument: 1,
        epoch: 2,
        mark_buy: 990,
        mark_sell: 990,
        tick_buy: 512,
        tick_sell: 256,
        exponent: 0,
    });
    let Event::Filled(filled) = rig.one(fill(0, 4, 1001)) else { panic!("a fill") };
    assert_eq!((filled.y_active, filled.y_inactive), (4, 0), "nothing before MARKS");
    rig.send(Marks { epoch: 2 });
    let Event::Filled(filled) = rig.one(fill(0, 5, 1001)) else { panic!("a fill") };
    assert_eq!((filled.y_active, filled.y_inactive), (5, 22), "counted from MARKS on");
    rig.compare_tables();
}

#[test]
fn rows_are_refused_in_the_wrong_order() {
    let mut rig = ready();
    let mark = BankMark { instrument: 1, epoch: 2, mark_buy: 1, mark_sell: 1, ..Default::default() };
    let loss = BankLoss { instrument: 1, epoch: 2, ..Default::default() };
    let offset = BankOffset { ledger: 1, epoch: 2, ..Default::default() };
    let money = BankCollateral { ledger: 1, epoch: 2, ..Default::default() };
    let lanes = BankLanes { epoch: 2, relative: 1, unit: 8 };
    let base = BankBase { account: 1, instrument: 1, epoch: 2, base: -5 };
    let later: [crossgate_contract::Command; 5] = [loss.into(), offset.into(), money.into(), lanes.into(), base.into()];
    for row in later {
        assert_eq!(rig.fault(row), Some(Fault::RowOrder), "before MARKS");
    }
    assert_eq!(rig.fault(mark), None);
    assert_eq!(rig.fault(BankMark { epoch: 3, ..mark }), Some(Fault::RowOrder), "another epoch is gathered");
    assert_eq!(rig.fault(Marks { epoch: 3 }), Some(Fault::RowOrder));
    assert_eq!(rig.fault(Marks { epoch: 1 }), Some(Fault::OldEpoch));
    assert_eq!(rig.fault(Marks { epoch: 2 }), None);
    assert_eq!(rig.fault(Marks { epoch: 2 }), Some(Fault::RowOrder), "frozen");
    assert_eq!(rig.fault(mark), Some(Fault::RowOrder), "frozen");
    assert_eq!(rig.fault(BankMark { instrument: 4, epoch: 1, ..mark }), Some(Fault::OldEpoch));
    assert_eq!(rig.fault(BankMark { instrument: 4, ..mark }), Some(Fault::BadField));
    for bad in [BankLoss { lane: 1, ..loss }, BankLoss { lane: 4, ..loss }, BankLoss { instrument: 4, ..loss }] {
        assert_eq!(rig.fault(bad), Some(Fault::BadField));
    }
    for venue in [false, true] {
        assert_eq!(rig.fault(BankOffset { lane: 4, venue, ..offset }), Some(Fault::BadField));
        assert_eq!(rig.fault(BankOffset { ledger: 4, venue, ..offset }), Some(Fault::BadField));
        assert_eq!(rig.fault(BankCollateral { ledger: 4, venue, ..money }), Some(Fault::BadField));
    }
    assert_eq!(rig.fault(BankLanes { relative: 16, ..lanes }), Some(Fault::BadField));
    assert_eq!(rig.fault(BankLanes { unit: 1 << 31, ..lanes }), Some(Fault::BadField));
    assert_eq!(rig.fault(BankBase { account: 4, ..base }), Some(Fault::BadField));
    assert_eq!(rig.fault(BankBase { instrument: 4, ..base }), Some(Fault::BadField));
    for row in later {
        assert_eq!(rig.fault(row), None);
    }
    assert_eq!(rig.fault(BankLoss { epoch: 3, ..loss }), Some(Fault::RowOrder));
    rig.compare_tables();
}

fn commit(rig: &mut TinyRig, commit: Commit) -> (BankResult, u32) {
    let Event::Bank(bank) = rig.one(commit) else { panic!("a bank") };
    (BankResult::from_code(bank.result).expect("a result"), bank.active)
}

#[test]
fn commits_are_refused_with_the_first_reason() {
    let mut rig = ready();
    let wrong_mark = BankMark { mark_buy: 1001, ..mark(1) };
    let wrong_loss = BankLoss { lane: 2, instrument: 1, long_1: -3, short_1: 2, ..Default::default() };
    rig.send(BankMark { epoch: 5, ..wrong_mark });
    assert_eq!(commit(&mut rig, Commit { epoch: 1, ..Default::default() }), (BankResult::EpochNotRising, 1));
    rig.send(BankMark { epoch: 5, ..wrong_mark });
    assert_eq!(commit(&mut rig, Commit { epoch: 5, ..Default::default() }), (BankResult::NoMarks, 1));
    let both = Bank { marks: vec![wrong_mark], losses: vec![wrong_loss], ..Bank::default() };
    for (crc, rows) in [(1, 44), (0, 45)] {
        for row in both.rows(5) {
            rig.send(row);
        }
        assert_eq!(commit(&mut rig, Commit { epoch: 5, crc, rows, ..Default::default() }), (BankResult::BadCrc, 1));
        rig.compare_tables();
    }
    let result = |event| match event {
        Event::Bank(bank) => BankResult::from_code(bank.result).expect("a result"),
        other => panic!("{other:?}"),
    };
    assert_eq!(result(both.publish(&mut rig, 5)), BankResult::LossNegative);
    let crossed = Bank { marks: vec![wrong_mark], ..Bank::default() };
    assert_eq!(result(crossed.publish(&mut rig, 6)), BankResult::MarksCrossed);
    assert_eq!(result(Bank::default().publish(&mut rig, 6)), BankResult::Flipped, "every COMMIT starts anew");
    rig.compare_tables();
}

#[test]
fn crc_and_count_are_those_of_the_rows() {
    const CRC: u32 = 0x9b8e_86c2;
    let mut rig = ready();
    // zlib's CRC of 2 rows of 32 bytes each
    let mark = BankMark { instrument: 1, epoch: 2, ..mark(1) };
    let lanes = BankLanes { epoch: 2, relative: 3, unit: 0 };
    for (crc, rows, expected) in
        [(CRC, 3, BankResult::BadCrc), (CRC ^ 1, 2, BankResult::BadCrc), (CRC, 2, BankResult::Flipped)]
    {
        rig.send(mark);
        rig.send(Marks { epoch: 2 });
        rig.send(lanes);
        let (result, _) = commit(&mut rig, Commit { epoch: 2, crc, rows, ..Default::default() });
        assert_eq!(result, expected);
    }
}

#[test]
fn live_cells_need_every_row_and_orders_too() {
    let mut rig = ready();
    let publish = |rig: &mut TinyRig, epoch, without: usize| {
        for (index, row) in Bank::default().rows(epoch).into_iter().enumerate() {
            if index != without {
                rig.send(row);
            }
        }
        commit(rig, Commit { epoch, ..Default::default() }).0
    };
    // mark, MARKS, lanes, 2 of losses, then 4 offsets and a collateral for each of 4 pool and 4 venue ledgers
    assert_eq!(publish(&mut rig, 2, 4), BankResult::Flipped, "nothing is live");
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::Stale, "losses of lanes 2 and 3");
    assert_eq!(hold(&mut rig, 3, 1).0, [true; 2]);
    assert_eq!(publish(&mut rig, 3, 4), BankResult::OldRow);
    rig.compare_tables();
    for (without, account) in [(12, 1), (14, 1), (34, 1), (13, 1)] {
        let epoch = rig.model.epoch() + 1;
        assert_eq!(publish(&mut rig, epoch, without), BankResult::Flipped);
        assert_eq!(reason(&mut rig, Order { account, ..order(0, 1) }), Reason::Stale, "{without}");
        let checked = Order { account: 2, check: true, ..order(0, 1) };
        assert_eq!(reason(&mut rig, checked), Reason::Accepted, "the ledgers of others are complete");
    }
    let epoch = rig.model.epoch() + 1;
    assert_eq!(publish(&mut rig, epoch, usize::MAX), BankResult::Flipped);
    assert_eq!(reason(&mut rig, order(0, 1)), Reason::Accepted);
    assert_eq!(publish(&mut rig, epoch + 1, 34), BankResult::OldRow, "an open order needs its venue ledger");
    assert_eq!(reason(&mut rig, order(1, 1)), Reason::Accepted, "under the old bank");
    rig.compare_tables();
}

#[test]
fn a_flip_rebuilds_every_ledger_from_cells_and_slots() {
    let mut rig = ready();
    rig.verdict(order(0, 10));
    rig.verdict(order(15, 5));
    rig.verdict(Order { account: 3, side: 1, ..order(14, 3) });
    rig.send(fill(0, 4, 1002));
    let mark = BankMark { mark_buy: 980, mark_sell: 985, tick_buy: 300, tick_sell: 300, exponent: 1, ..mark(1) };
    let offset = BankOffset { lane: 0, ledger: 1, offset: 100, ..Default::default() };
    let bank = Bank {
        marks: vec![mark],
        losses: vec![BankLoss { lane: 0, instrument: 1, long_0: 7, short_0: 9, ..Default::default() }],
        offsets: vec![offset, BankOffset { venue: true, offset: -7, ..offset }],
        collateral: 20_000,
        venue_collateral: 30_000,
        ..Bank::default()
    };
    bank.publish(&mut rig, 2);
    // K = 20,000; X = 11 open lots * ceil(20 * 300 / 256) * 16; W = 15 * 7 * 16 in lane 0
    let (x, w) = (11 * 24 * 16, 15 * 7 * 16);
    assert_eq!(read(&mut rig, Table::Account, 1)[0], 20_000 - x);
    assert_eq!(read(&mut rig, Table::Lane, 1)[0], 20_000 - x - w - 100);
    assert_eq!(read(&mut rig, Table::VenueAccount, 1)[0], 30_000 - x);
    assert_eq!(read(&mut rig, Table::VenueLane, 1)[0], 30_000 - x - w + 7);
    rig.compare_tables();
}

#[test]
fn live_collateral_moves_every_slack_or_is_refused() {
    let mut rig = ready();
    let live = Collateral { ledger: 1, epoch: 1, collateral: 1500, reserve: 100, y_included: 0, ..Default::default() };
    rig.verdict(order(0, 100));
    rig.send(fill(0, 1, 1007));
    assert_eq!(rig.fault(Collateral { epoch: 2, ..live }), Some(Fault::CollateralRefused));
    assert_eq!(rig.fault(Collateral { epoch: 0, ..live }), Some(Fault::CollateralRefused));
    assert_eq!(rig.fault(Collateral { y_included: 8, ..live }), Some(Fault::CollateralRefused));
    assert_eq!(rig.fault(Collateral { venue: true, ledger: 4, ..live }), Some(Fault::BadField));
    assert_eq!(rig.fault(Collateral { ledger: 4, ..live }), Some(Fault::BadField));
    assert_eq!(rig.fault(Collateral { y_included: 7, ..live }), None);
    // 1,400 with the fill's 7 included, 1,000 for 100 lots: 40 more pass
    assert_eq!(reason(&mut rig, order(1, 41)), Reason::PoolMargin);
    assert_eq!(reason(&mut rig, order(1, 40)), Reason::Accepted);
    rig.compare_tables();
    let most = (1 << 47) - 1;
    assert_eq!(rig.fault(Collateral { collateral: most, reserve: 0, y_included: 1, ..live }), Some(Fault::Poisoned));
    assert_eq!(rig.fault(live), Some(Fault::CollateralRefused));
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::Overflow);
    rig.compare_tables();
    publish(&mut rig, 2, 5000);
    assert_eq!(reason(&mut rig, order(2, 1)), Reason::Accepted);
    rig.compare_tables();
}
