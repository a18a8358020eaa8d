//! The device over a card that does just enough to talk to.

mod support;

use crossgate_contract::command::{Fence, Halt, Level, Nop, Order};
use crossgate_contract::event::{FenceDone, Ring};
use crossgate_contract::register::{self, control, status};
use crossgate_contract::window::SLOT_SEQUENCE;
use crossgate_contract::{feature, sizes, Command, Event, Window, CONTRACT_HASH};
use crossgate_driver::{Device, DeviceError, Egress, InProcess, Options, Patience, TransportError};
use std::time::Duration;
use support::FakeCard;

const HASTY: Options =
    Options { decisions_log2: 4, market_log2: 4, patience: Patience { polls: 10, time: Duration::from_millis(1) } };

fn open(card: FakeCard) -> Result<Device<InProcess<FakeCard>>, DeviceError> {
    Device::open(InProcess::new(card), HASTY)
}

fn card(device: &mut Device<InProcess<FakeCard>>) -> &mut FakeCard {
    device.transport_mut().endpoint_mut()
}

fn message(result: Result<Device<InProcess<FakeCard>>, DeviceError>) -> String {
    result.err().expect("the card must be refused").to_string()
}

#[test]
fn open_reads_the_sizes_resets_and_gives_the_rings_their_memory() {
    let mut device = open(FakeCard::new()).unwrap();
    assert_eq!(*device.sizes(), sizes::DESK);
    assert_eq!(device.identity().clock_khz, None);
    let card = card(&mut device);
    assert_eq!(card.writes[0], (register::CONTROL.offset, control::RESET));
    assert_eq!(card.get(&register::DECISIONS_SIZE), 4);
    let bases = [&register::DECISIONS_BASE_LO, &register::MARKET_BASE_LO].map(|base| card.get(base));
    assert!(bases[0] % 64 == 0 && bases[1] % 64 == 0 && bases[0].abs_diff(bases[1]) >= 16 * 64);
}

#[test]
fn a_foreign_card_is_refused_with_both_values() {
    let mut card = FakeCard::new();
    card.set(&register::MAGIC, 0x1234_5678);
    assert_eq!(message(open(card)), "register MAGIC reads 0x12345678, a Crossgate card has 0x54414758");
    let mut card = FakeCard::new();
    card.set(&register::ABI, 7 << 16 | 3);
    assert_eq!(message(open(card)), "the card has ABI 7.3, this driver has 1.0: another major version");
    let mut card = FakeCard::new();
    let low = card.get(&register::HASH_LO) ^ 1;
    card.set(&register::HASH_LO, low);
    let text = message(open(card));
    assert!(text.contains(&format!("{CONTRACT_HASH:#018x}")) && text.contains(&format!("{:#018x}", CONTRACT_HASH ^ 1)));
    let mut card = FakeCard::new();
    card.set(&register::SIZE_GATE, 5);
    assert!(matches!(open(card), Err(DeviceError::Identity { name: "SIZE_GATE", offset: 0x1c, actual: 5, .. })));
    let mut card = FakeCard::new();
    card.set(&register::BUILD, sizes::ECP5.id);
    assert!(matches!(open(card), Err(DeviceError::Identity { name: "BUILD", .. })), "ecp5 has other sizes");
}

#[test]
fn a_card_that_is_gone_is_an_error_at_open_and_later() {
    let mut gone = FakeCard::new();
    gone.gone = true;
    assert!(matches!(open(gone), Err(DeviceError::Gone { name: "MAGIC", offset: 0 })));
    let mut device = open(FakeCard::new()).unwrap();
    card(&mut device).gone = true;
    assert!(matches!(device.counters(), Err(DeviceError::Gone { .. })));
    assert!(matches!(device.status(), Err(DeviceError::Gone { name: "STATUS", .. })));
    assert!(matches!(device.fence(Window::Orders, |_| {}), Err(DeviceError::Gone { .. })));
}

#[test]
fn all_ones_in_a_counter_of_a_present_card_is_a_count() {
    let mut device = open(FakeCard::new()).unwrap();
    card(&mut device).set(&register::COUNT_BBO, u32::MAX);
    assert_eq!(device.counters().unwrap().bbo, u32::MAX);
}

#[test]
fn a_card_that_does_not_become_ready_is_an_error_at_the_deadline() {
    let mut card = FakeCard::new();
    card.set(&register::STATUS, 0);
    assert!(matches!(open(card), Err(DeviceError::NotReady { status: 0, polls: 11.., .. })));
}

fn opcodes(words: &[u64; 8]) -> [u8; 2] {
    [words[0].to_le_bytes()[0], words[4].to_le_bytes()[0]]
}

