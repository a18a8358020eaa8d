//! Egress, CANCEL, MASS_CANCEL, and the card's own: HALT and the watchdog.

use super::*;
use crate::model::Message;
use crossgate_contract::register;

/// CRC-32 with the polynomial in its plain order; bytes and result are reflected.
fn crc(messages: &[Message]) -> u32 {
    let bytes = messages.iter().flatten().flat_map(|word| word.to_le_bytes());
    let rest = bytes.fold(u32::MAX, |rest, byte| {
        let rest = rest ^ u32::from(byte.reverse_bits()) << 24;
        (0..8).fold(rest, |rest, _| if rest >> 31 == 0 { rest << 1 } else { rest << 1 ^ 0x04c1_1db7 })
    });
    !rest.reverse_bits()
}

fn words(command: impl Into<Command>) -> Message {
    command.into().encode().unwrap()
}

fn cancel(slot: u16) -> Cancel {
    Cancel { slot, generation: 1, tag: 5, cookie: 6, ..Default::default() }
}

impl Card {
    fn answer(&mut self, command: impl Into<Command>) -> (Reason, Verdict) {
        match self.one(command) {
            Event::Verdict(verdict) => (Reason::from_code(verdict.reason).unwrap(), verdict),
            other => panic!("expected a verdict, got {other:?}"),
        }
    }

    fn left(&mut self) -> Vec<Message> {
        self.model.take_egress().collect()
    }
}

#[test]
fn what_is_accepted_leaves_and_nothing_else() {
    let mut card = Card::new(1 << 40);
    let first = Order { tag: 7, cookie: (1 << 48) - 1, tif: 1, ..order(0, BUY, 10, 1_000) };
    let change = Replace { lots: 9, price: 1_000, generation: 1, ..Default::default() };
    card.one(first);
    card.one(Order { check: true, ..order(1, BUY, 10, 1_000) });
    card.one(order(1, BUY, 1_001, 1_000));
    card.one(change);
    card.one(change);
    card.one(cancel(0));
    card.one(cancel(1));
    let all = MassCancel { scope: scope::VENUE, index: 1, tag: 1, cookie: 2 };
    card.one(all);
    let expected = [words(first), words(change), words(cancel(0)), words(all)];
    assert_eq!(card.left(), expected);
    assert_eq!(card.left(), [] as [Message; 0]);
    assert_eq!((card.model.counter(&register::COUNT_EGRESS), card.model.egress_crc()), (4, crc(&expected)));
}

#[test]
fn the_crc_is_that_of_ieee_802_3() {
    // The check value of the catalogue, and the model's own of the same bytes.
    let nine = b"123456789";
    assert_eq!(crate::model::bank::crc(0, nine.iter().copied()), 0xcbf4_3926);
    let head = crate::model::bank::crc(0, nine[..4].iter().copied());
    assert_eq!(crate::model::bank::crc(head, nine[4..].iter().copied()), 0xcbf4_3926);
}

#[test]
fn a_held_queue_is_full_at_thirteen_and_mass_cancels_pass_and_leave_first() {
    let mut card = Card::new(1 << 40);
    card.model.hold_egress(true);
    for slot in 0..13 {
        assert_eq!(card.reason(order(slot, BUY, 1, 1_000)), Reason::Accepted, "{slot}");
    }
    assert_eq!(card.reason(Order { account: 9, ..order(13, BUY, 1, 1_000) }), Reason::EgressFull);
    assert_eq!(card.reason(Order { check: true, ..order(13, BUY, 1, 1_000) }), Reason::EgressFull);
    let change = Replace { lots: 9, price: 1_000, generation: 1, ..Default::default() };
    assert_eq!(card.answer(change).0, Reason::EgressFull);
    assert_eq!(card.answer(Cancel { slot: 99, ..cancel(0) }).0, Reason::EgressFull);
    let all = MassCancel { tag: 1, ..Default::default() };
    assert_eq!(card.answer(all).0, Reason::Accepted);
    assert_eq!(card.left(), [] as [Message; 0]);
    card.model.hold_egress(false);
    let left = card.left();
    assert_eq!((left.len(), left[0], left[1]), (14, words(all), words(order(0, BUY, 1, 1_000))));
    assert_eq!(card.answer(cancel(0)).0, Reason::Accepted);
}

