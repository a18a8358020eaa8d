//! Fills, cancels and positions.

use super::*;

fn cancelled(slot: u16, cumulative: u64) -> Cancelled {
    Cancelled { slot, cumulative, generation: 1, ..Default::default() }
}

fn closed(card: &mut Card, command: Cancelled) -> event::Closed {
    match card.one(command) {
        Event::Closed(closed) => closed,
        other => panic!("expected CLOSED, got {other:?}"),
    }
}

#[test]
fn a_fill_moves_reserve_from_x_to_y() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    // 5 lots at 1,005: leaves 5, gl 2, X = 2 * 20 * 16 = 640; Y = gl(5) = 2 * rate(5 ticks) = 10 * 16 = 320.
    let filled = card.filled(fill(0, BUY, 5, 1_005));
    assert_eq!((filled.applied, filled.position, filled.freed, filled.y_active), (5, 5, false, 320));
    assert_eq!(card.cell(), [5, 5, 0]);
    assert_eq!(card.account(false), [10_000 - 640 - 320, 320, 0, 0]);
    // hi stays 3, lo = floor(5/4) = 1: W_0 = 30 * 16.
    assert_eq!(card.slack(0), 10_000 - 640 - 320 - 480);
}

#[test]
fn a_fill_is_idempotent_and_older_ones_change_nothing() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    card.filled(fill(0, BUY, 5, 1_005));
    for cumulative in [5, 4, 0] {
        let again = card.filled(fill(0, BUY, cumulative, 1_060));
        assert_eq!((again.applied, again.position, again.freed, again.y_active), (0, 5, false, 320));
    }
    assert!(card.filled(fill(0, BUY, 10, 1_005)).freed);
    let again = card.filled(fill(0, BUY, 10, 1_005));
    assert_eq!((again.applied, again.freed), (0, false));
    assert_eq!(card.cell(), [10, 0, 0]);
    assert_eq!(card.model.counter(&crossgate_contract::register::COUNT_FILLS), 2);
}

#[test]
fn a_fill_that_the_table_cannot_place_halts_the_account() {
    for wrong in [
        Fill { generation: 2, ..fill(0, BUY, 5, 1_005) },
        Fill { instrument: 1, ..fill(0, BUY, 5, 1_005) },
        fill(0, SELL, 5, 1_005),
        fill(1, BUY, 5, 1_005),
    ] {
        let mut card = Card::new(10_000);
        card.verdict(order(0, BUY, 10, 1_010));
        assert_eq!(card.fault(wrong), Fault::UnplacedFill, "{wrong:?}");
        assert_eq!(card.reason(order(2, BUY, 10, 1_010)), Reason::HaltedAccount);
        assert_eq!(card.cell(), [0, 10, 0]);
        assert_eq!(card.account(false)[3], 2, "halted, not poisoned");
    }
}

#[test]
fn a_fill_beyond_the_order_halts_and_is_not_applied() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    assert_eq!(card.fault(fill(0, BUY, 11, 1_005)), Fault::OverFill);
    assert_eq!(card.cell(), [0, 10, 0]);
    assert_eq!(card.account(false)[3], 2);
}

#[test]
fn bad_fields_of_fills_do_not_halt() {
    let mut card = Card::new(10_000);
    for wrong in [
        Fill { account: 4, ..fill(0, BUY, 1, 1) },
        Fill { instrument: 4, ..fill(0, BUY, 1, 1) },
        fill(16, BUY, 1, 1),
        fill(0, BUY, 1, 0),
    ] {
        assert_eq!(card.fault(wrong), Fault::BadField);
    }
    assert_eq!(card.fault(cancelled(16, 0)), Fault::BadField);
    assert_eq!(card.fault(Position { lots: 1, price: 0, ..Default::default() }), Fault::BadField);
    assert_eq!(card.fault(Position { lots: 1, price: 1, instrument: 1, ..Default::default() }), Fault::BadField);
    assert_eq!(card.account(false)[3], 0);
}

#[test]
fn cancelled_with_fills_outstanding_frees_the_slot_when_they_arrive() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    card.filled(fill(0, BUY, 2, 1_000));
    // The venue filled 6 in all; 4 come back: leaves 4, X = 1 * 20 * 16.
    let close = closed(&mut card, cancelled(0, 6));
    assert_eq!((close.released, close.cumulative, close.freed), (4, 6, false));
    assert_eq!(card.cell(), [2, 4, 0]);
    assert_eq!(card.account(false)[0], 10_000 - 320);
    assert_eq!(card.reason(Order { generation: 2, ..order(0, BUY, 1, 1_000) }), Reason::Slot);
    let filled = card.filled(fill(0, BUY, 6, 1_000));
    assert_eq!((filled.applied, filled.freed), (4, true));
    assert_eq!(card.account(false)[0], 10_000);
    let again = closed(&mut card, cancelled(0, 6));
    assert_eq!((again.released, again.freed), (0, false));
    assert_eq!(card.reason(Order { generation: 2, ..order(0, BUY, 1, 1_000) }), Reason::Accepted);
}

