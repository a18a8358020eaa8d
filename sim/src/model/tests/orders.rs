//! Orders: the arithmetic of the check, every reason, and their precedence.

use super::*;

/// 10 lots bought at 1,010: 3 gate lots, rate ceil(10 * 512 / 256) = 20, X = 3 * 20 * 16 = 960, W_0 = 3 * 10 * 16 =
/// 480, W_1 = max(-12, 0) = 0.
const NEEDED: i64 = 960 + 480;

#[test]
fn order_equal_to_collateral_passes_and_one_unit_less_fails() {
    assert_eq!(Card::new(NEEDED).reason(order(0, BUY, 10, 1_010)), Reason::Accepted);
    let verdict = Card::new(NEEDED - 1).verdict(order(0, BUY, 10, 1_010));
    assert_eq!(Reason::from_code(verdict.reason), Some(Reason::PoolMargin));
    assert_eq!((verdict.pool_lanes, verdict.pool_zero), (0b0001, false));
}

#[test]
fn headroom_is_checked_beside_the_lanes() {
    // With lane 1 alone in the mask 10 lots bought at 1,010 need max(960 - 0, 960) in lane 1 and 960 in the zero lane.
    let mask = account(0, 0b0010);
    let mut card = Card::new(959);
    card.silent(mask);
    let verdict = card.verdict(order(0, BUY, 10, 1_010));
    assert_eq!((verdict.reason, verdict.pool_lanes, verdict.pool_zero), (Reason::PoolMargin.code(), 0b0010, true));
    let mut card = Card::new(960);
    card.silent(mask);
    assert_eq!(card.reason(order(0, BUY, 10, 1_010)), Reason::Accepted);
}

#[test]
fn zero_lane_alone_can_fail() {
    // Long 4 lots, lane 1 wins 4 * 16 = 64 a gate lot. Y of the position: 1 * 20 * 16 = 320. K = 320 leaves H = 0 and
    // S_1 = 64, S_0 = -160. An order of 4 lots at 1,001 adds X = 1 * 2 * 16 = 32: H = -32, S_1 = -32 + 128 = 96.
    let mut card = Card::new(320);
    card.silent(account(0, 0b0010));
    assert_eq!(card.position(4, 1_010).y_active, 320);
    let verdict = card.verdict(order(0, BUY, 4, 1_001));
    assert_eq!((verdict.reason, verdict.pool_lanes, verdict.pool_zero), (Reason::PoolMargin.code(), 0, true));
    assert_eq!(card.reason(order(0, BUY, 4, 1_000)), Reason::Accepted);
}

#[test]
fn an_accepted_order_reserves_and_a_check_does_not() {
    let mut card = Card::new(NEEDED);
    assert_eq!(card.reason(Order { check: true, ..order(0, BUY, 10, 1_010) }), Reason::Accepted);
    assert_eq!(card.cell(), [0, 0, 0]);
    assert_eq!(card.reason(order(0, BUY, 10, 1_010)), Reason::Accepted);
    assert_eq!(card.cell(), [0, 10, 0]);
    // H = 1,440 - 960 = 480; S_0 = 480 - 480; S_1 = 480 - 0; lanes without losses equal H.
    assert_eq!(card.account(false), [480, 0, 0, 0]);
    assert_eq!([0, 1, 2, 3].map(|lane| card.slack(lane)), [0, 480, 480, 480]);
    // busy, generation 1; lots 10, cumulative 0, price 1,010.
    assert_eq!(card.read(Table::Slot, 0, 0, false), [1 | 1 << 48, 10, 0, 1_010]);
}

#[test]
fn a_rejected_order_changes_nothing() {
    let mut card = Card::new(NEEDED - 1);
    assert_eq!(card.reason(order(0, BUY, 10, 1_010)), Reason::PoolMargin);
    assert_eq!(card.cell(), [0, 0, 0]);
    assert_eq!(card.read(Table::Slot, 0, 0, false), [0, 0, 0, 0]);
    assert_eq!(card.account(false), [NEEDED - 1, 0, 0, 0]);
}

