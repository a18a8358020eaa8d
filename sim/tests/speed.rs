//! The reference model is fast enough for a recorded day. Run with `cargo test --release -- --ignored`.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::command::*;
use crossgate_contract::{sizes, Command, Window};
use crossgate_driver::BankRows;
use crossgate_sim::model::Model;
use crossgate_sim::random::Random;
use std::time::{Duration, Instant};

const ORDERS: u64 = 40_000;
const LEVELS: u64 = 1_500_000;

fn send(model: &mut Model, command: impl Into<Command>) -> [u64; 4] {
    let command = command.into();
    let window = Window::ALL.into_iter().find(|window| window.takes(command.layout().code)).unwrap();
    let words = command.encode().unwrap();
    model.command(window, words);
    words
}

/// Four accounts that hold positions in sixteen instruments each, sixteen lanes.
fn desk() -> Model {
    let mut model = Model::new(sizes::DESK);
    model.arm(true);
    let mut rows = BankRows::new();
    for instrument in 0..16 {
        let row =
            Instrument { instrument, lots_max: 1 << 30, collar: 1_000, position_cap: 1 << 38, ..Default::default() };
        send(&mut model, row);
        send(&mut model, InstrumentLimits { instrument, notional_max: u64::MAX, touch_ticks: 0 });
        let tick = 256;
        let mark = BankMark {
            instrument,
            epoch: 1,
            mark_buy: 990,
            mark_sell: 1_010,
            tick_buy: tick,
            tick_sell: tick,
            exponent: 0,
        };
        rows.add(&send(&mut model, mark));
    }
    send(&mut model, Marks { epoch: 1 });
    for instrument in 0..16 {
        for lane in (0..16).step_by(2) {
            let loss = BankLoss { lane, instrument, epoch: 1, long_0: 90, short_0: -80, long_1: -70, short_1: 85 };
            rows.add(&send(&mut model, loss));
        }
    }
    for ledger in 0..4 {
        let open_orders_max = u16::MAX;
        send(&mut model, Account { account: ledger, lane_mask: 0xffff, open_orders_max, ..Default::default() });
        send(&mut model, VenueLedger { account: ledger, ledger, lane_mask: 0xffff, ..Default::default() });
        for venue in [false, true] {
            for lane in 0..16 {
                rows.add(&send(&mut model, BankOffset { venue, lane, ledger, epoch: 1, offset: 0 }));
            }
            let collateral = BankCollateral { venue, ledger, epoch: 1, collateral: 1 << 40, ..Default::default() };
            rows.add(&send(&mut model, collateral));
        }
    }
    send(&mut model, rows.commit(Commit { epoch: 1, ..Default::default() }));
    model
}

#[test]
#[ignore = "timing; meaningful in release builds only"]
fn forty_thousand_orders_and_a_million_and_a_half_levels_take_less_than_thirty_seconds() {
    let mut model = desk();
    let mut random = Random::new(1);
    let mut generations = [0u16; 1_024];
    let start = Instant::now();
    for _ in 0..ORDERS {
        let slot = u16::try_from(random.below(1_024)).unwrap();
        let generation = &mut generations[usize::from(slot)];
        *generation = generation.wrapping_add(1);
        let (account, instrument) = (slot % 4, slot / 4 % 16);
        let side = u8::from(random.chance(50));
        let lots = 1 + random.below(50);
        let order = Order {
            side,
            account,
            instrument,
            slot,
            lots,
            generation: *generation,
            price: 1_000,
            ..Default::default()
        };
        send(&mut model, order);
        let cumulative = random.below(lots + 1);
        let (generation, price) = (*generation, 1_000);
        send(&mut model, Fill { side, account, instrument, slot, cumulative, generation, price });
        send(&mut model, Cancelled { account, instrument, slot, cumulative, generation });
    }
    let orders = start.elapsed();
    for book in 0..8 {
        send(&mut model, Slide { book, base: 0, ..Default::default() });
        send(&mut model, BookState { book, enabled: 0b1111, ..Default::default() });
    }
    for tag in 0..LEVELS {
        let book = u8::try_from(random.below(8)).unwrap();
        let venue = u8::try_from(random.below(4)).unwrap();
        let side = u8::from(random.chance(50));
        let price = u32::try_from(400 + random.below(120) + 80 * u64::from(side)).unwrap();
        let quantity = random.below(3) * random.below(1_000);
        send(&mut model, Level { side, venue, book, price, quantity, tag });
    }
    let total = start.elapsed();
    eprintln!("{ORDERS} orders with a fill and a cancel each: {orders:?}; {LEVELS} levels: {:?}", total - orders);
    assert_eq!(u64::from(model.counter(&crossgate_contract::register::COUNT_ACCEPTED)), ORDERS);
    assert!(total < Duration::from_secs(30), "{total:?}");
}
