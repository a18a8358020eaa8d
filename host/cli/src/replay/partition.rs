//! Splits the quantity of one venue's levels over several venues, so that consolidation is exercised on real data
//! with a known sum.

/// Splits quantities pseudo-randomly and repeatably.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    parts: usize,
    state: u64,
}

impl Partition {
    /// Over `parts` venues.
    pub(super) const fn new(parts: usize, seed: u64) -> Self {
        Self { parts, state: seed }
    }

    pub(super) const fn parts(&self) -> usize {
        self.parts
    }

    /// The parts of `quantity`; they add up to it, and any may be zero. One quarter of the levels stays at a single
    /// venue.
    pub(super) fn split(&mut self, quantity: u64, out: &mut Vec<u64>) {
        out.clear();
        out.resize(self.parts, 0);
        if self.parts == 1 || self.draw(4) == 0 {
            let only = self.draw(self.parts);
            out[only] = quantity;
            return;
        }
        let mut rest = quantity;
        let last = self.draw(self.parts);
        for (index, part) in out.iter_mut().enumerate() {
            if index != last {
                *part = self.below(rest + 1);
                rest -= *part;
            }
        }
        out[last] = rest;
    }

    fn draw(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(u64::try_from(bound).unwrap_or(1))).unwrap_or(0)
    }

    /// Xorshift64*, uniform enough below `bound` for a test split.
    fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let wide = u128::from(self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)) * u128::from(bound.max(1));
        u64::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up_and_use_every_venue() {
        let mut partition = Partition::new(4, 7);
        let mut parts = Vec::new();
        let mut seen = [false; 4];
        for quantity in 0..5_000u64 {
            partition.split(quantity, &mut parts);
            assert_eq!(parts.iter().sum::<u64>(), quantity);
            for (index, part) in parts.iter().enumerate() {
                seen[index] |= *part > 0;
            }
        }
        assert_eq!(seen, [true; 4]);
    }
}
