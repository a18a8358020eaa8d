//! What a host sees of replaces, touch, boxes, egress and the watchdog, worked by hand on a card of two lanes' worth.

mod desk;

use crossgate_contract::command::{
    BankBox, BookState, Cancel, Cancelled, Collateral, Fill, Level, MassCancel, Order, Refused, Replace, Replaced,
    Slide,
};
use crossgate_contract::event::{FaultRaised, Verdict};
use crossgate_contract::table::Table;
use crossgate_contract::{command, register, Command, Event, Fault, Reason, Window};
use desk::{Desk, MARK};

/// Buys 4 lots at the mark in slot 0.
const BUY: Order = Order {
    side: 0,
    check: false,
    tif: 0,
    account: 1,
    instrument: 0,
    slot: 0,
    lots: 4,
    generation: 1,
    price: MARK,
    tag: 7,
    cookie: 0,
};
const REPLACE: Replace = Replace {
    anew: false,
    account: 1,
    instrument: 0,
    slot: 0,
    lots: 6,
    generation: 1,
    price: MARK + 3,
    tag: 8,
    cookie: 0,
};
const REPLACED: Replaced = Replaced { account: 1, instrument: 0, slot: 0, cumulative: 0, generation: 1 };
const REFUSED: Refused = Refused { account: 1, instrument: 0, slot: 0, generation: 1 };

/// Everything of account 1 that an order can change but its message rate.
fn state(desk: &mut Desk) -> Vec<[u64; 4]> {
    let mut words = Vec::new();
    for (table, index) in [(Table::Cell, 1), (Table::Slot, 0), (Table::Pending, 0), (Table::Account, 1)] {
        words.push(desk.read(table, index, 0));
    }
    words.push(desk.read(Table::VenueAccount, 0, 0));
    words.push([desk.read(Table::Rate, 1, 0)[0], 0, 0, 0]);
    words.extend((0..4).map(|lane| desk.read(Table::Lane, 1, lane)));
    words.extend((0..4).map(|lane| desk.read(Table::VenueLane, 0, lane)));
    words
}

#[test]
fn a_replace_reserves_the_worst_of_both_until_the_venue_answers() {
    let mut desk = Desk::new();
    let flat = state(&mut desk);
    assert_eq!(desk.verdict(BUY).reason, 0);
    let before = state(&mut desk);
    assert_eq!(desk.verdict(REPLACE).reason, 0);
    assert_eq!(desk.read(Table::Slot, 0, 0)[1..], [6, 0, u64::from(MARK + 3)], "6 lots at the worse price");
    let prices = u64::from(MARK) | u64::from(MARK + 3) << 32;
    assert_eq!(desk.read(Table::Pending, 0, 0), [1, 4, 6, prices]);
    assert_eq!(desk.verdict(REPLACE).reason, Reason::Slot.code(), "one at a time");
    desk.orders(REFUSED);
    assert_eq!(state(&mut desk), before, "as if it had not been asked");
    assert_eq!(desk.fault(REFUSED), Fault::UnplacedFill, "it was answered already");
    desk.release();
    assert_eq!(desk.verdict(Replace { lots: 2, price: MARK - 5, ..REPLACE }).reason, 0);
    assert_eq!(desk.read(Table::Slot, 0, 0)[1], 4, "the old order may still fill");
    desk.orders(REPLACED);
    assert_eq!(desk.read(Table::Slot, 0, 0)[1..], [2, 0, u64::from(MARK - 5)]);
    desk.orders(Cancelled { account: 1, generation: 1, ..Default::default() });
    let mut last = flat;
    last[1] = desk.read(Table::Slot, 0, 0);
    assert_eq!(last[1][0] & 1, 0, "the slot is free");
    assert_eq!(state(&mut desk), last);
}

#[test]
fn a_fill_of_everything_reserved_ends_the_order_and_its_replace() {
    let mut desk = Desk::new();
    desk.verdict(BUY);
    assert_eq!(desk.verdict(Replace { lots: 2, ..REPLACE }).reason, 0);
    desk.orders(Fill { account: 1, cumulative: 4, generation: 1, price: MARK, ..Default::default() });
    assert_eq!(desk.read(Table::Pending, 0, 0), [0; 4]);
    assert_eq!(desk.read(Table::Rate, 1, 0)[0], 0, "no order is open");
    assert_eq!(desk.fault(REFUSED), Fault::UnplacedFill);
}

