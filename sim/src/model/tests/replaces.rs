//! REPLACE, and what REPLACED, REFUSED, fills and cancels make of it.

use super::*;

fn replace(anew: bool, lots: u64, price: u32) -> Replace {
    Replace { anew, lots, price, generation: 1, ..Default::default() }
}

fn replaced(cumulative: u64) -> Replaced {
    Replaced { cumulative, generation: 1, ..Default::default() }
}

const REFUSED: Refused = Refused { account: 0, instrument: 0, slot: 0, generation: 1 };

/// One order in slot 0: 10 lots bought at 1,010.
fn bought(collateral: i64) -> Card {
    let mut card = Card::new(collateral);
    assert_eq!(card.reason(order(0, BUY, 10, 1_010)), Reason::Accepted);
    card
}

impl Card {
    /// Released, cumulative, freed.
    fn closed(&mut self, command: impl Into<Command>) -> (u64, u64, bool) {
        match self.one(command) {
            Event::Closed(closed) => (closed.released, closed.cumulative, closed.freed),
            other => panic!("expected CLOSED, got {other:?}"),
        }
    }

    /// Lots, filled lots and price of slot 0, and what is pending there.
    fn entry(&mut self) -> ([i64; 3], [i64; 4]) {
        let [_, lots, cumulative, price] = self.read(Table::Slot, 0, 0, false);
        ([lots, cumulative, price], self.read(Table::Pending, 0, 0, false))
    }
}

#[test]
fn fewer_lots_at_a_worse_price_reserve_the_old_lots_at_the_new_price() {
    // 10 lots are 3 gate lots: W_0 = 3 * 10 * 16 = 480; X = 3 * 20 * 16 = 960 at 1,010 and 1,920 at 1,020.
    let mut card = bought(10_000);
    assert_eq!(card.slack(0), 10_000 - 960 - 480);
    let verdict = card.verdict(Replace { tag: 7, cookie: 8, ..replace(false, 5, 1_020) });
    assert_eq!((verdict.reason, verdict.opcode, verdict.side), (0, Replace::CODE, BUY));
    assert_eq!((verdict.lots, verdict.price, verdict.tag, verdict.cookie), (5, 1_020, 7, 8));
    assert_eq!(card.slack(0), 10_000 - 1_920 - 480);
    assert_eq!(card.entry(), ([10, 0, 1_020], [1, 10, 5, 1_010 | 1_020 << 32]));
    assert_eq!(card.closed(REFUSED), (0, 0, false));
    assert_eq!(card.slack(0), 10_000 - 960 - 480);
    assert_eq!(card.entry(), ([10, 0, 1_010], [0; 4]));
    // Carried out it is 5 lots, 2 gate lots, at 1,020.
    assert_eq!(card.reason(replace(false, 5, 1_020)), Reason::Accepted);
    assert_eq!(card.closed(replaced(0)), (5, 0, false));
    assert_eq!((card.cell(), card.slack(0)), ([0, 5, 0], 10_000 - 2 * 40 * 16 - 2 * 160));
    assert_eq!(card.model.counter(&crossgate_contract::register::COUNT_ACCEPTED), 3);
}

#[test]
fn a_sell_reserves_the_lower_price() {
    let mut card = Card::new(10_000);
    assert_eq!(card.reason(order(0, SELL, 4, 1_008)), Reason::Accepted);
    let verdict = card.verdict(replace(false, 4, 1_005));
    assert_eq!((verdict.reason, verdict.side), (0, SELL));
    assert_eq!(card.entry().0, [4, 0, 1_005]);
    assert_eq!(card.closed(REFUSED), (0, 0, false));
    assert_eq!(card.reason(replace(false, 4, 1_009)), Reason::Accepted);
    assert_eq!(card.entry().0, [4, 0, 1_008]);
}

