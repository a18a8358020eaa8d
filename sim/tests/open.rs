//! Devices by name, with a trace beside them.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::command::{Fence, Level, Slide};
use crossgate_contract::{sizes, Window};
use crossgate_sim::device::{close, open, soak, Card, Kind, OpenError, SimOptions};
use crossgate_sim::trace::{events, Reader};
use std::fs::File;
use std::io::BufReader;

#[test]
fn names_are_parsed_and_shown_alike() {
    for name in ["model", "rtl", "verilated", "soft", "lockstep:verilated,rtl", "lockstep:soft,model"] {
        assert_eq!(name.parse::<Kind>().unwrap().to_string(), name);
    }
    assert_eq!("lockstep".parse(), Ok(Kind::Lockstep { first: Card::Rtl, reference: Card::Model }));
    for wrong in ["", "Model", "lockstep:model", "lockstep:model,", "lockstepx"] {
        assert_eq!(wrong.parse::<Kind>().unwrap_err().name, wrong);
    }
}

#[test]
fn a_trace_beside_the_device_is_complete_after_close() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.trace");
    let options = SimOptions { trace: Some(path.clone()), ..SimOptions::default() };
    for kind in [Kind::Single(Card::Model), Kind::Lockstep { first: Card::Model, reference: Card::Model }] {
        let mut device = open(kind, &sizes::DESK, &options).unwrap();
        device.post(Window::Market, Slide { base: 128, ..Default::default() }).unwrap();
        device.post(Window::Market, Level { price: 130, quantity: 5, ..Default::default() }).unwrap();
        device.post(Window::Market, Fence { tag: 9 }).unwrap();
        close(device).unwrap();
        let seen = events(Reader::new(BufReader::new(File::open(&path).unwrap())).unwrap()).unwrap();
        assert_eq!(seen.len(), 1, "the fence; no venue is enabled");
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let vcd = SimOptions { vcd: Some("card.vcd".into()), ..SimOptions::default() };
    assert!(matches!(open(Kind::Single(Card::Model), &sizes::DESK, &vcd), Err(OpenError::NoWaveform)));
    let trace = SimOptions { trace: Some("/nowhere/card.trace".into()), ..SimOptions::default() };
    let error = open(Kind::Single(Card::Model), &sizes::DESK, &trace).err().unwrap();
    assert!(error.to_string().starts_with("/nowhere/card.trace: "), "{error}");
}

#[test]
fn a_model_agrees_with_itself() {
    assert_eq!(soak(Card::Model, Card::Model, &sizes::TINY, 7, 500).unwrap().commands, 500);
}
