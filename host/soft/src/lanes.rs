//! The loops over lanes: worst losses of a cell, and what a ledger has left in every lane.
//!
//! `L` is the number of lanes of the build rounded up, so that every loop has a constant length. Lanes that the build
//! does not have lose nothing and are in no mask; their slack is the headroom.
//!
//! Invariant: the sums stay far inside an `i64`: 48 bits of slack, 47 of a loss, 47 of a reserve.

use crate::arithmetic::{ceil_gate_lots, fits_gate_lots, fits_lots, floor_gate_lots, money_excess, Side};
use crate::bank::InstrumentRows;

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
#[inline(always)]
fn factor<const L: usize>(losses: &Losses<L>, lots: i64) -> (i64, &[i32; L]) {
    (lots.abs(), &losses[usize::from(lots < 0)])
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

/// `max(value, 0)`, without a branch or a compare.
#[inline(always)]
const fn above_zero(value: i64) -> i64 {
    value & !(value >> 63)
}

/// What `worst` grows by when one end moves and the other stays: three products a lane.
///
/// `max(new, stays) - max(old, stays)` is `max(new - stays, 0) - max(old - stays, 0)`.
#[inline(always)]
fn growth<const L: usize>(losses: &Losses<L>, stays: i64, old: i64, new: i64, grown: &mut Lanes<L>) {
    let ((stays, at_stays), (old, at_old)) = (factor(losses, stays), factor(losses, old));
    let (new, at_new) = factor(losses, new);
    for lane in 0..L {
        let floor = stays * i64::from(at_stays[lane]);
        let after = new * i64::from(at_new[lane]) - floor;
        let before = old * i64::from(at_old[lane]) - floor;
        grown[lane] = above_zero(after) - above_zero(before);
    }
}

/// An end of a cell that moves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndMove {
    pub(crate) before: Ends,
    pub(crate) side: Side,
    pub(crate) by: i64,
}

impl EndMove {
    /// False if an end point leaves its bits.
    #[inline(always)]
    fn growth_from<const L: usize>(&self, losses: &Losses<L>, base: i64, shift: u32, grown: &mut Lanes<L>) -> bool {
        let after = self.before.moved(self.side, self.by);
        let (Some(before), Some(after)) = (self.before.span(base, shift), after.span(base, shift)) else {
            return false;
        };
        let (stays, old, new) = match self.side {
            Side::Buy => (before.1, before.0, after.0),
            Side::Sell => (before.0, before.1, after.1),
        };
        growth(losses, stays, old, new, grown);
        true
    }

    /// The growth of `W_s` in every lane; false if an end point leaves its bits, with or without `base`.
    #[inline]
    pub(crate) fn worst_growth<const L: usize>(
        &self,
        rows: &InstrumentRows<L>,
        kinds: &Kinds<L>,
        base: i64,
        shift: u32,
        grown: &mut Lanes<L>,
    ) -> bool {
        let mut fits = self.growth_from(&rows.losses, 0, shift, grown);
        if base != 0 {
            let mut relative = [0; L];
            fits &= self.growth_from(&rows.losses, base, shift, &mut relative);
            for lane in 0..L {
                grown[lane] ^= (grown[lane] ^ relative[lane]) & kinds.relative[lane];
            }
        }
        let scale_log2 = rows.marks.scale_log2();
        for lane in grown {
            *lane <<= scale_log2;
        }
        fits
    }
}

/// What a command takes from a ledger: the growth of the losses from every lane, money from the headroom and the MONEY
/// lanes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken<'a, const L: usize> {
    pub(crate) grown: &'a Lanes<L>,
    pub(crate) money: i64,
    pub(crate) kinds: &'a Kinds<L>,
}

