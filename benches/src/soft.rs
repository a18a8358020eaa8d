//! The book and the gate of `crossgate-soft` under measurement.
//!
//! Invariant: what is timed did what it is named after; an operation that ended otherwise is an error.

use crate::desk::Desk;
use crate::timing::{Batches, Quantiles, BATCH};
use crate::workload::{Workload, Xorshift};
use crate::{BookUnderTest, Touch};
use anyhow::{ensure, Result};
use crossgate_book::LevelUpdate;
use crossgate_contract::command::{
    BookState, Cancel, Cancelled, Commit, Fill, Level, Nop, Order, Refused, Replace, Slide,
};
use crossgate_contract::window::slot;
use crossgate_contract::{register, BankResult, Command, Reason, Sizes, Window};
use crossgate_driver::{BankRows, Device, Endpoint, InProcess, Options};
use crossgate_instrument::Side;
use crossgate_soft::book::{self, Book, Outcome, Tick};
use crossgate_soft::{Gate, Market};
use std::hint::black_box;

/// Lanes of the gate under measurement.
const LANES: usize = 16;
const VENUES: u32 = 8;
const WINDOW_TICKS: u32 = 4_096;
/// The middle of the workload is 100,000.
const BASE_TICKS: u32 = 100_000 / 128 * 128 - WINDOW_TICKS / 2;

/// A book of `crossgate-soft` whose window holds the whole workload.
pub struct SoftBook(Book);

const fn side_of(side: Side) -> book::Side {
    match side {
        Side::Bid => book::Side::Bid,
        Side::Ask => book::Side::Ask,
    }
}

/// Level, as the book takes it.
fn level_of(update: &LevelUpdate) -> (book::Side, u8, u32, u32) {
    let venue = u8::try_from(update.venue.index()).unwrap_or(u8::MAX);
    let price = u32::try_from(update.price.get()).unwrap_or(0);
    (side_of(update.side), venue, price, u32::try_from(update.quantity).unwrap_or(u32::MAX))
}

impl SoftBook {
    fn tick(&self, side: Side) -> Tick {
        let [bid, ask] = self.0.touch();
        if side == Side::Bid {
            bid
        } else {
            ask
        }
    }
}

impl BookUnderTest for SoftBook {
    fn new() -> Self {
        let mut book = Book::new(WINDOW_TICKS, VENUES);
        book.slide(BASE_TICKS, false);
        book.set_state((1 << VENUES) - 1, false);
        Self(book)
    }

    #[inline]
    fn apply(&mut self, update: &LevelUpdate) {
        let (side, venue, price, quantity) = level_of(update);
        black_box(self.0.level(side, venue, price, quantity));
    }

    #[inline]
    fn prices(&self) -> (i64, i64) {
        let [bid, ask] = self.0.touch();
        (i64::from(bid.price), i64::from(ask.price))
    }

    #[inline]
    fn touch(&self, side: Side) -> Touch {
        let Tick { price, venues, quantity } = self.tick(side);
        Touch { price: i64::from(price), quantity, venues: u8::try_from(venues).unwrap_or(u8::MAX) }
    }

    fn levels(&self) -> usize {
        let count = |side: Side| {
            let next = |tick: &Tick| Some(self.0.behind(side_of(side), *tick)).filter(|tick| !tick.is_empty());
            std::iter::successors(Some(self.tick(side)).filter(|tick| !tick.is_empty()), next).count()
        };
        count(Side::Bid) + count(Side::Ask)
    }
}

fn words(command: impl Into<Command>) -> Result<[u64; 4]> {
    Ok(command.into().encode()?)
}

/// A command and its words.
type Row = (Command, [u64; 4]);

/// The rows of a desk, and the COMMIT that counts them.
fn rows(desk: &Desk) -> Result<(Vec<Row>, Commit)> {
    let (rows, commit) = desk.rows();
    let mut digest = BankRows::new();
    let mut encoded = Vec::with_capacity(rows.len());
    for row in rows {
        let words = words(row)?;
        digest.add(&words);
        encoded.push((row, words));
    }
    Ok((encoded, digest.commit(commit)))
}

