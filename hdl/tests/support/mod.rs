//! What the tests of the RTL share: lockstep of a native block with its Verilog, and the checks of yosys and Verilator.
//!
//! [`CoSim`] records the pins of a block in every cycle of its native simulation and replays them on the emitted
//! Verilog under iverilog. A tool that is not installed skips its check visibly; with `CI` set its absence is a
//! failure.
#![allow(dead_code, unused_macros, unused_imports)] // each test crate uses its part

use crossgate_hdl::int::{I, U};
use crossgate_hdl::sim::{settle, tick, Clocked};
use rust_hdl_core::prelude::*;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bits of a pin in one cycle.
#[derive(Clone, Copy)]
pub(crate) struct Bits64 {
    bits: u64,
    width: usize,
}

/// A value that a pin carries.
pub(crate) trait PinValue {
    /// Its bits.
    fn pin(self) -> Bits64;
}

impl PinValue for bool {
    fn pin(self) -> Bits64 {
        Bits64 { bits: u64::from(self), width: 1 }
    }
}

impl<const N: usize> PinValue for U<N> {
    fn pin(self) -> Bits64 {
        Bits64 { bits: self.get(), width: N }
    }
}

impl<const N: usize> PinValue for I<N> {
    fn pin(self) -> Bits64 {
        Bits64 { bits: self.get_bits::<N>(0).get(), width: N }
    }
}

