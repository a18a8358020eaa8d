//! Where the card's window should lie: a pure function of the touches and of where it lies now.
//!
//! It knows neither books nor commands.
//!
//! Invariant: whenever some window that starts at a multiple of [`BASE_TICKS`] holds both touches, the window returned
//! (or kept) holds them.

/// A window starts at a multiple of this many ticks.
pub(crate) const BASE_TICKS: i64 = 128;

/// Size of the window and the distance from its edges that the touches should keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) ticks: i64,
    pub(crate) margin_ticks: i64,
}

/// The nearest permitted base that is not above `price`.
fn aligned(price: i64) -> i64 {
    price.div_euclid(BASE_TICKS) * BASE_TICKS
}

impl Placement {
    /// Whether the window at `base` holds `price`.
    pub(crate) fn holds(&self, base: i64, price: i64) -> bool {
        (base..base + self.ticks).contains(&price)
    }

    /// The base for touches from `low` to `high`, given the present one.
    ///
    /// Touches at least the margin away from both edges leave the window where it is; otherwise it is centred on them.
    /// The margin shrinks when the touches are so far apart that it could not be kept. Touches that fit no window leave
    /// it where it is as long as it holds one of them; otherwise it is centred on the nearer one.
    pub(crate) fn base(&self, now: Option<i64>, low: i64, high: i64) -> i64 {
        if aligned(low) + self.ticks <= high {
            return self.base_for_one(now, low, high);
        }
        let margin = self.margin_ticks.min((self.ticks - (high - low + 1)) / 4);
        match now {
            Some(base) if low >= base + margin && high < base + self.ticks - margin => base,
            // Touches that fit some window fit this one: up to `ticks - 128` apart the rounding by at most 64 leaves
            // room, and further apart the base rounds to `aligned(low)`, the only one left.
            _ => self.centred(low + (high - low) / 2),
        }
    }

    fn base_for_one(&self, now: Option<i64>, low: i64, high: i64) -> i64 {
        match now {
            Some(base) if self.holds(base, low) || self.holds(base, high) => base,
            Some(base) if (high - base).abs() < (base - low).abs() => self.centred(high),
            _ => self.centred(low),
        }
    }

    /// The base whose window is centred on `price`, rounded to the nearest permitted one.
    fn centred(&self, price: i64) -> i64 {
        aligned(price - self.ticks / 2 + BASE_TICKS / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLACEMENT: Placement = Placement { ticks: 1024, margin_ticks: 128 };

    #[test]
    fn touches_inside_the_margins_leave_the_window() {
        assert_eq!(PLACEMENT.base(Some(0), 128, 895), 0);
        assert_eq!(PLACEMENT.base(Some(0), 500, 501), 0);
    }

    #[test]
    fn a_touch_in_the_margin_centres_the_window() {
        assert_eq!(PLACEMENT.base(Some(0), 890, 896), 384);
        assert_eq!(PLACEMENT.base(Some(0), 127, 130), -384);
        assert_eq!(PLACEMENT.base(None, 1000, 1000), 512);
    }

    #[test]
    fn a_wide_spread_is_held_as_long_as_it_fits() {
        assert_eq!(PLACEMENT.base(None, 0, 1023), 0);
        assert_eq!(PLACEMENT.base(Some(0), 0, 1023), 0);
        assert_eq!(PLACEMENT.base(None, 127, 1023), 0);
    }

    #[test]
    fn touches_that_fit_no_window_keep_one_of_them() {
        assert_eq!(PLACEMENT.base(Some(0), 10, 5000), 0);
        assert_eq!(PLACEMENT.base(Some(0), -5000, 1000), 0);
        assert!(PLACEMENT.holds(PLACEMENT.base(Some(0), -5000, 3000), 3000));
        assert!(PLACEMENT.holds(PLACEMENT.base(Some(0), -2000, 9000), -2000));
    }

    proptest! {
        #[test]
        fn touches_that_fit_a_window_are_in_it_and_it_settles(
            now in prop::option::of(-50_i64..50),
            low in -5000_i64..5000,
            span in prop_oneof![0_i64..1500, 880_i64..1030],
            margin_ticks in 0_i64..256,
        ) {
            let placement = Placement { margin_ticks, ..PLACEMENT };
            let (now, high) = (now.map(|base| base * BASE_TICKS), low + span);
            let base = placement.base(now, low, high);
            prop_assert_eq!(base % BASE_TICKS, 0);
            let both = |base| placement.holds(base, low) && placement.holds(base, high);
            prop_assert_eq!(both(base), (-60..60).any(|at| both(at * BASE_TICKS)));
            prop_assert!(placement.holds(base, low) || placement.holds(base, high));
            prop_assert_eq!(placement.base(Some(base), low, high), base);
        }
    }
}