/// A gate with the bank of the desk, and the books.
fn gate(desk: &Desk) -> Result<(Gate<LANES>, Market)> {
    let (mut gate, mut market) = (Gate::new(&desk.sizes), Market::new(&desk.sizes));
    for command in desk.market() {
        let fault = market.apply(&command).err();
        ensure!(fault.is_none(), "{}: {fault:?}", command.layout().name);
    }
    let (rows, commit) = rows(desk)?;
    for (row, words) in &rows {
        let fault = gate.control(row, words).err();
        ensure!(fault.is_none(), "{}: {fault:?}", row.layout().name);
    }
    let result = gate.commit(&commit, &mut market).result;
    ensure!(result == BankResult::Flipped.code(), "COMMIT: {:?}", BankResult::from_code(result));
    Ok((gate, market))
}

/// Orders of a desk into its gate, `rounds` times every slot; then half of them are filled, the others cancelled.
///
/// # Errors
/// When an order is not accepted, or a fill or cancel not applied.
pub fn orders(desk: &Desk, names: [&'static str; 3], rounds: usize) -> Result<[Quantiles; 3]> {
    let (mut gate, mut market) = gate(desk)?;
    let mut random = Xorshift::new(11);
    let mut ordered = Batches::new(names[0])?;
    let mut filled = Batches::new(names[1])?;
    let mut cancelled = Batches::new(names[2])?;
    for round in 0..rounds {
        let mut orders = desk.orders(desk.sizes.slots, &mut random);
        let generation = u16::try_from((round + 1) & 0xffff).unwrap_or(0);
        orders.iter_mut().for_each(|order| order.generation = generation);
        for batch in orders.chunks_exact(BATCH) {
            let accepted = ordered.time(|| accept(&mut gate, &mut market, batch));
            ensure!(accepted == BATCH, "{accepted} of {BATCH} orders were accepted");
        }
        let (first, second) = orders.split_at(orders.len() / 2);
        let fills: Vec<Fill> = first.iter().map(fill_of).collect();
        for batch in fills.chunks_exact(BATCH) {
            let freed =
                filled.time(|| batch.iter().filter(|fill| gate.fill(fill).is_ok_and(|done| done.freed)).count());
            ensure!(freed == BATCH, "{freed} of {BATCH} orders were filled");
        }
        let cancels: Vec<Cancelled> = second.iter().map(cancelled_of).collect();
        for batch in cancels.chunks_exact(BATCH) {
            let freed =
                cancelled.time(|| batch.iter().filter(|one| gate.cancelled(one).is_ok_and(|done| done.freed)).count());
            ensure!(freed == BATCH, "{freed} of {BATCH} orders were cancelled");
        }
    }
    Ok([ordered.quantiles(), filled.quantiles(), cancelled.quantiles()])
}

#[inline(never)]
fn accept<const L: usize>(gate: &mut Gate<L>, market: &mut Market, orders: &[Order]) -> usize {
    orders.iter().filter(|order| black_box(gate.order(order, market)).reason == Reason::Accepted).count()
}

fn fill_of(order: &Order) -> Fill {
    let Order { side, account, instrument, slot, lots, generation, price, .. } = *order;
    Fill { side, account, instrument, slot, cumulative: lots, generation, price }
}

/// Open orders of a desk, every slot of it `rounds` times: each is replaced (lots and price worse), the venue refuses, and
/// a cancel is sent.
///
/// # Errors
/// When one of them is not accepted or not applied.
pub fn replaces(desk: &Desk, names: [&'static str; 3], rounds: usize) -> Result<[Quantiles; 3]> {
    let (mut gate, mut market) = gate(desk)?;
    let mut random = Xorshift::new(19);
    let mut replaced = Batches::new(names[0])?;
    let mut answered = Batches::new(names[1])?;
    let mut cancelled = Batches::new(names[2])?;
    for round in 0..rounds {
        let mut orders = desk.orders(desk.sizes.slots, &mut random);
        let generation = u16::try_from((round + 1) & 0xffff).unwrap_or(0);
        orders.iter_mut().for_each(|order| order.generation = generation);
        let open = accept(&mut gate, &mut market, &orders);
        ensure!(open == orders.len(), "{open} of {} orders were accepted", orders.len());
        let replaces: Vec<Replace> = orders.iter().map(replace_of).collect();
        for batch in replaces.chunks_exact(BATCH) {
            let accepted = replaced.time(|| {
                let is_accepted = |one: &&Replace| gate.replace(one, &mut market).reason == Reason::Accepted;
                batch.iter().filter(is_accepted).count()
            });
            ensure!(accepted == BATCH, "{accepted} of {BATCH} replaces were accepted");
        }
        let answers: Vec<Refused> = orders.iter().map(refused_of).collect();
        for batch in answers.chunks_exact(BATCH) {
            let applied = answered
                .time(|| batch.iter().filter(|one| gate.refused(one).is_ok_and(|done| done.released == 1)).count());
            ensure!(applied == BATCH, "{applied} of {BATCH} replaces were refused");
        }
        let cancels: Vec<Cancel> = orders.iter().map(cancel_of).collect();
        for batch in cancels.chunks_exact(BATCH) {
            let sent = cancelled
                .time(|| batch.iter().filter(|one| black_box(gate.cancel(one)).reason == Reason::Accepted).count());
            ensure!(sent == BATCH, "{sent} of {BATCH} cancels were sent");
        }
        let closed = orders.iter().filter(|order| gate.cancelled(&cancelled_of(order)).is_ok_and(|one| one.freed));
        ensure!(closed.count() == orders.len(), "an order was not cancelled");
    }
    Ok([replaced.quantiles(), answered.quantiles(), cancelled.quantiles()])
}

fn replace_of(order: &Order) -> Replace {
    let Order { side, account, instrument, slot, lots, generation, price, .. } = *order;
    let price = if side == 0 { price + 1 } else { price - 1 };
    Replace { account, instrument, slot, lots: lots + 1, generation, price, ..Default::default() }
}

fn refused_of(order: &Order) -> Refused {
    let Order { account, instrument, slot, generation, .. } = *order;
    Refused { account, instrument, slot, generation }
}

fn cancel_of(order: &Order) -> Cancel {
    let Order { account, instrument, slot, generation, .. } = *order;
    Cancel { account, instrument, slot, generation, ..Default::default() }
}

fn cancelled_of(order: &Order) -> Cancelled {
    let Order { account, instrument, slot, generation, .. } = *order;
    Cancelled { account, instrument, slot, cumulative: 0, generation }
}

/// Orders that both ledgers reject in some lane, with the report of the lanes.
///
/// # Errors
/// When an order is decided otherwise.
pub fn rejections(desk: &Desk, name: &'static str, rounds: usize) -> Result<Quantiles> {
    let (mut gate, mut market) = gate(desk)?;
    let mut batches = Batches::new(name)?;
    let mut random = Xorshift::new(13);
    for _ in 0..rounds {
        let orders = desk.orders(desk.sizes.slots, &mut random);
        for batch in orders.chunks_exact(BATCH) {
            let rejected = batches.time(|| {
                let margin = |order: &&Order| black_box(gate.order(order, &mut market)).reason == Reason::PoolMargin;
                batch.iter().filter(margin).count()
            });
            ensure!(rejected == BATCH, "{rejected} of {BATCH} orders were rejected by margin");
        }
    }
    Ok(batches.quantiles())
}

/// Levels of a workload into one book.
///
/// # Errors
/// When a level is outside of the window.
pub fn levels(workload: &Workload, name: &'static str) -> Result<Quantiles> {
    let mut book = SoftBook::new();
    let mut batches = Batches::new(name)?;
    let stream: Vec<_> = workload.generate().iter().map(level_of).collect();
    let mut outside = 0;
    for batch in stream.chunks_exact(BATCH) {
        outside += batches.time(|| {
            let apply = |&&(side, venue, price, quantity): &&(book::Side, u8, u32, u32)| {
                let outcome = book.0.level(side, venue, price, quantity);
                let [bid, ask] = book.0.touch();
                black_box(bid.quantity ^ ask.quantity ^ u64::from(bid.price ^ ask.price));
                outcome == Outcome::Outside
            };
            batch.iter().filter(apply).count()
        });
    }
    ensure!(outside == 0, "{outside} levels were outside of the window");
    Ok(batches.quantiles())
}

/// A whole software card with the rows of a desk and open books, under the driver.
fn device(desk: &Desk) -> Result<Device<InProcess<Box<dyn Endpoint>>>> {
    let mut device = Device::open(InProcess::new(crossgate_soft::open(desk.sizes)?), Options::default())?;
    let (rows, commit) = rows(desk)?;
    for (row, _) in rows {
        device.post(Window::Control, row)?;
    }
    device.post(Window::Control, commit)?;
    for book in 0..u8::try_from(desk.sizes.books)? {
        device.post(Window::Market, Slide { book, base: BASE_TICKS, ..Default::default() })?;
        let enabled = (1 << desk.sizes.venues) - 1;
        device.post(Window::Market, BookState { book, enabled, ..Default::default() })?;
    }
    device.arm(true)?;
    device.poll(|_| {})?;
    Ok(device)
}

/// Orders through the driver: posted one a slot, decided, and the verdict taken from the ring, one after the other.
///
/// # Errors
/// When an order is not accepted, or the driver's.
pub fn driver_orders(desk: &Desk, name: &'static str, rounds: usize) -> Result<Quantiles> {
    let mut device = device(desk)?;
    for command in desk.market() {
        device.post(Window::Market, command)?;
    }
    device.poll(|_| {})?;
    let mut batches = Batches::new(name)?;
    let mut random = Xorshift::new(17);
    for round in 0..rounds {
        let mut orders = desk.orders(desk.sizes.slots, &mut random);
        let generation = u16::try_from((round + 1) & 0xffff).unwrap_or(0);
        orders.iter_mut().for_each(|order| order.generation = generation);
        for batch in orders.chunks_exact(BATCH) {
            let answered = batches.time(|| {
                batch.iter().try_fold(0, |answered, order| {
                    device.post(Window::Orders, *order)?;
                    device.poll(|_| {}).map(|events| answered + events)
                })
            })?;
            ensure!(answered == BATCH, "{answered} of {BATCH} orders were answered");
        }
        for order in &orders {
            device.post(Window::Orders, cancelled_of(order))?;
            device.poll(|_| {})?;
        }
    }
    let rejected = device.read(&register::COUNT_REJECTED)?;
    ensure!(rejected == 0, "{rejected} orders were rejected");
    Ok(batches.quantiles())
}

/// Slots of two levels each into a card, and its writes taken: per level.
///
/// # Errors
/// When a command does not fit its fields, or a level is outside of the window.
pub fn card_levels(desk: &Desk, workload: &Workload, name: &'static str) -> Result<Quantiles> {
    let Sizes { venues, books, window_slots, .. } = desk.sizes;
    let mut card = device(desk)?.into_transport().into_endpoint();
    let mut batches = Batches::new(name)?;
    let mut slots = Vec::new();
    let stream = workload.generate();
    let mut sequence = u16::try_from(card.register_read(register::CONSUMED_MARKET.offset))?;
    for pair in stream.chunks_exact(2) {
        let mut halves = [[u64::from(Nop::CODE), 0, 0, 0]; 2];
        for (half, update) in halves.iter_mut().zip(pair) {
            let (side, venue, price, quantity) = level_of(update);
            let (side, book) = (u8::from(side == book::Side::Ask), u8::try_from(usize::from(venue) / venues % books)?);
            let venue = u8::try_from(usize::from(venue) % venues)?;
            let level = Level { side, venue, book, price, quantity: u64::from(quantity), tag: 1 };
            *half = words(level)?;
        }
        slots.push((sequence, slot(&halves[0], &halves[1], sequence)));
        sequence = sequence.wrapping_add(1);
    }
    for batch in slots.chunks_exact(BATCH / 2) {
        batches.time(|| {
            for (sequence, words) in batch {
                card.window_write(Window::Market, sequence % u16::try_from(window_slots).unwrap_or(1), words);
                card.take_dma(&mut |_, words| {
                    black_box(words);
                });
            }
        });
        let produced = card.register_read(register::MARKET_PRODUCER.offset);
        card.register_write(register::MARKET_CONSUMER.offset, produced);
    }
    let outside = card.register_read(register::COUNT_LEVELS_OUTSIDE.offset);
    ensure!(outside == 0, "{outside} levels were outside of the window");
    Ok(batches.quantiles())
}
