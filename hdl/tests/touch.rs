//! Promises of the touch test and of the validity boxes against plain arithmetic; and their Verilog is the same block.
#![allow(missing_docs)]

mod support;

use crossgate_hdl::gate::boxes::Boxes;
use crossgate_hdl::gate::touch::Touch;
use crossgate_hdl::int::U;
use crossgate_hdl::sim::{settle, tick};
use crossgate_sim::random::Random;
use rust_hdl_core::prelude::*;
use std::collections::VecDeque;
use support::{cosim, verilator_lint, yosys_check};

const VENUES: usize = 4;
const BOOKS: usize = 8;
type Touches = Touch<VENUES, 2, 3>;
type Box8 = Boxes<BOOKS, 3>;

/// Seldom nothing, often near others.
fn price(random: &mut Random) -> Option<u64> {
    let near = 1_000 + random.below(20);
    let any = random.below(1 << 32);
    (random.below(5) != 0).then(|| random.pick(&[near, near, near, near, any, 0, 0xffff_ffff]))
}

fn bits(price: Option<u64>) -> U<33> {
    price.map_or(0, |price| 1 << 32 | price).into()
}

#[derive(Clone, Copy, Default)]
struct BookTouch {
    venues: [[Option<u64>; VENUES]; 2],
    best: [Option<u64>; 2],
    refilling: bool,
}

#[derive(Clone, Copy, Default)]
struct Order {
    book: usize,
    venue: usize,
    ticks: u64,
    sell: bool,
    price: u64,
    collar: u64,
    crossed_max: u64,
}

/// The touch test as the page has it.
fn fails(touch: &BookTouch, order: &Order) -> bool {
    if order.ticks == 0 {
        return false;
    }
    let crossed = match touch.best {
        [Some(bid), Some(ask)] => bid > ask + order.crossed_max,
        _ => false,
    };
    let own = touch.venues[usize::from(!order.sell)][order.venue];
    let Some(own) = own else { return true };
    let through = if order.sell {
        order.price + order.collar < own * order.ticks
    } else {
        order.price > own * order.ticks + order.collar
    };
    touch.refilling || crossed || through
}

fn order(random: &mut Random, books: &[BookTouch]) -> Order {
    let mut order = Order {
        book: random.index(BOOKS),
        venue: random.index(VENUES),
        ticks: random.pick(&[0, 1, 1, 2, 10, 0xffff]),
        sell: random.below(2) == 1,
        price: 0,
        collar: random.pick(&[0, 0, 1, 5, 0xff_ffff]),
        crossed_max: random.pick(&[0, 0, 1, 5, 0xff_ffff]),
    };
    let own = books[order.book].venues[usize::from(!order.sell)][order.venue].unwrap_or(1_000) * order.ticks;
    let edge = if order.sell { own.saturating_sub(order.collar) } else { own + order.collar };
    let any = random.below(1 << 32);
    order.price = random.pick(&[edge, edge + 1, edge.saturating_sub(1), any, 1, 0xffff_ffff]).min(0xffff_ffff);
    order
}

