//! Promises of egress on the whole card: every accepted order enters it once, nothing else does, and the registers say so;
//! what enters leaves on the port; the watchdog.
#![allow(missing_docs)]

mod card_support;

use card_support::{committed, encode, ledger_rows, Host};
use crossgate_contract::command::{
    scope, Account, BankLoss, BankMark, Cancel, Command, Halt, Instrument, InstrumentLimits, Marks, MassCancel, Order,
    Replace, VenueLedger,
};
use crossgate_contract::event::{FaultRaised, Ring, LATENCY};
use crossgate_contract::{register, sizes, Event, Fault, Reason, Window};

fn ready() -> Host {
    let mut host = Host::new(&sizes::TINY, 10);
    host.write(register::CONTROL, register::control::ARM);
    let limits = Instrument {
        instrument: 1,
        lots_min: 1,
        lots_max: 100,
        collar: 5,
        position_cap: 1 << 30,
        ..Default::default()
    };
    let mark = BankMark { instrument: 1, epoch: 1, mark_buy: 1_000, mark_sell: 1_000, ..Default::default() };
    let mut commands: Vec<Command> = vec![
        limits.into(),
        InstrumentLimits { instrument: 1, notional_max: u64::MAX, touch_ticks: 0 }.into(),
        mark.into(),
        Marks { epoch: 1 }.into(),
    ];
    commands.extend([0, 2].map(|lane| Command::from(BankLoss { lane, instrument: 1, epoch: 1, ..Default::default() })));
    for ledger in 0..4 {
        commands.push(Account { account: ledger, lane_mask: 0xf, open_orders_max: 100, ..Default::default() }.into());
        commands.push(VenueLedger { venue: 0, account: ledger, ledger, lane_mask: 0xf }.into());
        commands.extend(ledger_rows(&sizes::TINY, ledger, 1));
    }
    host.run(Window::Control, &committed(commands, 1));
    host
}

#[test]
fn accepted_orders_enter_egress_and_rejects_and_checks_do_not() {
    let mut host = ready();
    assert_eq!((host.read(register::COUNT_EGRESS), host.read(register::EGRESS_CRC)), (0, 0));
    let orders: Vec<Order> = (0..14u16)
        .map(|slot| Order {
            side: u8::from(slot % 3 == 0),
            check: slot == 5,
            account: slot % 4,
            instrument: 1,
            slot,
            lots: if slot == 9 { 101 } else { 1 + u64::from(slot) },
            generation: 1,
            price: 1_000,
            tag: 7 * u32::from(slot),
            cookie: 0xfedc_ba98_7654 - u64::from(slot),
            ..Default::default()
        })
        .collect();
    let commands: Vec<Command> = orders.iter().map(|order| Command::from(*order)).collect();
    for pair in commands.chunks(2) {
        host.send(Window::Orders, encode(pair[0]), encode(pair[1]));
    }
    host.settle();
    let events = host.functional(Ring::Decisions);
    let accepted = events.iter().filter(
        |words| matches!(Event::decode(words), Ok(Event::Verdict(verdict)) if verdict.reason == 0 && !verdict.check),
    );
    assert_eq!(accepted.count(), 12);
    let sent: Vec<[u64; 4]> =
        orders.iter().filter(|order| order.slot != 5 && order.slot != 9).map(|order| encode(*order)).collect();
    assert_eq!(host.read(register::COUNT_EGRESS), 12);
    let bytes: Vec<u8> = sent.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(host.read(register::EGRESS_CRC), crc32fast::hash(&bytes));
    assert_eq!(host.sent, sent, "each left once, in order");
    host.write(register::CONTROL, register::control::RESET);
    host.idle(2_000);
    assert_eq!((host.read(register::COUNT_EGRESS), host.read(register::EGRESS_CRC)), (0, 0));
}