#[test]
fn entering_anew_reserves_both_orders() {
    // 14 lots are 4 gate lots at 1,010.
    let mut card = bought(10_000);
    assert_eq!(card.reason(replace(true, 4, 1_000)), Reason::Accepted);
    assert_eq!((card.cell(), card.slack(0)), ([0, 14, 0], 10_000 - 4 * 20 * 16 - 4 * 160));
    assert_eq!(card.entry(), ([14, 0, 1_010], [3, 10, 4, 1_010 | 1_000 << 32]));
    // 3 of the old order were filled when the venue entered 4 anew.
    assert_eq!(card.filled(fill(0, BUY, 3, 1_000)).applied, 3);
    assert_eq!(card.closed(replaced(3)), (7, 3, false));
    assert_eq!((card.cell(), card.entry()), ([3, 4, 0], ([7, 3, 1_000], [0; 4])));
}

#[test]
fn a_replace_equal_to_the_collateral_passes_and_one_unit_less_changes_nothing() {
    let needed = 1_920 + 480;
    assert_eq!(bought(needed).reason(replace(false, 5, 1_020)), Reason::Accepted);
    let mut card = bought(needed - 1);
    let before = (card.entry(), card.cell(), card.account(false), card.slack(0), card.read(Table::Rate, 0, 0, false));
    let verdict = card.verdict(replace(false, 5, 1_020));
    assert_eq!((verdict.reason, verdict.pool_lanes, verdict.pool_zero), (Reason::PoolMargin.code(), 1, false));
    let after = (card.entry(), card.cell(), card.account(false), card.slack(0), card.read(Table::Rate, 0, 0, false));
    assert_eq!(after, before);
}

#[test]
fn each_reason_of_a_replace_holds_where_it_should() {
    let mut card = bought(1 << 40);
    card.filled(fill(0, BUY, 4, 1_000));
    let good = replace(false, 9, 1_005);
    for (wrong, reason) in [
        (Replace { account: 4, ..good }, Reason::Malformed),
        (Replace { lots: 0, ..good }, Reason::Malformed),
        (Replace { price: 0, ..good }, Reason::Malformed),
        (Replace { generation: 2, ..good }, Reason::Slot),
        (Replace { slot: 1, ..good }, Reason::Slot),
        (Replace { lots: 1_001, ..good }, Reason::LotsRange),
        (Replace { lots: 4, ..good }, Reason::LotsRange),
        (Replace { price: 1_061, ..good }, Reason::Collar),
    ] {
        assert_eq!(card.reason(wrong), reason, "{wrong:?}");
    }
    // Beyond the build no entry has a side.
    card.one(Order { account: 0, ..order(2, SELL, 1, 1_010) });
    assert_eq!(card.verdict(Replace { slot: 2, account: 4, ..good }).side, 0);
    // Entered anew, 4 lots are more than were filled.
    assert_eq!(card.reason(Replace { lots: 4, anew: true, ..good }), Reason::Accepted);
    assert_eq!(card.reason(good), Reason::Slot, "one is pending");
    card.closed(REFUSED);
    card.silent(InstrumentLimits { notional_max: 9 * 1_005, ..limits(0) });
    assert_eq!(card.reason(Replace { price: 1_006, ..good }), Reason::Notional);
    assert_eq!(card.reason(good), Reason::Accepted);
}

#[test]
fn the_cap_counts_the_end_point_even_where_the_price_alone_changes() {
    let mut card = bought(1 << 40);
    card.silent(Instrument { position_cap: 12, ..instrument() });
    assert_eq!(card.reason(replace(false, 13, 1_010)), Reason::PositionCap);
    assert_eq!(card.reason(replace(true, 3, 1_010)), Reason::PositionCap);
    assert_eq!(card.reason(replace(true, 2, 1_010)), Reason::Accepted);
    card.closed(REFUSED);
    card.silent(Instrument { position_cap: 9, ..instrument() });
    assert_eq!(card.reason(replace(false, 10, 1_000)), Reason::PositionCap);
}

