//! The fixed-point arithmetic of GATE in machine integers: lots, gate lots, rates and reserves.
//!
//! Whatever the contract bounds is checked here and returned as an `Option`; nothing wraps silently but [`wrap_lots`]
//! and [`wrap_open`], which are the cell's own 40 bits.
//!
//! Invariant: no input of the widths of the contract overflows an `i64` on the way.

use crossgate_contract::width;

const LOTS_SPARE_BITS: u32 = 64 - width::LOTS_BITS;
const OPEN_MASK: i64 = (1 << width::LOTS_BITS) - 1;
const GATE_LOT_LIMIT: i64 = 1 << (width::GATE_LOT_BITS - 1);
const RATE_LIMIT: i64 = 1 << width::RATE_BITS;
/// First magnitude that a signed money value does not hold.
pub(crate) const MONEY_LIMIT: i64 = 1 << (width::MONEY_BITS - 1);

// diff * tick: 32 + 17 bits; gl * rate * 2^e: 17 + 17 + 12 bits; W: 17 + 17 + 12 bits and a sign.
const _: () = assert!(width::PRICE_BITS + width::TICK_BITS < 62);
const _: () = assert!(width::GATE_LOT_BITS - 1 + width::RATE_BITS + width::EXPONENTS[3] < 62);

/// Two's complement in the width of a position.
#[inline]
pub(crate) const fn wrap_lots(lots: i64) -> i64 {
    (lots << LOTS_SPARE_BITS) >> LOTS_SPARE_BITS
}

/// Open lots in their 40 unsigned bits.
#[inline]
pub(crate) const fn wrap_open(lots: i64) -> i64 {
    lots & OPEN_MASK
}

#[inline]
pub(crate) const fn fits_lots(lots: i64) -> bool {
    wrap_lots(lots) == lots
}

#[inline]
pub(crate) const fn fits_money(money: i64) -> bool {
    money >= -MONEY_LIMIT && money < MONEY_LIMIT
}

/// Not zero if the money value leaves its 48 bits; for loops that collect it over lanes.
#[inline]
pub(crate) const fn money_excess(money: i64) -> u64 {
    (money.wrapping_add(MONEY_LIMIT)).cast_unsigned() >> width::MONEY_BITS
}

/// `floor(lots / 2^shift)`.
#[inline]
pub(crate) const fn floor_gate_lots(lots: i64, shift: u32) -> i64 {
    lots >> shift
}

/// `ceil(lots / 2^shift)`.
#[inline]
pub(crate) const fn ceil_gate_lots(lots: i64, shift: u32) -> i64 {
    (lots + ((1 << shift) - 1)) >> shift
}

#[inline]
pub(crate) const fn fits_gate_lots(lots: i64) -> bool {
    lots >= -GATE_LOT_LIMIT && lots < GATE_LOT_LIMIT
}

/// `gl(lots)` of a quantity, if it is below 2^17.
#[inline]
pub(crate) fn reserve_gate_lots(lots: i64, shift: u32) -> Option<i64> {
    Some(ceil_gate_lots(lots, shift)).filter(|lots| *lots < GATE_LOT_LIMIT)
}

/// The side of an order: what is bought moves the bid end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Buy,
    Sell,
}

impl Side {
    #[inline]
    pub(crate) const fn of(code: u8) -> Self {
        if code == 0 {
            Self::Buy
        } else {
            Self::Sell
        }
    }

    #[inline]
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Buy => 0,
            Self::Sell => 1,
        }
    }

    /// The opposite side.
    #[inline]
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// Lots as they move a position.
    #[inline]
    pub(crate) const fn signed(self, lots: i64) -> i64 {
        match self {
            Self::Buy => lots,
            Self::Sell => -lots,
        }
    }
}

/// Marks and tick values of an instrument in a bank; all 0 without a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    /// `mark_buy`, `mark_sell`.
    pub(crate) mark: [u32; 2],
    /// `tick_buy`, `tick_sell`.
    pub(crate) tick: [u32; 2],
    /// Index of the exponent.
    pub(crate) exponent: u8,
}

impl Marks {
    /// Log2 of the scale of losses and reserves.
    #[inline]
    pub(crate) fn scale_log2(&self) -> u32 {
        width::EXPONENTS[usize::from(self.exponent & 3)]
    }

    /// The rate of a side and price, if neither the distance nor the rate overflows.
    #[inline]
    pub(crate) fn rate(&self, side: Side, price: u32) -> Option<i64> {
        let mark = i64::from(self.mark[side.index()]);
        let distance = match side {
            Side::Buy => i64::from(price) - mark,
            Side::Sell => mark - i64::from(price),
        };
        let distance = distance.max(0);
        let tick = i64::from(self.tick[side.index()]);
        let rate = (distance * tick + ((1 << width::TICK_FRACTION_BITS) - 1)) >> width::TICK_FRACTION_BITS;
        (distance < RATE_LIMIT && rate < RATE_LIMIT).then_some(rate)
    }

