//! Verilator and the C++ compiler, and the cache of what they made.

use super::split::split;
use super::wrapper::{self, CLASS, TOP};
use super::VerilatedError;
use crossgate_contract::field::{hash_str, FNV_OFFSET};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

const VERILATOR: &str = "verilator";
const COMPILER: &str = "g++";
/// Compilers at a time; each file of a large card needs about half a gigabyte.
const JOBS: usize = 2;
/// The emitted Verilog is of 2005: words that SystemVerilog reserves may be names in it.
const VERILATE: [&str; 11] = [
    "--cc",
    "--default-language",
    "1364-2005",
    "-O3",
    "-Wno-fatal",
    "-Wno-lint",
    "-Wno-style",
    "--x-assign",
    "fast",
    "--x-initial",
    "fast",
];
/// Name of the library in its folder.
const LIBRARY: &str = "libcard.so";
/// Bytes of a tool's output that an error shows.
const OUTPUT_BYTES: usize = 4_000;

fn run(tool: &'static str, command: &mut Command) -> Result<Output, VerilatedError> {
    let output = command.output().map_err(|source| match source.kind() {
        ErrorKind::NotFound => VerilatedError::Missing { tool },
        _ => VerilatedError::Io { path: PathBuf::from(tool), source },
    })?;
    if output.status.success() {
        return Ok(output);
    }
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let start =
        (text.len().saturating_sub(OUTPUT_BYTES)..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    Err(VerilatedError::Failed { tool, status: output.status.to_string(), output: text[start..].to_owned() })
}

fn first_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or("").to_owned()
}

/// First line of what both tools say about themselves.
pub(super) fn versions() -> Result<String, VerilatedError> {
    let verilator = run(VERILATOR, Command::new(VERILATOR).arg("--version"))?;
    let compiler = run(COMPILER, Command::new(COMPILER).arg("--version"))?;
    Ok(format!("{}\n{}", first_line(&verilator), first_line(&compiler)))
}