/// A named pin and how to read it.
pub(crate) type Pin<B> = (&'static str, fn(&B) -> Bits64);

/// A recorder of the pins of a block; make one with [`cosim!`].
pub(crate) struct CoSim<B> {
    inputs: Vec<Pin<B>>,
    outputs: Vec<Pin<B>>,
    vectors: String,
    cycles: usize,
}

/// `cosim!(Type; inputs: a, b[0]; outputs: c, d)`: a recorder of these ports, all but the clock; `b[0]` is an element
/// of an array of ports.
macro_rules! cosim {
    (
        $type:ty;
        inputs: $($input:ident $([$in_index:literal])?),+ $(,)?;
        outputs: $($output:ident $([$out_index:literal])?),+ $(,)?
    ) => {
        $crate::support::CoSim::<$type>::new(
            vec![$((
                concat!(stringify!($input) $(, "$", stringify!($in_index))?),
                |block: &$type| $crate::support::PinValue::pin(block.$input$([$in_index])?.val())
            )),+],
            vec![$((
                concat!(stringify!($output) $(, "$", stringify!($out_index))?),
                |block: &$type| $crate::support::PinValue::pin(block.$output$([$out_index])?.val())
            )),+],
        )
    };
}
pub(crate) use cosim;

impl<B: Clocked> CoSim<B> {
    /// A recorder of these pins.
    pub(crate) fn new(inputs: Vec<Pin<B>>, outputs: Vec<Pin<B>>) -> Self {
        Self { inputs, outputs, vectors: String::new(), cycles: 0 }
    }

    /// One clock cycle: settles with the inputs that were set, records every pin, then gives the clock edge.
    pub(crate) fn clock(&mut self, block: &mut B) {
        settle(block);
        self.record(block);
        tick(block);
    }

    /// Records the pins of a block that has settled, for callers that clock it themselves.
    pub(crate) fn record(&mut self, block: &B) {
        let mut bits = String::new();
        for (_, read) in self.inputs.iter().chain(&self.outputs) {
            let pin = read(block);
            let _ = write!(bits, "{:0width$b}", pin.bits, width = pin.width);
        }
        self.vectors.push_str(&bits);
        self.vectors.push('\n');
        self.cycles += 1;
    }

    /// Replays every recorded cycle on the emitted Verilog and compares every output in every cycle.
    ///
    /// # Panics
    /// If an output differs, naming the cycle, the pin and both values.
    pub(crate) fn compare(&self, name: &str, block: &B) {
        self.compare_text(name, block, &generate_verilog(block));
    }

    /// The same with a Verilog text that a test has changed.
    ///
    /// # Panics
    /// As [`Self::compare`].
    pub(crate) fn compare_text(&self, name: &str, block: &B, verilog: &str) {
        assert!(self.cycles > 0, "nothing was recorded");
        if !tool("iverilog") {
            return;
        }
        let directory = Scratch::new(name);
        directory.write("design.v", verilog);
        directory.write("vectors.txt", &self.vectors);
        directory.write("bench.v", &self.bench(block));
        run(directory.path(), "iverilog", &["-g2005", "-o", "bench.vvp", "-s", "bench", "bench.v", "design.v"]);
        let output = run(directory.path(), "vvp", &["-n", "bench.vvp"]);
        assert!(output.contains(&format!("EQUAL {}", self.cycles)), "{name}: Verilog differs\n{output}");
    }

    fn bench(&self, block: &B) -> String {
        let widths = |pins: &[Pin<B>]| pins.iter().map(|(name, read)| (*name, read(block).width)).collect::<Vec<_>>();
        let (inputs, outputs) = (widths(&self.inputs), widths(&self.outputs));
        let total: usize = inputs.iter().chain(&outputs).map(|(_, width)| width).sum();
        let mut text = String::from("`timescale 1ns/1ns\nmodule bench;\nreg clock;\n");
        let mut instance = String::from("top uut(.clock(clock)");
        let (mut drive, mut check, mut at) = (String::new(), String::new(), total);
        for (index, (name, width)) in inputs.iter().chain(&outputs).enumerate() {
            at -= width;
            let _ = write!(instance, ", .{name}({name})");
            if index < inputs.len() {
                let _ = writeln!(text, "reg [{}:0] {name};", width - 1);
                let _ = writeln!(drive, "      {name} = vector[{at} +: {width}];");
            } else {
                let _ = writeln!(text, "wire [{}:0] {name};", width - 1);
                let seen = format!("vector[{at} +: {width}]");
                let complain = format!("$display(\"cycle %0d: {name} is %h, native %h\", bench_cycle, {name}, {seen})");
                let _ = writeln!(check, "      if ({name} !== {seen}) begin {complain}; $finish; end");
            }
        }
        let (cycles, high) = (self.cycles, total - 1);
        let _ = write!(
            text,
            "\
reg [{high}:0] vectors [0:{last}];
reg [{high}:0] vector;
integer bench_cycle;
{instance});
initial begin
   $readmemb(\"vectors.txt\", vectors);
   clock = 0;
   for (bench_cycle = 0; bench_cycle < {cycles}; bench_cycle = bench_cycle + 1) begin
      vector = vectors[bench_cycle];
{drive}      #4;
{check}      clock = 1; #5; clock = 0; #1;
   end
   $display(\"EQUAL %0d\", bench_cycle);
   $finish;
end
endmodule
",
            last = cycles - 1
        );
        text
    }
}

/// A directory of this process and test, removed at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// A new empty directory.
    pub(crate) fn new(name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("crossgate-{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary directory");
        Self(path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).expect("a temporary file");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether a tool is installed; says so when it is not, and fails if `CI` is set.
pub(crate) fn tool(name: &str) -> bool {
    let found =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|at| at.join(name).is_file()));
    assert!(found || std::env::var_os("CI").is_none(), "{name} is not installed");
    if !found {
        eprintln!("skipped: {name} is not installed");
    }
    found
}

fn run(directory: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(directory).output().expect("the tool starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?} failed:\n{text}");
    text
}

/// Lets yosys read the Verilog: no latches, no undeclared names, no missing drivers.
pub(crate) fn yosys_check(name: &str, verilog: &str) {
    if tool("yosys") {
        let directory = Scratch::new(&format!("{name}-yosys"));
        let prefix = directory.path().file_name().and_then(|name| name.to_str()).expect("a plain name");
        yosys_validate(prefix, verilog).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
}

/// Warnings that the generator's own idioms cause: registers without use, outputs that nobody reads, one file for all
/// modules, and one block that both addresses a memory of asynchronous read and uses its data (`check_all` finds real
/// loops).
const LINT_ALLOWED: &[&str] =
    &["DECLFILENAME", "UNUSED", "UNUSEDSIGNAL", "UNUSEDPARAM", "PINCONNECTEMPTY", "BLKSEQ", "UNOPTFLAT"];

/// Width warnings that cannot change a value: an index wider than needed, a literal assigned to a signal.
const WIDTH_ALLOWED: &[&str] = &["Bit extraction of var", "Assign RHS's CONST '"];

/// Lints the Verilog with every warning of Verilator; other width warnings pass only where the line says the cast.
pub(crate) fn verilator_lint(name: &str, verilog: &str) {
    if !tool("verilator") {
        return;
    }
    let directory = Scratch::new(&format!("{name}-lint"));
    directory.write("design.v", verilog);
    let mut command = Command::new("verilator");
    command
        .args(["--lint-only", "-Wall", "-Wno-fatal", "--top-module", "top", "design.v"])
        .current_dir(directory.path());
    for warning in LINT_ALLOWED {
        command.arg(format!("-Wno-{warning}"));
    }
    let output = command.output().expect("verilator starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let mut bad = String::new();
    for (index, line) in lines.iter().enumerate() {
        let source = lines[index..].iter().find(|line| line.contains('|')).copied().unwrap_or_default();
        let harmless = line.contains("%Warning-WIDTH")
            && (WIDTH_ALLOWED.iter().any(|text| line.contains(text))
                || source.contains("$unsigned(")
                || source.contains("$signed("));
        if (line.starts_with("%Warning") || line.starts_with("%Error")) && !harmless {
            let _ = writeln!(bad, "{line}\n{source}");
        }
    }
    assert!(output.status.success() && bad.is_empty(), "{name}: verilator complains\n{bad}");
}
