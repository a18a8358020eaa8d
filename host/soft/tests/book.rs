//! The best level of each venue, kept as a bound and searched when it is asked for, against every level.

use crossgate_soft::book::{Book, Side};
use proptest::prelude::*;
use std::collections::BTreeMap;

const WINDOW: u32 = 256;
const VENUES: u8 = 3;

/// Every quantity by side, venue and price.
#[derive(Default)]
struct Plain {
    levels: BTreeMap<(u8, u8, u32), u32>,
    base: Option<u32>,
    enabled: u16,
}

impl Plain {
    fn own(&self, side: u8, venue: u8) -> Option<u32> {
        let counts = self.enabled >> venue & 1 == 1;
        let prices =
            self.levels.keys().filter(|(at, of, _)| counts && (*at, *of) == (side, venue)).map(|(_, _, price)| *price);
        if side == 0 {
            prices.max()
        } else {
            prices.min()
        }
    }

    fn keep(&mut self, holds: impl Fn(u8, u32) -> bool) {
        self.levels.retain(|(_, venue, price), _| holds(*venue, *price));
    }
}

proptest! {
    #[test]
    fn the_best_level_of_a_venue_is_the_best_of_its_levels_in_the_window(
        steps in prop::collection::vec((0u8..40, any::<bool>(), 0u8..VENUES, 0u32..600, 0u32..3), 1..300),
    ) {
        let (mut book, mut plain) = (Book::new(WINDOW, u32::from(VENUES)), Plain::default());
        for (kind, sells, venue, number, quantity) in steps {
            match kind {
                0 => {
                    book.reset_venue(venue);
                    plain.enabled &= !(1 << venue);
                    plain.keep(|of, _| of != venue);
                }
                1 => {
                    let base = number / 128 * 128;
                    book.slide(base, false);
                    plain.base = Some(base);
                    plain.keep(|_, price| (base..base + WINDOW).contains(&price));
                }
                2 => {
                    plain.enabled = u16::try_from(number & 7).unwrap();
                    book.set_state(plain.enabled, false);
                }
                _ => {
                    let side = u8::from(sells);
                    book.level(Side::of(side), venue, number, quantity);
                    if plain.base.is_some_and(|base| (base..base + WINDOW).contains(&number)) {
                        let level = (side, venue, number);
                        plain.levels.remove(&level);
                        if quantity > 0 {
                            plain.levels.insert(level, quantity);
                        }
                    }
                }
            }
            // Asked for now and then: a bound may be several levels off when it is.
            if kind % 4 == 0 {
                for (side, venue) in (0..2).flat_map(|side| (0..VENUES).map(move |venue| (side, venue))) {
                    prop_assert_eq!(book.own(Side::of(side), venue), plain.own(side, venue), "{} {}", side, venue);
                }
            }
        }
    }
}