/// The folder of all cached cards.
fn cache() -> PathBuf {
    if let Some(folder) = std::env::var_os("CROSSGATE_CACHE") {
        return PathBuf::from(folder);
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    match workspace.filter(|workspace| workspace.join("Cargo.toml").is_file()) {
        Some(workspace) => workspace.join("target").join("verilated"),
        None => std::env::temp_dir().join("crossgate").join("verilated"),
    }
}

/// The shared library of this card, built if it is not in the cache.
pub(super) fn library(verilog: &str, trace: bool) -> Result<PathBuf, VerilatedError> {
    let versions = versions()?;
    let wrapper = wrapper::source(verilog)?;
    let verilog = split(verilog);
    let options = format!("{} {trace}", VERILATE.join(" "));
    let key = [verilog.as_str(), wrapper.as_str(), versions.as_str(), options.as_str()]
        .iter()
        .fold(FNV_OFFSET, |hash, text| hash_str(hash, text));
    let folder = cache().join(format!("{key:016x}"));
    let library = folder.join(LIBRARY);
    if library.is_file() {
        return Ok(library);
    }
    // Built aside and moved in one step, so that a library in the cache is always whole.
    let scratch = cache().join(scratch_name(&format!("{key:016x}")));
    let built = build(&scratch, &verilog, &wrapper, &versions, trace);
    let moved = built.and_then(|()| move_into_place(&scratch, &folder));
    if scratch.exists() {
        let _ = std::fs::remove_dir_all(&scratch);
    }
    moved.map(|()| library)
}

/// A name that no other build uses, in this process or another.
fn scratch_name(stem: &str) -> String {
    static BUILDS: AtomicUsize = AtomicUsize::new(0);
    format!("{stem}.{}.{}", std::process::id(), BUILDS.fetch_add(1, Ordering::Relaxed))
}

fn io<T>(path: &Path, result: std::io::Result<T>) -> Result<T, VerilatedError> {
    result.map_err(|source| VerilatedError::Io { path: path.to_owned(), source })
}

fn move_into_place(scratch: &Path, folder: &Path) -> Result<(), VerilatedError> {
    match std::fs::rename(scratch, folder) {
        // Another process was faster.
        Err(_) if folder.join(LIBRARY).is_file() => Ok(()),
        result => io(folder, result),
    }
}

fn build(scratch: &Path, verilog: &str, wrapper: &str, versions: &str, trace: bool) -> Result<(), VerilatedError> {
    let objects = scratch.join("obj");
    io(&objects, std::fs::create_dir_all(&objects))?;
    let (card, glue) = (scratch.join("card.v"), objects.join("wrapper.cpp"));
    io(&card, std::fs::write(&card, verilog))?;
    io(&glue, std::fs::write(&glue, wrapper))?;
    let mut verilate = Command::new(VERILATOR);
    verilate.args(VERILATE);
    verilate
        .args(["--output-split", "20000", "--top-module", TOP, "--prefix", CLASS, "--Mdir"])
        .arg(&objects)
        .arg(&card);
    if trace {
        verilate.arg("--trace");
    }
    run(VERILATOR, &mut verilate)?;
    let root = first_line(&run(VERILATOR, Command::new(VERILATOR).args(["--getenv", "VERILATOR_ROOT"]))?);
    let include = Path::new(&root).join("include");
    let compiled = compile(&objects, &include, &sources_in(&objects)?, trace)?;
    let runtime = runtime(versions, &include, trace)?;
    let mut link = Command::new(COMPILER);
    link.args(["-shared", "-pthread", "-o"]).arg(scratch.join(LIBRARY)).args(&compiled).args(&runtime);
    run(COMPILER, &mut link)?;
    io(&objects, std::fs::remove_dir_all(&objects))
}

/// Objects of Verilator's own sources, which are the same for every card; from the cache if they are there.
fn runtime(versions: &str, include: &Path, trace: bool) -> Result<Vec<PathBuf>, VerilatedError> {
    let kind = if trace { "trace" } else { "plain" };
    let folder = cache().join(format!("runtime-{kind}-{:016x}", hash_str(FNV_OFFSET, versions)));
    let mut names = vec!["verilated", "verilated_threads"];
    if trace {
        names.push("verilated_vcd_c");
    }
    let objects: Vec<_> = names.iter().map(|name| folder.join(name).with_extension("o")).collect();
    if objects.iter().all(|object| object.is_file()) {
        return Ok(objects);
    }
    let scratch = cache().join(scratch_name(kind));
    io(&scratch, std::fs::create_dir_all(&scratch))?;
    let sources: Vec<_> = names.iter().map(|name| include.join(name).with_extension("cpp")).collect();
    let built = compile(&scratch, include, &sources, trace).and_then(|compiled| {
        io(&folder, std::fs::create_dir_all(&folder))?;
        compiled.iter().zip(&objects).try_for_each(|(from, to)| io(to, std::fs::rename(from, to)))
    });
    let _ = std::fs::remove_dir_all(&scratch);
    built.map(|()| objects)
}

fn sources_in(folder: &Path) -> Result<Vec<PathBuf>, VerilatedError> {
    let mut sources = Vec::new();
    for entry in io(folder, std::fs::read_dir(folder))? {
        let path = io(folder, entry)?.path();
        if path.extension().is_some_and(|extension| extension == "cpp") {
            sources.push(path);
        }
    }
    sources.sort();
    Ok(sources)
}

/// Compiles every source, a few at a time, and returns the objects.
fn compile(objects: &Path, include: &Path, sources: &[PathBuf], trace: bool) -> Result<Vec<PathBuf>, VerilatedError> {
    let object = |source: &Path| objects.join(source.file_stem().unwrap_or_default()).with_extension("o");
    let compile_one = |source: &Path| {
        let mut command = Command::new(COMPILER);
        command.args(["-c", "-O2", "-fPIC", "-std=gnu++17", "-pthread", "-w"]);
        command.arg(format!("-DVM_TRACE={}", u8::from(trace))).args([
            "-DVM_COVERAGE=0",
            "-DVM_SC=0",
            "-DVM_TRACE_FST=0",
        ]);
        command.arg(format!("-DVM_TRACE_VCD={}", u8::from(trace)));
        command.arg("-I").arg(objects).arg("-I").arg(include).arg("-I").arg(include.join("vltstd"));
        run(COMPILER, command.arg("-o").arg(object(source)).arg(source)).map(|_| ())
    };
    let next = AtomicUsize::new(0);
    let work = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        match sources.get(at) {
            Some(source) => compile_one(source)?,
            None => return Ok(()),
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..JOBS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    Ok(sources.iter().map(|source| object(source)).collect())
}