#[test]
fn cancelled_below_the_known_fills_or_above_the_lots_halts() {
    let mut card = Card::new(10_000);
    card.verdict(order(0, BUY, 10, 1_010));
    card.filled(fill(0, BUY, 2, 1_000));
    assert_eq!(card.fault(cancelled(0, 1)), Fault::UnplacedFill);
    assert_eq!(card.fault(cancelled(0, 11)), Fault::OverFill);
    assert_eq!(card.account(false)[3], 2);
    assert!(closed(&mut card, cancelled(0, 2)).freed);
}

#[test]
fn a_position_reserves_its_difference_like_a_fill() {
    let mut card = Card::new(10_000);
    // 9 lots bought at 1,003: gl 3, rate 6, Y = 3 * 6 * 16 = 288.
    let set = card.position(9, 1_003);
    assert_eq!((set.moved, set.position, set.y_active), (9, 9, 288));
    // 13 lots sold at 1,009: gl 4, rate ceil(1 * 768 / 256) = 3, Y rises by 192.
    let set = card.position(-4, 1_009);
    assert_eq!((set.moved, set.position, set.y_active), (-13, -4, 480));
    let set = card.position(-4, 1);
    assert_eq!((set.moved, set.y_active), (0, 480));
}

#[test]
fn each_move_of_a_position_is_checked_by_itself() {
    // An open bid of 2^18 lots and a move by 2^18: the bid end alone leaves the width.
    let mut card = Card::new(1 << 46);
    card.silent(Instrument { lots_max: 1 << 30, position_cap: 1 << 39, ..instrument() });
    assert_eq!(card.reason(order(0, BUY, 1 << 18, 1_000)), Reason::Accepted);
    assert!(card.position(1 << 18, 1_000).poisoned);
    assert_eq!(card.cell(), [1 << 18, 1 << 18, 0]);
}

#[test]
fn a_poisoned_ledger_reads_zero_rejects_and_is_rebuilt_by_a_commit() {
    let mut card = Card::new(1 << 40);
    card.silent(Instrument { position_cap: 1 << 39, ..instrument() });
    // A distance of 200 is fine; 2^17 gate lots poison the active ledgers. The inactive bank takes no part.
    let set = card.position(1 << 19, 1_200);
    assert!(set.poisoned);
    assert_eq!((set.y_active, set.y_inactive), (0, 0));
    assert_eq!(card.account(false), [0, 0, 0, 1]);
    assert_eq!(card.venue_account(false), [0, 0, 0, 1]);
    assert_eq!(card.account(true), [0, 0, 0, 0]);
    assert_eq!(card.slack(0), 0);
    assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::Overflow);
    let live = Collateral { epoch: 1, collateral: 1, ..Default::default() };
    assert_eq!(card.fault(live), Fault::CollateralRefused);
    // Back to 8 lots; the active ledgers stay poisoned until the flip.
    assert!(card.position(8, 1_200).poisoned);
    let bank = card.bank(2, mark(2), 5_000);
    assert_eq!((bank.result, bank.poisoned, bank.venue_poisoned), (0, 0, 0));
    // hi = lo = 2: W_0 = 20 * 16 = 320.
    assert_eq!(card.account(false), [5_000, 0, 0, 0]);
    assert_eq!(card.slack(0), 5_000 - 320);
}

#[test]
fn an_inactive_ledger_that_y_poisons_stays_poisoned_over_the_flip() {
    let mut card = Card::new(1 << 40);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    // 2^17 gate lots have no reserve in any bank; 8 lots would fit.
    card.position(1 << 19, 1_000);
    assert_eq!((card.account(true)[3], card.venue_account(true)[3]), (1, 1));
    card.position(8, 1_000);
    card.rows_behind_marks(2, 5_000);
    let bank = card.commit(2);
    assert_eq!((bank.result, bank.poisoned, bank.venue_poisoned), (0, 1, 1 << VENUE_LEDGER));
}

#[test]
fn an_end_point_that_leaves_40_bits_poisons_before_it_wraps() {
    // Gate lots of 2^31: 40 bits are reached long before 18 bits of gate lots.
    let mut card = Card::bare();
    card.model.arm(true);
    card.silent(Instrument { shift: 31, lots_max: 1 << 30, position_cap: 1 << 39, ..instrument() });
    card.silent(limits(0));
    card.silent(account(0, 0b1111));
    card.silent(VenueLedger { ledger: VENUE_LEDGER, lane_mask: 0b1111, ..Default::default() });
    card.bank(1, mark(1), 1 << 40);
    assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::Accepted);
    assert!(!card.position((1 << 39) - 2, 1_000).poisoned);
    assert!(card.position((1 << 39) - 1, 1_000).poisoned, "the bid end would be 2^39");
}