#[test]
fn lots_entered_anew_come_on_top_of_what_filled_before() {
    let mut desk = Desk::new();
    desk.verdict(BUY);
    assert_eq!(desk.verdict(Replace { anew: true, price: MARK, ..REPLACE }).reason, 0);
    assert_eq!(desk.read(Table::Slot, 0, 0)[1], 10, "both orders may fill");
    desk.orders(Fill { account: 1, cumulative: 3, generation: 1, price: MARK, ..Default::default() });
    desk.orders(Replaced { cumulative: 3, ..REPLACED });
    assert_eq!(desk.read(Table::Slot, 0, 0)[1..3], [9, 3], "3 of the old, 6 of the new");
    assert_eq!(desk.read(Table::Cell, 1, 0)[..2], [3, 6]);
}

#[test]
fn the_touch_of_the_instruments_own_venue_holds_the_price() {
    let mut desk = Desk::with_touch(2);
    let level = |side, venue, price| Level { side, venue, price, quantity: 1, ..Default::default() };
    let reason = |desk: &mut Desk| Reason::from_code(desk.verdict(Order { check: true, ..BUY }).reason);
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "the venue shows no offer");
    desk.market(level(1, 1, MARK / 2 - 200));
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "that of another venue is none");
    // Two native ticks are one of the book; the collar is 100.
    desk.market(level(1, 0, MARK / 2 - 50));
    assert_eq!(reason(&mut desk), Some(Reason::Accepted));
    desk.market(level(1, 0, MARK / 2 - 51));
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "102 ticks through the touch");
    desk.market(Level { quantity: 0, ..level(1, 0, MARK / 2 - 51) });
    assert_eq!(reason(&mut desk), Some(Reason::Accepted), "the level behind it is the touch again");
    desk.market(BookState { enabled: 3, refilling: true, ..Default::default() });
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "while it is refilled");
    desk.market(BookState { enabled: 2, ..Default::default() });
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "a venue that does not count");
    desk.market(BookState { enabled: 3, ..Default::default() });
    desk.market(level(0, 1, MARK / 2 - 198));
    assert_eq!(reason(&mut desk), Some(Reason::Accepted), "crossed by 2, as far as it may");
    desk.market(level(0, 1, MARK / 2 - 197));
    assert_eq!(reason(&mut desk), Some(Reason::Collar), "crossed by 3");
}

#[test]
fn a_book_out_of_its_box_lets_only_closing_orders_pass() {
    let mut desk = Desk::new();
    desk.orders(command::Position { account: 1, lots: 5, price: MARK, ..Default::default() });
    let sell = Order { side: 1, lots: 5, check: true, ..BUY };
    desk.market(Level { price: 400, quantity: 1, ..Default::default() });
    let limits = |low, high| BankBox { book: 0, low, high, ..Default::default() };
    desk.bank(2, &[limits(400, 500)]);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0, "on the edge");
    desk.bank(3, &[limits(401, 500)]);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, Reason::Box.code());
    assert_eq!(desk.verdict(sell).reason, 0);
    assert_eq!(desk.verdict(Order { lots: 6, ..sell }).reason, Reason::Box.code(), "it would open a short");
    desk.market(Slide { base: 512, ..Default::default() });
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0, "a book without a touch is in its box");
    assert_eq!(desk.read(Table::Box, 0, 0), [401, 500, 0, 1]);
}

#[test]
fn ages_count_from_the_data_and_a_live_collateral_is_newer() {
    let mut desk = Desk::new();
    desk.control(command::Ages { collateral_us: 5_000, ..Default::default() });
    desk.time(5_000);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0, "exactly as old as it may be");
    desk.time(5_001);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, Reason::Stale.code());
    let live = Collateral { epoch: 1, ledger: 1, collateral: 1 << 40, age_ms: 2, ..Default::default() };
    desk.control(live);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, Reason::Stale.code(), "the venue ledger is not");
    desk.control(Collateral { venue: true, ledger: 0, ..live });
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0);
    desk.time(8_001);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0, "5 ms from 2 ms before 5.001");
    desk.time(8_002);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, Reason::Stale.code());
}

