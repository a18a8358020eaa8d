//! `mutant VERILOG MUTATION SEEDS COMMANDS`: a mutated card of the set `tiny` against the reference model under random stimulus.
//!
//! The Verilog holds many mutations; its input `mutation_select` switches one of them on, 0 none. Prints one line: `killed EVENTS SEED REASON`, where EVENTS
//! were equal before the difference, or `survived EVENTS`. A card that hangs is for the caller to end.

use crossgate_contract::sizes;
use crossgate_sim::model::ModelEndpoint;
use crossgate_sim::pins::PinsEndpoint;
use crossgate_sim::scoreboard::{soak, Agreement, Lockstep};
use crossgate_sim::verilated;
use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verilog, mutation, seeds, commands] = arguments.as_slice() else {
        eprintln!("usage: mutant VERILOG MUTATION SEEDS COMMANDS");
        return ExitCode::from(2);
    };
    match run(verilog, mutation, seeds, commands) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(verilog: &str, mutation: &str, seeds: &str, commands: &str) -> Result<String, Box<dyn Error>> {
    let text = std::fs::read_to_string(verilog)?;
    let (mutation, seeds, commands) = (mutation.parse()?, seeds.parse::<u64>()?, commands.parse()?);
    let mut events = 0;
    for seed in 0..seeds {
        let mut card = PinsEndpoint::new(verilated::start_mutant(&text, mutation)?);
        if seed % 2 == 1 {
            card.set_gap_clocks(0);
        }
        let model = ModelEndpoint::new(sizes::TINY);
        let lockstep = Lockstep::new(card, model, ["mutant", "model"], Agreement::Functional);
        match soak(lockstep, seed, commands) {
            Ok(report) => events += report.events,
            Err(error) => {
                let report = error.to_string();
                let first = report.lines().next().unwrap_or_default();
                return Ok(format!("killed {} {seed} {first}", events + equal_events(first)));
            }
        }
    }
    Ok(format!("survived {events}"))
}

/// `... and 123 equal events ...`
fn equal_events(report: &str) -> u64 {
    let number = report.split_once(" equal events").and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok());
    number.unwrap_or(0)
}
