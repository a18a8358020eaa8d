//! The driver over the reference model: what a host sees of a card.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::command::*;
use crossgate_contract::event::Ring;
use crossgate_contract::register::{self, status};
use crossgate_contract::window::slot;
use crossgate_contract::{sizes, Command, Event, Fault, Reason, Window};
use crossgate_driver::{BankRows, Device, DeviceError, Endpoint, InProcess, Options, Patience, Received};
use crossgate_sim::model::{ModelEndpoint, FEATURES};
use std::time::Duration;

type Card = Device<InProcess<ModelEndpoint>>;

fn open(options: Options) -> Card {
    Device::open(InProcess::new(ModelEndpoint::new(sizes::TINY)), options).unwrap()
}

const SMALL_RINGS: Options =
    Options { decisions_log2: 4, market_log2: 4, patience: Patience { polls: 10, time: Duration::from_millis(1) } };

fn events(device: &mut Card) -> Vec<Event> {
    let mut events = Vec::new();
    device.poll(|received| events.push(received.decode().unwrap())).unwrap();
    events
}

#[test]
fn the_model_is_a_card_of_its_sizes() {
    for set in sizes::SETS {
        let device = Device::open(InProcess::new(ModelEndpoint::new(*set)), Options::default()).unwrap();
        assert_eq!(device.sizes(), set);
        assert_eq!(device.identity().features, FEATURES);
    }
}

#[test]
fn every_register_has_its_reset_value() {
    let mut endpoint = ModelEndpoint::new(sizes::TINY);
    for register in register::ALL {
        if let Some(reset) = register.reset {
            assert_eq!(endpoint.register_read(register.offset), reset, "{}", register.name);
        }
    }
}

/// Every row that instrument 0, pool 0 and venue ledger 0 need, and all zero.
fn empty_bank() -> Vec<Command> {
    let mut rows = vec![BankMark { epoch: 1, ..Default::default() }.into(), Marks { epoch: 1 }.into()];
    rows.extend([0, 2].map(|lane| Command::from(BankLoss { lane, epoch: 1, ..Default::default() })));
    for venue in [false, true] {
        rows.extend((0..4).map(|lane| Command::from(BankOffset { lane, venue, epoch: 1, ..Default::default() })));
        rows.push(BankCollateral { venue, epoch: 1, ..Default::default() }.into());
    }
    rows
}

