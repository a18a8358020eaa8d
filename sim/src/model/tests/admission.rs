//! Limits that value nothing: notional, open orders, message rate, ages, touch, boxes.

use super::*;

fn check(side: u8, price: u32) -> Order {
    Order { check: true, ..order(15, side, 1, price) }
}

#[test]
fn without_a_row_of_limits_an_order_is_malformed() {
    let mut card = Card::new(1 << 40);
    card.silent(Instrument { instrument: 1, ..instrument() });
    let other = Order { instrument: 1, ..order(0, BUY, 1, 1_000) };
    assert_eq!(card.reason(other), Reason::Malformed);
    assert_eq!(card.read(Table::Limits, 1, 0, false), [0; 4]);
    card.silent(InstrumentLimits { instrument: 1, notional_max: 3, touch_ticks: 9 });
    assert_eq!(card.read(Table::Limits, 1, 0, false), [1 << 32, 3, 9, 0]);
    assert_eq!(card.reason(other), Reason::Notional);
    assert_eq!(card.fault(InstrumentLimits { instrument: 4, ..Default::default() }), Fault::BadField);
}

#[test]
fn notional_equal_to_its_limit_passes_and_one_less_allowed_fails() {
    let mut card = Card::new(1 << 40);
    card.silent(InstrumentLimits { notional_max: 10 * 1_000, ..limits(0) });
    assert_eq!(card.reason(Order { check: true, ..order(0, BUY, 10, 1_000) }), Reason::Accepted);
    card.silent(InstrumentLimits { notional_max: 10 * 1_000 - 1, ..limits(0) });
    assert_eq!(card.reason(order(0, BUY, 10, 1_000)), Reason::Notional);
    // 2^40 - 1 lots at 2^32 - 1 ticks are more than 64 bits hold.
    card.silent(limits(0));
    let most = (1 << 40) - 1;
    card.silent(Instrument { lots_max: most, ..instrument() });
    assert_eq!(card.reason(order(0, BUY, most, u32::MAX)), Reason::Notional);
}

#[test]
fn open_orders_count_until_they_are_freed() {
    let mut card = Card::new(1 << 40);
    card.silent(Account { open_orders_max: 2, ..account(0, 0b1111) });
    assert_eq!(card.reason(order(0, BUY, 4, 1_000)), Reason::Accepted);
    assert_eq!(card.reason(order(1, BUY, 4, 1_000)), Reason::Accepted);
    assert_eq!(card.reason(order(2, BUY, 4, 1_000)), Reason::OpenOrders);
    assert_eq!(card.read(Table::Rate, 0, 0, false), [2, 0, 0, 0]);
    let change = Replace { lots: 5, price: 1_000, generation: 1, ..Default::default() };
    assert!(matches!(card.one(change), Event::Verdict(verdict) if verdict.reason == 0), "no limit of a REPLACE");
    card.filled(fill(1, BUY, 3, 1_000));
    assert_eq!(card.reason(order(2, BUY, 4, 1_000)), Reason::OpenOrders);
    card.filled(fill(1, BUY, 4, 1_000));
    assert_eq!(card.reason(order(2, BUY, 4, 1_000)), Reason::Accepted);
}

#[test]
fn messages_cost_time_and_checks_and_rejections_do_not() {
    let mut card = Card::new(1 << 40);
    card.silent(Account { message_cost_us: 100, message_burst_us: 250, ..account(0, 0b1111) });
    card.model.set_time_us(1_000);
    let tat = |card: &mut Card| card.read(Table::Rate, 0, 0, false)[1];
    assert_eq!(card.reason(check(BUY, 1_000)), Reason::Accepted);
    assert_eq!(tat(&mut card), 0);
    assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::Accepted);
    assert_eq!(card.reason(order(1, BUY, 1, 1_000)), Reason::Accepted);
    // 1,200 + 100 is beyond 1,000 + 250.
    assert_eq!(card.reason(order(2, BUY, 1, 1_000)), Reason::MessageRate);
    let change = Replace { lots: 5, price: 1_000, generation: 1, ..Default::default() };
    assert!(matches!(card.one(change), Event::Verdict(verdict) if verdict.reason == Reason::MessageRate.code()));
    assert_eq!(tat(&mut card), 1_200);
    card.model.set_time_us(1_049);
    assert_eq!(card.reason(order(2, BUY, 1, 1_000)), Reason::MessageRate);
    card.model.set_time_us(1_050);
    assert_eq!(card.reason(order(2, BUY, 1, 1_000)), Reason::Accepted);
    // A cancel passes and costs all the same, a mass cancel costs nothing.
    card.one(Cancel { generation: 1, ..Default::default() });
    card.one(MassCancel::default());
    assert_eq!(tat(&mut card), 1_400);
    // Without a cost the time still moves up to now; it stops at 2^48 - 1.
    card.silent(account(0, 0b1111));
    card.model.set_time_us(5_000);
    assert_eq!(card.reason(order(3, BUY, 1, 1_000)), Reason::Accepted);
    assert_eq!(tat(&mut card), 5_000);
    card.silent(Account { message_cost_us: u32::MAX, message_burst_us: u32::MAX, ..account(0, 0b1111) });
    card.model.set_time_us((1 << 48) - 10);
    assert_eq!(card.reason(order(4, BUY, 1, 1_000)), Reason::Accepted);
    assert_eq!(tat(&mut card), (1 << 48) - 1);
}

