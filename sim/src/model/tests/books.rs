//! BOOK examples.

use super::*;
use crossgate_contract::event::{flag, Bbo, Ring};
use crossgate_contract::register;

const BID: u8 = 0;
const ASK: u8 = 1;

fn level(venue: u8, side: u8, price: u32, quantity: u64) -> Level {
    Level { side, venue, book: 0, price, quantity, tag: u64::from(price) }
}

fn enable(enabled: u16) -> BookState {
    BookState { enabled, ..Default::default() }
}

fn bbo(card: &mut Card, command: impl Into<Command>) -> Bbo {
    match card.one(command) {
        Event::Bbo(bbo) => bbo,
        other => panic!("expected BBO, got {other:?}"),
    }
}

/// Base 1,024, both venues enabled.
fn open() -> Card {
    let mut card = Card::bare();
    card.silent(Slide { base: 1_024, ..Default::default() });
    card.silent(enable(0b11));
    card
}

#[test]
fn the_touch_sums_the_enabled_venues_at_the_best_tick() {
    let mut card = open();
    let event = bbo(&mut card, level(0, BID, 1_030, 5));
    assert_eq!((event.bid_price, event.bid_venues, event.bid_quantity), (1_030, 0b01, 5));
    assert_eq!((event.flags, event.opcode, event.tag), (flag::ASK_EMPTY, 0x20, 1_030));
    let event = bbo(&mut card, level(1, BID, 1_030, 7));
    assert_eq!((event.bid_venues, event.bid_quantity), (0b11, 12));
    card.silent(level(1, BID, 1_029, 9));
    let event = bbo(&mut card, level(0, ASK, 1_030, 1));
    assert_eq!(event.flags, flag::LOCKED);
    let event = bbo(&mut card, level(1, ASK, 1_024, 1));
    assert_eq!((event.flags, event.ask_price), (flag::CROSSED, 1_024));
    let event = bbo(&mut card, VenueReset { venue: 1, ..Default::default() });
    assert_eq!((event.bid_quantity, event.ask_price, event.opcode), (5, 1_030, 0x21));
    card.silent(level(1, BID, 1_100, 9));
    let event = bbo(&mut card, enable(0b11));
    assert_eq!((event.bid_price, event.bid_quantity), (1_100, 9), "levels of a masked venue count once it is enabled");
}

#[test]
fn levels_outside_the_window_are_counted_only() {
    let mut card = Card::bare();
    card.silent(level(0, BID, 5, 5));
    card.silent(Slide { base: 1_024, ..Default::default() });
    card.silent(enable(1));
    card.silent(level(0, BID, 1_023, 5));
    card.silent(level(0, BID, 1_280, 5));
    assert_eq!(bbo(&mut card, level(0, BID, 1_279, 5)).bid_price, 1_279);
    assert_eq!(card.model.counter(&register::COUNT_LEVELS_OUTSIDE), 3);
    assert_eq!(card.model.counter(&register::COUNT_LEVELS), 1);
    assert_eq!(card.model.counter(&register::COUNT_BBO), 1);
}

#[test]
fn a_slide_keeps_what_lies_in_both_windows() {
    let mut card = open();
    card.send(level(0, BID, 1_200, 5));
    card.send(level(0, BID, 1_100, 6));
    card.silent(Slide { base: 1_152, ..Default::default() });
    let event = bbo(&mut card, level(0, BID, 1_200, 0));
    assert_eq!(event.flags, flag::BID_EMPTY | flag::ASK_EMPTY, "1,100 fell out of the window");
    let event = bbo(&mut card, Slide { base: 0, refilling: true, ..Default::default() });
    assert_eq!(event.flags, flag::BID_EMPTY | flag::ASK_EMPTY | flag::REFILLING);
    card.silent(Slide { base: u32::MAX - 255, refilling: true, ..Default::default() });
    assert_eq!(bbo(&mut card, level(0, ASK, u32::MAX, 1)).ask_price, u32::MAX);
}

#[test]
fn bad_fields_change_nothing() {
    let mut card = open();
    for wrong in [
        Command::from(level(2, BID, 1_030, 1)),
        Level { book: 2, ..level(0, BID, 1_030, 1) }.into(),
        level(0, BID, 1_030, 1 << 32).into(),
        level(0, BID, 1, 1 << 32).into(),
        Slide { base: 64, ..Default::default() }.into(),
        Slide { base: u32::MAX - 127, ..Default::default() }.into(),
        enable(0b100).into(),
        Depth { book: 0, count: 0, tag: 0 }.into(),
        Heartbeat { venue: 2, time_us: 1 }.into(),
        VenueReset { venue: 2, ..Default::default() }.into(),
    ] {
        assert_eq!(card.fault(wrong), Fault::BadField, "{wrong:?}");
    }
    assert_eq!(bbo(&mut card, level(0, BID, 1_030, u64::from(u32::MAX))).bid_quantity, u64::from(u32::MAX));
}

#[test]
fn depth_ends_at_its_count_or_after_both_sides() {
    let mut card = open();
    card.send(level(0, BID, 1_030, 1));
    card.send(level(1, BID, 1_028, 2));
    card.send(level(0, ASK, 1_040, 3));
    let listed = card.send(Depth { book: 0, count: 9, tag: 8 });
    let rows: Vec<_> = listed
        .iter()
        .map(|event| match event {
            Event::DepthLevel(level) => (level.level, level.flags, level.bid_price, level.ask_price, level.tag),
            other => panic!("{other:?}"),
        })
        .collect();
    let empty = flag::BID_EMPTY | flag::ASK_EMPTY;
    assert_eq!(rows, [(0, 0, 1_030, 1_040, 8), (1, flag::ASK_EMPTY, 1_028, 0, 8), (2, empty | flag::LAST, 0, 0, 8)]);
    let listed = card.send(Depth { book: 0, count: 1, tag: 8 });
    assert!(matches!(listed[..], [Event::DepthLevel(event::DepthLevel { level: 0, flags: flag::LAST, .. })]));
}

#[test]
fn market_events_and_fences_use_the_market_ring_and_its_faults_the_decision_ring() {
    let mut card = open();
    let fence = Command::from(Fence { tag: 9 }).encode().unwrap();
    let rings = Window::ALL.map(|window| card.model.command(window, fence)[0].0);
    assert_eq!(rings, [Ring::Decisions, Ring::Market, Ring::Decisions]);
    let bad = Command::from(Depth { book: 9, count: 1, tag: 0 }).encode().unwrap();
    let (ring, words) = card.model.command(Window::Market, bad)[0];
    assert_eq!((ring, event::SEQUENCE.get(&words)), (Ring::Decisions, 2));
    card.silent(Heartbeat { venue: 1, time_us: 77 });
    assert_eq!(card.read(Table::Venue, 1, 0, false), [77, 0, 0, 0]);
}
