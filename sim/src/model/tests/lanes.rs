//! REL and UNIT lanes.

use super::*;

/// Bank 2 with lane kinds and a base for cell (0, 0).
fn card(relative: u32, unit: u32, base: Option<i64>) -> Card {
    let mut card = Card::new(10_000);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.silent(BankLanes { epoch: 2, relative, unit });
    if let Some(base) = base {
        card.silent(BankBase { epoch: 2, base, ..Default::default() });
    }
    card.rows_behind_marks(2, 10_000);
    card.silent(BankOffset { lane: 1, epoch: 2, offset: -100, ..Default::default() });
    assert_eq!(card.commit(2).result, 0);
    card
}

#[test]
fn a_rel_lane_counts_from_the_base() {
    let mut card = card(0b0001, 0, Some(8));
    assert_eq!(card.read(Table::Base, 0, 0, false), [8, 0, 0, 1]);
    // Nothing held: 8 lots below the base are 2 gate lots short, which win 5 each in lane 0.
    assert_eq!([card.slack(0), card.slack(1)], [10_160, 10_100]);
    // 13 lots: 5 above the base are 2 gate lots up, 1 down; ABS counts 4 up, 3 down.
    card.position(13, 1_000);
    assert_eq!([card.slack(0), card.slack(1)], [10_000 - 320, 10_100 + 192]);
    // Both ledgers count alike.
    assert_eq!(card.venue_slack(0), VENUE_COLLATERAL - 320);
}

#[test]
fn without_a_base_a_rel_lane_counts_from_zero() {
    let mut card = card(0b0011, 0, None);
    card.position(8, 1_000);
    assert_eq!([card.slack(0), card.slack(1)], [10_000 - 320, 10_100 + 128]);
    assert_eq!(card.read(Table::Base, 0, 0, false), [0; 4]);
}

#[test]
fn a_unit_lane_knows_neither_collateral_nor_reserves() {
    let mut card = card(0, 0b0010, None);
    assert_eq!([card.slack(1), card.account(false)[0]], [100, 10_000]);
    // 8 lots at 1,005: Y = 2 * 10 * 16 = 320; lane 1 wins 2 * 4 * 16.
    card.position(8, 1_005);
    assert_eq!([card.slack(1), card.account(false)[0]], [228, 9_680]);
    card.silent(Collateral { epoch: 2, collateral: 5_000, ..Default::default() });
    assert_eq!([card.slack(1), card.slack(2)], [228, 4_680]);
    // 7 gate lots below: 228 - (5 * 8 + 8) * 16 fails by units alone.
    let verdict = card.verdict(order(0, SELL, 28, 1_010));
    assert_eq!((verdict.reason, verdict.pool_lanes, verdict.pool_zero), (Reason::PoolMargin.code(), 0b0010, false));
}

#[test]
fn the_distance_from_the_base_has_a_width_in_every_build_of_lanes() {
    // 0 - p0 = -(2^19 + 1) lots are 2^17 + 1 gate lots; no lane is REL.
    let base = (1 << 19) + 1;
    for (base, poisoned) in [(base, 1), (base - 1, 0)] {
        let mut card = Card::new(10_000);
        card.silent(mark(2));
        card.silent(Marks { epoch: 2 });
        card.silent(BankBase { epoch: 2, base, ..Default::default() });
        card.rows_behind_marks(2, 10_000);
        let bank = card.commit(2);
        assert_eq!((bank.result, bank.poisoned, bank.venue_poisoned), (0, poisoned, poisoned << VENUE_LEDGER));
        if poisoned == 0 {
            assert_eq!(card.reason(order(0, SELL, 1, 1_010)), Reason::Overflow);
            assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::Accepted);
        }
    }
}

#[test]
fn lane_kinds_and_bases_flip_with_their_bank() {
    let mut card = card(0b0001, 0b0010, Some(8));
    card.bank(3, mark(3), 10_000);
    assert_eq!([card.slack(0), card.slack(1)], [10_000, 10_000]);
    assert_eq!(card.read(Table::Base, 0, 0, false), [0; 4]);
}
