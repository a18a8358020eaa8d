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
    assert_eq!(card.fault(loss(2)), Fault::RowOrder, "before MARKS");
    card.silent(mark(3));
    assert_eq!(card.fault(mark(2)), Fault::RowOrder, "the rows are those of epoch 3");
    assert_eq!(card.fault(Marks { epoch: 2 }), Fault::RowOrder);
    card.silent(Marks { epoch: 3 });
    assert_eq!(card.fault(Marks { epoch: 3 }), Fault::RowOrder, "MARKS comes once");
    assert_eq!(card.fault(mark(3)), Fault::RowOrder, "marks come before MARKS");
    card.silent(loss(3));
    assert_eq!(card.fault(loss(4)), Fault::RowOrder);
    assert_eq!(result(card.commit(2)), BankResult::NoMarks);
    // That COMMIT emptied the bank: any epoch may begin.
    card.silent(mark(2));
    assert_eq!(card.fault(loss(2)), Fault::RowOrder);
}

#[test]
fn old_epoch_is_reported_before_bad_field_before_row_order() {
    let mut card = Card::new(1_000);
    assert_eq!(card.fault(BankMark { instrument: 4, ..mark(1) }), Fault::OldEpoch);
    let offset = BankOffset { epoch: 2, ..Default::default() };
    let base = BankBase { epoch: 2, ..Default::default() };
    let lanes = BankLanes { epoch: 2, ..Default::default() };
    for wrong in [
        Command::from(BankLoss { lane: 1, ..loss(2) }),
        BankLoss { lane: 4, ..loss(2) }.into(),
        BankOffset { lane: 4, ..offset }.into(),
        BankOffset { ledger: 4, ..offset }.into(),
        BankOffset { ledger: 4, venue: true, ..offset }.into(),
        BankCollateral { venue: true, ledger: 4, ..collateral_row(2, 1) }.into(),
        BankBase { account: 4, ..base }.into(),
        BankBase { instrument: 4, ..base }.into(),
        BankLanes { relative: 0b1_0000, ..lanes }.into(),
        BankLanes { unit: 1 << 31, ..lanes }.into(),
    ] {
        assert_eq!(card.fault(wrong), Fault::BadField, "{wrong:?}");
    }
    for early in [Command::from(offset), base.into(), lanes.into(), collateral_row(2, 1).into()] {
        assert_eq!(card.fault(early), Fault::RowOrder, "{early:?}");
    }
}

#[test]
fn commit_reports_its_first_obstacle() {
    // Every obstacle at once; each COMMIT empties the bank, so the rows are sent again without the one reported.
    let refused = |card: &mut Card, crossed: bool, negative: bool, wrong: u32, epoch: u32| {
        card.silent(if crossed { BankMark { mark_buy: 1_011, ..mark(2) } } else { mark(2) });
        card.silent(Marks { epoch: 2 });
        card.silent(if negative { BankLoss { long_1: -9, ..loss(2) } } else { loss(2) });
        let commit = card.rows.commit(Commit { epoch, ..Default::default() });
        let bank = card.commit_as(Commit { crc: commit.crc ^ wrong, ..commit });
        assert_eq!((bank.active, bank.poisoned, bank.venue_poisoned), (1, 0, 0));
        result(bank)
    };
    let mut card = Card::new(100_000);
    card.position(4, 1_000);
    assert_eq!(refused(&mut card, true, true, 1, 1), BankResult::EpochNotRising);
    assert_eq!(refused(&mut card, true, true, 1, 3), BankResult::NoMarks);
    assert_eq!(refused(&mut card, true, true, 1, 2), BankResult::BadCrc);
    assert_eq!(refused(&mut card, true, true, 0, 2), BankResult::LossNegative);
    assert_eq!(refused(&mut card, true, false, 0, 2), BankResult::MarksCrossed);
    assert_eq!(refused(&mut card, false, false, 0, 2), BankResult::OldRow, "lanes 2 and 3 and the ledgers are absent");
    assert_eq!(result(card.bank(2, mark(2), 1_000)), BankResult::Flipped);
}