#[test]
fn commands_are_batched_two_to_a_slot_and_a_nop_fills() {
    let mut device = open(FakeCard::new()).unwrap();
    device.post(Window::Orders, Order::default()).unwrap();
    device.post_pair(Window::Orders, Order::default(), Fence::default()).unwrap();
    device.stage(Window::Market, Level::default()).unwrap();
    assert_eq!(card(&mut device).slots.len(), 2, "a staged command waits");
    device.stage(Window::Market, Level::default()).unwrap();
    device.stage(Window::Market, Level::default()).unwrap();
    device.post(Window::Market, Fence::default()).unwrap();
    device.stage(Window::Market, Level::default()).unwrap();
    device.flush(Window::Market).unwrap();
    device.flush(Window::Market).unwrap();
    let seen: Vec<_> = card(&mut device)
        .slots
        .iter()
        .map(|(window, slot, words)| (*window, *slot, SLOT_SEQUENCE.get(words), opcodes(words)))
        .collect();
    assert_eq!(
        seen,
        [
            (Window::Orders, 0, 0, [Order::CODE, Nop::CODE]),
            (Window::Orders, 1, 1, [Order::CODE, Fence::CODE]),
            (Window::Market, 0, 0, [Level::CODE, Level::CODE]),
            (Window::Market, 1, 1, [Level::CODE, Fence::CODE]),
            (Window::Market, 2, 2, [Level::CODE, Nop::CODE]),
        ]
    );
}

#[test]
fn a_command_of_another_window_or_too_wide_a_value_is_refused_before_it_is_posted() {
    let mut device = open(FakeCard::new()).unwrap();
    let error = device.post(Window::Orders, Halt::default()).unwrap_err();
    assert_eq!(error.to_string(), "HALT does not belong to the Orders window");
    let error = device.post(Window::Orders, Order { lots: 1 << 40, ..Default::default() }).unwrap_err();
    assert_eq!(error.to_string(), "ORDER.lots = 1099511627776 does not fit 40 bits");
    assert!(card(&mut device).slots.is_empty());
}

#[test]
fn a_full_window_waits_for_the_card_and_is_an_error_at_the_deadline() {
    let mut device = open(FakeCard::new()).unwrap();
    card(&mut device).stalled = true;
    for _ in 0..sizes::DESK.window_slots {
        device.post(Window::Control, Command::Nop(Nop {})).unwrap();
    }
    assert_eq!(device.slots_free(Window::Control), 0);
    let error = device.post(Window::Control, Command::Nop(Nop {})).unwrap_err();
    assert!(
        matches!(error, DeviceError::WindowFull { posted: 64, consumed: 0, slots: 64, polls: 11.., .. }),
        "{error}"
    );
    card(&mut device).set(&register::CONSUMED_CONTROL, 1);
    device.post(Window::Control, Command::Nop(Nop {})).unwrap();
    assert_eq!(card(&mut device).slots.last().unwrap().1, 0, "the slot numbers wrap");
}

#[test]
fn sequence_numbers_wrap_at_16_bits() {
    let mut device = open(FakeCard::new()).unwrap();
    for _ in 0..=65_536 {
        device.post(Window::Orders, Command::Nop(Nop {})).unwrap();
    }
    let slots = &card(&mut device).slots;
    assert_eq!(SLOT_SEQUENCE.get(&slots[65_535].2), 65_535);
    assert_eq!(SLOT_SEQUENCE.get(&slots[65_536].2), 0);
}

#[test]
fn events_are_taken_over_many_passes_and_released_lazily() {
    let mut device = open(FakeCard::new()).unwrap();
    let before = card(&mut device).writes.len();
    let mut tags = Vec::new();
    for tag in 0..100 {
        device.post(Window::Orders, Order { tag, ..Default::default() }).unwrap();
        device
            .poll(|received| match received.decode() {
                Ok(Event::Verdict(verdict)) => tags.push((verdict.tag, received.sequence())),
                other => panic!("{other:?}"),
            })
            .unwrap();
    }
    let expected: Vec<_> = (0..100).map(|tag| (tag, tag)).collect();
    assert_eq!(tags, expected);
    let writes = card(&mut device).writes.len() - before;
    assert_eq!(writes, 25, "one consumer index for a quarter of 16 entries");
    device.release().unwrap();
    assert_eq!(card(&mut device).writes.len() - before, 25, "100 events were already released");
}

#[test]
fn a_fence_hands_over_what_came_before_it_and_not_its_own_answer() {
    let mut device = open(FakeCard::new()).unwrap();
    device.post(Window::Orders, Order { tag: 5, ..Default::default() }).unwrap();
    device.post(Window::Orders, Fence { tag: 77 }).unwrap();
    let mut seen = Vec::new();
    device.fence(Window::Orders, |received| seen.push(received.decode().unwrap())).unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1], Event::FenceDone(FenceDone { window: 0, tag: 77 }));
    device.fence(Window::Market, |received| panic!("{received:?}")).unwrap();
    card(&mut device).stalled = true;
    let error = device.fence(Window::Control, |_| {}).unwrap_err();
    assert!(matches!(error, DeviceError::Fence { window: Window::Control, polls: 11.., .. }), "{error}");
}

