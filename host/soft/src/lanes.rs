//! The loops over lanes: worst losses of a cell, and what a ledger has left in every lane.
//!
//! `L` is the number of lanes of the build rounded up, so that every loop has a constant length. Lanes that the build
//! does not have lose nothing and are in no mask; their slack is the headroom.
//!
//! Invariant: the sums stay far inside an `i64`: 48 bits of slack, 47 of a loss, 47 of a reserve.

use crate::arithmetic::{ceil_gate_lots, fits_gate_lots, fits_lots, floor_gate_lots, money_excess, Side};

/// One word a lane.
pub(crate) type Lanes<const L: usize> = [i64; L];

/// All ones in the lanes of `bits`, else 0.
pub(crate) fn expand<const L: usize>(bits: u32) -> Lanes<L> {
    std::array::from_fn(|lane| -i64::from(bits >> lane & 1))
}

/// The lanes whose value is negative, one bit each.
pub(crate) fn negative<const L: usize>(values: &Lanes<L>) -> u32 {
    values.iter().rev().fold(0, |bits, value| bits << 1 | u32::from(*value < 0))
}

/// Which lanes count collateral and from where they count positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds<const L: usize> {
    /// All ones: MONEY.
    pub(crate) money: Lanes<L>,
    /// All ones: REL.
    pub(crate) relative: Lanes<L>,
    /// The same, one bit a lane.
    pub(crate) relative_bits: u32,
    /// One bit a lane: UNIT.
    pub(crate) unit_bits: u32,
}

impl<const L: usize> Kinds<L> {
    pub(crate) fn new(relative_bits: u32, unit_bits: u32) -> Self {
        Self { money: expand(!unit_bits), relative: expand(relative_bits), relative_bits, unit_bits }
    }
}

/// Losses of one gate lot long and short, in every lane.
pub(crate) type Losses<const L: usize> = [[i32; L]; 2];

/// `f_s(lots)` as a factor and the losses that it multiplies.
#[inline]
fn factor<const L: usize>(losses: &Losses<L>, lots: i64) -> (i64, &[i32; L]) {
    if lots >= 0 {
        (lots, &losses[0])
    } else {
        (-lots, &losses[1])
    }
}

/// End points of a cell in native lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    /// `u`.
    pub(crate) bid: i64,
    /// `d`.
    pub(crate) ask: i64,
}

impl Ends {
    /// `hi` and `lo`, counted from `base`, if they fit their bits.
    #[inline]
    pub(crate) fn span(&self, base: i64, shift: u32) -> Option<(i64, i64)> {
        let (bid, ask) = (self.bid - base, self.ask - base);
        let (high, low) = (ceil_gate_lots(bid, shift), floor_gate_lots(ask, shift));
        (fits_lots(bid) && fits_lots(ask) && fits_gate_lots(high) && fits_gate_lots(low)).then_some((high, low))
    }

    /// Moves the end of a side: the bid end of a buy, the ask end of a sell.
    #[inline]
    pub(crate) fn moved(&self, side: Side, by: i64) -> Self {
        match side {
            Side::Buy => Self { bid: self.bid + by, ..*self },
            Side::Sell => Self { ask: self.ask + by, ..*self },
        }
    }
}

/// `max(f_s(hi), f_s(lo))` of every lane.
#[inline]
pub(crate) fn worst<const L: usize>(losses: &Losses<L>, (high, low): (i64, i64)) -> Lanes<L> {
    let ((high, at_high), (low, at_low)) = (factor(losses, high), factor(losses, low));
    std::array::from_fn(|lane| (high * i64::from(at_high[lane])).max(low * i64::from(at_low[lane])))
}

/// What `worst` grows by when one end moves and the other stays: three products a lane.
#[inline]
fn growth<const L: usize>(losses: &Losses<L>, stays: i64, old: i64, new: i64) -> Lanes<L> {
    let ((stays, at_stays), (old, at_old)) = (factor(losses, stays), factor(losses, old));
    let (new, at_new) = factor(losses, new);
    std::array::from_fn(|lane| {
        let floor = stays * i64::from(at_stays[lane]);
        (new * i64::from(at_new[lane])).max(floor) - (old * i64::from(at_old[lane])).max(floor)
    })
}

/// An end of a cell that moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndMove {
    pub(crate) before: Ends,
    pub(crate) side: Side,
    pub(crate) by: i64,
}

impl EndMove {
    #[inline]
    fn growth_from<const L: usize>(&self, losses: &Losses<L>, base: i64, shift: u32) -> Option<Lanes<L>> {
        let before = self.before.span(base, shift)?;
        let after = self.before.moved(self.side, self.by).span(base, shift)?;
        Some(match self.side {
            Side::Buy => growth(losses, before.1, before.0, after.0),
            Side::Sell => growth(losses, before.0, before.1, after.1),
        })
    }

    /// The growth of `W_s` in every lane; `None` if an end point leaves its bits, with or without `base`.
    #[inline]
    pub(crate) fn worst_growth<const L: usize>(
        &self,
        losses: &Losses<L>,
        kinds: &Kinds<L>,
        base: i64,
        shift: u32,
        scale_log2: u32,
    ) -> Option<Lanes<L>> {
        let mut grown = self.growth_from(losses, 0, shift)?;
        if base != 0 {
            let relative = self.growth_from(losses, base, shift)?;
            for lane in 0..L {
                grown[lane] ^= (grown[lane] ^ relative[lane]) & kinds.relative[lane];
            }
        }
        for lane in &mut grown {
            *lane <<= scale_log2;
        }
        Some(grown)
    }
}