#[test]
fn commit_wants_the_crc_of_every_stored_row_and_their_number() {
    // CRC-32 (IEEE) of the 32 bytes 41 00 00 00 02 00 00 00, zeros: a BANK_MARK of instrument 0, epoch 2; by zlib.
    let one = 0x9ede_1199;
    for (crc, rows, expected) in [
        (one, 1, BankResult::Flipped),
        (one ^ 1, 1, BankResult::BadCrc),
        (one, 2, BankResult::BadCrc),
        (one, 0, BankResult::BadCrc),
    ] {
        let mut card = Card::new(1_000);
        card.silent(BankMark { epoch: 2, ..Default::default() });
        assert_eq!(card.fault(BankMark { epoch: 2, instrument: 9, ..Default::default() }), Fault::BadField);
        card.silent(Marks { epoch: 2 });
        assert_eq!(card.fault(loss(3)), Fault::RowOrder, "rows with a fault count nowhere");
        let bank = card.commit_as(Commit { epoch: 2, crc, rows, ..Default::default() });
        assert_eq!(result(bank), expected);
    }
}

#[test]
fn bits_outside_the_fields_of_a_row_count_in_the_crc_and_the_sequence_does_not() {
    let mut card = Card::new(1_000);
    let mut words = Command::from(mark(2)).encode().unwrap();
    words[3] = 1 << 47 | 0xabcd << 48;
    assert_eq!(card.model.command(Window::Control, words), []);
    card.rows.add(&words);
    card.silent(Marks { epoch: 2 });
    assert_eq!(result(card.commit(2)), BankResult::Flipped);
}

#[test]
fn a_row_stored_twice_counts_twice_and_the_later_one_holds() {
    let mut card = Card::new(1_000);
    card.silent(BankMark { mark_buy: 5, ..mark(2) });
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    assert_eq!(card.rows.rows(), 2);
    assert_eq!(result(card.commit(2)), BankResult::Flipped);
    assert_eq!(card.read(Table::Mark, 0, 0, false)[1], 1_000 | 1_010 << 32);
    // The flags stay, even if the later row is right.
    card.silent(BankMark { mark_buy: 1_011, ..mark(3) });
    card.silent(mark(3));
    card.silent(Marks { epoch: 3 });
    assert_eq!(result(card.commit(3)), BankResult::MarksCrossed);
}

#[test]
fn every_commit_empties_the_bank_that_is_inactive_after_it() {
    let mut card = Card::new(1_000);
    assert_eq!(card.read(Table::Mark, 0, 0, true), [0; 4]);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.silent(loss(2));
    card.silent(BankBase { epoch: 2, base: -3, ..Default::default() });
    assert_eq!(card.read(Table::Mark, 0, 0, true)[1], 1_000 | 1_010 << 32);
    assert_eq!(card.read(Table::Loss, 0, 1, true), [-4, 8, 0, 0]);
    assert_eq!(card.read(Table::Base, 0, 0, true), [-3, 0, 0, 1]);
    assert_eq!(result(card.commit(1)), BankResult::EpochNotRising);
    for (table, sub) in [(Table::Mark, 0), (Table::Loss, 1), (Table::Base, 0)] {
        assert_eq!(card.read(table, 0, sub, true), [0; 4], "{table:?}");
    }
    assert_eq!(card.read(Table::Loss, 0, 1, false), [-4, 8, 0, 0], "the active bank stays");
}

