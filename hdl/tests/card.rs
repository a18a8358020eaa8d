//! Promises of the whole card: latency from the pins to the ring, registers, nothing lost when the host stops, RESET in
//! the middle of traffic.
#![allow(missing_docs)]

mod card_support;

use card_support::{encode, mask, nop, open_books, tradable, Host};
use crossgate_contract::command::{
    BookState, Cancel, Cancelled, Command, Depth, Fence, Fill, Heartbeat, Level, MassCancel, Order, Position, Read,
    Replace, Replaced, Slide, VenueReset,
};
use crossgate_contract::event::{Ring, Verdict, LATENCY, WAIT};
use crossgate_contract::table::Table;
use crossgate_contract::window::slot;
use crossgate_contract::{register, sizes, Event, Fault, Reason, Window, BOOK_CYCLES_MAX, GATE_CYCLES_MAX};
use crossgate_hdl::card::{self, BBO_LATENCY, DECISION_LATENCY, DEPTH_LATENCY, FENCE_LATENCY};
use crossgate_sim::model::Model;

/// Clocks from the ring's input to the pins of the bus: queue, write port.
const RING_TO_PINS: u64 = 2;
/// Latency and wait of a BBO and of a verdict that nothing delays.
const BBO_IN_TIME: (u64, u64) = (BOOK_CYCLES_MAX as u64, 0);
const VERDICT_IN_TIME: (u64, u64) = (GATE_CYCLES_MAX as u64, 0);

fn level(price: u32, quantity: u64) -> Command {
    Level { price, quantity, ..Default::default() }.into()
}

fn order(number: u16) -> Command {
    Order {
        account: 1,
        instrument: number % 4,
        slot: number,
        lots: 10,
        generation: 1,
        price: 1_000,
        ..Default::default()
    }
    .into()
}

/// Sends one command into an idle card and returns what its first event says, checked against the clock in which the
/// pins show it.
fn latency_of(host: &mut Host, window: Window, command: Command, ring: Ring) -> (u64, u64) {
    host.settle();
    let (at, count) = (host.clock, host.events.len());
    host.send(window, encode(command), nop());
    host.settle();
    let event = *host.events[count..].iter().find(|event| event.ring == ring.index()).expect("an event");
    let latency = LATENCY.get(&event.words);
    assert_eq!(event.clock - at, latency + RING_TO_PINS, "the reported latency is the one at the pins: {command:?}");
    (latency, WAIT.get(&event.words))
}

#[test]
fn a_level_takes_14_cycles_to_the_ring_and_the_same_every_time() {
    for sizes in [sizes::TINY, sizes::DESK] {
        let mut host = Host::new(&sizes, 10);
        host.run(Window::Market, &open_books(&sizes));
        for step in 0..40u32 {
            let change = level(1_024 + step * 6, u64::from(step + 1));
            let (latency, wait) = latency_of(&mut host, Window::Market, change, Ring::Market);
            assert_eq!((latency, wait), BBO_IN_TIME, "step {step}");
        }
    }
}

#[test]
fn every_market_command_has_its_constant_latency() {
    let mut host = Host::new(&sizes::TINY, 10);
    host.run(Window::Market, &open_books(&sizes::TINY));
    for step in 0..3u64 {
        let commands: [Command; 3] = [
            BookState { refilling: true, enabled: 3, ..Default::default() }.into(),
            VenueReset::default().into(),
            Slide { base: 1_024, refilling: true, ..Default::default() }.into(),
        ];
        for command in commands {
            let code = command.layout().code;
            let plain = BookState { enabled: 3, ..Default::default() };
            host.run(Window::Market, &[plain.into(), level(1_030, 10 + step)]);
            let base = BBO_LATENCY.iter().find(|(opcode, _)| *opcode == code).expect("in the table").1;
            assert_eq!(latency_of(&mut host, Window::Market, command, Ring::Market), (base, 0), "{command:?}");
        }
        let depth = Depth { count: 1, ..Default::default() }.into();
        assert_eq!(latency_of(&mut host, Window::Market, depth, Ring::Market), (DEPTH_LATENCY, 0));
        let fence = Fence { tag: 1 }.into();
        assert_eq!(latency_of(&mut host, Window::Market, fence, Ring::Market), (FENCE_LATENCY, 0));
    }
}

