//! docs/budget.md: every memory and multiplier of a build, and what they take of an LFE5UM5G-85F.
//!
//! The table of [`memories`] is written by hand from the RTL and depends on the sizes only; `lint` compares it with the memories of the emitted Verilog and
//! `synth` compares the counts with the synthesised netlist. Logic (LUT4, flip-flops) is measured by `synth`, not estimated here.

mod memories;

use crate::docs::NOTICE;
use anyhow::Result;
use crossgate_contract::{sizes, Sizes};
use std::fmt::Write as _;

pub(crate) use memories::{memories, multipliers};

/// Capacity of the part.
pub(crate) const PART: &str = "LFE5UM5G-85F";
/// Cells of the part by the name that synthesis gives them.
pub(crate) const CAPACITY: [(&str, usize); 4] =
    [("DP16KD", 208), ("MULT18X18D", 156), ("LUT4", 83_640), ("TRELLIS_FF", 83_640)];
/// LUTs that one 16 x 4 cell of distributed memory takes, its write port included.
pub(crate) const LUTS_OF_DPR16X4: usize = 6;

/// Synthesis prefers distributed RAM below this many cells for a block RAM.
const CELLS_OF_BLOCK: usize = 32;

/// How a memory is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// Registered read: block RAM unless it is very small.
    Block,
    /// Read in the same clock: distributed RAM.
    Lut,
}

/// One memory of a build; every copy has one write and one read port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Part of the card.
    pub(crate) block: &'static str,
    /// What it holds.
    pub(crate) name: &'static str,
    /// How it is read.
    pub(crate) style: Style,
    /// Words of one copy.
    pub(crate) words: usize,
    /// Bits of a word.
    pub(crate) bits: usize,
    /// Equal memories.
    pub(crate) copies: usize,
}

impl Memory {
    /// Block RAMs of one copy: the best of the six shapes of a DP16KD.
    fn blocks_of_copy(&self) -> usize {
        let shapes = [(16_384, 1), (8_192, 2), (4_096, 4), (2_048, 9), (1_024, 18), (512, 36)];
        let blocks = shapes.map(|(depth, width)| self.words.div_ceil(depth) * self.bits.div_ceil(width));
        blocks.into_iter().min().unwrap_or(0)
    }

    fn cells_of_copy(&self) -> usize {
        self.words.div_ceil(16) * self.bits.div_ceil(4)
    }

    /// Whether synthesis puts a registered memory into distributed RAM because that is cheaper.
    fn in_luts(&self) -> bool {
        self.style == Style::Lut || self.cells_of_copy() < CELLS_OF_BLOCK * self.blocks_of_copy()
    }

    /// DP16KD of all copies.
    pub(crate) fn blocks(&self) -> usize {
        if self.in_luts() {
            0
        } else {
            self.copies * self.blocks_of_copy()
        }
    }

    /// TRELLIS_DPR16X4 of all copies.
    pub(crate) fn cells(&self) -> usize {
        if self.in_luts() {
            self.copies * self.cells_of_copy()
        } else {
            0
        }
    }

    fn total_bits(&self) -> usize {
        self.copies * self.words * self.bits
    }
}

/// Multipliers of one stage: 18 x 18 bits, one DSP slice each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Multipliers {
    /// Part of the card.
    pub(crate) block: &'static str,
    /// What they compute.
    pub(crate) name: &'static str,
    /// How many.
    pub(crate) copies: usize,
}

/// Counts of a build by the names of synthesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    /// DP16KD.
    pub(crate) blocks: usize,
    /// TRELLIS_DPR16X4.
    pub(crate) cells: usize,
    /// MULT18X18D.
    pub(crate) multipliers: usize,
}

/// The counts of a set.
pub(crate) fn totals(sizes: &Sizes) -> Totals {
    let memories = memories(sizes);
    Totals {
        blocks: memories.iter().map(Memory::blocks).sum(),
        cells: memories.iter().map(Memory::cells).sum(),
        multipliers: multipliers(sizes).iter().map(|stage| stage.copies).sum(),
    }
}