fn reasons(host: &Host) -> Vec<u8> {
    let events = host.functional(Ring::Decisions);
    let verdicts = events.iter().filter_map(|words| match Event::decode(words) {
        Ok(Event::Verdict(verdict)) => Some(verdict.reason),
        _ => None,
    });
    verdicts.collect()
}

fn order(slot: u16) -> Order {
    Order { account: slot % 4, instrument: 1, slot, lots: 1, generation: 1, price: 1_000, ..Default::default() }
}

#[test]
fn a_held_port_fills_the_queue_and_mass_cancels_leave_first() {
    let mut host = ready();
    host.egress_held = true;
    let orders: Vec<Command> = (0..15).map(|slot| order(slot).into()).collect();
    for command in &orders {
        host.run(Window::Orders, std::slice::from_ref(command));
    }
    let full = Reason::EgressFull.code();
    assert_eq!(reasons(&host), [vec![0; 13], vec![full; 2]].concat(), "fewer than 4 of 16 entries are free");
    let cancel = Cancel { account: 0, instrument: 1, slot: 0, generation: 1, ..Default::default() };
    let replace =
        Replace { account: 0, instrument: 1, slot: 0, lots: 2, generation: 1, price: 1_000, ..Default::default() };
    let mass = MassCancel { scope: scope::ACCOUNT, index: 2, tag: 1, cookie: 2 };
    host.run(Window::Orders, &[cancel.into(), replace.into(), mass.into()]);
    assert_eq!(reasons(&host)[15..], [full, full, 0]);
    assert!(host.sent.is_empty());
    host.egress_held = false;
    host.idle(40);
    let mut expected = vec![encode(mass)];
    expected.extend(orders[..13].iter().map(|order| encode(*order)));
    assert_eq!(host.sent, expected);
    host.run(Window::Orders, &[cancel.into()]);
    assert_eq!(host.sent.last(), Some(&encode(cancel)));
    assert_eq!(host.read(register::COUNT_EGRESS), 15);
    assert_eq!((host.read(register::COUNT_ACCEPTED), host.read(register::COUNT_REJECTED)), (13, 3));
}

#[test]
fn the_watchdog_halts_the_card_and_cancels_everything() {
    let mut host = ready();
    host.run(Window::Orders, &[order(0).into()]);
    host.write(register::WATCHDOG_LO, 1_000);
    host.write(register::WATCHDOG_HI, 0);
    host.write(register::TIME_LO, 999);
    host.write(register::TIME_HI, 0);
    host.settle();
    assert_eq!(host.read(register::STATUS) & register::status::HALTED, 0);
    let events = host.functional(Ring::Decisions).len();
    host.write(register::TIME_LO, 1_000);
    host.write(register::TIME_HI, 0);
    let fired = host.clock;
    host.settle();
    assert_ne!(host.read(register::STATUS) & register::status::HALTED, 0);
    assert_eq!(host.read(register::WATCHDOG_LO), 0);
    let said: Vec<Event> = host.functional(Ring::Decisions)[events..]
        .iter()
        .map(|words| Event::decode(words).expect("an event"))
        .collect();
    let fault = FaultRaised { code: Fault::Watchdog.code(), window: Window::Control as u8, ..Default::default() };
    assert_eq!(said, [fault.into()]);
    let event = host.events.last().expect("the fault");
    assert!(LATENCY.get(&event.words) <= 18, "{event:?}");
    assert!(event.clock - fired <= 20, "{event:?}");
    assert_eq!(host.sent.last(), Some(&encode(MassCancel::default())));
    host.run(Window::Orders, &[order(1).into()]);
    assert_eq!(reasons(&host).last(), Some(&Reason::HaltedGlobal.code()));
    host.run(Window::Control, &[Halt { scope: scope::GLOBAL, index: 0, halted: false }.into()]);
    host.run(Window::Orders, &[order(1).into()]);
    assert_eq!(reasons(&host).last(), Some(&0));
}