impl<const L: usize> Taken<'_, L> {
    /// What is left of the slack of a lane.
    #[inline(always)]
    pub(crate) fn left(&self, slack: &Lanes<L>, lane: usize) -> i64 {
        slack[lane] - self.grown[lane] - (self.money & self.kinds.money[lane])
    }

    /// Whether a slack or the headroom leaves 48 bits, and whether the headroom and every lane of the mask stay at least
    /// 0.
    #[inline]
    pub(crate) fn look(&self, slack: &Lanes<L>, headroom: i64, mask: &Lanes<L>) -> (bool, bool) {
        let mut least = headroom - self.money;
        let mut excess = money_excess(least);
        for (lane, mask) in mask.iter().enumerate() {
            let left = self.left(slack, lane);
            excess |= money_excess(left);
            least |= left & mask;
        }
        (excess != 0, least >= 0)
    }

    /// Takes it.
    #[inline]
    pub(crate) fn apply(&self, slack: &mut Lanes<L>, headroom: &mut i64) {
        *headroom -= self.money;
        for lane in 0..L {
            slack[lane] = self.left(slack, lane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::Marks;
    use crate::bank::Bank;
    use crossgate_contract::sizes::TINY;
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
        let (mut slack, mut headroom) = ([10, 10], 7);
        let taken = Taken { grown: &[1, 2], money: 8, kinds: &kinds };
        assert_eq!(taken.look(&slack, headroom, &[0, 0]), (false, false), "the headroom counts without a mask");
        taken.apply(&mut slack, &mut headroom);
        assert_eq!((slack, headroom), ([1, 8], -1));
        let taken = Taken { grown: &[11, 0], money: 0, kinds: &kinds };
        let (slack, headroom) = ([10, 10], 0);
        assert!(!taken.look(&slack, headroom, &[-1, 0]).1 && taken.look(&slack, headroom, &[0, -1]).1);
        assert!(Taken { grown: &[10, 10], ..taken }.look(&slack, headroom, &[-1, -1]).1, "nothing left passes");
    }

    #[test]
    fn a_slack_of_any_lane_or_a_headroom_that_leaves_48_bits_overflows() {
        let kinds = Kinds::<2>::new(0, 0b11);
        let least = -(1i64 << 47);
        let taken = Taken { grown: &[0, 1], money: 0, kinds: &kinds };
        assert!(taken.look(&[0, least], 0, &[0, 0]).0 && !taken.look(&[0, least + 1], 0, &[0, 0]).0);
        let taken = Taken { grown: &[0, 0], money: 1, kinds: &kinds };
        assert!(taken.look(&[0, 0], least, &[0, 0]).0 && !taken.look(&[least, least], least + 1, &[0, 0]).0);
    }

    fn exact(long: i32, short: i32, lots: i64) -> i128 {
        i128::from(lots.abs()) * i128::from(if lots < 0 { short } else { long })
    }

    proptest! {
        #[test]
        fn growth_is_the_difference_of_two_worst_losses_in_wide_integers(
            losses in prop::array::uniform4((-(1i32 << 17)..1 << 17, -(1i32 << 17)..1 << 17)),
            bid in -70_000i64..70_000, ask in -70_000i64..70_000, by in -60_000i64..60_000, base in -9_000i64..9_000,
            shift in 0u32..4, buys in any::<bool>(), relative in 0u32..16, exponent in 0u8..4,
        ) {
            let kinds = Kinds::<4>::new(relative, 0);
            let side = if buys { Side::Buy } else { Side::Sell };
            let before = Ends { bid, ask };
            let mut bank = Bank::<4>::new(&TINY);
            bank.set_marks(0, Marks { exponent, ..Marks::default() });
            let pair = |lane: usize| [losses[lane], losses[lane + 1]];
            bank.set_losses(0, 0, pair(0));
            bank.set_losses(0, 2, pair(2));
            let mut grown = [0; 4];
            let fit =
                EndMove { before, side, by }.worst_growth(&bank.instruments[0], &kinds, base, shift, &mut grown);
            let scale_log2 = [0, 4, 8, 12][usize::from(exponent)];
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
                prop_assert!(!fit);
                return Ok(());
            }
            prop_assert!(fit);
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