/// Renders the page.
///
/// # Errors
/// None today; the signature is that of the other generated files.
pub(crate) fn text() -> Result<String> {
    let mut page = format!(
        "# Budget: memories and multipliers

{NOTICE} `cargo xtask lint` compares this table with the memories of the emitted Verilog, `cargo xtask synth` the totals with the netlist.

Every copy has one write and one read port. Block memories have a registered read; LUT memories are read in the same clock. Very small block memories
are cheaper in LUTs and counted there.

The part is an {PART}:"
    );
    for (index, (cell, count)) in CAPACITY.iter().enumerate() {
        let _ = write!(page, "{} {} {cell}", if index == 0 { "" } else { "," }, grouped(*count));
    }
    let _ = writeln!(page, ". A TRELLIS_DPR16X4 takes about {LUTS_OF_DPR16X4} LUTs, its write port included.\n");
    summary(&mut page);
    for set in sizes::SETS {
        set_tables(&mut page, set);
    }
    Ok(page)
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn summary(page: &mut String) {
    let share = |count: usize, of: usize| format!("{} ({} %)", grouped(count), (100 * count).div_ceil(of));
    page.push_str(
        "| set | memory bits | DP16KD | TRELLIS_DPR16X4 | LUTs of these | MULT18X18D |\n|---|---|---|---|---|---|\n",
    );
    for set in sizes::SETS {
        let totals = totals(set);
        let bits: usize = memories(set).iter().map(Memory::total_bits).sum();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            set.name,
            grouped(bits),
            share(totals.blocks, CAPACITY[0].1),
            grouped(totals.cells),
            share(totals.cells * LUTS_OF_DPR16X4, CAPACITY[2].1),
            share(totals.multipliers, CAPACITY[1].1),
        );
    }
    page.push_str("\nPercentages are of the part; a set above 100 % is for a larger one.\n\n");
}

fn set_tables(page: &mut String, set: &Sizes) {
    let _ = writeln!(
        page,
        "## {}\n\n| block | memory | read | words | bits | copies | memory bits | DP16KD | TRELLIS_DPR16X4 |",
        set.name
    );
    page.push_str("|---|---|---|---|---|---|---|---|---|\n");
    for memory in memories(set) {
        let read = match memory.style {
            Style::Block => "registered",
            Style::Lut => "same clock",
        };
        let _ = writeln!(
            page,
            "| {} | {} | {read} | {} | {} | {} | {} | {} | {} |",
            memory.block,
            memory.name,
            grouped(memory.words),
            memory.bits,
            memory.copies,
            grouped(memory.total_bits()),
            memory.blocks(),
            memory.cells(),
        );
    }
    page.push_str("\n| block | multipliers of 18 x 18 bits | MULT18X18D |\n|---|---|---|\n");
    for stage in multipliers(set) {
        let _ = writeln!(page, "| {} | {} | {} |", stage.block, stage.name, stage.copies);
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(style: Style, words: usize, bits: usize) -> Memory {
        Memory { block: "test", name: "test", style, words, bits, copies: 1 }
    }

    #[test]
    fn block_rams_take_the_best_shape() {
        assert_eq!(memory(Style::Block, 1_024, 18).blocks(), 1);
        assert_eq!(memory(Style::Block, 1_024, 19).blocks(), 2);
        assert_eq!(memory(Style::Block, 512, 36).blocks(), 1);
        assert_eq!(memory(Style::Block, 4_096, 32).blocks(), 8);
        assert_eq!(memory(Style::Block, 2_048, 9).blocks(), 1);
    }

    #[test]
    fn distributed_memories_take_no_block_ram() {
        assert_eq!((memory(Style::Lut, 64, 16).cells(), memory(Style::Lut, 64, 16).blocks()), (16, 0));
        assert_eq!((memory(Style::Block, 16, 8).cells(), memory(Style::Block, 16, 8).blocks()), (2, 0));
        assert_eq!((memory(Style::Block, 256, 1).cells(), memory(Style::Block, 512, 1).blocks()), (16, 1));
    }

    #[test]
    fn set_for_the_part_fits_it() {
        let totals = totals(&sizes::ECP5);
        assert!(totals.blocks <= CAPACITY[0].1, "{totals:?}");
        assert!(totals.multipliers <= CAPACITY[1].1, "{totals:?}");
        assert!(totals.cells * LUTS_OF_DPR16X4 <= CAPACITY[2].1, "{totals:?}");
    }
}
