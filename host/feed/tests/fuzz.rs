//! Bytes from outside never panic, and whatever they do, a book that is delivered is never crossed.
#![allow(clippy::unwrap_used)] // helpers: a panic is a failed test

mod support;

use crossgate_feed::{Feed, Frame};
use crossgate_instrument::{Instrument, Venue};
use proptest::prelude::*;
use support::{instrument, kraken, Rebuilt};

/// Frames in the shape of each venue; the numbers belong together, so that mutations reach behind the first check.
fn frames() -> Vec<&'static str> {
    include_str!("frames/fuzz.txt").lines().collect()
}

fn instruments() -> Vec<Instrument> {
    let binance = [Venue::BinanceUsdm, Venue::BinanceCoinm, Venue::BinanceSpot];
    let mut all: Vec<Instrument> = binance.iter().map(|venue| instrument(*venue, "X", "0.1", "0.001")).collect();
    all.push(kraken());
    all
}

/// Feeds the frames to every venue; the sink checks tops, and nothing crossed may come out.
fn feed_all(frames: &[Vec<u8>]) {
    for venue in [Venue::BinanceUsdm, Venue::BinanceCoinm, Venue::BinanceSpot, Venue::KrakenSpot] {
        let mut feed = Feed::new(venue, instruments());
        let mut sink = Rebuilt::default();
        for (number, bytes) in (1u64..).zip(frames) {
            feed.on_frame(&Frame { local_ns: number, bytes, offset: 0, line: number, symbol: None }, &mut sink);
        }
        assert_eq!(feed.counters().frames, frames.len() as u64);
        assert_eq!(sink.crossed, 0);
    }
}

#[derive(Clone, Debug)]
enum Mutation {
    Replace(usize, u8),
    Insert(usize, u8),
    Remove(usize, usize),
    Cut(usize),
    Digit(usize, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Insert(at, byte)),
        (any::<usize>(), 1usize..9).prop_map(|(at, count)| Mutation::Remove(at, count)),
        any::<usize>().prop_map(Mutation::Cut),
        (any::<usize>(), b'0'..=b'9').prop_map(|(at, digit)| Mutation::Digit(at, digit)),
    ]
}

fn mutate(frame: &mut Vec<u8>, mutation: &Mutation) {
    if frame.is_empty() {
        return;
    }
    let length = frame.len();
    match *mutation {
        Mutation::Replace(at, byte) => frame[at % length] = byte,
        Mutation::Insert(at, byte) => frame.insert(at % length, byte),
        Mutation::Remove(at, count) => drop(frame.drain(at % length..length.min(at % length + count))),
        Mutation::Cut(at) => frame.truncate(at % length),
        Mutation::Digit(at, digit) => {
            let digits: Vec<usize> = (0..length).filter(|at| frame[*at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                frame[digits[at % digits.len()]] = digit;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_bytes_never_panic(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 1..4)) {
        feed_all(&frames);
    }

    #[test]
    fn mutated_frames_never_panic_nor_cross_a_book(
        order in prop::collection::vec(any::<usize>(), 0..8),
        mutations in prop::collection::vec((any::<usize>(), mutation()), 0..6),
    ) {
        let mut frames: Vec<Vec<u8>> = frames().iter().map(|frame| frame.as_bytes().to_vec()).collect();
        let count = frames.len();
        frames.extend(order.iter().map(|index| frames[index % count].clone()).collect::<Vec<_>>());
        let count = frames.len();
        for (at, mutation) in &mutations {
            mutate(&mut frames[at % count], mutation);
        }
        feed_all(&frames);
    }
}

/// The frames above do make books live, so that the mutations mean something.
#[test]
fn the_frames_make_books_live() {
    for (venue, index) in [(Venue::BinanceUsdm, 0), (Venue::BinanceSpot, 2)] {
        let mut feed = Feed::new(venue, instruments());
        for (number, frame) in (1u64..).zip(&frames()[..6]) {
            let frame = Frame { local_ns: number, bytes: frame.as_bytes(), offset: 0, line: number, symbol: None };
            feed.on_frame(&frame, &mut ());
        }
        assert!(feed.state(index).unwrap().is_live(), "{venue}: {:?}", feed.state(index));
    }
    let mut feed = Feed::new(Venue::KrakenSpot, instruments());
    for (number, frame) in (1u64..).zip(&frames()[6..9]) {
        let frame = Frame { local_ns: number, bytes: frame.as_bytes(), offset: 0, line: number, symbol: None };
        feed.on_frame(&frame, &mut ());
    }
    assert!(feed.state(3).unwrap().is_live(), "{:?}", feed.state(3));
}
