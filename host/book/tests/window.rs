//! A simulated card that follows the window's operations, against the naive book, over random frames.

mod card;
mod naive;

use card::Card;
use crossgate_book::{CardOp, Consolidated, FrameStatus, LevelUpdate, VenueIndex, Window, WindowConfig, WindowError};
use crossgate_instrument::{Side, Ticks};
use naive::Naive;
use proptest::prelude::*;

const TICKS: i64 = 256;
const BEYOND_CARD: u64 = 1 << 32;

fn venue(index: u8) -> VenueIndex {
    VenueIndex::new(index).expect("below 8")
}

/// Book, card and window under test, with the naive book that says what is right.
struct Bench {
    book: Consolidated,
    naive: Naive,
    window: Window,
    card: Card,
    updates: Vec<LevelUpdate>,
    ops: Vec<CardOp>,
}

impl Bench {
    fn new(margin_ticks: u32) -> Self {
        let window = Window::new(WindowConfig { window_ticks: 256, margin_ticks }).expect("a window");
        let (book, naive, card) = (Consolidated::new(), Naive::default(), Card::new(TICKS));
        Self { book, naive, window, card, updates: Vec::new(), ops: Vec::new() }
    }

    fn set(&mut self, index: u8, side: Side, price: i64, quantity: u64) {
        let update = LevelUpdate { venue: venue(index), side, price: Ticks::new(price), quantity };
        self.book.apply(update).expect("in range");
        self.naive.set(index, side, price, quantity);
        self.updates.push(update);
    }

    fn reset(&mut self, index: u8) {
        self.book.reset_venue(venue(index));
        self.naive.reset(index);
    }

    fn enable(&mut self, index: u8) {
        self.book.enable_venue(venue(index));
        self.naive.live |= 1 << index;
    }

    /// Ends the frame, carries its operations out and checks everything that must hold then.
    fn frame(&mut self) -> FrameStatus {
        self.ops.clear();
        let status = self.window.frame(&self.book, &self.updates, &mut self.ops);
        self.updates.clear();
        self.ops.iter().for_each(|op| self.card.apply(*op));
        assert!(!self.card.refilling, "left refilling");
        assert_eq!(self.card.base, status.base.map(Ticks::get));
        assert_eq!(self.card.enabled, status.enabled_mask);
        let touches =
            [Side::Bid, Side::Ask].map(|side| self.naive.rows(side, self.naive.live).first().map(|row| row.0));
        let [bid_out, ask_out] = touches.map(|touch| touch.is_some_and(|price| !self.card.holds(price)));
        assert_eq!((status.bid_out_of_window, status.ask_out_of_window), (bid_out, ask_out));
        assert!(
            !(bid_out || ask_out) || !fits(touches),
            "{touches:?} fit a window, but not the one at {:?}",
            status.base
        );
        if status.base.is_some() {
            assert_eq!(self.card.enabled, self.naive.live & !self.too_large(), "enabled venues");
        }
        for side in [Side::Bid, Side::Ask] {
            let mut expected = self.naive.rows(side, self.card.enabled);
            expected.retain(|row| self.card.holds(row.0));
            assert_eq!(self.card.rows(side), expected, "{side:?} in the window at {:?}", status.base);
        }
        self.check_best(status);
        status
    }

    /// The promise itself: the card's best bid and offer are the book's.
    fn check_best(&self, status: FrameStatus) {
        let whole = self.card.enabled == self.naive.live;
        let bbo = self.book.bbo();
        for (side, out) in [(Side::Bid, status.bid_out_of_window), (Side::Ask, status.ask_out_of_window)] {
            let best = bbo.side(side).map(|best| (best.price.get(), best.quantity, best.venues));
            assert_eq!(best, self.naive.rows(side, self.naive.live).first().copied());
            if whole && !out && status.base.is_some() {
                assert_eq!(self.card.best(side), best, "best {side:?}");
            }
        }
    }

    /// Venues with a quantity in the window that the card cannot hold.
    fn too_large(&self) -> u8 {
        let large =
            self.naive.levels.iter().filter(|((_, price, _), lots)| self.card.holds(*price) && **lots >= BEYOND_CARD);
        large.fold(0, |mask, ((_, _, owner), _)| mask | 1 << owner)
    }
}

/// Whether some window on the card's grid holds both touches.
fn fits(touches: [Option<i64>; 2]) -> bool {
    let [Some(bid), Some(ask)] = touches else { return true };
    let (low, high) = (bid.min(ask), bid.max(ask));
    low - low.rem_euclid(128) + TICKS > high
}

