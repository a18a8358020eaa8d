//! Opens a simulated card by name: what `crossgate --device` offers without hardware.
//!
//! Not here: hardware, and anything that runs on the device once it is open.

use crate::model::ModelEndpoint;
use crate::pins::PinsEndpoint;
use crate::rtl;
use crate::scoreboard::{self, Agreement, Lockstep, SoakError, SoakReport};
use crate::trace::{Recorder, TraceError};
use crate::verilated::{self, VerilatedError};
use crossgate_contract::Sizes;
use crossgate_driver::{Device, DeviceError, Endpoint, InProcess, Options};
use crossgate_hdl::pins::Pins;
use crossgate_soft::SizesError;
use std::fmt;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A simulated card under the driver.
pub type SimDevice = Device<InProcess<Box<dyn Endpoint>>>;

/// Two simulated cards as one.
pub type SimLockstep = Lockstep<Box<dyn Endpoint>, Box<dyn Endpoint>>;

/// One simulated card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// The reference model.
    Model,
    /// The RTL in the simulator of rust-hdl.
    Rtl,
    /// The emitted Verilog.
    Verilated,
    /// The production software of `crossgate-soft`.
    Soft,
}

impl Card {
    /// Every card.
    pub const ALL: [Self; 4] = [Self::Model, Self::Rtl, Self::Verilated, Self::Soft];

    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Rtl => "rtl",
            Self::Verilated => "verilated",
            Self::Soft => "soft",
        }
    }

    /// Whether its events carry cycles.
    const fn has_cycles(self) -> bool {
        matches!(self, Self::Rtl | Self::Verilated)
    }
}

/// What to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One card.
    Single(Card),
    /// Two cards in lockstep. The host sees the first.
    Lockstep {
        /// The card whose events the host gets.
        first: Card,
        /// What it is compared with.
        reference: Card,
    },
}

/// No such device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no simulated device is called {name:?}: model, rtl, verilated, soft, lockstep (rtl against model) or lockstep:<first>,<reference>")]
pub struct UnknownKind {
    /// What was asked for.
    pub name: String,
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let card = |name: &str| Card::ALL.into_iter().find(|card| card.name() == name);
        let pair = |names: &str| {
            let (first, reference) = names.split_once(',')?;
            Some(Self::Lockstep { first: card(first)?, reference: card(reference)? })
        };
        let kind = match name.strip_prefix("lockstep") {
            Some("") => Some(Self::Lockstep { first: Card::Rtl, reference: Card::Model }),
            Some(rest) => rest.strip_prefix(':').and_then(pair),
            None => card(name).map(Self::Single),
        };
        kind.ok_or_else(|| UnknownKind { name: name.to_owned() })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(card) => f.write_str(card.name()),
            Self::Lockstep { first, reference } => write!(f, "lockstep:{},{}", first.name(), reference.name()),
        }
    }
}

/// What else to do with a simulated card.
#[derive(Clone, Debug, Default)]
pub struct SimOptions {
    /// Write every signal of the (first) card to this VCD file. Not for the model nor for soft.
    pub vcd: Option<PathBuf>,
    /// Record a trace of what the host does and sees to this file; complete after [`close`].
    pub trace: Option<PathBuf>,
    /// Options of the driver.
    pub driver: Options,
}

