//! Commands of account 1 in instrument 1 of [`scene`], and their answers; each also goes to the reference model.

use super::{scene, tiny, TinyRig};
use crossgate_contract::command::{Cancelled, Fill, Order, Position, Read, Replace};
use crossgate_contract::table::Table;
use crossgate_contract::{Command, Event, Reason};

/// A tiny GATE with [`scene`].
pub(crate) fn ready() -> TinyRig {
    let mut rig = tiny();
    scene(&mut rig);
    rig
}

/// Buys at the mark; the first order of its slot.
pub(crate) fn order(slot: u16, lots: u64) -> Order {
    Order {
        account: 1,
        instrument: 1,
        slot,
        generation: 1,
        lots,
        price: 1000,
        tag: 77,
        cookie: 99,
        ..Default::default()
    }
}

/// Of that order.
pub(crate) fn replace(slot: u16, lots: u64, price: u32) -> Replace {
    Replace { account: 1, instrument: 1, slot, generation: 1, lots, price, ..Default::default() }
}

/// Of that order.
pub(crate) fn fill(slot: u16, cumulative: u64, price: u32) -> Fill {
    Fill { account: 1, instrument: 1, slot, generation: 1, cumulative, price, side: 0 }
}

/// Of that order.
pub(crate) fn cancelled(slot: u16, cumulative: u64) -> Cancelled {
    Cancelled { account: 1, instrument: 1, slot, generation: 1, cumulative }
}

/// The reason of the verdict about a command.
pub(crate) fn reason(rig: &mut TinyRig, command: impl Into<Command>) -> Reason {
    Reason::from_code(rig.verdict(command).reason).expect("a reason")
}

/// The words of a table in the active bank.
pub(crate) fn read(rig: &mut TinyRig, table: Table, index: u16) -> [u64; 4] {
    match rig.one(Read { table: table as u8, index, ..Default::default() }) {
        Event::ReadData(data) => [data.word_0, data.word_1, data.word_2, data.word_3],
        other => panic!("not a table: {other:?}"),
    }
}

/// Sets a position of instrument 1 at the mark; whether that poisoned each of its ledgers, and the Y of the pool's.
pub(crate) fn hold(rig: &mut TinyRig, account: u16, lots: i64) -> ([bool; 2], u64) {
    match rig.one(Position { account, instrument: 1, lots, price: 1000 }) {
        Event::PositionSet(set) => ([set.poisoned, set.venue_poisoned], set.y_active),
        other => panic!("not a position: {other:?}"),
    }
}
