//! The emitted Verilog of GATE: equal to its simulation on random traffic, without latches, without a warning.
#![allow(missing_docs)]

mod gate_support;
mod support;

use crossgate_hdl::gate::{GateDesk, GateTiny};
use gate_support::random::Host;
use gate_support::tiny_recorded;
use rust_hdl_core::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use support::{cosim, verilator_lint, yosys_check};

fn equals_verilog(name: &str, seed: u64, commands: u64) {
    let pins = Rc::new(RefCell::new(cosim!(
        GateTiny;
        inputs: reset, armed, room, ring_full, fired, fired_stamp, orders_valid, orders_0, orders_1, orders_2, orders_3, orders_stamp,
            control_valid, control_0, control_1, control_2, control_3, control_stamp, card_time, beat, beat_venue,
            beat_time, touch_bad, touch_outside, touch_bid, touch_ask, touch_filling, read_low, read_high, read_known, egress_full,
            egress_room;
        outputs: orders_ready, control_ready, event_valid, event_0, event_1, event_2, event_3, event_4, event_5,
            event_stamp, event_wait, egress_enter, egress_leave, egress_push, egress_mass, egress_words[0],
            egress_words[1], egress_words[2], egress_words[3], ready, active, epoch, sweeping, halted, idle, accepted, rejected, filled
    )));
    let sink = Rc::clone(&pins);
    let mut rig = tiny_recorded(Box::new(move |gate| sink.borrow_mut().record(gate)));
    let mut host = Host::new(seed, &rig.sizes);
    host.commands(&mut rig, commands);
    rig.set_watchdog_us(1);
    rig.set_time_us(1 << 40);
    pins.borrow().compare(name, &*rig.gate);
}

#[test]
fn simulation_equals_verilog_on_random_traffic() {
    equals_verilog("gate-11", 11, 150);
}

#[test]
fn simulation_equals_verilog_on_other_random_traffic() {
    equals_verilog("gate-12", 12, 150);
}

#[test]
fn verilog_has_no_latches_and_no_warnings() {
    let mut gate = Box::new(GateTiny::tiny());
    gate.connect_all();
    check_all(&*gate).expect("a sound design");
    let verilog = generate_verilog(&*gate);
    yosys_check("gate-tiny", &verilog);
    verilator_lint("gate-tiny", &verilog);
    let mut gate = Box::new(GateDesk::desk());
    gate.connect_all();
    verilator_lint("gate-desk", &generate_verilog(&*gate));
}