#[test]
fn both_sides_open_take_the_worse_end_in_each_lane() {
    // Bought 10 at 1,000 and sold 7 at 1,010: no reserve on either side. hi = 3, lo = floor(-7/4) = -2.
    // W_0 = max(3 * 10, 2 * -5) * 16 = 480; W_1 = max(3 * -4, 2 * 8) * 16 = 256.
    let mut card = Card::new(10_000);
    assert_eq!(card.reason(order(0, BUY, 10, 1_000)), Reason::Accepted);
    assert_eq!(card.reason(order(1, SELL, 7, 1_010)), Reason::Accepted);
    assert_eq!([card.slack(0), card.slack(1)], [10_000 - 480, 10_000 - 256]);
}

#[test]
fn the_rate_of_a_sell_rounds_up() {
    // Sold 1 lot at 1,009 with tick 255: ceil(1 * 255 / 256) = 1; X = 1 gate lot * 1 * 16.
    let mut card = Card::new(0);
    card.bank(2, BankMark { tick_sell: 255, ..mark(2) }, 1_000);
    assert_eq!(card.reason(order(0, SELL, 1, 1_009)), Reason::Accepted);
    assert_eq!(card.account(false)[0], 1_000 - 16);
}

#[test]
fn each_reason_is_reached_and_the_lowest_wins() {
    let good = order(0, BUY, 10, 1_010);
    let mut card = Card::new(1 << 40);
    card.model.arm(false);
    assert_eq!(card.reason(Order { account: 99, ..good }), Reason::NotReady);
    card.model.arm(true);
    card.model.set_ring_full(true);
    assert_eq!(card.reason(Order { account: 99, ..good }), Reason::RingFull);
    card.model.set_ring_full(false);

    card.silent(Halt { scope: scope::GLOBAL, index: 999, halted: true });
    for malformed in [
        Order { account: 4, ..good },
        Order { instrument: 4, ..good },
        Order { slot: 16, ..good },
        Order { account: 1, ..good },
        Order { instrument: 1, ..good },
        Order { price: 0, ..good },
        Order { lots: 0, ..good },
        Order { tif: 3, ..good },
    ] {
        assert_eq!(card.reason(malformed), Reason::Malformed, "{malformed:?}");
    }
    card.silent(Halt { scope: scope::ACCOUNT, index: 0, halted: true });
    card.silent(Halt { scope: scope::INSTRUMENT, index: 0, halted: true });
    let worst = Order { generation: 7, lots: 1_001, price: 1_061, ..good };
    assert_eq!(card.reason(worst), Reason::HaltedGlobal);
    card.silent(Halt { scope: scope::GLOBAL, index: 0, halted: false });
    assert_eq!(card.reason(worst), Reason::HaltedAccount);
    card.silent(Halt { scope: scope::ACCOUNT, index: 0, halted: false });
    assert_eq!(card.reason(worst), Reason::HaltedInstrument);
    card.silent(Halt { scope: scope::INSTRUMENT, index: 0, halted: false });
    assert_eq!(card.reason(worst), Reason::Slot);
    assert_eq!(card.reason(Order { generation: 1, ..worst }), Reason::LotsRange);
    // mark_sell 1,010 + collar 50 = 1,060 is the last price that passes.
    assert_eq!(card.reason(Order { price: 1_061, ..good }), Reason::Collar);
    assert_eq!(card.reason(Order { price: 1_060, check: true, ..good }), Reason::Accepted);
    assert_eq!(card.reason(Order { side: SELL, price: 949, ..good }), Reason::Collar);
    assert_eq!(card.reason(Order { side: SELL, price: 950, check: true, ..good }), Reason::Accepted);
    card.silent(Instrument { position_cap: 10, ..instrument() });
    assert_eq!(card.reason(Order { lots: 11, ..good }), Reason::PositionCap);
    assert_eq!(card.reason(Order { lots: 11, side: SELL, ..good }), Reason::PositionCap);
    assert_eq!(card.reason(good), Reason::Accepted);
    assert_eq!(card.reason(Order { generation: 2, ..good }), Reason::Slot);
    assert_eq!(card.model.counter(&crossgate_contract::register::COUNT_ACCEPTED), 3);
}

