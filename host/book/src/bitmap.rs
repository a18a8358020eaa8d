//! A set of slot numbers as a 64-ary tree of bit words, three levels deep.
//!
//! Finding the highest member takes three word reads. It is not an ordered map: the payload of a slot lives elsewhere.
//!
//! Invariant: a bit of an upper level is set exactly when the word below it is not zero.

/// Members are below this.
pub(crate) const SLOTS: usize = 64 * 64 * 64;

/// Position of the highest set bit; `word` is not zero.
#[inline]
fn highest_bit(word: u64) -> usize {
    // Widening from u32: lossless on every supported target.
    word.ilog2() as usize
}

/// The bits of a word from 0 to `bit`, inclusive.
#[inline]
fn up_to(bit: usize) -> u64 {
    u64::MAX >> (63 - (bit & 63))
}

/// A set of numbers below [`SLOTS`].
pub(crate) struct Bitmap {
    leaves: Box<[u64; 4096]>,
    groups: [u64; 64],
    root: u64,
}

impl Bitmap {
    /// The empty set.
    pub(crate) fn new() -> Self {
        Self { leaves: Box::new([0; 4096]), groups: [0; 64], root: 0 }
    }

    /// Adds `slot`.
    #[inline]
    pub(crate) fn insert(&mut self, slot: usize) {
        self.leaves[slot >> 6 & 4095] |= 1 << (slot & 63);
        self.groups[slot >> 12 & 63] |= 1 << (slot >> 6 & 63);
        self.root |= 1 << (slot >> 12 & 63);
    }

    /// Removes `slot`.
    #[inline]
    pub(crate) fn remove(&mut self, slot: usize) {
        let leaf = &mut self.leaves[slot >> 6 & 4095];
        *leaf &= !(1 << (slot & 63));
        if *leaf == 0 {
            let group = &mut self.groups[slot >> 12 & 63];
            *group &= !(1 << (slot >> 6 & 63));
            if *group == 0 {
                self.root &= !(1 << (slot >> 12 & 63));
            }
        }
    }

    /// The highest member.
    #[inline]
    pub(crate) fn highest(&self) -> Option<usize> {
        if self.root == 0 {
            return None;
        }
        let group = highest_bit(self.root);
        Some(self.highest_in_group(group))
    }

    /// The highest member that is not above `slot`.
    pub(crate) fn highest_up_to(&self, slot: usize) -> Option<usize> {
        let (leaf, group) = (slot >> 6 & 4095, slot >> 12 & 63);
        let word = self.leaves[leaf] & up_to(slot);
        if word != 0 {
            return Some(leaf << 6 | highest_bit(word));
        }
        let word = self.groups[group] & (up_to(leaf) >> 1);
        if word != 0 {
            return Some(self.highest_in_leaf(group << 6 | highest_bit(word)));
        }
        let word = self.root & (up_to(group) >> 1);
        if word != 0 {
            return Some(self.highest_in_group(highest_bit(word)));
        }
        None
    }

    /// Empties the set.
    pub(crate) fn clear(&mut self) {
        self.leaves.fill(0);
        self.groups = [0; 64];
        self.root = 0;
    }

    #[inline]
    fn highest_in_group(&self, group: usize) -> usize {
        self.highest_in_leaf(group << 6 | highest_bit(self.groups[group & 63]))
    }

    #[inline]
    fn highest_in_leaf(&self, leaf: usize) -> usize {
        leaf << 6 | highest_bit(self.leaves[leaf & 4095])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_bitmap_finds_what_an_ordered_set_finds(
            steps in prop::collection::vec((any::<bool>(), prop_oneof![0..SLOTS, 4000usize..4200, 0..130usize]), 1..99),
            probes in prop::collection::vec(prop_oneof![0..SLOTS, 4000usize..4200], 20),
        ) {
            let (mut bitmap, mut set) = (Bitmap::new(), BTreeSet::new());
            for (insert, slot) in steps {
                if insert {
                    bitmap.insert(slot);
                    set.insert(slot);
                } else {
                    bitmap.remove(slot);
                    set.remove(&slot);
                }
                prop_assert_eq!(bitmap.highest(), set.last().copied());
                prop_assert_eq!(bitmap.highest_up_to(slot), set.range(..=slot).next_back().copied());
            }
            for probe in probes {
                prop_assert_eq!(bitmap.highest_up_to(probe), set.range(..=probe).next_back().copied());
            }
        }
    }
}