    /// `gl(lots) * rate * 2^e`, if nothing of it overflows.
    #[inline]
    pub(crate) fn reserve(&self, side: Side, lots: i64, price: u32, shift: u32) -> Option<i64> {
        self.reserve_at(self.rate(side, price)?, lots, shift)
    }

    /// The same for a rate.
    #[inline]
    pub(crate) fn reserve_at(&self, rate: i64, lots: i64, shift: u32) -> Option<i64> {
        Some((reserve_gate_lots(lots, shift)? * rate) << self.scale_log2())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn gate_lots_round_away_from_the_account() {
        assert_eq!([ceil_gate_lots(5, 2), ceil_gate_lots(4, 2), ceil_gate_lots(-5, 2)], [2, 1, -1]);
        assert_eq!([floor_gate_lots(5, 2), floor_gate_lots(-4, 2), floor_gate_lots(-5, 2)], [1, -1, -2]);
        assert_eq!(reserve_gate_lots((1 << 17) - 1, 0), Some((1 << 17) - 1));
        assert_eq!(reserve_gate_lots(1 << 17, 0), None);
        assert!(fits_gate_lots(-(1 << 17)) && !fits_gate_lots(1 << 17) && !fits_gate_lots(-(1 << 17) - 1));
    }

    #[test]
    fn lots_wrap_at_40_bits() {
        assert_eq!(wrap_lots(1 << 39), -(1 << 39));
        assert_eq!(wrap_lots(-(1 << 39) - 1), (1 << 39) - 1);
        assert_eq!(wrap_open(-1), (1 << 40) - 1);
        assert!(fits_lots(-(1 << 39)) && !fits_lots(1 << 39));
    }

    #[test]
    fn money_leaves_its_bits_at_2_to_the_47() {
        for (money, fits) in [(0, true), ((1 << 47) - 1, true), (1 << 47, false), (-(1 << 47), true)] {
            assert_eq!((fits_money(money), money_excess(money) == 0), (fits, fits), "{money}");
        }
        assert!(money_excess(-(1 << 47) - 1) != 0 && money_excess(i64::MIN) != 0 && money_excess(i64::MAX) != 0);
    }

    #[test]
    fn the_rate_is_the_distance_times_the_tick_rounded_up() {
        let marks = Marks { mark: [100, 200], tick: [256, 257], exponent: 1 };
        assert_eq!(marks.rate(Side::Buy, 100), Some(0));
        assert_eq!(marks.rate(Side::Buy, 103), Some(3));
        assert_eq!(marks.rate(Side::Sell, 199), Some(2), "257 / 256 rounds up");
        assert_eq!(marks.rate(Side::Sell, 201), Some(0));
        assert_eq!(marks.rate(Side::Buy, 100 + (1 << 17) - 1), Some((1 << 17) - 1));
        assert_eq!(marks.rate(Side::Buy, 100 + (1 << 17)), None, "the distance leaves 17 bits");
        assert_eq!(Marks { tick: [512, 0], ..marks }.rate(Side::Buy, 100 + (1 << 16)), None, "the rate does");
        assert_eq!(marks.reserve(Side::Buy, 5, 103, 2), Some(2 * 3 * 16));
    }

    proptest! {
        #[test]
        fn rates_and_reserves_equal_wide_rationals(
            price in 1u32.., mark in any::<u32>(), tick in 0u32..1 << 17, exponent in 0u8..4, buys in any::<bool>(),
            lots in 1i64..1 << 40, shift in 0u32..32,
        ) {
            let side = if buys { Side::Buy } else { Side::Sell };
            let near = mark.saturating_add(price % 3000);
            for price in [price, near] {
                let marks = Marks { mark: [mark; 2], tick: [tick; 2], exponent };
                let above = i128::from(price) - i128::from(mark);
                let away = if buys { above } else { -above }.max(0);
                let rate = (away * i128::from(tick) + 255).div_euclid(256);
                let fits = away < 1 << 17 && rate < 1 << 17;
                prop_assert_eq!(marks.rate(side, price).map(i128::from), fits.then_some(rate));
                let gate_lots = (i128::from(lots) + (1i128 << shift) - 1).div_euclid(1 << shift);
                let scale = [1i128, 16, 256, 4096][usize::from(exponent)];
                let expected = (fits && gate_lots < 1 << 17).then_some(gate_lots * rate * scale);
                prop_assert_eq!(marks.reserve(side, lots, price, shift).map(i128::from), expected);
            }
        }
    }
}