#[test]
fn a_cancel_passes_whatever_is_halted_and_releases_nothing() {
    let mut card = Card::new(1 << 40);
    card.one(order(0, SELL, 10, 1_010));
    card.silent(Halt { scope: scope::GLOBAL, halted: true, ..Default::default() });
    card.silent(Halt { scope: scope::ACCOUNT, halted: true, ..Default::default() });
    card.model.arm(false);
    card.model.set_ring_full(true);
    let before = (card.cell(), card.account(false), card.read(Table::Slot, 0, 0, false));
    for _ in 0..2 {
        let (reason, verdict) = card.answer(cancel(0));
        assert_eq!((reason, verdict.opcode, verdict.side), (Reason::Accepted, Cancel::CODE, SELL));
        assert_eq!((verdict.lots, verdict.price, verdict.epoch), (0, 0, 1));
        assert_eq!((verdict.slot, verdict.generation, verdict.tag, verdict.cookie), (0, 1, 5, 6));
    }
    assert_eq!((card.cell(), card.account(false), card.read(Table::Slot, 0, 0, false)), before);
    for (wrong, reason, side) in [
        (Cancel { account: 4, ..cancel(0) }, Reason::Malformed, 0),
        (Cancel { instrument: 4, ..cancel(0) }, Reason::Malformed, 0),
        (Cancel { slot: 16, ..cancel(0) }, Reason::Malformed, 0),
        (Cancel { account: 1, ..cancel(0) }, Reason::Slot, SELL),
        (Cancel { instrument: 1, ..cancel(0) }, Reason::Slot, SELL),
        (Cancel { generation: 2, ..cancel(0) }, Reason::Slot, SELL),
        (cancel(1), Reason::Slot, 0),
    ] {
        let (found, verdict) = card.answer(wrong);
        assert_eq!((found, verdict.side), (reason, side), "{wrong:?}");
    }
    card.one(Cancelled { generation: 1, ..Default::default() });
    assert_eq!(card.answer(cancel(0)).0, Reason::Slot, "freed");
    let counted = [&register::COUNT_ACCEPTED, &register::COUNT_REJECTED].map(|count| card.model.counter(count));
    assert_eq!(counted, [1, 0], "cancels are neither");
}

#[test]
fn a_mass_cancel_repeats_its_index_and_nothing_beyond_the_build_leaves() {
    let mut card = Card::bare();
    for (scope, index, reason) in [
        (scope::GLOBAL, 999, Reason::Accepted),
        (scope::ACCOUNT, 3, Reason::Accepted),
        (scope::ACCOUNT, 4, Reason::Malformed),
        (scope::INSTRUMENT, 3, Reason::Accepted),
        (scope::INSTRUMENT, 4, Reason::Malformed),
        (scope::VENUE, 1, Reason::Accepted),
        (scope::VENUE, 2, Reason::Malformed),
        (4, 0, Reason::Malformed),
    ] {
        let (found, verdict) = card.answer(MassCancel { scope, index, tag: 3, cookie: 4 });
        let expected =
            Verdict { reason: reason.code(), opcode: 0x13, account: index, tag: 3, cookie: 4, ..Default::default() };
        assert_eq!((found, verdict), (reason, expected));
    }
    assert_eq!(card.left().len(), 4);
}

#[test]
fn a_halt_and_the_watchdog_ask_for_cancels() {
    let mut card = Card::new(1 << 40);
    let mass_cancel = |scope, index| words(MassCancel { scope, index, ..Default::default() });
    card.silent(Halt { scope: scope::INSTRUMENT, index: 2, halted: true });
    card.silent(Halt { scope: scope::INSTRUMENT, index: 2, halted: false });
    card.silent(Halt { scope: scope::GLOBAL, index: 77, halted: true });
    card.silent(Halt { scope: scope::GLOBAL, index: 77, halted: false });
    assert_eq!(card.fault(Halt { scope: scope::ACCOUNT, index: 4, halted: true }), Fault::BadField);
    assert_eq!(card.left(), [mass_cancel(scope::INSTRUMENT, 2), mass_cancel(scope::GLOBAL, 77)]);
    assert_eq!(card.model.set_time_us(1_000), None);
    assert_eq!(card.model.set_watchdog_us(1_500), None);
    assert_eq!(card.model.set_time_us(1_499), None);
    let (_, fault) = card.model.set_time_us(1_500).unwrap();
    let Ok(Event::FaultRaised(fault)) = Event::decode(&fault) else { panic!("{fault:?}") };
    assert_eq!((fault.code, fault.window, fault.word_0, fault.detail), (Fault::Watchdog.code(), 2, 0, 0));
    assert_eq!(card.left(), [mass_cancel(scope::GLOBAL, 0)]);
    assert_eq!((card.model.watchdog_us(), card.model.halted()), (0, true));
    assert_eq!(card.reason(order(0, BUY, 1, 1_000)), Reason::HaltedGlobal);
    assert_eq!(card.model.set_time_us(1_600), None, "once");
    assert!(card.model.set_watchdog_us(1_600).is_some(), "already there");
}