#[test]
fn messages_leave_with_their_verdicts_and_are_counted_and_summed() {
    let mut desk = Desk::new();
    let cancel = Cancel { account: 1, generation: 1, tag: 3, ..Default::default() };
    let mass = MassCancel { scope: command::scope::ACCOUNT, index: 1, tag: 4, cookie: 5 };
    let mut sent: Vec<Command> = Vec::new();
    for (command, leaves) in [
        (Command::from(Order { check: true, ..BUY }), false),
        (BUY.into(), true),
        (BUY.into(), false),
        (REPLACE.into(), true),
        (cancel.into(), true),
        (Cancel { generation: 2, ..cancel }.into(), false),
        (mass.into(), true),
        (MassCancel { index: 99, ..mass }.into(), false),
    ] {
        desk.verdict(command);
        sent.extend(Some(command).filter(|_| leaves));
    }
    // A halt asks for every cancel of its scope.
    desk.control(command::Halt { scope: command::scope::ACCOUNT, index: 1, halted: true });
    sent.push(MassCancel { tag: 0, cookie: 0, ..mass }.into());
    desk.release();
    let mut crc = crc32fast::Hasher::new();
    for word in sent.iter().flat_map(|command| command.encode().expect("small values")) {
        crc.update(&word.to_le_bytes());
    }
    assert_eq!(desk.register(&register::COUNT_EGRESS), 5);
    assert_eq!(desk.register(&register::EGRESS_CRC), crc.finalize());
}

#[test]
fn card_time_at_the_watchdog_halts_and_mass_cancels_once() {
    let mut desk = Desk::new();
    desk.watchdog(1_000);
    desk.time(999);
    assert_eq!(desk.verdict(Order { check: true, ..BUY }).reason, 0);
    desk.time(1_000);
    let fault = FaultRaised { code: Fault::Watchdog.code(), window: Window::Control as u8, ..Default::default() };
    assert_eq!(desk.take(), [Event::from(fault)]);
    assert_eq!(desk.register(&register::COUNT_EGRESS), 1);
    assert_eq!([desk.register(&register::WATCHDOG_LO), desk.register(&register::WATCHDOG_HI)], [0, 0]);
    assert_eq!(desk.verdict(BUY).reason, Reason::HaltedGlobal.code());
    let cancel = Cancel { account: 1, generation: 1, tag: 3, ..Default::default() };
    assert_eq!(desk.verdict(cancel).reason, Reason::Slot.code(), "cancels are judged, halted or not");
    desk.time(2_000);
    assert_eq!(desk.take(), []);
    assert_eq!(desk.register(&register::COUNT_EGRESS), 1);
}

#[test]
fn a_message_costs_time_that_cancels_spend_too() {
    let mut desk = Desk::new();
    desk.account(command::Account { open_orders_max: 9, message_cost_us: 10, message_burst_us: 20, ..desk.row() });
    desk.time(100);
    let order = |slot| Order { slot, ..BUY };
    let reasons: Vec<Verdict> = (0..3).map(|slot| desk.verdict(order(slot))).collect();
    assert_eq!(reasons.iter().map(|one| one.reason).collect::<Vec<_>>(), [0, 0, Reason::MessageRate.code()]);
    assert_eq!(desk.read(Table::Rate, 1, 0)[..2], [2, 120]);
    let cancel = Cancel { account: 1, generation: 1, ..Default::default() };
    assert_eq!(desk.verdict(cancel).reason, 0, "it passes");
    assert_eq!(desk.read(Table::Rate, 1, 0)[1], 130, "and counts");
    desk.time(119);
    assert_eq!(desk.verdict(order(2)).reason, Reason::MessageRate.code());
    desk.time(120);
    assert_eq!(desk.verdict(order(2)).reason, 0);
    desk.account(command::Account { open_orders_max: 3, ..desk.row() });
    assert_eq!(desk.verdict(order(3)).reason, Reason::OpenOrders.code());
}
