//! Writes the Verilog of a named set: the whole card and every block on its own.

use crate::book::{BookDesk, BookEcp5, BookTiny};
use crate::card::{self, Decisions, Front, Market};
use crate::egress::Egress;
use crate::gate::touches::Touches;
use crate::gate::{GateDesk, GateTiny};
use crate::registers::Registers;
use crate::ring::{Dma, Ring};
use crate::window::{Intake, Window};
use crossgate_contract::Sizes;
use rust_hdl_core::prelude::*;
use std::path::{Path, PathBuf};

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// No set of sizes has this name.
    #[error("no size set is named {name}")]
    UnknownSet {
        /// The name.
        name: String,
    },
    /// The set has no card in this version.
    #[error("the size set {name} has no card")]
    NoCard {
        /// The name.
        name: &'static str,
    },
    /// A file cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

fn block<B: Block>(mut block: Box<B>) -> String {
    block.connect_all();
    generate_verilog(block.as_ref())
}

/// Name and Verilog of every block of a set; each has the top module `top`.
fn blocks(sizes: &Sizes) -> Vec<(&'static str, String)> {
    let mut texts = vec![
        ("ring", block(Box::new(Ring::default()))),
        ("dma", block(Box::new(Dma::default()))),
        ("decisions", block(Box::new(Decisions::default()))),
        ("egress", block(Box::new(Egress::default()))),
        ("registers", block(Box::new(Registers::new(sizes)))),
    ];
    texts.extend(match sizes.name {
        "tiny" => [
            ("intake", block(Box::new(Intake::<4>::default()))),
            ("window", block(Box::new(Window::<4>::default()))),
            ("front", block(Box::new(Front::<4>::new(sizes)))),
            ("market", block(Box::new(Market::<1, 2>::default()))),
            ("book", block(Box::new(BookTiny::default()))),
            ("touches", block(Box::new(Touches::<2, 1, 1, 2, 2>::default()))),
            ("gate", block(Box::new(GateTiny::new(sizes)))),
        ],
        "ecp5" => [
            ("intake", block(Box::new(Intake::<6>::default()))),
            ("window", block(Box::new(Window::<6>::default()))),
            ("front", block(Box::new(Front::<6>::new(sizes)))),
            ("market", block(Box::new(Market::<2, 4>::default()))),
            ("book", block(Box::new(BookEcp5::default()))),
            ("touches", block(Box::new(Touches::<4, 2, 2, 3, 4>::default()))),
            ("gate", block(Box::new(GateDesk::new(sizes)))),
        ],
        _ => [
            ("intake", block(Box::new(Intake::<6>::default()))),
            ("window", block(Box::new(Window::<6>::default()))),
            ("front", block(Box::new(Front::<6>::new(sizes)))),
            ("market", block(Box::new(Market::<3, 8>::default()))),
            ("book", block(Box::new(BookDesk::default()))),
            ("touches", block(Box::new(Touches::<4, 2, 3, 4, 8>::default()))),
            ("gate", block(Box::new(GateDesk::new(sizes)))),
        ],
    });
    texts
}

/// Writes `card_<set>.v` and `<block>_<set>.v` of every block into `directory` and returns the paths, the card first.
///
/// # Errors
/// [`EmitError`] if the set is unknown or has no card, or a file cannot be written.
pub fn emit(set: &str, directory: &Path) -> Result<Vec<PathBuf>, EmitError> {
    let sizes = Sizes::by_name(set).ok_or_else(|| EmitError::UnknownSet { name: set.into() })?;
    let whole = card::verilog(&sizes).ok_or(EmitError::NoCard { name: sizes.name })?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| EmitError::Write { path, source }
    };
    std::fs::create_dir_all(directory).map_err(failed(directory))?;
    let mut written = Vec::new();
    for (name, text) in std::iter::once(("card", whole)).chain(blocks(&sizes)) {
        let path = directory.join(format!("{name}_{}.v", sizes.name));
        std::fs::write(&path, text).map_err(failed(&path))?;
        written.push(path);
    }
    Ok(written)
}
