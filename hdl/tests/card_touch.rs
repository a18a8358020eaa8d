//! Promises of the touch test and the validity boxes on the whole card: orders are judged by what BOOK last said.
//!
//! The values are worked out by hand.
#![allow(missing_docs)]

mod card_support;

use card_support::{committed, ledger_rows, open_books, Host};
use crossgate_contract::command::{
    Account, BankBox, BankLoss, BankMark, BookState, Command, Instrument, InstrumentLimits, Level, Marks, Order,
    Position, Read, VenueLedger,
};
use crossgate_contract::event::Ring;
use crossgate_contract::table::Table;
use crossgate_contract::{register, sizes, Event, Reason, Sizes, Window};

const TINY: Sizes = sizes::TINY;

/// A bank in which instrument 1 trades against account 1, with these boxes.
fn publish(host: &mut Host, epoch: u32, boxes: &[BankBox]) {
    let mark = BankMark { instrument: 1, epoch, mark_buy: 1, mark_sell: 20_000, ..Default::default() };
    let mut rows: Vec<Command> = vec![mark.into(), Marks { epoch }.into()];
    rows.extend(boxes.iter().map(|row| Command::from(BankBox { epoch, ..*row })));
    rows.extend([0, 2].map(|lane| Command::from(BankLoss { lane, instrument: 1, epoch, ..Default::default() })));
    rows.extend(ledger_rows(&TINY, 1, epoch));
    host.run(Window::Control, &committed(rows, epoch));
    match last(host) {
        Event::Bank(bank) => assert_eq!((bank.epoch, bank.result), (epoch, 0)),
        other => panic!("{other:?}"),
    }
}

fn last(host: &Host) -> Event {
    Event::decode(host.functional(Ring::Decisions).last().expect("an event")).expect("known")
}

fn ready() -> Host {
    let mut host = Host::new(&TINY, 10);
    host.write(register::CONTROL, register::control::ARM);
    let instrument = Instrument {
        venue: 1,
        book: 1,
        instrument: 1,
        lots_min: 1,
        lots_max: 100,
        collar: 5,
        crossed_max: 2,
        position_cap: 1_000,
        ..Default::default()
    };
    host.run(
        Window::Control,
        &[
            instrument.into(),
            InstrumentLimits { instrument: 1, notional_max: u64::MAX, touch_ticks: 10 }.into(),
            Account { account: 1, lane_mask: 0xf, open_orders_max: 100, ..Default::default() }.into(),
            VenueLedger { venue: 1, account: 1, ledger: 1, lane_mask: 0xf }.into(),
        ],
    );
    publish(&mut host, 1, &[]);
    host.run(Window::Market, &open_books(&TINY));
    host
}

fn level(host: &mut Host, book: u8, venue: u8, side: u8, price: u32, quantity: u64) {
    host.run(Window::Market, &[Level { side, venue, book, price, quantity, tag: 0 }.into()]);
}

/// The reason for a check of one lot.
fn reason(host: &mut Host, side: u8, price: u32) -> Reason {
    let order =
        Order { side, check: true, account: 1, instrument: 1, lots: 1, generation: 1, price, ..Default::default() };
    host.run(Window::Orders, &[order.into()]);
    match last(host) {
        Event::Verdict(verdict) => Reason::from_code(verdict.reason).expect("a reason"),
        other => panic!("{other:?}"),
    }
}

fn read(host: &mut Host, table: Table, index: u16, sub: u16) -> [u64; 4] {
    host.run(Window::Control, &[Read { table: table as u8, index, sub, ..Default::default() }.into()]);
    match last(host) {
        Event::ReadData(data) => [data.word_0, data.word_1, data.word_2, data.word_3],
        other => panic!("{other:?}"),
    }
}

const BUY: u8 = 0;
const SELL: u8 = 1;

#[test]
fn an_order_may_be_through_its_own_venues_touch_by_the_collar_and_no_further() {
    let mut host = ready();
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "no level");
    level(&mut host, 1, 0, 1, 1_100, 5);
    level(&mut host, 0, 1, 1, 1_100, 5);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "another venue's or book's level does not count");
    level(&mut host, 1, 1, 1, 1_101, 5);
    assert_eq!(reason(&mut host, BUY, 11_015), Reason::Accepted);
    assert_eq!(reason(&mut host, BUY, 11_016), Reason::Collar);
    assert_eq!(reason(&mut host, SELL, 11_015), Reason::Collar, "no bid");
    level(&mut host, 1, 1, 0, 1_090, 5);
    assert_eq!(reason(&mut host, SELL, 10_895), Reason::Accepted);
    assert_eq!(reason(&mut host, SELL, 10_894), Reason::Collar);
    assert_eq!(read(&mut host, Table::Touch, 1, 1), [1_090, 1_101, 0, 0]);
    assert_eq!(read(&mut host, Table::Touch, 1, 0), [0, 1_100, 0, 0]);
    level(&mut host, 1, 1, 1, 1_101, 0);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "the level is gone");
}

#[test]
fn a_book_that_is_crossed_too_far_or_refilled_and_a_venue_that_is_masked_fail() {
    let mut host = ready();
    level(&mut host, 1, 1, 1, 1_100, 5);
    level(&mut host, 1, 0, 0, 1_102, 5);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted, "crossed by 2");
    level(&mut host, 1, 0, 0, 1_103, 5);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "crossed by 3");
    level(&mut host, 1, 0, 0, 1_103, 0);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted);
    let state = |enabled, refilling| Command::from(BookState { book: 1, enabled, refilling, ..Default::default() });
    host.run(Window::Market, &[state(3, true)]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "refilling");
    assert_eq!(read(&mut host, Table::Touch, 1, 1), [0, 1_100, 1, 0]);
    host.run(Window::Market, &[state(1, false)]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Collar, "masked");
    host.run(Window::Market, &[state(3, false)]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted);
}

#[test]
fn a_book_out_of_its_box_stops_every_order_that_does_not_close() {
    let mut host = ready();
    level(&mut host, 1, 1, 1, 1_100, 5);
    level(&mut host, 1, 1, 0, 1_099, 5);
    level(&mut host, 0, 0, 0, 1_250, 5);
    let boxed = BankBox { book: 0, low: 1_050, high: 1_200, ..Default::default() };
    publish(&mut host, 2, &[boxed]);
    assert_eq!(read(&mut host, Table::Box, 0, 0), [1_050, 1_200, 0, 1]);
    assert_eq!(read(&mut host, Table::Box, 1, 0), [0; 4]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Box, "book 0 is above");
    host.run(Window::Orders, &[Position { account: 1, instrument: 1, lots: 1, price: 1 }.into()]);
    assert_eq!(reason(&mut host, SELL, 10_990), Reason::Accepted, "it closes");
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Box);
    level(&mut host, 0, 0, 0, 1_250, 0);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted, "empty is not outside");
    level(&mut host, 0, 1, 1, 1_049, 1);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Box, "below");
    publish(&mut host, 3, &[]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted, "no box in the next bank");
    publish(&mut host, 4, &[BankBox { low: 1_049, ..boxed }]);
    assert_eq!(reason(&mut host, BUY, 11_000), Reason::Accepted, "on the edge is inside");
}
