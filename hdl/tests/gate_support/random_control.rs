//! The control commands of the random host: static rows, banks, and strays.

use super::random::{Host, Scale, MIDDLE};
use crossgate_contract::command::{
    Account, BankCollateral, BankLoss, BankMark, BankOffset, Collateral, Commit, Fence, Halt, Instrument, Marks, Read,
};
use crossgate_contract::Command;

impl Host {
    /// The rows of the next bank, MARKS in their middle.
    pub(crate) fn bank_rows(&mut self, accounts: usize, instruments: usize, lanes: usize) -> Vec<Command> {
        let Scale { loss, collateral, exponents, ticks, .. } = self.scale;
        let epoch = self.epoch + 1;
        let mut rows: Vec<Command> = Vec::new();
        let narrow = |index: usize| u16::try_from(index).expect("small");
        for instrument in (0..instruments).map(narrow) {
            let random = &mut self.random;
            let mark = u32::try_from(MIDDLE - 8 + random.below(16)).expect("small");
            let spread = u32::try_from(random.below(4)).expect("small");
            let mut tick = || u32::try_from(random.below(ticks)).expect("17 bits");
            let (tick_buy, tick_sell) = (tick(), tick());
            let shrink = if self.scale.log { random.below(17) } else { 0 };
            let (tick_buy, tick_sell) = (tick_buy >> shrink, tick_sell >> shrink);
            let exponent = u8::try_from(random.below(exponents)).expect("2 bits");
            let crossed = u32::from(random.one_in(100));
            rows.push(
                BankMark {
                    exponent,
                    instrument,
                    epoch,
                    mark_buy: mark + 5 * crossed,
                    mark_sell: mark + spread * (1 - crossed),
                    tick_buy,
                    tick_sell,
                }
                .into(),
            );
        }
        rows.push(Marks { epoch }.into());
        for instrument in (0..instruments).map(narrow) {
            for lane in (0..u8::try_from(lanes).expect("small")).step_by(2) {
                let mut pair = || {
                    let loss = if self.scale.log { loss >> self.random.below(18) } else { loss };
                    let long = self.random.signed(loss);
                    let spare = loss - (-long).max(-loss);
                    let short = -long
                        + i64::try_from(self.random.below(u64::try_from(spare + 1).expect("positive"))).expect("small");
                    let short = if self.random.one_in(300) { -long - 1 } else { short };
                    (
                        i32::try_from(long).expect("18 bits"),
                        i32::try_from(short.clamp(-(1 << 17), (1 << 17) - 1)).expect("18 bits"),
                    )
                };
                let ((long_0, short_0), (long_1, short_1)) = (pair(), pair());
                rows.push(BankLoss { lane, instrument, epoch, long_0, short_0, long_1, short_1 }.into());
            }
        }
        for ledger in (0..accounts).map(narrow) {
            for lane in 0..u8::try_from(lanes).expect("small") {
                if self.random.one_in(4) {
                    let offset = self.random.signed(collateral / 16);
                    rows.push(BankOffset { lane, ledger, epoch, offset, ..Default::default() }.into());
                }
            }
            let random = &mut self.random;
            rows.push(
                BankCollateral {
                    venue: false,
                    ledger,
                    epoch,
                    collateral: random.signed(collateral).abs().max(random.signed(collateral)),
                    reserve: random.below(u64::try_from(collateral / 32).expect("positive") + 1),
                    y_included: 0,
                }
                .into(),
            );
        }
        rows
    }

    /// A control command that may be wrong.
    pub(crate) fn stray_control(&mut self, accounts: usize, instruments: usize, slots: usize, lanes: usize) -> Command {
        let random = &mut self.random;
        let epoch = self.epoch + u32::try_from(random.below(3)).expect("small");
        let lane = u8::try_from(random.below(u64::try_from(lanes).expect("small") + 2)).expect("8 bits");
        let venue = random.one_in(10);
        match random.below(10) {
            0 => BankOffset { lane, ledger: random.index(accounts), epoch, offset: 3, venue, ..Default::default() }
                .into(),
            1 => BankLoss { lane, instrument: random.index(instruments), epoch, ..Default::default() }.into(),
            2 => BankCollateral { venue, ledger: random.index(accounts), epoch, ..Default::default() }.into(),
            3 => {
                BankMark { instrument: random.index(instruments), epoch: epoch.saturating_sub(1), ..Default::default() }
                    .into()
            }
            4 => Commit { epoch, as_of_us: random.below(1 << 48), ..Default::default() }.into(),
            5 => Marks { epoch: self.epoch }.into(),
            6 => Fence { tag: random.bits() }.into(),
            7 => Halt {
                scope: u8::try_from(random.below(4)).expect("small"),
                index: random.index(accounts),
                halted: random.one_in(3),
            }
            .into(),
            8 => Read {
                table: u8::try_from([0, 1, 2, 3, 4, 5, 6, 9][usize::try_from(random.below(8)).expect("small")])
                    .expect("small"),
                index: random.index(slots),
                sub: random.index(lanes),
                inactive: random.one_in(2),
                tag: random.bits(),
            }
            .into(),
            _ => {
                let limit = self.scale.collateral;
                Collateral {
                    venue: random.one_in(20),
                    ledger: random.index(accounts),
                    epoch: self.epoch + u32::from(random.one_in(8)),
                    collateral: random.signed(limit).abs(),
                    age_ms: 3,
                    reserve: random.below(u64::try_from(limit / 16).expect("positive") + 1),
                    y_included: if random.one_in(3) { random.below(50) } else { 0 },
                }
                .into()
            }
        }
    }

    /// Rows of every instrument and account.
    pub(crate) fn static_rows(&mut self, accounts: usize, lots: u64) -> Vec<Command> {
        let mut rows = Vec::new();
        for (instrument, shift) in self.shifts.clone().into_iter().enumerate() {
            let random = &mut self.random;
            rows.push(
                Instrument {
                    venue: u8::from(random.one_in(2)),
                    book: u8::from(random.one_in(2)),
                    shift,
                    instrument: u16::try_from(instrument).expect("small"),
                    lots_min: random.below(4),
                    collar: if self.scale.log {
                        1 << 19
                    } else {
                        10 + u32::try_from(random.below(200)).expect("small")
                    },
                    lots_max: lots - random.below(lots / 8 + 1),
                    crossed_max: 3,
                    position_cap: (lots.saturating_mul(3) / 2).min((1 << 40) - 1),
                }
                .into(),
            );
        }
        for account in 0..u16::try_from(accounts).expect("small") {
            let lane_mask = u32::try_from(self.random.bits() >> 32).expect("32 bits") | 1;
            rows.push(Account { account, lane_mask, ..Default::default() }.into());
        }
        rows
    }
}
