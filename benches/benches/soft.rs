//! `cargo bench -p crossgate-benches --bench soft [-- --quick] [--json]`: nanoseconds of the software card's
//! operations, beside the cycles of the RTL.
//!
//! Every order passes every test that is not switched off by a row: touch, notional, rates, ages, box, both ledgers.
//!
//! Two different things: the nanoseconds are wall time on the machine at hand, in a tight loop with warm caches and
//! without a bus; the cycles are those of the simulated RTL from window beat to ring input. No clock is signed off, so
//! no cycle is turned into a nanosecond.
#![forbid(unsafe_code)]

use clap::Parser;
use crossgate_benches::desk::Desk;
use crossgate_benches::soft::{card_levels, driver_orders, levels, orders, rejections, replaces};
use crossgate_benches::timing::{Quantiles, BATCH};
use crossgate_benches::workload::Workload;
use crossgate_contract::sizes::{DESK, USPLUS};
use crossgate_contract::{BOOK_CYCLES_MAX, GATE_CYCLES_MAX};
use serde::Serialize;
use std::io::Write;

/// Measures orders, fills, cancels and levels of the software card.
#[derive(Parser)]
struct Arguments {
    /// A twentieth of the operations: checks that they do what they should, measures roughly.
    #[arg(long)]
    quick: bool,
    /// One JSON document on standard output instead of the table.
    #[arg(long)]
    json: bool,
    /// Passed by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Serialize)]
struct Report {
    batch: usize,
    software: Vec<Quantiles>,
    card_cycles_order: u32,
    card_cycles_level: u32,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (rounds, updates) = if arguments.quick { (40, 100_000) } else { (800, 2_000_000) };
    let ample = Desk { sizes: DESK, relative: false, collateral: 60_000_000_000_000 };
    let relative = Desk { relative: true, ..ample };
    let broke = Desk { collateral: -60_000_000, ..ample };
    let mut software = Vec::new();
    software.extend(orders(&ample, ["order: decided and reserved", "fill", "cancelled"], rounds)?);
    let names = ["order, two REL lanes", "fill, two REL lanes", "cancelled, two REL lanes"];
    software.extend(orders(&relative, names, rounds)?);
    let names = ["replace: decided and reserved", "refused, terms before it again", "cancel: decided"];
    software.extend(replaces(&ample, names, rounds)?);
    software.push(rejections(&broke, "order rejected by margin, lanes reported", rounds)?);
    software.push(levels(&Workload::near_touch(updates), "level near the touch, best bid and offer")?);
    software.push(levels(&Workload::deep(updates), "level deep in the book, best bid and offer")?);
    software.push(driver_orders(&relative, "order to verdict through the driver", rounds)?);
    let wide = Desk { sizes: crossgate_contract::Sizes { name: "unnamed", id: 0, lanes: 16, ..USPLUS }, ..relative };
    let name = "level in a slot of two, to the BBO in the ring";
    software.push(card_levels(&wide, &Workload::near_touch(updates), name)?);
    let (card_cycles_order, card_cycles_level) = (GATE_CYCLES_MAX, BOOK_CYCLES_MAX);
    let report = Report { batch: BATCH, software, card_cycles_order, card_cycles_level };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
        return Ok(());
    }
    print(&report, &mut out)
}

fn print(report: &Report, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "software, wall time on this machine, one core\n{:48} {:>8} {:>8}", "", "p50 ns", "p99 ns")?;
    for one in &report.software {
        writeln!(out, "{:48} {:8.1} {:8.1}", one.operation, one.ns_p50, one.ns_p99)?;
    }
    writeln!(
        out,
        "p50 and p99 over the means of batches of {}: 16 lanes, two ledgers, 16 accounts, 8 instruments, 1,024 slots;\n\
         levels of 8 venues in a window of 4,096 ticks. A stall within a batch is spread over it.\n\n\
         the card, cycles of the simulated RTL, not nanoseconds: no clock is signed off\n\
         {:48} {:8}\n{:48} {:8}\n\
         from the window beat to the ring's input, the same for every command that does not wait",
        report.batch, "order to verdict", report.card_cycles_order, "level to BBO", report.card_cycles_level
    )?;
    Ok(())
}