/// A simulated card that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The RTL has no build of these sizes.
    #[error("the {card} card has no build of the sizes {sizes:?}")]
    NoBuild {
        /// The card.
        card: &'static str,
        /// Name of the sizes.
        sizes: &'static str,
    },
    /// The model and soft have no signals.
    #[error("the model and soft have no waveform; open rtl or verilated")]
    NoWaveform,
    /// The software card has no such sizes.
    #[error(transparent)]
    Sizes(#[from] SizesError),
    /// The Verilog could not be compiled or loaded.
    #[error(transparent)]
    Verilated(#[from] VerilatedError),
    /// A file could not be made.
    #[error("{}: {source}", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The errno.
        source: std::io::Error,
    },
    /// The trace could not be begun.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The driver refused the card.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// Opens a simulated card of these sizes: identified, reset, with rings, not armed.
///
/// # Errors
/// [`OpenError`].
pub fn open(kind: Kind, sizes: &Sizes, options: &SimOptions) -> Result<SimDevice, OpenError> {
    let endpoint = endpoint(kind, sizes, options.vcd.as_deref())?;
    let endpoint = match &options.trace {
        None => endpoint,
        Some(path) => Box::new(Recorder::new(endpoint, create(path)?, sizes)?),
    };
    Ok(Device::open(InProcess::new(endpoint), options.driver)?)
}

fn create(path: &Path) -> Result<BufWriter<File>, OpenError> {
    let file = File::create(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
    Ok(BufWriter::new(file))
}

/// Ends a simulated card: its trace is complete, a lockstep has compared everything.
///
/// # Errors
/// The report of a difference, or the error of the trace's file.
pub fn close(device: SimDevice) -> Result<(), DeviceError> {
    Ok(device.into_transport().close()?)
}

/// The card itself, for harnesses that do without the driver.
///
/// # Errors
/// [`OpenError`].
pub fn endpoint(kind: Kind, sizes: &Sizes, vcd: Option<&Path>) -> Result<Box<dyn Endpoint>, OpenError> {
    match kind {
        Kind::Single(card) => single(card, sizes, vcd, None),
        Kind::Lockstep { first, reference } => Ok(Box::new(lockstep(first, reference, sizes, vcd, None)?)),
    }
}

/// Two cards side by side; two cycle-accurate ones must agree on every cycle.
fn lockstep(
    first: Card,
    reference: Card,
    sizes: &Sizes,
    vcd: Option<&Path>,
    gap_clocks: Option<u32>,
) -> Result<SimLockstep, OpenError> {
    let timed = first.has_cycles() && reference.has_cycles();
    let agreement = if timed { Agreement::Timed } else { Agreement::Functional };
    let names = [first.name(), reference.name()];
    let pair = (single(first, sizes, vcd, gap_clocks)?, single(reference, sizes, None, gap_clocks)?);
    Ok(Lockstep::new(pair.0, pair.1, names, agreement))
}

/// A soak that could not start or that ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SoakFailure {
    /// A card could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The cards differ.
    #[error(transparent)]
    Soak(#[from] SoakError),
}

/// Compares two cards under `commands` random commands of a seed. Odd seeds post a slot a clock.
///
/// # Errors
/// [`SoakFailure`].
pub fn soak(first: Card, reference: Card, sizes: &Sizes, seed: u64, commands: u64) -> Result<SoakReport, SoakFailure> {
    let gap_clocks = (seed % 2 == 1).then_some(0);
    Ok(scoreboard::soak(lockstep(first, reference, sizes, None, gap_clocks)?, seed, commands)?)
}

fn single(
    card: Card,
    sizes: &Sizes,
    vcd: Option<&Path>,
    gap_clocks: Option<u32>,
) -> Result<Box<dyn Endpoint>, OpenError> {
    let no_build = || OpenError::NoBuild { card: card.name(), sizes: sizes.name };
    match card {
        Card::Model | Card::Soft if vcd.is_some() => Err(OpenError::NoWaveform),
        Card::Model => Ok(Box::new(ModelEndpoint::new(*sizes))),
        Card::Soft => Ok(crossgate_soft::open(*sizes)?),
        Card::Rtl => {
            let vcd = vcd.map(|path| create(path).map(|file| Box::new(file) as Box<dyn Write>)).transpose()?;
            Ok(on_bus(rtl::native(sizes, vcd).ok_or_else(no_build)?, gap_clocks))
        }
        Card::Verilated => {
            let verilog = rtl::verilog(sizes).ok_or_else(no_build)?;
            Ok(on_bus(verilated::start(&verilog, vcd)?, gap_clocks))
        }
    }
}

fn on_bus<P: Pins + 'static>(pins: P, gap_clocks: Option<u32>) -> Box<dyn Endpoint> {
    let mut card = PinsEndpoint::new(pins);
    if let Some(clocks) = gap_clocks {
        card.set_gap_clocks(clocks);
    }
    Box::new(card)
}