#[derive(Clone, Debug)]
enum Step {
    /// A level of a venue at a distance behind the mid, and whether the opposite level there goes before or after it.
    Level(u8, Side, i64, u64, bool),
    /// Removes the venue's best level of a side.
    RemoveBest(u8, Side),
    Reset(u8),
    Enable(u8),
    Drift(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let side = || prop_oneof![Just(Side::Bid), Just(Side::Ask)];
    let distance = prop_oneof![6 => -3..40_i64, 2 => 0..200_i64, 1 => 0..5000_i64];
    let quantity = prop_oneof![10 => 1..100_u64, 5 => Just(0), 1 => Just(BEYOND_CARD - 1)];
    let quantity = prop_oneof![60 => quantity, 1 => Just(BEYOND_CARD), 1 => Just(1 << 50)];
    prop_oneof![
        20 => (0..3_u8, side(), distance, quantity, any::<bool>())
            .prop_map(|(v, s, d, q, b)| Step::Level(v, s, d, q, b)),
        6 => (0..3_u8, side()).prop_map(|(v, s)| Step::RemoveBest(v, s)),
        1 => (0..3_u8).prop_map(Step::Reset),
        3 => (0..3_u8).prop_map(Step::Enable),
        2 => prop_oneof![6 => -40..40_i64, 1 => -2000..2000_i64].prop_map(Step::Drift),
    ]
}

fn run(bench: &mut Bench, mid: &mut i64, step: &Step) {
    match *step {
        Step::Level(index, side, distance, quantity, opposite_first) => {
            let price = *mid - side.sign() * distance;
            // A venue never ends a frame with one price on both sides, but may pass through it.
            let occupied = bench.naive.levels.contains_key(&(side.opposite().index(), price, index));
            if occupied && quantity != 0 && opposite_first {
                bench.set(index, side.opposite(), price, 0);
            }
            bench.set(index, side, price, quantity);
            if occupied && quantity != 0 && !opposite_first {
                bench.set(index, side.opposite(), price, 0);
            }
        }
        Step::RemoveBest(index, side) => {
            let best = bench.naive.rows(side, 1 << index).first().map(|row| row.0);
            if let Some(price) = best {
                bench.set(index, side, price, 0);
            }
        }
        Step::Reset(index) => bench.reset(index),
        Step::Enable(index) => bench.enable(index),
        Step::Drift(ticks) => *mid += ticks,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_card_holds_the_window_of_the_book_after_every_frame(
        frames in prop::collection::vec(prop::collection::vec(step(), 0..20), 1..40),
        margin_ticks in 0..=64_u32,
    ) {
        let mut bench = Bench::new(margin_ticks);
        let mut mid = 10_000;
        (0..2).for_each(|index| bench.enable(index));
        let mut sent = std::collections::BTreeMap::new();
        for steps in &frames {
            steps.iter().for_each(|step| run(&mut bench, &mut mid, step));
            bench.frame();
            for op in &bench.ops {
                *sent.entry(format!("{op:?}").split(' ').next().map(str::to_owned)).or_insert(0_u64) += 1;
            }
        }
        let count = |kind: &str| sent.get(&Some(kind.to_owned())).copied().unwrap_or(0);
        let stats = bench.window.stats();
        prop_assert_eq!(stats.level_ops, count("Level"));
        prop_assert_eq!(stats.slides + stats.rebases, count("Slide"));
        prop_assert_eq!(stats.venue_resets, count("VenueReset"));
        prop_assert_eq!(stats.states, count("State"));
    }
}

/// A bench with venues 0 and 1 live, quoting 100 at 9,990 and 10,010.
fn quoting() -> Bench {
    let mut bench = Bench::new(32);
    for index in 0..2 {
        bench.enable(index);
        bench.set(index, Side::Bid, 9_990, 100);
        bench.set(index, Side::Ask, 10_010, 100);
    }
    bench.frame();
    bench
}

#[test]
fn a_quiet_touch_moves_no_window_and_sends_one_operation_per_update() {
    let mut bench = quoting();
    bench.set(0, Side::Bid, 9_991, 5);
    bench.set(0, Side::Bid, 9_990, 0);
    assert!(!bench.frame().moved);
    let level =
        |price, quantity| CardOp::Level { venue: venue(0), side: Side::Bid, price: Ticks::new(price), quantity };
    assert_eq!(bench.ops, [level(9_991, 5), level(9_990, 0)]);
}

#[test]
fn a_lost_sequence_is_one_reset_at_once_and_the_resync_loads_before_it_enables() {
    let mut bench = quoting();
    bench.reset(1);
    assert_eq!(bench.frame().enabled_mask, 0b01);
    assert_eq!(bench.ops, [CardOp::VenueReset { venue: venue(1) }]);
    bench.set(1, Side::Bid, 9_980, 7);
    bench.frame();
    assert_eq!(bench.ops, []);
    bench.enable(1);
    assert_eq!(bench.frame().enabled_mask, 0b11);
    let level = CardOp::Level { venue: venue(1), side: Side::Bid, price: Ticks::new(9_980), quantity: 7 };
    assert_eq!(bench.ops, [level, CardOp::State { enabled_mask: 0b11, refilling: false }]);
}

#[test]
fn a_venue_lost_and_resynchronised_within_one_frame_is_loaded_anew() {
    let mut bench = quoting();
    bench.reset(1);
    bench.set(1, Side::Ask, 10_011, 7);
    bench.enable(1);
    bench.frame();
    assert_eq!(bench.ops.first(), Some(&CardOp::VenueReset { venue: venue(1) }));
}

#[test]
fn a_slide_keeps_what_both_windows_hold_and_refills_only_the_rest() {
    let mut bench = quoting();
    let base = bench.card.base.expect("placed");
    bench.set(0, Side::Bid, base + TICKS - 10, 1);
    bench.set(0, Side::Ask, base + TICKS + 5, 3);
    bench.set(0, Side::Ask, 10_010, 0);
    bench.set(1, Side::Ask, 10_010, 0);
    let before = bench.window.stats().refill_levels;
    assert!(bench.frame().moved);
    assert_eq!(bench.window.stats().slides, 1);
    assert_eq!(bench.window.stats().refill_levels - before, 1, "{:?}", bench.ops);
    // The slide, three levels that both windows hold, the one revealed, and the state.
    assert_eq!(bench.ops.len(), 6, "{:?}", bench.ops);
    assert!(matches!(bench.ops[0], CardOp::Slide { refilling: true, .. }));
    assert_eq!(bench.ops.last(), Some(&CardOp::State { enabled_mask: 0b11, refilling: false }));
}

#[test]
fn a_spread_wider_than_the_window_is_flagged_and_keeps_the_side_it_has() {
    let mut bench = quoting();
    for index in 0..2 {
        bench.set(index, Side::Ask, 10_010, 0);
        bench.set(index, Side::Ask, 20_000, 1);
    }
    let status = bench.frame();
    assert_eq!((status.moved, status.bid_out_of_window, status.ask_out_of_window), (false, false, true));
    assert_eq!(bench.window.stats().frames_out_of_window, 1);
}

#[test]
fn a_quantity_beyond_the_card_masks_its_venue_until_it_shrinks() {
    let mut bench = quoting();
    bench.set(0, Side::Bid, 9_985, BEYOND_CARD);
    assert_eq!(bench.frame().enabled_mask, 0b10);
    assert_eq!(bench.ops, [CardOp::VenueReset { venue: venue(0) }]);
    bench.set(0, Side::Bid, 9_984, 1);
    assert_eq!(bench.frame().enabled_mask, 0b10);
    bench.set(0, Side::Bid, 9_985, BEYOND_CARD - 1);
    assert_eq!(bench.frame().enabled_mask, 0b11);
    assert_eq!(bench.window.stats().quantity_too_large, 1);
}

#[test]
fn a_venue_locked_with_itself_shows_both_sides_and_heals() {
    let mut bench = quoting();
    bench.set(0, Side::Ask, 9_990, 9);
    bench.frame();
    bench.set(0, Side::Bid, 9_990, 0);
    bench.frame();
    bench.set(0, Side::Ask, 9_990, 0);
    bench.frame();
}

#[test]
fn a_restart_sends_everything_again() {
    let mut bench = quoting();
    bench.window.restart();
    bench.card = Card::new(TICKS);
    assert_eq!(bench.frame().enabled_mask, 0b11);
}

#[test]
fn a_configuration_out_of_range_is_refused() {
    let make = |window_ticks, margin_ticks| Window::new(WindowConfig { window_ticks, margin_ticks }).err();
    assert_eq!(make(1000, 0), Some(WindowError::Ticks { actual: 1000 }));
    assert_eq!(make(64, 0), Some(WindowError::Ticks { actual: 64 }));
    assert_eq!(make(1024, 257), Some(WindowError::Margin { actual: 257, limit: 256 }));
    assert_eq!(make(1024, 256), None);
    assert_eq!(make(128, 0), None);
}
