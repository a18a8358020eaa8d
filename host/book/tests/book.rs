//! The consolidated book against the naive one, over random updates, resets and masks at any distance.

mod naive;

use crossgate_book::{
    Best, BookError, Consolidated, Depth, LevelUpdate, VenueIndex, PRICE_TICKS_MAX, QUANTITY_LOTS_MAX,
};
use crossgate_instrument::{Side, Ticks};
use naive::{Naive, Row};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Set(u8, Side, i64, u64),
    Reset(u8),
    Enable(u8),
    /// Many updates around one place, so that the dense range follows.
    Burst(u8, Side, i64),
}

fn venue(index: u8) -> VenueIndex {
    VenueIndex::new(index).expect("below 8")
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Bid), Just(Side::Ask)]
}

fn price() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 99_980..100_020_i64,
        2 => -600_000..600_000_i64,
        1 => prop_oneof![Just(PRICE_TICKS_MAX), Just(-PRICE_TICKS_MAX), -PRICE_TICKS_MAX..PRICE_TICKS_MAX],
    ]
}

fn quantity() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0), 4 => 1..1000_u64, 1 => Just(QUANTITY_LOTS_MAX)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        40 => (0..4_u8, side(), price(), quantity()).prop_map(|(v, s, p, q)| Step::Set(v, s, p, q)),
        1 => (0..4_u8).prop_map(Step::Reset),
        3 => (0..4_u8).prop_map(Step::Enable),
        1 => (0..4_u8, side(), -900_000..900_000_i64).prop_map(|(v, s, p)| Step::Burst(v, s, p)),
    ]
}

fn set(book: &mut Consolidated, naive: &mut Naive, index: u8, side: Side, price: i64, quantity: u64) {
    let before = naive.rows(side, naive.live).first().copied();
    let changed =
        book.apply(LevelUpdate { venue: venue(index), side, price: Ticks::new(price), quantity }).expect("in range");
    naive.set(index, side, price, quantity);
    assert_eq!(changed, before != naive.rows(side, naive.live).first().copied(), "at {price}");
}

fn row(best: Best) -> Row {
    (best.price.get(), best.quantity, best.venues)
}

