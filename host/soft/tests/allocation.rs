//! Nothing is allocated while the software card decides.
#![allow(unsafe_code, reason = "a counting allocator is the only way to see allocations")]

mod desk;

use crossgate_contract::command::{
    BookState, Cancel, Cancelled, Fill, Level, Order, Position, Refused, Replace, Slide,
};
use crossgate_contract::window::slot;
use crossgate_contract::{register, sizes, Command, Window};
use crossgate_driver::Endpoint;
use desk::{Desk, MARK};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system allocator unchanged; counting touches a thread-local without a
// destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System.alloc` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

fn words(command: impl Into<Command>) -> [u64; 4] {
    command.into().encode().expect("small values")
}

#[test]
fn orders_fills_cancels_positions_and_levels_allocate_nothing() {
    let mut card = crossgate_soft::open(sizes::DESK).unwrap();
    for (base, size) in
        [(&register::DECISIONS_BASE_LO, &register::DECISIONS_SIZE), (&register::MARKET_BASE_LO, &register::MARKET_SIZE)]
    {
        card.register_write(base.offset, 0x1000);
        card.register_write(size.offset, 12);
    }
    card.register_write(register::CONTROL.offset, register::control::ARM);
    let setup = slot(
        &words(Slide { base: 1024, ..Default::default() }),
        &words(BookState { enabled: 15, ..Default::default() }),
        0,
    );
    card.window_write(Window::Market, 0, &setup);
    let orders = [words(Order::default()), words(Fill { price: 1, ..Default::default() })];
    let closing = [words(Cancelled::default()), words(Position { lots: 5, price: 1, ..Default::default() })];
    let mut events = 0;
    let count = allocations(|| {
        for round in 0..2_000u16 {
            let pair = if round % 2 == 0 { &orders } else { &closing };
            card.window_write(Window::Orders, round % 64, &slot(&pair[0], &pair[1], round));
            let level = |price: u32| words(Level { price, quantity: u64::from(round), ..Default::default() });
            let levels = slot(&level(1_100 + u32::from(round % 500)), &level(1_050), round + 1);
            card.window_write(Window::Market, (round + 1) % 64, &levels);
            card.take_dma(&mut |_, _| events += 1);
            for (producer, consumer) in [
                (&register::DECISIONS_PRODUCER, &register::DECISIONS_CONSUMER),
                (&register::MARKET_PRODUCER, &register::MARKET_CONSUMER),
            ] {
                let produced = card.register_read(producer.offset);
                card.register_write(consumer.offset, produced);
            }
        }
    });
    assert!(events > 4_000, "{events} events");
    assert_eq!(count, 0);
    assert_ne!(allocations(|| drop(vec![1u8; 32])), 0, "the counter counts");
}

/// Orders that are accepted, replaced, filled and cancelled, with every test of an order switched on.
#[test]
fn accepted_orders_replaces_and_their_messages_allocate_nothing() {
    let (mut card, mut sequence) = Desk::with_touch(2).into_parts();
    let level = words(Level { side: 1, price: MARK / 2, quantity: 1, ..Default::default() });
    card.window_write(Window::Market, 2, &slot(&level, &[0; 4], 2));
    let placed = |generation| Order { account: 1, lots: 4, price: MARK, generation, ..Default::default() };
    let replace = |generation| Replace { account: 1, lots: 6, price: MARK - 1, generation, ..Default::default() };
    let refused = |generation| Refused { account: 1, generation, ..Default::default() };
    let cancel = |generation| Cancel { account: 1, generation, ..Default::default() };
    let fill = |generation| Fill { account: 1, cumulative: 1, price: MARK, generation, ..Default::default() };
    let closed = |generation| Cancelled { account: 1, cumulative: 1, generation, ..Default::default() };
    let back = words(Position { account: 1, lots: 0, price: MARK, ..Default::default() });
    let rounds = 500u16;
    let slots: Vec<[[u64; 8]; 4]> = (1..=rounds)
        .map(|generation| {
            let pairs = [
                [words(placed(generation)), words(replace(generation))],
                [words(refused(generation)), words(cancel(generation))],
                [words(fill(generation)), words(closed(generation))],
                [back, [0; 4]],
            ];
            pairs.map(|[first, second]| {
                sequence += 1;
                slot(&first, &second, sequence - 1)
            })
        })
        .collect();
    let mut number = sequence - 4 * rounds;
    let count = allocations(|| {
        for words in slots.iter().flatten() {
            card.window_write(Window::Orders, number % 16, words);
            number += 1;
            card.take_dma(&mut |_, _| {});
            let produced = card.register_read(register::DECISIONS_PRODUCER.offset);
            card.register_write(register::DECISIONS_CONSUMER.offset, produced);
        }
        card.register_read(register::EGRESS_CRC.offset);
    });
    assert_eq!(count, 0);
    assert_eq!(card.register_read(register::COUNT_EGRESS.offset), 3 * u32::from(rounds), "order, replace and cancel");
    assert_eq!(card.register_read(register::COUNT_FAULTS.offset), 0);
}