#[test]
fn not_ready_before_the_first_bank() {
    let mut card = Card::bare();
    card.model.arm(true);
    assert_eq!(card.reason(order(0, BUY, 10, 1_010)), Reason::NotReady);
}

#[test]
fn an_end_point_of_2_to_the_17_gate_lots_overflows() {
    // hi must stay below 2^17 gate lots = 2^19 native lots.
    let mut card = Card::new(1 << 46);
    card.silent(Instrument { lots_max: 1 << 30, position_cap: 1 << 39, ..instrument() });
    let limit = (1 << 19) - 4;
    assert_eq!(card.reason(Order { check: true, ..order(0, BUY, limit, 1_000) }), Reason::Accepted);
    assert_eq!(card.reason(order(0, BUY, limit + 1, 1_000)), Reason::Overflow);
    // lo may be -2^17, but the reserve of as many gate lots does not fit.
    assert_eq!(card.reason(Order { check: true, ..order(0, SELL, limit, 1_010) }), Reason::Accepted);
    assert_eq!(card.reason(order(0, SELL, limit + 1, 1_010)), Reason::Overflow);
}

#[test]
fn a_distance_or_a_rate_of_2_to_the_17_overflows() {
    let mut card = Card::new(1 << 46);
    card.silent(Instrument { collar: (1 << 24) - 1, ..instrument() });
    // tick 2 / 256: the distance is limited, not the rate.
    card.bank(2, BankMark { tick_buy: 2, ..mark(2) }, 1 << 46);
    let far = 1_000 + (1 << 17);
    assert_eq!(card.reason(Order { check: true, ..order(0, BUY, 4, far - 1) }), Reason::Accepted);
    assert_eq!(card.reason(order(0, BUY, 4, far)), Reason::Overflow);
    // tick 512 / 256: a distance of 2^16 has the rate 2^17.
    card.bank(3, mark(3), 1 << 46);
    let far = 1_000 + (1 << 16);
    assert_eq!(card.reason(Order { check: true, ..order(0, BUY, 4, far - 1) }), Reason::Accepted);
    assert_eq!(card.reason(order(0, BUY, 4, far)), Reason::Overflow);
}

#[test]
fn a_slack_that_leaves_48_bits_overflows_even_when_masked() {
    // K = -2^47 is the least value of 48 bits; 10 lots bought at 1,000 lower S_0 by 480. Lane 1, the only one in the
    // mask, stays.
    let mut card = Card::new(-(1 << 47));
    card.silent(account(0, 0b0010));
    assert_eq!(card.slack(0), -(1 << 47));
    assert_eq!(card.reason(order(0, BUY, 10, 1_000)), Reason::Overflow);
    assert_eq!(card.reason(order(0, SELL, 1, 1_010)), Reason::Overflow, "lane 1 would lose 128");
    let mut card = Card::new(480 - (1 << 47));
    assert_eq!(card.reason(order(0, BUY, 10, 1_000)), Reason::PoolMargin, "S_0 is -2^47, which fits");
}

#[test]
fn the_verdict_repeats_the_order() {
    let mut card = Card::new(1 << 40);
    let sent = Order { tag: 7, cookie: 1 << 47, tif: 2, check: true, ..order(3, SELL, 9, 1_005) };
    let verdict = card.verdict(sent);
    assert_eq!((verdict.tag, verdict.cookie, verdict.check, verdict.side), (7, 1 << 47, true, SELL));
    assert_eq!((verdict.lots, verdict.price, verdict.slot, verdict.generation), (9, 1_005, 3, 1));
    assert_eq!((verdict.epoch, verdict.opcode), (1, 0x10));
}