fn assert_same(book: &Consolidated, naive: &Naive) {
    for side in [Side::Bid, Side::Ask] {
        let rows = naive.rows(side, naive.live);
        assert_eq!(book.bbo().side(side).map(row), rows.first().copied(), "best {side:?}");
        let levels: Vec<Row> =
            book.levels(side).map(|level| (level.price.get(), level.quantity(), level.venues)).collect();
        assert_eq!(levels, rows, "levels {side:?}");
        for low in [-PRICE_TICKS_MAX, -300_000, 99_990, 100_000] {
            let high = low.saturating_add(100_000);
            let between: Vec<i64> =
                book.levels_between(side, Ticks::new(low), Ticks::new(high)).map(|level| level.price.get()).collect();
            let expected: Vec<i64> = rows.iter().map(|row| row.0).filter(|p| (low..=high).contains(p)).collect();
            assert_eq!(between, expected, "{side:?} from {low}");
        }
        assert_eq!(book.levels_between(side, Ticks::new(100_001), Ticks::new(100_000)).count(), 0);
        for mask in [0b0101, 0b0010] {
            let expected = naive.rows(side, naive.live & mask).first().copied();
            assert_eq!(book.best_among(side, mask).map(row), expected, "best {side:?} among {mask:#b}");
        }
        for index in 0..4 {
            let own = naive.levels.iter().filter(|((at, _, owner), _)| (*at, *owner) == (side.index(), index));
            let quantity = own.clone().map(|(_, quantity)| u128::from(*quantity)).sum();
            assert_eq!(book.depth(venue(index), side), Depth { levels: own.count(), quantity });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_book_answers_like_a_sorted_map(steps in prop::collection::vec(step(), 1..250)) {
        let (mut book, mut naive) = (Consolidated::new(), Naive::default());
        for step in steps {
            match step {
                Step::Set(index, side, price, quantity) => set(&mut book, &mut naive, index, side, price, quantity),
                Step::Reset(index) => {
                    book.reset_venue(venue(index));
                    naive.reset(index);
                }
                Step::Enable(index) => {
                    book.enable_venue(venue(index));
                    naive.live |= 1 << index;
                }
                Step::Burst(index, side, price) => {
                    for offset in 0..40 {
                        set(&mut book, &mut naive, index, side, price + offset * 7 % 11, 5);
                    }
                    for offset in 0..40 {
                        set(&mut book, &mut naive, index, side, price + offset * 7 % 11, u64::from(offset % 3 == 0));
                    }
                }
            }
            assert_same(&book, &naive);
        }
    }
}

#[test]
fn a_touch_that_travels_takes_the_dense_range_along() {
    let (mut book, mut naive) = (Consolidated::new(), Naive::default());
    book.enable_venue(venue(0));
    naive.live = 1;
    set(&mut book, &mut naive, 0, Side::Bid, 20_000, 3);
    set(&mut book, &mut naive, 0, Side::Ask, 2_600_000, 3);
    for step in 0..4000_i64 {
        let mid = 260_000 + step * 400;
        set(&mut book, &mut naive, 0, Side::Bid, mid - 1, 1);
        set(&mut book, &mut naive, 0, Side::Bid, mid - 401, u64::from(step % 100 == 0));
        set(&mut book, &mut naive, 0, Side::Ask, mid + 1, 1);
        set(&mut book, &mut naive, 0, Side::Ask, mid - 399, 0);
    }
    assert_same(&book, &naive);
    let stats = book.stats();
    // 1.6 million ticks of travel: a quarter range of headroom above a bid, three quarters below an ask.
    assert!((20..=34).contains(&stats.rebases), "{stats:?}");
    assert!(stats.far_updates < 34 * 70, "{stats:?}");
}

#[test]
fn one_stray_price_does_not_move_the_dense_range() {
    let (mut book, mut naive) = (Consolidated::new(), Naive::default());
    book.enable_venue(venue(0));
    naive.live = 1;
    set(&mut book, &mut naive, 0, Side::Bid, 1000, 1);
    set(&mut book, &mut naive, 0, Side::Bid, 900_000_000, 1);
    assert_same(&book, &naive);
    set(&mut book, &mut naive, 0, Side::Bid, 900_000_000, 0);
    assert_same(&book, &naive);
    assert_eq!(book.stats().rebases, 0);
}

#[test]
fn updates_far_behind_the_touch_do_not_move_the_dense_range() {
    let (mut book, mut naive) = (Consolidated::new(), Naive::default());
    book.enable_venue(venue(0));
    naive.live = 1;
    for step in 0..500 {
        set(&mut book, &mut naive, 0, Side::Ask, 100_000, 1 + step);
        set(&mut book, &mut naive, 0, Side::Ask, 1_000_000, step % 2);
    }
    assert_same(&book, &naive);
    assert_eq!((book.stats().rebases, book.stats().far_updates), (0, 500));
}

#[test]
fn values_out_of_range_are_refused_and_change_nothing() {
    let mut book = Consolidated::new();
    book.enable_venue(venue(0));
    let update = |price, quantity| LevelUpdate { venue: venue(0), side: Side::Bid, price: Ticks::new(price), quantity };
    assert_eq!(
        book.apply(update(1, QUANTITY_LOTS_MAX + 1)),
        Err(BookError::Quantity { actual: QUANTITY_LOTS_MAX + 1 })
    );
    for price in [PRICE_TICKS_MAX + 1, -PRICE_TICKS_MAX - 1, i64::MIN] {
        assert_eq!(book.apply(update(price, 1)), Err(BookError::Price { actual: price }));
    }
    assert_eq!(book.bbo().bid, None);
}

#[test]
fn two_venues_cross_and_lock_each_other() {
    let mut book = Consolidated::new();
    for index in 0..2 {
        book.enable_venue(venue(index));
    }
    let mut set = |index, side, price| {
        book.apply(LevelUpdate { venue: venue(index), side, price: Ticks::new(price), quantity: 1 }).unwrap();
        (book.bbo().locked(), book.bbo().crossed())
    };
    assert_eq!(set(0, Side::Bid, 10), (false, false));
    assert_eq!(set(1, Side::Ask, 11), (false, false));
    assert_eq!(set(1, Side::Ask, 10), (true, false));
    assert_eq!(set(1, Side::Ask, 9), (false, true));
}
