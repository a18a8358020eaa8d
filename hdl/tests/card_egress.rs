//! Promises of egress on the whole card: every accepted order enters it once, nothing else does, and the registers say so.
#![allow(missing_docs)]

mod card_support;

use card_support::{encode, Host};
use crossgate_contract::command::{
    Account, BankCollateral, BankLoss, BankMark, BankOffset, Command, Commit, Instrument, InstrumentLimits, Marks,
    Order, VenueLedger,
};
use crossgate_contract::event::Ring;
use crossgate_contract::{register, sizes, Event, Window};

/// CRC-32 (IEEE) of messages or rows, bit by bit.
fn crc(messages: &[[u64; 4]]) -> u32 {
    let bytes = messages.iter().flatten().flat_map(|word| word.to_le_bytes());
    let shift = |rest: u32, _| if rest & 1 == 0 { rest >> 1 } else { (rest >> 1) ^ 0xedb8_8320 };
    !bytes.fold(u32::MAX, |rest, byte| (0..8).fold(rest ^ u32::from(byte), shift))
}

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
    let mut commands: Vec<Command> =
        vec![limits.into(), InstrumentLimits { instrument: 1, notional_max: u64::MAX, touch_ticks: 0 }.into()];
    let mark = BankMark { instrument: 1, epoch: 1, mark_buy: 1_000, mark_sell: 1_000, ..Default::default() };
    let mut rows: Vec<Command> = vec![mark.into()];
    rows.extend([0, 2].map(|lane| Command::from(BankLoss { lane, instrument: 1, epoch: 1, ..Default::default() })));
    for ledger in 0..4 {
        commands.push(Account { account: ledger, lane_mask: 0xf, open_orders_max: 100, ..Default::default() }.into());
        commands.push(VenueLedger { venue: 0, account: ledger, ledger, lane_mask: 0xf }.into());
        for venue in [false, true] {
            rows.extend(
                (0..4).map(|lane| Command::from(BankOffset { lane, ledger, epoch: 1, venue, ..Default::default() })),
            );
            rows.push(BankCollateral { venue, ledger, epoch: 1, collateral: 1 << 40, ..Default::default() }.into());
        }
    }
    let crc = crc(&rows.iter().map(|row| encode(*row)).collect::<Vec<_>>());
    let count = u32::try_from(rows.len()).expect("few");
    rows.insert(1, Marks { epoch: 1 }.into());
    commands.extend(rows);
    commands.push(Commit { epoch: 1, crc, rows: count, ..Default::default() }.into());
    host.run(Window::Control, &commands);
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
    assert_eq!(host.read(register::EGRESS_CRC), crc(&sent));
    host.write(register::CONTROL, register::control::RESET);
    host.idle(2_000);
    assert_eq!((host.read(register::COUNT_EGRESS), host.read(register::EGRESS_CRC)), (0, 0));
}
