//! `cargo bench -p crossgate-benches --bench book [-- --quick] [--json]`: nanoseconds per level update of
//! `crossgate-book` beside plain structures.
//!
//! `crossgate-soft` keeps a window of 4,096 ticks, as the card does, with totals and venues of both best levels at
//! hand; the others keep every price. All structures run the same synthetic updates of eight venues in one process and must agree on every best bid and
//! offer; otherwise the benchmark fails. The figures are wall time on the machine at hand and say nothing about a card.
#![forbid(unsafe_code)]

use anyhow::ensure;
use clap::Parser;
use crossgate_benches::measure::{compare, Contestant, Measured};
use crossgate_benches::product::Product;
use crossgate_benches::reference::{SortedArray, SortedMap, TickArray};
use crossgate_benches::soft::SoftBook;
use crossgate_benches::workload::Workload;
use serde::Serialize;
use std::io::Write;

/// Measures the cost of one level update, including the read of the best bid and offer.
#[derive(Parser)]
struct Arguments {
    /// A tenth of the updates and two rounds: checks the agreement, measures roughly.
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
    workload: &'static str,
    alpha: f64,
    distance_ticks_max: i64,
    venues: usize,
    updates: usize,
    structures: Vec<Measured>,
}

const PRODUCT: &str = "crossgate-book";

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (updates, rounds) = if arguments.quick { (300_000, 2) } else { (3_000_000, 7) };
    let contestants = [
        Contestant::of::<SortedMap>("sorted map"),
        Contestant::of::<SortedArray>("sorted array"),
        Contestant::of::<TickArray>("tick array + bitmap"),
        Contestant::of::<SoftBook>("crossgate-soft"),
        Contestant::of::<Product>(PRODUCT),
    ];
    let mut reports = Vec::new();
    for workload in [Workload::near_touch(updates), Workload::deep(updates)] {
        eprintln!("{}: generating {updates} updates", workload.name);
        let stream = workload.generate();
        let structures = compare(&contestants, &stream, rounds, |step| eprintln!("{}: {step}", workload.name))?;
        for one in &structures {
            let same = one.price_hash == structures[0].price_hash && one.touch_hash == structures[0].touch_hash;
            ensure!(same, "{} and {} disagree on a best bid or offer", one.structure, structures[0].structure);
        }
        reports.push(Report {
            workload: workload.name,
            alpha: workload.alpha,
            distance_ticks_max: workload.distance_ticks_max,
            venues: crossgate_book::VENUES_MAX,
            updates,
            structures,
        });
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &reports)?;
        writeln!(out)?;
        return Ok(());
    }
    reports.iter().try_for_each(|report| print(report, &mut out))
}

fn print(report: &Report, out: &mut impl Write) -> anyhow::Result<()> {
    let Report { workload, alpha, distance_ticks_max, venues, updates, structures } = report;
    writeln!(
        out,
        "\n{workload}: {updates} updates, {venues} venues, alpha {alpha}, at most {distance_ticks_max} ticks away"
    )?;
    writeln!(
        out,
        "{:20} {:>9} {:>7} {:>9} {:>9} {:>7} {:>7}",
        "", "ns/level", "min", "full read", "alone p50", "levels", "ratio"
    )?;
    let own = structures.iter().find(|one| one.structure == PRODUCT).map_or(f64::NAN, |one| one.update_ns);
    for one in structures {
        writeln!(
            out,
            "{:20} {:9.1} {:7.1} {:9.1} {:9} {:7} {:7.2}",
            one.structure,
            one.update_ns,
            one.update_ns_min,
            one.update_full_read_ns,
            one.isolated_ns_p50,
            one.levels,
            one.update_ns / own
        )?;
    }
    let hashes = structures.first().map(|one| (one.price_hash, one.touch_hash)).unwrap_or_default();
    writeln!(out, "best bid and offer agree: prices {:016x}, with totals and venues {:016x}", hashes.0, hashes.1)?;
    writeln!(
        out,
        "ns/level: median over chunks, one update and both best prices; full read: totals and venues of that side\n\
         too; alone: one update timed by itself in steps of the system clock, median only, since the tail on a shared\n\
         machine is not a property of the code; ratio: to {PRODUCT}"
    )?;
    Ok(())
}