#[test]
fn the_reserve_of_a_replace_stays_below_2_to_the_39_lots() {
    let mut card = Card::bare();
    card.model.arm(true);
    let most = (1 << 40) - 1;
    card.silent(Instrument { shift: 31, lots_max: most, position_cap: most, ..instrument() });
    card.silent(limits(0));
    card.silent(account(0, 0));
    card.silent(VenueLedger { ledger: VENUE_LEDGER, lane_mask: 0, ..Default::default() });
    card.bank(1, mark(1), 1 << 40);
    assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::Accepted);
    assert_eq!(card.reason(replace(true, (1 << 39) - 1, 1_000)), Reason::LotsRange);
    assert_eq!(card.reason(replace(false, 1 << 39, 1_000)), Reason::LotsRange);
    assert_eq!(card.reason(replace(true, (1 << 39) - 2, 1_000)), Reason::Accepted);
}

#[test]
fn a_replace_never_passes_by_the_closing_rule() {
    // Long 8 lots and 999 short of everything; a sell that closes passes, to change it does not.
    let mut card = Card::new(10_000);
    card.position(8, 1_000);
    card.silent(Collateral { epoch: 1, collateral: -1_000, ..Default::default() });
    let verdict = card.verdict(order(0, SELL, 4, 1_010));
    assert_eq!((verdict.reason, verdict.closing), (0, true));
    assert_eq!(card.reason(replace(false, 3, 1_010)), Reason::PoolMargin);
}

#[test]
fn an_answer_frees_an_order_that_has_nothing_left() {
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(false, 15, 1_010)), Reason::Accepted);
    assert!(!card.filled(fill(0, BUY, 10, 1_000)).freed, "5 more may follow");
    assert_eq!(card.closed(REFUSED), (5, 10, true));
    assert_eq!((card.cell(), card.read(Table::Rate, 0, 0, false)[0]), ([10, 0, 0], 0));
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(false, 6, 1_010)), Reason::Accepted);
    assert!(!card.filled(fill(0, BUY, 6, 1_000)).freed);
    assert_eq!(card.closed(replaced(0)), (4, 0, true));
}

#[test]
fn an_order_that_is_freed_or_cancelled_has_nothing_pending() {
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(false, 15, 1_010)), Reason::Accepted);
    assert!(card.filled(fill(0, BUY, 15, 1_000)).freed);
    assert_eq!(card.entry(), ([15, 15, 1_010], [0; 4]));
    assert_eq!(card.fault(replaced(0)), Fault::UnplacedFill);
    assert_eq!(card.account(false)[3], 0b10, "the account is halted");
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(false, 15, 1_010)), Reason::Accepted);
    let cancelled = Cancelled { cumulative: 6, generation: 1, ..Default::default() };
    assert_eq!(card.closed(cancelled), (9, 6, false), "6 are still to come");
    assert_eq!(card.entry(), ([6, 0, 1_010], [0; 4]));
    assert_eq!(card.fault(REFUSED), Fault::UnplacedFill);
}

#[test]
fn an_answer_that_cannot_be_is_an_over_fill() {
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(false, 5, 1_010)), Reason::Accepted);
    card.filled(fill(0, BUY, 6, 1_000));
    assert_eq!(card.fault(replaced(0)), Fault::OverFill, "5 lots of which 6 were filled");
    assert_eq!(card.entry().1[0], 1, "still pending");
    let mut card = bought(1 << 40);
    assert_eq!(card.reason(replace(true, 5, 1_010)), Reason::Accepted);
    assert_eq!(card.fault(replaced(11)), Fault::OverFill, "16 of 15 lots");
    assert_eq!(card.closed(replaced(10)), (0, 10, false));
    assert_eq!(card.fault(Replaced { slot: 16, ..replaced(0) }), Fault::BadField);
    assert_eq!(card.fault(Refused { generation: 2, ..REFUSED }), Fault::UnplacedFill);
}

#[test]
fn a_flip_values_a_pending_replace_at_its_worst() {
    let mut card = bought(10_000);
    assert_eq!(card.reason(replace(false, 5, 1_020)), Reason::Accepted);
    card.bank(2, BankMark { mark_buy: 990, ..mark(2) }, 10_000);
    // 10 lots at 1,020, 30 ticks above: 3 * 60 * 16.
    assert_eq!(card.account(false)[0], 10_000 - 2_880);
}