#[test]
fn the_touch_test_equals_plain_arithmetic_and_its_verilog() {
    let mut uut = Box::<Touches>::default();
    uut.connect_all();
    let mut cosim = cosim!(Touches;
        inputs: write, write_book, write_ask, prices[0], prices[1], prices[2], prices[3], best, refill, refilling, book,
            venue, touch_ticks, sell, price, collar, crossed_max;
        outputs: venue_bid, venue_ask, filling, bad);
    let mut random = Random::new(0x0dd_c0ffee);
    let mut books = [BookTouch::default(); BOOKS];
    // an order in clock 2 looks at the memories in clock 3, is seen in clock 4, judged in clock 12
    let mut judged: VecDeque<Option<bool>> = std::iter::repeat_n(None, 9).collect();
    let (mut looks, mut sees) = (None, None);
    let mut outcomes = [0; 2];
    for cycle in 0..12_000 {
        let new = (random.below(4) != 0).then(|| order(&mut random, &books));
        if let Some(order) = new {
            uut.book.next = (order.book as u64).into();
            uut.venue.next = (order.venue as u64).into();
            uut.touch_ticks.next = order.ticks.into();
            uut.sell.next = order.sell;
            uut.price.next = order.price.into();
            uut.collar.next = order.collar.into();
            uut.crossed_max.next = order.crossed_max.into();
        }
        let looked = looks.map(|order: Order| (order, books[order.book]));
        judged.push_back(looked.map(|(order, touch)| fails(&touch, &order)));
        // BOOK
        let (book, ask) = (random.index(BOOKS), random.below(2) == 1);
        uut.write.next = random.below(3) == 0;
        uut.refill.next = uut.write.next && random.below(4) == 0;
        uut.refilling.next = random.below(3) == 0;
        uut.write_book.next = (book as u64).into();
        uut.write_ask.next = ask;
        let venues = [(); VENUES].map(|()| price(&mut random));
        let best = price(&mut random);
        for (venue, price) in venues.iter().enumerate() {
            uut.prices[venue].next = bits(*price);
        }
        uut.best.next = bits(best);
        settle(uut.as_mut());
        if let Some((order, touch)) = sees {
            let (order, touch): (Order, BookTouch) = (order, touch);
            assert_eq!(uut.venue_bid.val(), bits(touch.venues[0][order.venue]));
            assert_eq!(uut.venue_ask.val(), bits(touch.venues[1][order.venue]));
            assert_eq!(uut.filling.val(), touch.refilling);
        }
        if let Some(Some(expected)) = judged.pop_front() {
            assert_eq!(uut.bad.val(), expected, "cycle {cycle}");
            outcomes[usize::from(expected)] += 1;
        }
        if uut.write.val() {
            books[book].venues[usize::from(ask)] = venues;
            books[book].best[usize::from(ask)] = best;
            if uut.refill.val() {
                books[book].refilling = uut.refilling.val();
            }
        }
        (sees, looks) = (looked, new);
        cosim.clock(uut.as_mut());
    }
    assert!(outcomes.iter().all(|count| *count > 1_500), "{outcomes:?}");
    cosim.compare("touch", &uut);
}

#[derive(Clone, Copy, Default)]
struct Bank {
    boxes: [Option<(u64, u64)>; BOOKS],
}

fn outside(bank: &Bank, touches: &[[Option<u64>; 2]; BOOKS]) -> bool {
    let out = |(limits, touch): (&Option<(u64, u64)>, &[Option<u64>; 2])| {
        limits.is_some_and(|(low, high)| touch.iter().flatten().any(|price| *price < low || *price > high))
    };
    bank.boxes.iter().zip(touches).any(out)
}

