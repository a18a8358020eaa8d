//! Cards in lockstep under random stimulus: the scoreboard finds what it must find, and nothing between equal cards.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::register;
use crossgate_contract::{event, sizes, Event, Window};
use crossgate_driver::Endpoint;
use crossgate_sim::coverage::Coverage;
use crossgate_sim::model::ModelEndpoint;
use crossgate_sim::scoreboard::{soak, Agreement, Lockstep, SoakError};
use crossgate_sim::stimulus::Stimulus;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

type Filter = Box<dyn FnMut(&mut [u64; 8]) -> bool>;

/// A model whose answers pass through the test.
struct Tap {
    inner: ModelEndpoint,
    /// Changes a register that is read.
    register: fn(u32, u32) -> u32,
    /// Changes an event; false loses it.
    event: Filter,
}

impl Tap {
    fn new(event: impl FnMut(&mut [u64; 8]) -> bool + 'static) -> Self {
        Self { inner: ModelEndpoint::new(sizes::TINY), register: |_, value| value, event: Box::new(event) }
    }
}

impl Endpoint for Tap {
    fn register_read(&mut self, offset: u32) -> u32 {
        (self.register)(offset, self.inner.register_read(offset))
    }
    fn register_write(&mut self, offset: u32, value: u32) {
        self.inner.register_write(offset, value);
    }
    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        self.inner.window_write_part(window, slot, strobe, words);
    }
    fn run(&mut self, cycles: u32) {
        self.inner.run(cycles);
    }
    fn busy(&self) -> bool {
        self.inner.busy()
    }
    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        let event = &mut self.event;
        self.inner.take_dma(&mut |address, words| {
            let mut words = *words;
            if event(&mut words) {
                sink(address, &words);
            }
        });
    }
    fn cycles(&self) -> u64 {
        self.inner.cycles()
    }
}

fn against_model(card: Tap) -> Lockstep<Tap, ModelEndpoint> {
    Lockstep::new(card, ModelEndpoint::new(sizes::TINY), ["card", "model"], Agreement::Functional)
}

#[test]
fn equal_models_agree_whatever_the_stimulus() {
    for seed in 0..40 {
        for set in [sizes::TINY, sizes::DESK] {
            let pair =
                Lockstep::new(ModelEndpoint::new(set), ModelEndpoint::new(set), ["one", "two"], Agreement::Timed);
            let report = soak(pair, seed, 2_000).unwrap();
            assert!(report.events > 200, "{report:?}");
        }
    }
}

#[test]
fn one_flipped_bit_of_a_functional_word_is_found_and_reported() {
    // A verdict's lanes, a fill's Y, a BBO's quantity, a read word: one event of each kind.
    for (code, word) in
        [(event::Verdict::CODE, 4), (event::Filled::CODE, 4), (event::Bbo::CODE, 2), (event::ReadData::CODE, 1)]
    {
        let mut flipped = false;
        let card = Tap::new(move |words| {
            if !flipped && words[0].to_le_bytes()[0] == code {
                words[word] ^= 1;
                flipped = true;
            }
            true
        });
        let error = soak(against_model(card), 5, 20_000).unwrap_err();
        assert!(matches!(error, SoakError::Difference { seed: 5, .. }));
        let text = error.to_string();
        assert!(text.contains("seed 5") && text.contains("  ! ") && text.contains("last slots"), "{text}");
    }
}

#[test]
fn another_cycle_is_a_difference_only_where_timing_is_compared() {
    let late = || {
        Tap::new(|words| {
            words[6] = 0x1234_5678;
            true
        })
    };
    soak(against_model(late()), 5, 2_000).unwrap();
    let timed = Lockstep::new(late(), ModelEndpoint::new(sizes::TINY), ["card", "model"], Agreement::Timed);
    assert!(soak(timed, 5, 2_000).unwrap_err().to_string().contains("  ! cycle"));
}

#[test]
fn a_lost_event_is_found() {
    let mut count = 0;
    let card = Tap::new(move |_| {
        count += 1;
        count != 300
    });
    assert!(soak(against_model(card), 1, 5_000).is_err());
}

#[test]
fn a_counter_that_differs_is_found_when_idle() {
    let mut card = Tap::new(|_| true);
    card.register = |offset, value| value ^ u32::from(offset == register::COUNT_LEVELS_OUTSIDE.offset);
    let error = soak(against_model(card), 1, 100).unwrap_err();
    assert!(error.to_string().contains("register COUNT_LEVELS_OUTSIDE differs"), "{error}");
}

/// What a stimulus provoked in BOOK and on the way to it.
fn kind(words: &[u64; 8]) -> String {
    match Event::decode(words).unwrap() {
        Event::Filled(filled) => format!("filled {} poisoned {}", filled.freed, filled.poisoned),
        Event::Closed(closed) => format!("closed {} poisoned {}", closed.freed, closed.poisoned),
        Event::Bbo(bbo) => format!("bbo {}", bbo.flags),
        other => other.layout().name.to_owned(),
    }
}

/// The stimulus follows its commands with the reference model; that is what these are about.
#[test]
fn the_stimulus_reaches_every_reason_fault_result_case_and_state() {
    let mut coverage = Coverage::default();
    for seed in 0..120 {
        let mut stimulus = Stimulus::of_bench(seed, sizes::TINY);
        for _ in 0..8_000 {
            stimulus.step();
        }
        coverage.add(stimulus.coverage());
    }
    println!("{coverage}");
    assert!(coverage.missing().is_empty(), "never reached: {:#?}", coverage.missing());
}

#[test]
fn the_stimulus_reaches_every_flag_of_the_events() {
    let seen = Rc::new(RefCell::new(BTreeSet::new()));
    for seed in 0..40 {
        let observer = Rc::clone(&seen);
        let card = Tap::new(move |words| {
            observer.borrow_mut().insert(kind(words));
            true
        });
        soak(against_model(card), seed, 6_000).unwrap();
    }
    let mut expected: Vec<String> = Vec::new();
    for poisoned in ["filled true", "filled false", "closed true", "closed false"] {
        expected.push(format!("{poisoned} poisoned true"));
    }
    expected.extend([0, 1, 2, 4, 8, 12, 16, 17, 18, 20, 24, 28].map(|flags| format!("bbo {flags}")));
    expected.extend(["FENCE_DONE", "POSITION_SET", "READ_DATA", "DEPTH_LEVEL"].map(String::from));
    let seen = seen.borrow();
    let missing: Vec<_> = expected.iter().filter(|kind| !seen.contains(*kind)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}\nseen: {seen:?}");
}