#[test]
fn banks_age_and_end_at_their_deadline() {
    let mut card = Card::new(1 << 40);
    card.silent(mark(2));
    card.silent(Marks { epoch: 2 });
    card.rows_behind_marks(2, 1 << 40);
    let commit = card.rows.commit(Commit { epoch: 2, as_of_us: 1_000, deadline_us: 9_000, ..Default::default() });
    assert_eq!(card.commit_as(commit).result, 0);
    let at = |card: &mut Card, now: u64| {
        card.model.set_time_us(now);
        card.reason(check(BUY, 1_000))
    };
    assert_eq!([at(&mut card, 9_000), at(&mut card, 9_001)], [Reason::Accepted, Reason::Stale]);
    card.silent(Ages { bank_us: 500, ..Default::default() });
    assert_eq!([at(&mut card, 1_500), at(&mut card, 1_501)], [Reason::Accepted, Reason::Stale]);
    assert_eq!(at(&mut card, 3), Reason::Accepted, "as of a time to come");
    card.silent(Ages { heartbeat_us: 20, ..Default::default() });
    assert_eq!([at(&mut card, 20), at(&mut card, 21)], [Reason::Accepted, Reason::Stale]);
    card.silent(Heartbeat { venue: 1, time_us: 100 });
    assert_eq!(at(&mut card, 21), Reason::Stale, "another venue's");
    card.silent(Heartbeat { venue: 0, time_us: 100 });
    assert_eq!([at(&mut card, 120), at(&mut card, 121)], [Reason::Accepted, Reason::Stale]);
}

#[test]
fn the_collateral_of_each_ledger_ages_from_its_last_publish() {
    let mut card = Card::new(1 << 40);
    card.silent(Ages { collateral_us: 300, ..Default::default() });
    let at = |card: &mut Card, now: u64| {
        card.model.set_time_us(now);
        card.reason(check(BUY, 1_000))
    };
    assert_eq!([at(&mut card, 300), at(&mut card, 301)], [Reason::Accepted, Reason::Stale], "as of the COMMIT");
    let live = |venue, age_ms, epoch| {
        let ledger = if venue { VENUE_LEDGER } else { 0 };
        Collateral { venue, ledger, epoch, age_ms, collateral: 1 << 40, ..Default::default() }
    };
    card.model.set_time_us(4_400);
    card.silent(live(false, 0, 1));
    assert_eq!(at(&mut card, 4_400), Reason::Stale, "the venue ledger is old");
    card.silent(live(true, 3, 1));
    assert_eq!([at(&mut card, 1_700), at(&mut card, 1_701)], [Reason::Accepted, Reason::Stale], "as of 1,400");
    card.model.set_time_us(4_400);
    card.silent(live(true, 5, 1));
    assert_eq!([at(&mut card, 300), at(&mut card, 301)], [Reason::Accepted, Reason::Stale], "not before 0");
    card.model.set_time_us(4_400);
    assert_eq!(card.fault(live(true, 0, 2)), Fault::CollateralRefused);
    assert_eq!(at(&mut card, 4_400), Reason::Stale);
    card.silent(live(true, 0, 1));
    assert_eq!([at(&mut card, 4_700), at(&mut card, 4_701)], [Reason::Accepted, Reason::Stale]);
}