#[test]
fn a_used_cell_needs_every_row_of_its_instrument_and_of_both_ledgers() {
    let whole = |card: &mut Card| {
        card.silent(mark(2));
        card.silent(Marks { epoch: 2 });
        card.rows_behind_marks(2, 10_000);
    };
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 1, 1_000));
    whole(&mut card);
    assert_eq!(result(card.commit(2)), BankResult::Flipped);
    let lanes_2_3 = BankLoss { lane: 2, epoch: 2, ..Default::default() };
    let mut words = vec![Command::from(mark(2)), loss(2).into(), lanes_2_3.into()];
    for (venue, ledger) in [(false, 0), (true, VENUE_LEDGER)] {
        words.extend((0..4).map(|lane| Command::from(BankOffset { lane, ledger, venue, epoch: 2, offset: 0 })));
        words.push(BankCollateral { venue, ledger, ..collateral_row(2, 10_000) }.into());
    }
    for missing in 0..words.len() {
        for used in [false, true] {
            let mut card = Card::new(10_000);
            if used {
                card.verdict(order(0, BUY, 1, 1_000));
            }
            for (index, row) in words.iter().enumerate() {
                if index == 1 {
                    card.silent(Marks { epoch: 2 });
                }
                if index != missing {
                    card.silent(*row);
                }
            }
            let expected = if used { BankResult::OldRow } else { BankResult::Flipped };
            assert_eq!(result(card.commit(2)), expected, "without {:?}", words[missing]);
            if !used {
                // A price within the collar of marks that read 0.
                assert_eq!(card.reason(order(0, BUY, 1, 50)), Reason::Stale, "without {:?}", words[missing]);
            }
        }
    }
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
    let early = card.filled(fill(0, BUY, 4, 1_010));
    assert_eq!((early.y_active, early.y_inactive), (320, 0));
    card.silent(Marks { epoch: 2 });
    // 4 more lots: one gate lot at 10 ticks (rate 20) and at 20 ticks (rate 40).
    let filled = card.filled(fill(0, BUY, 8, 1_010));
    assert_eq!((filled.y_active, filled.y_inactive), (640, 640));
    card.rows_behind_marks(2, 0);
    card.silent(BankCollateral { y_included: 100, ..collateral_row(2, 10_000) });
    assert_eq!(card.account(true), [0, 640, 0, 0]);
    assert_eq!(card.venue_account(true), [0, 640, 0, 0]);
    card.commit(2);
    // K = 10,100; leaves 2: X = 1 * 40 * 16 = 640.
    assert_eq!(card.account(false), [10_100 - 640 - 640, 640, 0, 0]);
    assert_eq!(card.venue_account(false), [VENUE_COLLATERAL - 640 - 640, 640, 0, 0]);
    // The old bank is the inactive one now and empty.
    assert_eq!(card.account(true), [0; 4]);
    assert_eq!(card.read(Table::Lane, 0, 0, true), [0, 0, 0, 0]);
}

#[test]
fn live_collateral_needs_the_active_epoch_and_a_y_that_exists() {
    let mut card = Card::new(10_000);
    card.position(4, 1_010);
    let live = Collateral { epoch: 1, collateral: 500, reserve: 20, y_included: 320, ..Default::default() };
    assert_eq!(card.fault(Collateral { epoch: 2, ..live }), Fault::CollateralRefused);
    assert_eq!(card.fault(Collateral { y_included: 321, ..live }), Fault::CollateralRefused);
    assert_eq!(card.fault(Collateral { venue: true, ledger: 4, ..live }), Fault::BadField);
    assert_eq!(card.fault(Collateral { ledger: 4, ..live }), Fault::BadField);
    assert_eq!(card.fault(Collateral { venue: true, ledger: 1, ..live }), Fault::CollateralRefused, "it has no Y");
    card.silent(live);
    // K = 500 - 20 + 320 = 800; H = 800 - 320; W_0 = 160, W_1 = -64.
    assert_eq!(card.account(false)[0], 480);
    assert_eq!([card.slack(0), card.slack(1)], [320, 544]);
    let mut fresh = Card::bare();
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
    assert_eq!(card.venue_account(false)[3], 0);
}

#[test]
fn a_sweep_poisons_what_overflows_and_reports_it() {
    let mut card = Card::new(10_000);
    card.silent(Instrument { collar: 1 << 20, ..instrument() });
    card.verdict(order(0, BUY, 1, 1_010));
    // Distance 1,010 with a tick value of 2^17 - 1: rate above 2^17.
    let bank = card.bank(2, BankMark { mark_buy: 0, tick_buy: (1 << 17) - 1, ..mark(2) }, 10_000);
    assert_eq!((result(bank), bank.active, bank.poisoned), (BankResult::Flipped, 2, 1));
    assert_eq!(bank.venue_poisoned, 1 << VENUE_LEDGER);
    assert_eq!(card.reason(order(1, BUY, 1, 1_010)), Reason::Overflow);
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
    assert_eq!(card.model.counter(&crossgate_contract::register::COUNT_FAULTS), 4);
    assert_eq!(card.fault(Halt { scope: scope::VENUE, ..Default::default() }), Fault::BadField);
    assert_eq!(card.fault(Read { table: 17, ..Default::default() }), Fault::BadField);
    assert_eq!(card.fault(Instrument { venue: 2, ..instrument() }), Fault::BadField);
}