#[test]
fn a_verdict_takes_18_cycles_to_the_ring_and_the_same_every_time() {
    for sizes in [sizes::TINY, sizes::DESK] {
        let mut host = Host::new(&sizes, 10);
        assert_eq!(latency_of(&mut host, Window::Orders, order(0), Ring::Decisions), VERDICT_IN_TIME, "rejected");
        host.run(Window::Control, &tradable(&sizes));
        host.write(register::CONTROL, register::control::ARM);
        for number in 0..8 {
            assert_eq!(
                latency_of(&mut host, Window::Orders, order(number), Ring::Decisions),
                VERDICT_IN_TIME,
                "{number}"
            );
        }
        let verdict = host.events.last().expect("a verdict").words;
        let Ok(Event::Verdict(Verdict { reason, .. })) = Event::decode(&verdict) else { panic!("no verdict") };
        assert_eq!(Reason::from_code(reason), Some(Reason::Accepted));
        assert_eq!((host.read(register::COUNT_ACCEPTED), host.read(register::COUNT_REJECTED)), (8, 1));
    }
}

#[test]
fn replaces_and_cancels_take_the_same_18_cycles() {
    let mut host = Host::new(&sizes::TINY, 10);
    host.run(Window::Control, &tradable(&sizes::TINY));
    host.write(register::CONTROL, register::control::ARM);
    host.run(Window::Orders, &[order(0), order(1), order(2)]);
    let (account, generation) = (1, 1);
    for slot in 0..3u16 {
        let instrument = slot;
        let price = 1_000;
        let replace = Replace { account, instrument, slot, lots: 12, generation, price, ..Default::default() };
        let commands: [Command; 5] = [
            replace.into(),
            replace.into(),
            Replaced { account, instrument, slot, generation, cumulative: 0 }.into(),
            Cancel { account, instrument, slot, generation, ..Default::default() }.into(),
            MassCancel { scope: 1, index: slot, ..Default::default() }.into(),
        ];
        for command in commands {
            assert_eq!(latency_of(&mut host, Window::Orders, command, Ring::Decisions), (18, 0), "{command:?}");
        }
    }
    assert_eq!((host.read(register::COUNT_ACCEPTED), host.read(register::COUNT_REJECTED)), (6, 3));
}

#[test]
fn every_decision_has_its_constant_latency() {
    let mut host = Host::new(&sizes::TINY, 10);
    host.run(Window::Control, &tradable(&sizes::TINY));
    host.write(register::CONTROL, register::control::ARM);
    host.run(Window::Orders, &[order(0), order(1)]);
    let fill = Fill { account: 1, slot: 0, cumulative: 4, generation: 1, price: 1_000, ..Default::default() };
    let cancelled = Cancelled { account: 1, instrument: 1, slot: 1, generation: 1, ..Default::default() };
    let position = Position { account: 1, instrument: 2, lots: 7, price: 1_000 };
    let read = Read { table: Table::Cell as u8, index: 1, ..Default::default() };
    let cases: [(Window, Command); 6] = [
        (Window::Orders, fill.into()),
        (Window::Orders, cancelled.into()),
        (Window::Orders, position.into()),
        (Window::Orders, Fence { tag: 3 }.into()),
        (Window::Control, Fence { tag: 4 }.into()),
        (Window::Control, read.into()),
    ];
    for (window, command) in cases {
        for _ in 0..2 {
            let (latency, wait) = latency_of(&mut host, window, command, Ring::Decisions);
            let kind = host.events.last().expect("an event").words[0].to_le_bytes()[0];
            let base = DECISION_LATENCY.iter().find(|(code, _)| *code == kind).expect("in the table").1;
            eprintln!("{window:?} {} latency {latency} wait {wait} base {base}", command.layout().name);
            assert_eq!(latency - wait, base, "{command:?}");
            assert!(window != Window::Orders || wait == 0, "{command:?} waits {wait}");
        }
    }
}

#[test]
fn every_register_reads_its_reset_value_in_the_whole_card() {
    let mut host = Host::new(&sizes::TINY, 10);
    host.run(Window::Market, &open_books(&sizes::TINY));
    host.write(register::CONTROL, register::control::RESET);
    let deadline = host.clock + 10_000;
    while host.read(register::STATUS) & register::status::READY == 0 {
        assert!(host.clock < deadline);
    }
    for register in register::ALL {
        let value = host.read(*register);
        if let Some(expected) = register.reset {
            assert_eq!(value, expected, "{}", register.name);
        }
        assert_ne!(value, u32::MAX, "{}", register.name);
    }
    assert_eq!(host.read(register::STATUS), register::status::READY);
    assert_eq!(host.read(register::BUILD), sizes::TINY.id);
}

/// Runs the same commands, one slot after the other, on the model.
fn modelled(model: &mut Model, window: Window, commands: &[Command], ring: Ring) -> Vec<[u64; 8]> {
    let events = commands.iter().flat_map(|command| model.command(window, encode(*command)));
    events.filter(|(of, _)| *of == ring).map(|(_, words)| mask(words)).collect()
}