#[test]
fn an_order_is_decided_after_arming_and_a_bank() {
    let mut device = open(Options::default());
    device.post(Window::Control, Instrument { lots_max: 9, position_cap: 9, ..Default::default() }).unwrap();
    device.post(Window::Control, InstrumentLimits { notional_max: 1, ..Default::default() }).unwrap();
    device.post(Window::Control, Account { lane_mask: 1, open_orders_max: 1, ..Default::default() }).unwrap();
    device.post(Window::Control, VenueLedger { lane_mask: 1, ..Default::default() }).unwrap();
    let mut rows = BankRows::new();
    let mut posted = 4;
    for row in empty_bank() {
        let words = row.encode().unwrap();
        rows.add(&words);
        device.post_words(Window::Control, words).unwrap();
        posted += 1;
    }
    device.post(Window::Control, rows.commit(Commit { epoch: 1, ..Default::default() })).unwrap();
    let order = Order { lots: 1, price: 1, generation: 1, side: 1, ..Default::default() };
    device.post(Window::Orders, order).unwrap();
    device.arm(true).unwrap();
    device.post(Window::Orders, order).unwrap();
    let reasons: Vec<_> = events(&mut device)
        .into_iter()
        .filter_map(|event| match event {
            Event::Verdict(verdict) => Reason::from_code(verdict.reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons, [Reason::NotReady, Reason::Accepted]);
    assert_eq!(device.epoch().unwrap(), 1);
    assert_eq!(device.status().unwrap(), status::READY | status::ARMED | status::BANK);
    let counters = device.counters().unwrap();
    assert_eq!((counters.accepted, counters.rejected, counters.commands_control), (1, 1, posted + 1));
    device.reset().unwrap();
    assert_eq!(device.counters().unwrap(), Default::default());
    assert_eq!(device.status().unwrap(), status::READY);
}

#[test]
fn time_and_stamp_are_read_back() {
    let mut device = open(Options::default());
    device.set_time_us((1 << 48) - 2).unwrap();
    device.transport_mut().endpoint_mut().run(u32::MAX);
    device.transport_mut().endpoint_mut().run(7);
    let stamp = device.stamp().unwrap();
    assert_eq!((stamp.time_us, stamp.cycle), ((1 << 48) - 2, (1 << 32) + 6));
}

#[test]
fn quadwords_of_slots_in_any_order_are_reassembled() {
    let mut endpoint = ModelEndpoint::new(sizes::TINY);
    endpoint.register_write(register::MARKET_BASE_LO.offset, 4_096);
    endpoint.register_write(register::MARKET_SIZE.offset, 4);
    let fence = |tag| Command::from(Fence { tag }).encode().unwrap();
    let slots = [slot(&fence(0), &fence(1), 0), slot(&fence(2), &fence(3), 1)];
    for (number, strobe) in [(1, 0xf0), (0, 0x81), (1, 0x0f), (0, 0x7e)] {
        endpoint.window_write_part(Window::Market, number, strobe, &slots[usize::from(number)]);
    }
    let mut tags = Vec::new();
    endpoint.take_dma(&mut |address, words| tags.push((address, words[1])));
    assert_eq!(tags, [(4_096, 0), (4_160, 1), (4_224, 2), (4_288, 3)]);
}

#[test]
fn a_wrong_sequence_halts_its_window_until_reset() {
    let mut device = open(Options::default());
    let words = slot(&[0; 4], &[0; 4], 5);
    device.transport_mut().endpoint_mut().window_write(Window::Orders, 0, &words);
    let seen = events(&mut device);
    let [Event::FaultRaised(fault)] = seen[..] else { panic!("{seen:?}") };
    assert_eq!((fault.code, fault.window, fault.detail), (Fault::Sequence.code(), 0, 5 << 16));
    assert_eq!(device.errors().unwrap(), (1 << 4, [5 << 16, 0, 0]));
    assert_eq!(device.status().unwrap(), status::READY | 1 << status::WINDOW_HALTED_SHIFT);
    device.post(Window::Market, Fence { tag: 1 }).unwrap();
    assert_eq!(events(&mut device).len(), 1, "the other windows go on");
    device.reset().unwrap();
    device.post(Window::Orders, Fence { tag: 1 }).unwrap();
    assert_eq!(events(&mut device).len(), 1);
}

#[test]
fn an_overwritten_slot_halts_the_card() {
    let mut device = open(Options::default());
    let endpoint = device.transport_mut().endpoint_mut();
    endpoint.window_write_part(Window::Control, 0, 0x01, &[0; 8]);
    endpoint.window_write_part(Window::Control, 0, 0x03, &[0; 8]);
    let seen = events(&mut device);
    let [Event::FaultRaised(fault)] = seen[..] else { panic!("{seen:?}") };
    assert_eq!((fault.code, fault.window), (Fault::Overrun.code(), 2));
    assert_ne!(device.status().unwrap() & status::HALTED, 0);
}

#[test]
fn orders_are_rejected_when_the_decision_ring_is_full_and_nothing_is_lost() {
    let mut device = open(SMALL_RINGS);
    device.arm(true).unwrap();
    device.post(Window::Control, Marks { epoch: 1 }).unwrap();
    device.post(Window::Control, Commit { epoch: 1, ..Default::default() }).unwrap();
    // The BANK event and 15 verdicts fill the ring of 16.
    for tag in 0..17 {
        device.post(Window::Orders, Order { tag, ..Default::default() }).unwrap();
    }
    let mut reasons = Vec::new();
    while reasons.len() < 17 {
        device
            .poll(|received| {
                if let Ok(Event::Verdict(verdict)) = received.decode() {
                    reasons.push(verdict.reason);
                }
            })
            .unwrap();
    }
    let mut expected = vec![Reason::Malformed.code(); 15];
    expected.extend([Reason::RingFull.code(); 2]);
    assert_eq!(reasons, expected);
}

#[test]
fn the_newest_bbo_of_a_book_wins_when_the_market_ring_is_full() {
    let mut device = open(SMALL_RINGS);
    for book in 0..2 {
        device.post(Window::Market, Slide { book, ..Default::default() }).unwrap();
        device.post(Window::Market, BookState { book, enabled: 1, ..Default::default() }).unwrap();
    }
    for quantity in 1..=20 {
        device.post(Window::Market, Level { price: 5, quantity, ..Default::default() }).unwrap();
    }
    device.post(Window::Market, Level { book: 1, price: 5, quantity: 1, ..Default::default() }).unwrap();
    let mut rows = Vec::new();
    for _ in 0..3 {
        device
            .poll(|received: &Received| match received.decode() {
                Ok(Event::Bbo(bbo)) => rows.push((bbo.book, bbo.bid_quantity, bbo.conflated)),
                other => panic!("{other:?}"),
            })
            .unwrap();
    }
    let mut expected: Vec<_> = (1..=16).map(|quantity| (0, quantity, 0)).collect();
    expected.extend([(0, 20, 3), (1, 1, 0)]);
    assert_eq!(rows, expected);
    assert_eq!(device.counters().unwrap().conflated, 3);
}

#[test]
fn a_fence_waits_for_room_and_the_market_window_with_it() {
    let mut device = open(SMALL_RINGS);
    for tag in 0..20 {
        device.post(Window::Market, Fence { tag }).unwrap();
    }
    assert!(matches!(device.read(&register::CONSUMED_MARKET), Ok(17)), "16 in the ring, one waiting");
    let mut tags = Vec::new();
    device
        .fence(Window::Market, |received| match received.decode() {
            Ok(Event::FenceDone(done)) => tags.push((received.ring, done.tag)),
            other => panic!("{other:?}"),
        })
        .unwrap();
    assert_eq!(tags, (0..20).map(|tag| (Ring::Market, tag)).collect::<Vec<_>>());
}

#[test]
fn a_window_that_the_card_does_not_consume_is_an_error_at_the_deadline() {
    let mut device = open(SMALL_RINGS);
    let error = (0..100).find_map(|tag| device.post(Window::Market, Fence { tag }).err()).unwrap();
    assert!(matches!(error, DeviceError::WindowFull { window: Window::Market, consumed: 17, .. }), "{error}");
}

#[test]
fn the_watchdog_halts_the_card_when_its_time_has_come() {
    let mut device = open(Options::default());
    device.set_time_us(1 << 33).unwrap();
    device.set_watchdog_us(Some((1 << 33) + 5)).unwrap();
    assert_eq!(device.watchdog_us().unwrap(), Some((1 << 33) + 5));
    device.set_time_us((1 << 33) + 4).unwrap();
    assert_eq!(events(&mut device), []);
    device.set_time_us((1 << 33) + 5).unwrap();
    let seen = events(&mut device);
    let [Event::FaultRaised(fault)] = seen[..] else { panic!("{seen:?}") };
    assert_eq!((fault.code, fault.window), (Fault::Watchdog.code(), 2));
    assert_ne!(device.status().unwrap() & status::HALTED, 0);
    assert_eq!(device.watchdog_us().unwrap(), None);
    let left: Vec<_> = device.transport_mut().endpoint_mut().take_egress().collect();
    assert_eq!(left, [Command::from(MassCancel::default()).encode().unwrap()]);
    assert_eq!(device.read(&register::COUNT_EGRESS).unwrap(), 1);
    device.reset().unwrap();
    assert_eq!(device.read(&register::EGRESS_CRC).unwrap(), 0);
}

#[test]
fn nothing_but_the_market_goes_on_while_sixteen_mass_cancels_wait() {
    let mut device = open(Options::default());
    device.transport_mut().endpoint_mut().hold_egress(true);
    for tag in 0..18 {
        device.post(Window::Orders, MassCancel { tag, ..Default::default() }).unwrap();
    }
    device.post(Window::Control, Read { ..Default::default() }).unwrap();
    device.post(Window::Market, Fence { tag: 7 }).unwrap();
    let seen = events(&mut device);
    assert_eq!(seen.iter().filter(|event| matches!(event, Event::Verdict(_))).count(), 16);
    assert!(seen.iter().any(|event| matches!(event, Event::FenceDone(_))) && seen.len() == 17, "{seen:?}");
    device.transport_mut().endpoint_mut().hold_egress(false);
    let seen = events(&mut device);
    assert!(matches!(seen[..], [Event::Verdict(_), Event::Verdict(_), Event::ReadData(_)]), "{seen:?}");
    let left: Vec<_> = device.transport_mut().endpoint_mut().take_egress().collect();
    assert_eq!(left.len(), 18);
}