#[test]
fn idle_waits_for_the_busy_bit_and_takes_the_events() {
    let mut device = open(FakeCard::new()).unwrap();
    device.post(Window::Orders, Order { tag: 5, ..Default::default() }).unwrap();
    let mut count = 0;
    device.idle(|_| count += 1).unwrap();
    assert_eq!(count, 1);
    card(&mut device).set(&register::STATUS, status::READY | status::BUSY);
    assert!(matches!(device.idle(|_| {}), Err(DeviceError::Busy { polls: 11.., .. })));
}

#[test]
fn a_missing_event_is_an_error_with_both_numbers() {
    let mut device = open(FakeCard::new()).unwrap();
    card(&mut device).skip = 3;
    device.post(Window::Orders, Order::default()).unwrap();
    let error = device.poll(|_| panic!("must not be handed over")).unwrap_err();
    assert!(matches!(error, DeviceError::EventSequence { ring: Ring::Decisions, expected: 0, actual: 3 }), "{error}");
}

#[test]
fn a_dma_write_outside_the_mapped_memory_is_an_error() {
    let mut device = open(FakeCard::new()).unwrap();
    card(&mut device).write_dma(64);
    let error = device.poll(|_| {}).unwrap_err();
    assert!(matches!(error, DeviceError::Transport(TransportError::Unmapped { address: 64 })), "{error}");
}

#[test]
fn time_is_written_low_half_first_and_must_fit() {
    let mut device = open(FakeCard::new()).unwrap();
    device.set_time_us(0x1234_0000_0007).unwrap();
    let writes = &card(&mut device).writes;
    assert_eq!(writes[writes.len() - 2..], [(register::TIME_LO.offset, 7), (register::TIME_HI.offset, 0x1234)]);
    let error = device.set_time_us(1 << 48).unwrap_err().to_string();
    assert!(error.contains("TIME.time_us"), "{error}");
}

#[test]
fn the_watchdog_is_a_deadline_in_card_time_of_cards_that_have_one() {
    let mut device = open(FakeCard::new()).unwrap();
    let text = device.set_watchdog_us(Some(5)).unwrap_err().to_string();
    assert_eq!(text, "the card has no orders_full: FEATURES reads 0x00000000");
    let mut card_with = FakeCard::new();
    card_with.set(&register::FEATURES, feature::ORDERS_FULL | feature::BOOK);
    let mut device = open(card_with).unwrap();
    assert!(device.identity().has(feature::ORDERS_FULL) && !device.identity().has(feature::GATE_POOL));
    device.set_watchdog_us(Some(0x1234_0000_0007)).unwrap();
    let writes = &card(&mut device).writes;
    assert_eq!(writes[writes.len() - 2..], [(register::WATCHDOG_LO.offset, 7), (register::WATCHDOG_HI.offset, 0x1234)]);
    assert_eq!(device.watchdog_us().unwrap(), Some(0x1234_0000_0007));
    let error = device.set_watchdog_us(Some(1 << 48)).unwrap_err().to_string();
    assert!(error.contains("WATCHDOG.deadline_us"), "{error}");
    device.set_watchdog_us(Some(0)).unwrap();
    assert_eq!(device.watchdog_us().unwrap(), Some(1), "the first moment, not never");
    device.set_watchdog_us(None).unwrap();
    assert_eq!(device.watchdog_us().unwrap(), None);
}

#[test]
fn egress_is_read_as_count_and_crc() {
    let mut card = FakeCard::new();
    card.set(&register::COUNT_EGRESS, 7);
    card.set(&register::EGRESS_CRC, 0xcbf4_3926);
    let mut device = open(card).unwrap();
    assert_eq!(device.egress().unwrap(), Egress { messages: 7, crc: 0xcbf4_3926 });
}

#[test]
fn reset_starts_windows_and_rings_anew() {
    let mut device = open(FakeCard::new()).unwrap();
    for _ in 0..5 {
        device.post(Window::Orders, Order::default()).unwrap();
    }
    device.poll(|_| {}).unwrap();
    device.reset().unwrap();
    device.poll(|received| panic!("stale {received:?}")).unwrap();
    device.post(Window::Orders, Order { tag: 9, ..Default::default() }).unwrap();
    let mut numbers = Vec::new();
    device.poll(|received| numbers.push(received.sequence())).unwrap();
    assert_eq!(numbers, [0]);
    assert_eq!(SLOT_SEQUENCE.get(&card(&mut device).slots.last().unwrap().2), 0);
}