fn market_commands(count: u64) -> Vec<Command> {
    let mut seed = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % below
    };
    (0..count)
        .map(|tag| {
            let byte = |value: u64| u8::try_from(value).expect("fits");
            let (venue, book, side) = (byte(random(2)), byte(random(2)), byte(random(2)));
            match random(40) {
                0 => VenueReset { venue, book, tag }.into(),
                6..=9 => BookState { refilling: random(2) == 0, book, enabled: 3, tag }.into(),
                1 => {
                    let base = u32::try_from(896 + 128 * random(3)).expect("fits");
                    Slide { refilling: random(2) == 0, book, base, tag }.into()
                }
                2 => BookState { refilling: false, book, enabled: 3, tag }.into(),
                3 => Depth { book, count: byte(1 + random(4)), tag }.into(),
                4 => Fence { tag }.into(),
                5 => Heartbeat { venue, time_us: tag }.into(),
                _ => {
                    let price = u32::try_from(1_100 + random(60)).expect("fits");
                    Level { side, venue, book, price, quantity: random(3) * 5, tag }.into()
                }
            }
        })
        .collect()
}

#[test]
fn market_traffic_at_full_rate_equals_the_model() {
    let mut host = Host::new(&sizes::TINY, 10);
    let mut model = Model::new(sizes::TINY);
    let mut commands = open_books(&sizes::TINY);
    commands.extend(market_commands(1_200));
    for pair in commands.chunks(2) {
        let room = |host: &mut Host| {
            host.sequence[1].wrapping_sub(u16::try_from(host.read(register::CONSUMED_MARKET)).expect("fits"))
        };
        while room(&mut host) >= 14 {
            host.idle(2);
        }
        host.send(Window::Market, encode(pair[0]), pair.get(1).copied().map_or(nop(), encode));
        host.consume();
    }
    host.settle();
    let expected = modelled(&mut model, Window::Market, &commands, Ring::Market);
    let seen = host.functional(Ring::Market);
    for (index, (seen, expected)) in seen.iter().zip(&expected).enumerate() {
        assert_eq!(seen, expected, "event {index}");
    }
    assert_eq!(seen.len(), expected.len());
    assert!(seen.len() > 200, "{} events", seen.len());
    for counter in
        [register::COUNT_LEVELS, register::COUNT_LEVELS_OUTSIDE, register::COUNT_BBO, register::COUNT_COMMANDS_MARKET]
    {
        assert_eq!(host.read(counter), model.counter(&counter), "{}", counter.name);
    }
    assert_eq!(host.read(register::COUNT_CONFLATED), 0);
}

#[test]
fn a_host_that_stops_reading_gets_the_newest_bbo_and_every_decision() {
    let mut host = Host::new(&sizes::TINY, 4);
    host.run(Window::Market, &open_books(&sizes::TINY));
    let before = host.events.len();
    for step in 0..150u32 {
        host.send(Window::Market, encode(level(1_030, u64::from(step) + 1)), nop());
        host.idle(2);
    }
    for step in 0..28u64 {
        host.send(Window::Orders, encode(Fence { tag: step }), encode(order(99)));
        host.idle(6);
    }
    let stopped = host.sequence[0];
    assert!(host.read(register::CONSUMED_ORDERS) < u32::from(stopped), "the orders window waits");
    assert!(host.events.len() - before < 40, "the rings of 16 entries are full");
    assert!(host.read(register::COUNT_CONFLATED) > 0);
    host.settle();
    let decisions: Vec<_> = host.events.iter().filter(|event| event.ring == 0).map(|event| event.words).collect();
    assert_eq!(decisions.len(), usize::from(stopped) * 2, "a fence and a verdict for every slot");
    for (index, pair) in decisions.chunks(2).enumerate() {
        assert_eq!(pair[0][..2], [1, index as u64], "fence {index}");
        assert_eq!(pair[1][0] & 0xff, u64::from(Verdict::CODE));
    }
    let bbos: Vec<_> = host.events.iter().filter(|event| event.ring == 1).map(|event| event.words).collect();
    let conflated: u64 = bbos.iter().map(|words| words[0] >> 32).sum();
    assert_eq!(conflated, u64::from(host.read(register::COUNT_CONFLATED)));
    let changes = u64::from(host.read(register::COUNT_BBO));
    assert_eq!(bbos.len() as u64 + conflated, changes, "every change left or was replaced");
    let newest = bbos.last().expect("a BBO");
    assert_eq!(newest[2], 150, "the newest quantity at the best bid");
}

