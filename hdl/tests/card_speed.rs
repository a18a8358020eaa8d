//! Simulation speed of the whole `desk` card. Run in release: `cargo test --release -p crossgate-hdl --test card_speed
//! -- --ignored --nocapture`.
#![allow(missing_docs)]

mod card_support;

use card_support::{encode, open_books, tradable, Host};
use crossgate_contract::command::{Level, Order};
use crossgate_contract::{register, sizes, Window};

/// Time that this thread has had on a processor, seconds: what others do on the machine does not count.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux with scheduler statistics");
    let nanoseconds: f64 = text.split(' ').next().and_then(|field| field.parse().ok()).expect("a number");
    nanoseconds / 1e9
}

/// Simulated cycles per second of processor time.
fn measure(name: &str, host: &mut Host, mut work: impl FnMut(&mut Host, u64)) -> f64 {
    let (clock, start) = (host.clock, processor_seconds());
    let mut step = 0;
    while processor_seconds() - start < 1.5 {
        for _ in 0..50 {
            work(host, step);
            step += 1;
        }
    }
    let rate = (host.clock - clock) as f64 / (processor_seconds() - start);
    println!("{name}: {rate:.0} cycles per second of processor time");
    rate
}

#[test]
#[ignore = "a measurement, for release builds"]
fn the_desk_card_simulates_at_5000_cycles_a_second() {
    let mut host = Host::new(&sizes::DESK, 16);
    host.run(Window::Control, &tradable(&sizes::DESK));
    host.write(register::CONTROL, register::control::ARM);
    host.run(Window::Market, &open_books(&sizes::DESK));
    measure("idle", &mut host, |host, _| host.idle(4));
    let level = |step: u64| Level {
        book: u8::try_from(step % 8).expect("fits"),
        price: 1_500 + u32::try_from(step * 7 % 64).expect("fits"),
        quantity: step % 100,
        ..Default::default()
    };
    let loaded = measure("a LEVEL a clock", &mut host, |host, step| {
        host.send(Window::Market, encode(level(2 * step)), encode(level(2 * step + 1)));
        host.idle(1);
        host.events.clear();
        if step % 64 == 0 {
            host.consume();
        }
    });
    let order = |step: u64| Order {
        account: u16::try_from(step % 16).expect("fits"),
        instrument: u16::try_from(step % 4).expect("fits"),
        slot: u16::try_from(step % 1_024).expect("fits"),
        lots: 1,
        generation: 1,
        price: 1_000,
        ..Default::default()
    };
    let orders = measure("an order every second clock and a LEVEL a clock", &mut host, |host, step| {
        host.send(Window::Market, encode(level(4 * step)), encode(level(4 * step + 1)));
        host.send(Window::Orders, encode(order(2 * step)), encode(order(2 * step + 1)));
        host.send(Window::Market, encode(level(4 * step + 2)), encode(level(4 * step + 3)));
        host.idle(1);
        host.events.clear();
        if step % 32 == 0 {
            host.consume();
        }
    });
    assert_eq!(host.read(register::ERROR_STATUS), 0);
    assert!(loaded.min(orders) > 5_000.0);
}