/// Touches and rows of the same book come in every order and distance; once both have settled the bit is right.
#[test]
fn boxes_equal_plain_arithmetic_and_their_verilog() {
    let mut uut = Box::<Box8>::default();
    uut.connect_all();
    let mut cosim = cosim!(Box8;
        inputs: scrub, write, write_book, write_ask, best, row, row_bank, row_book, low, high, empty, empty_bank,
            active, read_bank, read_book;
        outputs: outside, read_low, read_high, read_known);
    let mut random = Random::new(0xb0_c5);
    let (mut banks, mut touches) = ([Bank::default(); 2], [[None; 2]; BOOKS]);
    let (mut quiet, mut outcomes, mut active) = (0, [0; 2], false);
    let mut burst = 0;
    for cycle in 0..30_000u64 {
        if burst == 0 && quiet > 5 {
            burst = 1 + random.below(6);
        }
        let stirs = burst > 0;
        burst = burst.saturating_sub(1);
        let books = random.pick(&[1, 2, 8]);
        uut.write.next = stirs && random.below(2) == 0;
        uut.row.next = stirs && random.below(3) == 0;
        uut.empty.next = stirs && random.below(20) == 0 && !uut.row.next;
        uut.scrub.next = cycle == 20_000;
        uut.active.next = if stirs && random.below(10) == 0 { !active } else { active };
        active = uut.active.next;
        let (book, ask, best) = (random.below(books), random.below(2) == 1, price(&mut random));
        uut.write_book.next = book.into();
        uut.write_ask.next = ask;
        uut.best.next = bits(best);
        let (row_book, low, bank) =
            (random.below(books), random.pick(&[0, 1_000, 1_003, 1_010, 0xffff_ffff]), random.index(2));
        let high = random.pick(&[low, low + 5, 1_015, 0xffff_ffff, 0]).min(0xffff_ffff);
        uut.row_book.next = row_book.into();
        uut.row_bank.next = bank == 1;
        uut.low.next = low.into();
        uut.high.next = high.into();
        let emptied = random.index(2);
        uut.empty_bank.next = emptied == 1;
        let (read_bank, read_book) = (random.index(2), random.index(BOOKS));
        uut.read_bank.next = read_bank == 1;
        uut.read_book.next = (read_book as u64).into();
        settle(uut.as_mut());
        let seen = (uut.read_low.val().get(), uut.read_high.val().get());
        let read = uut.read_known.val().then_some(seen);
        assert_eq!(read, banks[read_bank].boxes[read_book], "cycle {cycle}");
        assert!(read.is_some() || seen == (0, 0));
        quiet = if stirs || uut.scrub.val() { 0 } else { quiet + 1 };
        if quiet > 5 {
            let expected = outside(&banks[usize::from(active)], &touches);
            assert_eq!(uut.outside.val(), expected, "cycle {cycle}");
            outcomes[usize::from(expected)] += 1;
        }
        if uut.write.val() {
            touches[usize::try_from(book).expect("small")][usize::from(ask)] = best;
        }
        if uut.row.val() {
            banks[bank].boxes[usize::try_from(row_book).expect("small")] = Some((low, high));
        }
        if uut.empty.val() {
            banks[emptied] = Bank::default();
        }
        if uut.scrub.val() {
            banks = [Bank::default(); 2];
        }
        cosim.clock(uut.as_mut());
    }
    assert!(outcomes.iter().all(|count| *count > 300), "{outcomes:?}");
    cosim.compare("boxes", &uut);
}

#[test]
fn a_touch_shows_after_four_clocks_and_a_row_after_five() {
    let mut uut = Box::<Box8>::default();
    uut.connect_all();
    let latency = |uut: &mut Box8, wanted: bool| {
        for clocks in 1..10 {
            tick(uut);
            (uut.write.next, uut.row.next) = (false, false);
            settle(uut);
            if uut.outside.val() == wanted {
                return clocks;
            }
        }
        panic!("never");
    };
    uut.best.next = bits(Some(0)); // within the box of zeros that an absent row leaves
    uut.write.next = true;
    for _ in 0..8 {
        tick(uut.as_mut());
    }
    uut.write.next = false;
    uut.low.next = 60u64.into();
    uut.high.next = 70u64.into();
    uut.row.next = true;
    assert_eq!(latency(&mut uut, true), 5);
    uut.best.next = bits(Some(70));
    uut.write.next = true;
    assert_eq!(latency(&mut uut, false), 4);
    uut.best.next = bits(Some(71));
    uut.write.next = true;
    assert_eq!(latency(&mut uut, true), 4);
    uut.best.next = bits(None);
    uut.write.next = true;
    assert_eq!(latency(&mut uut, false), 4);
}

#[test]
fn the_verilog_is_clean() {
    let mut touch = Box::<Touches>::default();
    touch.connect_all();
    let mut boxes = Box::<Box8>::default();
    boxes.connect_all();
    check_all(touch.as_ref()).expect("no loops, every input driven");
    check_all(boxes.as_ref()).expect("no loops, every input driven");
    for (name, verilog) in [("touch", generate_verilog(touch.as_ref())), ("boxes", generate_verilog(boxes.as_ref()))] {
        yosys_check(name, &verilog);
        verilator_lint(name, &verilog);
    }
}