#[test]
fn a_fault_follows_the_events_of_earlier_commands() {
    let mut host = Host::new(&sizes::TINY, 10);
    let mut model = Model::new(sizes::TINY);
    let unknown = [0x1f, 2, 3, 4];
    let commands = [encode(order(1)), unknown, encode(Fence { tag: 9 }), unknown, encode(order(2)), encode(order(3))];
    for pair in commands.chunks(2) {
        host.send(Window::Orders, pair[0], pair[1]);
    }
    host.settle();
    let expected: Vec<_> =
        commands.iter().flat_map(|words| model.command(Window::Orders, *words)).map(|(_, words)| mask(words)).collect();
    assert_eq!(host.functional(Ring::Decisions), expected);
    assert_eq!((host.read(register::COUNT_FAULTS), host.read(register::COUNT_COMMANDS_ORDERS)), (2, 6));
}

#[test]
fn a_wrong_sequence_and_an_overrun_are_reported_and_halt() {
    let mut host = Host::new(&sizes::TINY, 10);
    let fence = encode(Fence { tag: 1 });
    host.beat(Window::Control, 0, 0xff, slot(&fence, &fence, 3));
    host.settle();
    let fault = host.events.last().expect("a fault").words;
    let Ok(Event::FaultRaised(fault)) = Event::decode(&fault) else { panic!("no fault") };
    assert_eq!((fault.code, fault.window, fault.detail), (Fault::Sequence.code(), 2, 3 << 16));
    assert_eq!(host.read(register::STATUS) >> 8, 0b100);
    assert_eq!(host.read(register::ERROR_STATUS), 1 << 6);
    assert_eq!(host.read(register::ERROR_CONTROL), 3 << 16);
    host.run(Window::Market, &[Fence { tag: 2 }.into()]);
    assert_eq!(host.events.last().map(|event| event.ring), Some(1), "the other windows go on");
    host.beat(Window::Orders, 3, 0x01, [9; 8]);
    host.beat(Window::Orders, 3, 0x01, [9; 8]);
    host.settle();
    let fault = host.events.last().expect("a fault").words;
    let Ok(Event::FaultRaised(fault)) = Event::decode(&fault) else { panic!("no fault") };
    assert_eq!((fault.code, fault.window), (Fault::Overrun.code(), 0));
    assert_ne!(host.read(register::STATUS) & register::status::HALTED, 0);
    let events = host.events.len();
    host.send(Window::Market, fence, fence);
    host.idle(100);
    assert_eq!(host.events.len(), events, "an overrun halts the card");
    host.reset();
    host.run(Window::Market, &[Fence { tag: 2 }.into()]);
    assert_eq!(host.events.len(), 1, "RESET releases it");
}

#[test]
fn reset_in_the_middle_of_traffic_leaves_nothing() {
    let mut host = Host::new(&sizes::TINY, 10);
    host.run(Window::Control, &tradable(&sizes::TINY));
    host.write(register::CONTROL, register::control::ARM);
    host.run(Window::Market, &open_books(&sizes::TINY));
    for spread in 0..20usize {
        for step in 0..3u16 {
            host.send(Window::Orders, encode(order(step)), encode(order(step)));
            host.send(Window::Market, encode(level(1_050, u64::from(step) + 1)), encode(level(1_060, 2)));
        }
        host.idle(spread);
        host.reset();
        assert!(!host.busy(), "nothing in flight after RESET");
        assert_eq!(host.read(register::STATUS), register::status::READY);
        host.run(Window::Market, &open_books(&sizes::TINY));
        assert!(host.events.is_empty(), "the books are empty: {:?}", host.events);
        let cell = Read { table: Table::Slot as u8, index: 1, ..Default::default() };
        host.run(Window::Control, &[cell.into()]);
        assert_eq!(host.events.last().expect("a row").words[1..5], [0; 4], "the order table is scrubbed");
        assert_eq!(latency_of(&mut host, Window::Market, level(1_050, 1), Ring::Market), BBO_IN_TIME);
    }
}

#[test]
fn a_waveform_names_the_signals_of_the_card() {
    let shared = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    struct Sink(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("one thread").extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut card = card::native_traced(&sizes::TINY, Box::new(Sink(shared.clone()))).expect("tiny has a card");
    for _ in 0..10 {
        card.clock(&Default::default());
    }
    drop(card);
    let text = String::from_utf8(shared.lock().expect("one thread").clone()).expect("VCD is text");
    for name in ["beat_valid", "dma_word_7", "head_reg", "#50000"] {
        assert!(text.contains(name), "{name}");
    }
}
