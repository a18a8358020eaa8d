//! Banks: order of rows, COMMIT, Y over a flip, live collateral.

use super::*;
use crossgate_contract::BankResult;

fn result(bank: event::Bank) -> BankResult {
    BankResult::from_code(bank.result).unwrap()
}

#[test]
fn rows_follow_their_order() {
    let mut card = Card::new(1_000);
    assert_eq!(card.fault(mark(1)), Fault::OldEpoch);
    assert_eq!(card.fault(Marks { epoch: 1 }), Fault::OldEpoch);
    assert_eq!(card.fault(loss(2)), Fault::RowOrder);
    card.silent(Marks { epoch: 2 });
    assert_eq!(card.fault(mark(2)), Fault::RowOrder);
    card.silent(loss(2));
    assert_eq!(card.fault(loss(3)), Fault::RowOrder);
    // A mark row of another epoch starts that one's preparation.
    card.silent(mark(3));
    assert_eq!(card.fault(loss(2)), Fault::RowOrder);
    assert_eq!(result(card.commit(2)), BankResult::NoMarks);
}

#[test]
fn old_epoch_is_reported_before_bad_field_before_row_order() {
    let mut card = Card::new(1_000);
    assert_eq!(card.fault(BankMark { instrument: 4, ..mark(1) }), Fault::OldEpoch);
    assert_eq!(card.fault(BankLoss { lane: 1, ..loss(2) }), Fault::BadField);
    assert_eq!(card.fault(BankLoss { lane: 4, ..loss(2) }), Fault::BadField);
    for wrong in [
        BankOffset { venue: true, epoch: 2, ..Default::default() },
        BankOffset { relative: true, epoch: 2, ..Default::default() },
        BankOffset { unit: true, epoch: 2, ..Default::default() },
        BankOffset { lane: 4, epoch: 2, ..Default::default() },
        BankOffset { ledger: 4, epoch: 2, ..Default::default() },
    ] {
        assert_eq!(card.fault(wrong), Fault::BadField);
    }
    assert_eq!(card.fault(BankOffset { epoch: 2, ..Default::default() }), Fault::RowOrder);
    assert_eq!(card.fault(BankCollateral { venue: true, ..collateral_row(2, 1) }), Fault::BadField);
}

#[test]
fn commit_reports_its_first_obstacle_and_forgets_the_sticky_ones() {
    let mut card = Card::new(1_000);
    assert_eq!(result(card.commit(1)), BankResult::EpochNotRising);
    assert_eq!(result(card.commit(2)), BankResult::NoMarks);
    card.silent(BankMark { mark_buy: 1_011, ..mark(2) });
    card.silent(Marks { epoch: 2 });
    card.silent(BankLoss { long_1: -9, ..loss(2) });
    let refused = card.commit(2);
    assert_eq!((result(refused), refused.active, refused.poisoned), (BankResult::LossNegative, 1, 0));
    // Both flags were cleared; the rows are the host's business.
    assert_eq!(result(card.commit(2)), BankResult::Flipped);
    card.silent(BankMark { mark_buy: 1_011, ..mark(3) });
    card.silent(Marks { epoch: 3 });
    assert_eq!(result(card.commit(3)), BankResult::MarksCrossed);
    assert_eq!(result(card.commit(3)), BankResult::Flipped);
    assert_eq!(card.model.epoch(), 3);
    assert_eq!(card.model.active_bank(), 1, "banks 0, 1, 0, 1 after three flips");
}

#[test]
fn a_flip_rebuilds_x_at_the_new_marks() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    // mark_buy 990: distance 20, rate 40, X = 3 * 40 * 16 = 1,920.
    card.bank(2, BankMark { mark_buy: 990, ..mark(2) }, 10_000);
    assert_eq!(card.account(false)[0], 10_000 - 1_920);
}

#[test]
fn fills_since_marks_are_in_the_y_of_the_new_bank() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    card.filled(fill(0, BUY, 4, 1_010));
    card.silent(BankMark { mark_buy: 990, ..mark(2) });
    card.silent(Marks { epoch: 2 });
    // 4 more lots: one gate lot at 10 ticks (rate 20) and at 20 ticks (rate 40).
    let filled = card.filled(fill(0, BUY, 8, 1_010));
    assert_eq!((filled.y_active, filled.y_inactive), (640, 640));
    card.silent(loss(2));
    card.silent(BankCollateral { y_included: 100, ..collateral_row(2, 10_000) });
    card.commit(2);
    // K = 10,100; leaves 2: X = 1 * 40 * 16 = 640.
    assert_eq!(card.account(false), [10_100 - 640 - 640, 640, 0, 0]);
    // The old bank is the inactive one now, with its own Y and neither slack nor headroom.
    assert_eq!(card.account(true), [0, 640, 0, 0]);
    assert_eq!(card.read(Table::Lane, 0, 0, true), [0, 0, 0, 0]);
}

