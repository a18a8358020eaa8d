//! The emitted Verilog of the whole card: equal to the native simulation in every pin and cycle, and clean.
#![allow(missing_docs)]

mod card_support;
mod support;

use card_support::{encode, open_books, tradable, Host};
use crossgate_contract::command::{
    Cancel, Cancelled, Command, Depth, Fence, Fill, Level, MassCancel, Order, Position, Read, Refused, Replace,
    Replaced,
};
use crossgate_contract::table::Table;
use crossgate_contract::{register, sizes, Window};
use crossgate_hdl::card::{CardTiny, Ports};
use crossgate_hdl::pins::{Inputs, Outputs, Pins};
use rust_hdl_core::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use support::{cosim, verilator_lint, yosys_check, CoSim, Scratch};

struct Recorded(Rc<RefCell<(Box<CardTiny>, CoSim<CardTiny>)>>);

impl Pins for Recorded {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        let (card, cosim) = &mut *self.0.borrow_mut();
        card.drive(inputs);
        cosim.clock(card.as_mut());
        card.sample()
    }
}

/// A command of the orders window that is no order.
fn other(step: u16, number: u16) -> Command {
    match step % 12 {
        0 => {
            Fill { account: 1, instrument: number % 4, slot: number, cumulative: 3, generation: 1, price: 990, side: 1 }
                .into()
        }
        1 => Cancelled { account: 1, instrument: number % 4, slot: number, generation: 1, cumulative: 0 }.into(),
        2 => Position { account: 1, instrument: 2, lots: -7, price: 1_000 }.into(),
        3 => Fence { tag: 8 }.into(),
        4 => Command::from(Depth { count: 1, ..Default::default() }),
        5 => MassCancel { scope: 1, index: 3, tag: 4, cookie: 5 }.into(),
        6 => Cancel { account: 1, instrument: number % 4, slot: number, generation: 1, tag: 1, cookie: 2 }.into(),
        7 | 8 => Replace {
            anew: step.is_multiple_of(2),
            account: 1,
            instrument: number % 4,
            slot: number,
            lots: 12,
            generation: 1,
            price: 1_001,
            ..Default::default()
        }
        .into(),
        9 => {
            Replaced { account: 1, instrument: (number - 2) % 4, slot: number - 2, cumulative: 0, generation: 1 }.into()
        }
        10 => Refused { account: 1, instrument: (number - 2) % 4, slot: number - 2, generation: 1 }.into(),
        _ => Fill { account: 0, slot: 3, price: 1, ..Default::default() }.into(),
    }
}

#[test]
fn the_whole_card_equals_its_verilog() {
    let mut card = Box::<CardTiny>::default();
    card.connect_all();
    let cosim = cosim!(CardTiny;
        inputs: beat_valid, beat_window, beat_slot, beat_strobe, beat_word_0, beat_word_1, beat_word_2,
        beat_word_3, beat_word_4, beat_word_5,
            beat_word_6, beat_word_7, write_valid, write_offset, write_data, read_valid, read_offset, dma_ready,
        egress_ready;
        outputs: read_data, dma_valid, dma_address, dma_word_0, dma_word_1, dma_word_2, dma_word_3, dma_word_4,
        dma_word_5, dma_word_6, dma_word_7, egress_valid, egress_word_0, egress_word_1, egress_word_2, egress_word_3,
            busy);
    let shared = Rc::new(RefCell::new((card, cosim)));
    let mut host = Host::with(Box::new(Recorded(shared.clone())), &sizes::TINY, 5);
    host.run(Window::Control, &tradable(&sizes::TINY));
    host.write(register::CONTROL, register::control::ARM);
    host.run(Window::Market, &open_books(&sizes::TINY));
    for step in 0..16u16 {
        let number = step % 16;
        let order = Order {
            account: 1,
            instrument: number % 4,
            slot: number,
            lots: 10,
            generation: 1 + step / 16,
            price: 1_000,
            side: u8::from(step % 3 == 0),
            ..Default::default()
        };
        let level = |offset: u16| Level {
            side: u8::from(step % 5 == 0),
            venue: u8::from(step % 2 == 0),
            book: u8::from(step % 7 == 0),
            price: 1_100 + u32::from(step * 7 % 40 + offset),
            quantity: u64::from(step % 4),
            tag: u64::from(step),
        };
        host.send(Window::Market, encode(level(0)), encode(level(1)));
        host.send(Window::Orders, encode(order), encode(order));
        let other = other(step, number);
        host.send(Window::Orders, encode(other), [0x55, 0, 0, 0]);
        let table = [Table::Cell, Table::Slot, Table::Venue, Table::Lane][usize::from(step % 4)] as u8;
        host.send(Window::Control, encode(Read { table, index: 1, ..Default::default() }), encode(Fence { tag: 1 }));
        host.dma_ready = step % 3 != 0;
        host.egress_held = step % 5 < 2;
        if step == 13 {
            host.write(register::WATCHDOG_LO, 5);
            host.write(register::WATCHDOG_HI, 0);
            host.write(register::TIME_LO, 9);
            host.write(register::TIME_HI, 0);
        }
        host.idle(usize::from(step % 9) * 5);
        host.dma_ready = true;
        host.idle(30);
        host.consume();
    }
    host.settle();
    for register in register::ALL {
        host.read(*register);
    }
    host.reset();
    host.run(Window::Market, &open_books(&sizes::TINY));
    assert!(host.clock > 1_000, "{} clocks", host.clock);
    let (card, cosim) = &*shared.borrow();
    cosim.compare("card", card);
    let verilog = generate_verilog(card.as_ref());
    check_all(card.as_ref()).expect("fits");
    yosys_check("card", &verilog);
    verilator_lint("card", &verilog);
}

#[test]
fn emit_writes_the_card_and_every_block() {
    let directory = Scratch::new("emit");
    let paths = crossgate_hdl::emit("tiny", directory.path()).expect("tiny is emitted");
    let names: Vec<_> =
        paths.iter().map(|path| path.file_name().expect("fits").to_string_lossy().into_owned()).collect();
    assert_eq!(names[0], "card_tiny.v");
    for block in [
        "ring",
        "dma",
        "decisions",
        "registers",
        "egress",
        "intake",
        "window",
        "front",
        "market",
        "book",
        "touches",
        "gate",
    ] {
        assert!(names.contains(&format!("{block}_tiny.v")), "{block}");
    }
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("was written");
        assert!(text.contains("module top("), "{}", path.display());
    }
    assert!(crossgate_hdl::emit("none", directory.path()).is_err());
    assert!(crossgate_hdl::emit("usplus", directory.path()).is_err());
}