/// A ledger after a command, not yet stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After<const L: usize> {
    pub(crate) slack: Lanes<L>,
    pub(crate) headroom: i64,
    /// A slack or the headroom leaves 48 bits.
    pub(crate) overflows: bool,
}

impl<const L: usize> After<L> {
    /// Takes `grown` from every lane, and `money` from the headroom and the MONEY lanes.
    #[inline]
    pub(crate) fn of(slack: &Lanes<L>, headroom: i64, grown: &Lanes<L>, money: i64, kinds: &Kinds<L>) -> Self {
        let mut after = Self { slack: [0; L], headroom: headroom - money, overflows: false };
        let mut excess = money_excess(after.headroom);
        for lane in 0..L {
            let left = slack[lane] - grown[lane] - (money & kinds.money[lane]);
            after.slack[lane] = left;
            excess |= money_excess(left);
        }
        after.overflows = excess != 0;
        after
    }

    /// Whether the headroom and every lane of the mask are at least 0.
    #[inline]
    pub(crate) fn is_within(&self, mask: &Lanes<L>) -> bool {
        self.slack.iter().zip(mask).fold(self.headroom, |any, (slack, mask)| any | slack & mask) >= 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn masks_expand_and_signs_collect() {
        assert_eq!(expand::<4>(0b1010), [0, -1, 0, -1]);
        assert_eq!(negative(&[-1i64, 0, 5, i64::MIN]), 0b1001);
        let kinds = Kinds::<4>::new(0b0001, 0b0100);
        assert_eq!((kinds.money, kinds.relative), ([-1, -1, 0, -1], [-1, 0, 0, 0]));
    }

    #[test]
    fn an_end_point_fits_below_2_to_the_17_gate_lots_with_and_without_the_base() {
        let ends = Ends { bid: (1 << 17) - 1, ask: -(1 << 17) };
        assert_eq!(ends.span(0, 0), Some(((1 << 17) - 1, -(1 << 17))));
        assert_eq!(ends.span(-1, 0), None, "the bid end leaves 18 bits");
        assert_eq!(ends.span(1, 0), None, "the ask end does");
        assert_eq!(Ends { bid: 0, ask: 0 }.span(-(1 << 39), 31), None, "2^39 leaves 40 bits");
        assert_eq!(Ends { bid: 5, ask: 5 }.span(1, 1), Some((2, 2)));
        assert_eq!(Ends { bid: 4, ask: 4 }.span(1, 1), Some((2, 1)));
    }

    #[test]
    fn money_is_taken_from_the_headroom_and_from_money_lanes_only() {
        let kinds = Kinds::<2>::new(0, 0b10);
        let after = After::of(&[10, 10], 7, &[1, 2], 8, &kinds);
        assert_eq!((after.slack, after.headroom, after.overflows), ([1, 8], -1, false));
        assert!(!after.is_within(&[0, 0]), "the headroom counts without a mask");
        let after = After::of(&[10, 10], 8, &[11, 0], 0, &kinds);
        assert!(!after.is_within(&[-1, 0]) && after.is_within(&[0, -1]));
        assert!(After::of(&[0, -(1 << 47)], 0, &[0, 1], 0, &kinds).overflows, "any lane, masked or not");
        assert!(After::of(&[0, 0], -(1 << 47), &[0, 0], 1, &Kinds::new(0, 0b11)).overflows);
    }

    fn exact(long: i32, short: i32, lots: i64) -> i128 {
        i128::from(lots.abs()) * i128::from(if lots < 0 { short } else { long })
    }

    proptest! {
        #[test]
        fn growth_is_the_difference_of_two_worst_losses_in_wide_integers(
            losses in prop::array::uniform4((-(1i32 << 17)..1 << 17, -(1i32 << 17)..1 << 17)),
            bid in -70_000i64..70_000, ask in -70_000i64..70_000, by in -60_000i64..60_000, base in -9_000i64..9_000,
            shift in 0u32..4, buys in any::<bool>(), relative in 0u32..16, scale_log2 in 0u32..13,
        ) {
            let kinds = Kinds::<4>::new(relative, 0);
            let table = [losses.map(|pair| pair.0), losses.map(|pair| pair.1)];
            let side = if buys { Side::Buy } else { Side::Sell };
            let before = Ends { bid, ask };
            let grown = EndMove { before, side, by }.worst_growth(&table, &kinds, base, shift, scale_log2);
            let after = before.moved(side, by);
            let span = |ends: Ends, base: i64| {
                let size = 1i128 << shift;
                let high = -i128::from(base - ends.bid).div_euclid(size);
                (high, i128::from(ends.ask - base).div_euclid(size))
            };
            let fits = |(high, low): (i128, i128)| {
                let range = -(1i128 << 17)..1 << 17;
                range.contains(&high) && range.contains(&low)
            };
            let all = [(before, 0), (after, 0), (before, base), (after, base)];
            if !all.iter().all(|(ends, base)| fits(span(*ends, *base))) {
                prop_assert_eq!(grown, None);
                return Ok(());
            }
            let grown = grown.unwrap();
            for lane in 0..4 {
                let base = if relative >> lane & 1 == 1 { base } else { 0 };
                let worst = |ends: Ends| {
                    let (high, low) = span(ends, base);
                    let (long, short) = losses[lane];
                    let lots = |value: i128| i64::try_from(value).unwrap();
                    exact(long, short, lots(high)).max(exact(long, short, lots(low))) << scale_log2
                };
                prop_assert_eq!(i128::from(grown[lane]), worst(after) - worst(before));
            }
        }
    }
}