#[test]
fn live_collateral_needs_the_active_epoch_and_a_y_that_exists() {
    let mut card = Card::new(10_000);
    card.position(4, 1_010);
    let live = Collateral { epoch: 1, collateral: 500, reserve: 20, y_included: 320, ..Default::default() };
    assert_eq!(card.fault(Collateral { epoch: 2, ..live }), Fault::CollateralRefused);
    assert_eq!(card.fault(Collateral { y_included: 321, ..live }), Fault::CollateralRefused);
    assert_eq!(card.fault(Collateral { venue: true, ..live }), Fault::BadField);
    assert_eq!(card.fault(Collateral { ledger: 4, ..live }), Fault::BadField);
    card.silent(live);
    // K = 500 - 20 + 320 = 800; H = 800 - 320; W_0 = 160, W_1 = -64.
    assert_eq!(card.account(false)[0], 480);
    assert_eq!([card.slack(0), card.slack(1)], [320, 544]);
    let mut fresh = Card { model: Model::new(sizes::TINY) };
    assert_eq!(fresh.fault(Collateral { epoch: 0, ..live }), Fault::CollateralRefused);
}

#[test]
fn live_collateral_that_overflows_poisons() {
    let mut card = Card::new(0);
    card.position(4, 1_000);
    // Lane 1 wins 64: S_1 = 2^47 - 1 + 64.
    let live = Collateral { epoch: 1, collateral: (1 << 47) - 1, ..Default::default() };
    assert_eq!(card.fault(live), Fault::Poisoned);
    assert_eq!(card.account(false), [0, 0, 0, 1]);
}

#[test]
fn a_sweep_poisons_what_overflows_and_reports_it() {
    let mut card = Card::new(10_000);
    card.silent(Instrument { collar: 1 << 20, ..instrument() });
    card.verdict(order(0, BUY, 1, 1_010));
    // Distance 1,010 with a tick value of 2^17 - 1: rate above 2^17.
    let bank = card.bank(2, BankMark { mark_buy: 0, tick_buy: (1 << 17) - 1, ..mark(2) }, 10_000);
    assert_eq!((result(bank), bank.active, bank.poisoned), (BankResult::Flipped, 2, 1));
    assert_eq!(card.reason(order(1, BUY, 1, 1_010)), Reason::Overflow);
}

#[test]
fn rows_that_were_not_rewritten_are_two_epochs_old() {
    let mut card = Card::new(10_000);
    card.bank(2, mark(2), 20_000);
    card.silent(Marks { epoch: 3 });
    card.commit(3);
    assert_eq!(card.account(false)[0], 10_000);
    assert_eq!(card.read(Table::Loss, 0, 1, false), [-4, 8, 0, 0]);
    assert_eq!(card.read(Table::Mark, 0, 0, false), [1 << 8, 1_000 | 1_010 << 32, 512 | 768 << 32, 0]);
}

#[test]
fn unknown_and_foreign_opcodes_are_faults() {
    let mut card = Card::new(0);
    for (window, opcode) in
        [(Window::Orders, 0x20), (Window::Market, 0x10), (Window::Control, 0x18), (Window::Control, 0xee)]
    {
        let events = card.model.command(window, [opcode, 1, 2, 3 | 0xabcd << 48]);
        let Ok(Event::FaultRaised(fault)) = Event::decode(&events[0].1) else { panic!("{events:?}") };
        assert_eq!((fault.code, fault.window), (Fault::UnknownCommand.code(), window as u8));
        assert_eq!([fault.word_0, fault.word_1, fault.word_2, fault.word_3], [opcode, 1, 2, 3], "without the sequence");
        assert_eq!(events[0].0, event::Ring::Decisions);
    }
    for later in [Command::Cancel(Cancel::default()), Ages::default().into(), VenueLedger::default().into()] {
        assert_eq!(card.fault(later), Fault::UnknownCommand);
    }
    assert_eq!(card.model.counter(&crossgate_contract::register::COUNT_FAULTS), 7);
    assert_eq!(card.fault(Halt { scope: scope::VENUE, ..Default::default() }), Fault::BadField);
    assert_eq!(card.fault(Read { table: 8, ..Default::default() }), Fault::BadField);
    assert_eq!(card.fault(Instrument { venue: 2, ..instrument() }), Fault::BadField);
}