/// Book 1 of venue 1 with a tick of 10 native ticks; 2 ticks of crossing are allowed, and a collar of 5.
fn with_book() -> Card {
    let mut card = Card::bare();
    card.model.arm(true);
    card.silent(Instrument { venue: 1, book: 1, collar: 5, crossed_max: 2, ..instrument() });
    card.silent(InstrumentLimits { touch_ticks: 10, ..limits(0) });
    card.silent(account(0, 0b1111));
    card.silent(VenueLedger { venue: 1, ledger: VENUE_LEDGER, lane_mask: 0b1111, ..Default::default() });
    card.bank(1, BankMark { mark_buy: 1, mark_sell: 20_000, ..mark(1) }, 1 << 40);
    for book in 0..2 {
        card.send(Slide { book, base: 1_024, ..Default::default() });
        card.send(BookState { book, enabled: 0b11, ..Default::default() });
    }
    card
}

fn level(card: &mut Card, book: u8, venue: u8, side: u8, price: u32, quantity: u64) {
    card.send(Level { side, venue, book, price, quantity, tag: 0 });
}

#[test]
fn an_order_may_be_through_its_venues_touch_by_the_collar() {
    let mut card = with_book();
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Collar, "no ask");
    level(&mut card, 1, 0, SELL, 1_101, 5);
    level(&mut card, 0, 1, SELL, 1_101, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Collar, "not of its venue and book");
    level(&mut card, 1, 1, SELL, 1_101, 5);
    assert_eq!(card.reason(check(BUY, 11_015)), Reason::Accepted);
    assert_eq!(card.reason(check(BUY, 11_016)), Reason::Collar);
    assert_eq!(card.reason(check(SELL, 11_000)), Reason::Collar, "no bid");
    level(&mut card, 1, 1, BUY, 1_100, 5);
    assert_eq!(card.reason(check(SELL, 10_995)), Reason::Accepted);
    assert_eq!(card.reason(check(SELL, 10_994)), Reason::Collar);
    assert_eq!(card.read(Table::Touch, 1, 1, false), [1_100, 1_101, 0, 0]);
    assert_eq!(card.read(Table::Touch, 1, 0, false), [0, 1_101, 0, 0]);
    // Another venue's bid of 1,103 crosses by 2, of 1,104 by 3.
    level(&mut card, 1, 0, BUY, 1_103, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted);
    level(&mut card, 1, 0, BUY, 1_104, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Collar);
    card.send(BookState { book: 1, enabled: 0b10, ..Default::default() });
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted, "masked venues do not cross");
    card.send(BookState { book: 1, enabled: 0b10, refilling: true, ..Default::default() });
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Collar, "refilling");
    assert_eq!(card.read(Table::Touch, 1, 1, false), [1_100, 1_101, 1, 0]);
    card.send(BookState { book: 1, enabled: 0b01, ..Default::default() });
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Collar, "its venue is masked");
    assert_eq!(card.read(Table::Touch, 1, 1, false), [0; 4]);
    card.silent(limits(0));
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted, "without touch_ticks the book does not count");
}

#[test]
fn a_book_out_of_its_box_stops_what_does_not_close() {
    let mut card = with_book();
    card.silent(limits(0));
    let next = |card: &mut Card, epoch: u32, low: u32, high: u32| {
        card.silent(BankMark { mark_buy: 1, mark_sell: 20_000, ..mark(epoch) });
        card.silent(Marks { epoch });
        card.rows_behind_marks(epoch, 1 << 40);
        card.silent(BankBox { book: 0, epoch, low, high });
        assert_eq!(card.read(Table::Box, 0, 0, true), [low.into(), high.into(), 0, 1]);
        assert_eq!(card.commit(epoch).result, 0);
    };
    next(&mut card, 2, 1_050, 1_100);
    assert_eq!((card.read(Table::Box, 0, 0, false)[3], card.read(Table::Box, 0, 0, true)[3]), (1, 0));
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted, "an empty book is not out of its box");
    level(&mut card, 0, 0, BUY, 1_100, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted, "the edge is inside");
    card.position(4, 11_000);
    card.one(order(0, SELL, 1, 11_000));
    level(&mut card, 0, 0, BUY, 1_101, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Box);
    assert_eq!(card.reason(check(SELL, 11_000)), Reason::Accepted, "it closes");
    assert_eq!(card.reason(Order { lots: 4, ..check(SELL, 11_000) }), Reason::Box, "with the open one it does not");
    let change = Replace { lots: 2, price: 11_000, generation: 1, ..Default::default() };
    assert!(matches!(card.one(change), Event::Verdict(verdict) if verdict.reason == Reason::Box.code()));
    level(&mut card, 0, 0, BUY, 1_101, 0);
    level(&mut card, 0, 1, SELL, 1_049, 5);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Box, "below");
    next(&mut card, 3, 1_049, 1_100);
    assert_eq!(card.reason(check(BUY, 11_000)), Reason::Accepted);
}
