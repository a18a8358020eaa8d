//! A synthetic desk for the gate: accounts with ledgers at every venue, a bank with losses in every lane, and orders
//! around the marks.
//!
//! Invariant: rows and orders depend on the arguments and the seed only.

use crate::workload::Xorshift;
use crossgate_contract::command::{
    Account, Ages, BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, BookState, Commit,
    Instrument, InstrumentLimits, Level, Marks, Order, Slide, VenueLedger,
};
use crossgate_contract::width::BASE_ALIGN_TICKS;
use crossgate_contract::{Command, Sizes};

/// Instruments of the desk.
pub const INSTRUMENTS: u16 = 8;
/// The marks of every instrument.
const MARK: u32 = 100_000;
/// The last of these lanes are REL/MONEY and REL/UNIT where the desk has such lanes.
const RELATIVE_LANES: usize = 2;

/// An age that is checked and never reached.
const AGE_US_MAX: u64 = 1 << 40;
/// How far below the marks the window of the book begins.
const WINDOW_BELOW: u32 = 256;

/// What the desk is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Sizes of the build.
    pub sizes: Sizes,
    /// Two REL lanes, with a snapshot position in every cell.
    pub relative: bool,
    /// Collateral of every ledger, money.
    pub collateral: i64,
}

/// A number below `limit`, which is small.
fn below(random: &mut Xorshift, limit: u64) -> u64 {
    random.next() % limit
}

fn signed(random: &mut Xorshift, most: i32) -> i32 {
    let most = i64::from(most);
    let drawn = below(random, most.unsigned_abs() * 2 + 1).cast_signed() - most;
    i32::try_from(drawn).unwrap_or(0)
}

fn narrow(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn byte(value: usize) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

impl Desk {
    /// Static rows and the bank of epoch 1, up to its COMMIT, which the caller completes with CRC and count.
    pub fn rows(&self) -> (Vec<Command>, Commit) {
        let epoch = 1;
        let mut rows = self.static_rows();
        rows.extend((0..INSTRUMENTS).map(|instrument| {
            let (mark_buy, mark_sell) = (MARK - 2, MARK + 2);
            Command::from(BankMark {
                exponent: 0,
                instrument,
                epoch,
                mark_buy,
                mark_sell,
                tick_buy: 300,
                tick_sell: 300,
            })
        }));
        rows.push(Marks { epoch }.into());
        self.losses(epoch, &mut rows);
        rows.push(BankBox { book: 0, epoch, low: MARK / 2, high: MARK * 2 }.into());
        let pools = (0..self.sizes.accounts).map(|ledger| (false, narrow(ledger)));
        let venues = (0..self.sizes.venue_ledgers).map(|ledger| (true, narrow(ledger)));
        for (venue, ledger) in pools.chain(venues) {
            for lane in 0..self.sizes.lanes {
                let unit = self.relative && lane + 1 == self.sizes.lanes;
                let offset = if unit { -self.collateral } else { 1_000 };
                rows.push(BankOffset { lane: byte(lane), ledger, epoch, offset, venue }.into());
            }
            let collateral = self.collateral;
            rows.push(BankCollateral { venue, ledger, epoch, collateral, reserve: 0, y_included: 0 }.into());
        }
        (rows, Commit { epoch, deadline_us: AGE_US_MAX, ..Default::default() })
    }

    /// What makes book 0 one that every order is tested against: its window, and the touch of every venue around the
    /// marks.
    pub fn market(&self) -> Vec<Command> {
        let base = MARK / BASE_ALIGN_TICKS * BASE_ALIGN_TICKS - WINDOW_BELOW;
        let mut commands: Vec<Command> = vec![Slide { base, ..Default::default() }.into()];
        commands.push(BookState { enabled: (1 << self.sizes.venues) - 1, ..Default::default() }.into());
        for venue in 0..byte(self.sizes.venues) {
            let level = |side, price| Level { side, venue, price, quantity: 5, ..Default::default() };
            commands.push(level(0, MARK - 1 - u32::from(venue)).into());
            commands.push(level(1, MARK + 1 + u32::from(venue)).into());
        }
        commands
    }

    fn static_rows(&self) -> Vec<Command> {
        let mut rows = Vec::new();
        for instrument in 0..INSTRUMENTS {
            let row = Instrument {
                venue: byte(usize::from(instrument) % self.sizes.venues),
                shift: 2,
                instrument,
                lots_min: 1,
                collar: 1_000,
                lots_max: 1_000,
                position_cap: 400_000,
                ..Default::default()
            };
            rows.push(row.into());
            rows.push(InstrumentLimits { instrument, notional_max: u64::MAX, touch_ticks: 1 }.into());
        }
        rows.push(Ages { bank_us: AGE_US_MAX, collateral_us: AGE_US_MAX, heartbeat_us: AGE_US_MAX }.into());
        for account in 0..self.sizes.accounts {
            let (account, lane_mask) = (narrow(account), u32::MAX);
            let (message_cost_us, message_burst_us) = (1, u32::MAX);
            rows.push(
                Account { account, lane_mask, open_orders_max: u16::MAX, message_cost_us, message_burst_us }.into(),
            );
            for venue in 0..self.sizes.venues {
                let ledger = narrow(usize::from(account) % self.sizes.venue_ledgers);
                rows.push(VenueLedger { venue: byte(venue), account, ledger, lane_mask }.into());
            }
        }
        rows
    }

    /// Losses of moves up and down, and the REL lanes.
    fn losses(&self, epoch: u32, rows: &mut Vec<Command>) {
        let mut random = Xorshift::new(7);
        for instrument in 0..INSTRUMENTS {
            for lane in (0..self.sizes.lanes).step_by(2) {
                let [(long_0, short_0), (long_1, short_1)] = [0, 1].map(|_| {
                    let long = signed(&mut random, 900);
                    (long, 3 - long)
                });
                rows.push(BankLoss { lane: byte(lane), instrument, epoch, long_0, short_0, long_1, short_1 }.into());
            }
        }
        if !self.relative {
            return;
        }
        let top = 1u32 << (self.sizes.lanes - 1);
        rows.push(BankLanes { epoch, relative: top | top >> (RELATIVE_LANES - 1), unit: top }.into());
        for account in 0..narrow(self.sizes.accounts) {
            for instrument in 0..INSTRUMENTS {
                let base = i64::from(signed(&mut random, 400));
                rows.push(BankBase { account, epoch, base, instrument }.into());
            }
        }
    }

    /// Orders for slots 0 to `count - 1`, with generation 1: a third through the mark, the others passive.
    pub fn orders(&self, count: usize, random: &mut Xorshift) -> Vec<Order> {
        let order = |slot: usize| {
            let side = below(random, 2);
            let away = u32::try_from(below(random, 30)).unwrap_or(0);
            Order {
                side: u8::from(side == 1),
                account: narrow(usize::try_from(below(random, 1 << 16)).unwrap_or(0) % self.sizes.accounts),
                instrument: u16::try_from(below(random, u64::from(INSTRUMENTS))).unwrap_or(0),
                slot: narrow(slot),
                lots: 1 + below(random, 40),
                generation: 1,
                price: if side == 0 { MARK + 10 - away } else { MARK - 10 + away },
                tag: u32::try_from(slot).unwrap_or(0),
                ..Default::default()
            }
        };
        (0..count).map(order).collect()
    }
}
