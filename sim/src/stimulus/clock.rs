//! Card time and what it makes old: ages, deadlines, message rates, the watchdog; and the pins of a bench.

use super::{Step, Stimulus};
use crossgate_contract::command::{scope, Account, Ages, Halt, Heartbeat};

const TIME_MOST: u64 = (1 << 48) - 1;

impl Stimulus {
    /// Sets the time at which a run starts.
    pub(super) fn start_clock(&mut self) {
        if self.timed {
            let start = 1_000_000 + self.random.below(1 << 30);
            self.set_time(start);
            self.ages();
            self.heartbeats();
        }
    }

    /// Moves the card time while nothing is in flight.
    fn set_time(&mut self, time_us: u64) {
        self.settle();
        self.time_us = time_us;
        self.queue.push_back(Step::TimeUs(time_us));
        let fault = self.model.set_time_us(time_us);
        self.learn(fault);
        self.settle();
    }

    /// A watchdog that bites halts the card; the host releases it most of the time.
    fn learn(&mut self, fault: Option<crate::model::Output>) {
        let Some((_, words)) = fault else { return };
        if let Ok(event) = crossgate_contract::Event::decode(&words) {
            self.coverage.event(&event);
        }
        if self.random.chance(80) {
            self.settle();
            self.send(Halt { scope: scope::GLOBAL, index: 0, halted: false });
            self.settle();
        }
    }

    /// Time passes, a little or a lot.
    pub(super) fn clock(&mut self) {
        if !self.timed {
            let later = self.time_us.wrapping_add(self.random.below(1 << 40)) & TIME_MOST;
            return self.set_time(later);
        }
        match self.random.below(40) {
            0 => self.ages(),
            1 | 2 => self.end_of_time(),
            3..6 => {
                let later = self.time_us.wrapping_add(self.random.below(1 << 36)) & TIME_MOST;
                self.set_time(later);
                if self.random.chance(50) {
                    self.trade();
                }
                self.renew();
            }
            _ => {
                let step = self.random.pick(&[1, 50, 900, 4_000]);
                let later = (self.time_us + 1 + self.random.below(step)).min(TIME_MOST);
                self.set_time(later);
                if self.random.chance(50) {
                    self.heartbeats();
                }
            }
        }
    }

    /// Messages near the greatest time, where arrival times cannot rise, and back.
    fn end_of_time(&mut self) {
        for account in self.accounts.clone() {
            let (message_cost_us, message_burst_us) = (self.random.pick(&[1_000, u32::MAX]), u32::MAX);
            let (lane_mask, open_orders_max) = (self.draw_u32(u32::MAX), u16::MAX);
            self.send(Account { account, lane_mask, open_orders_max, message_cost_us, message_burst_us });
        }
        let almost_last = TIME_MOST - self.random.below(4_000);
        self.set_time(almost_last);
        self.renew();
        self.trade();
        let back = 1_000_000 + self.random.below(1 << 30);
        self.set_time(back);
        for account in self.accounts.clone() {
            self.draw_account_rows(account);
        }
        self.renew();
    }

    /// Everything is as of now again.
    fn renew(&mut self) {
        self.settle();
        self.heartbeats();
        self.bank(true);
        self.settle();
    }

    /// Limits of ages near those that occur.
    fn ages(&mut self) {
        let mut draw = || self.random.pick(&[0, 0, 300, 3_000, 20_000, TIME_MOST]);
        let (bank_us, collateral_us, heartbeat_us) = (draw(), draw(), draw());
        let heartbeat_us = if self.looks_at_books { heartbeat_us } else { 0 };
        self.settle();
        self.send(Ages { bank_us, collateral_us, heartbeat_us });
        self.settle();
    }

    /// A heartbeat of most venues.
    pub(super) fn heartbeats(&mut self) {
        self.settle();
        for venue in 0..u8::try_from(self.sizes.venues).unwrap_or(0) {
            if self.random.chance(90) {
                let time_us = self.draw_recent();
                self.send(Heartbeat { venue, time_us });
            }
        }
        self.settle();
    }

    /// A time that is now, a little ago, or in rare cases still to come.
    pub(super) fn draw_recent(&mut self) -> u64 {
        let ago = self.random.pick(&[0, 10, 250, 2_500]);
        match self.random.below(20) {
            0 => (self.time_us + self.random.below(5_000)).min(TIME_MOST),
            _ => self.time_us.saturating_sub(self.random.below(ago + 1)),
        }
    }

    /// Sets the watchdog to a time that will come, that has come, or to none.
    pub(super) fn watchdog(&mut self) {
        self.settle();
        let soon = (self.time_us + self.random.below(6_000)).min(TIME_MOST);
        let watchdog_us = self.random.pick(&[0, 1, soon, soon, soon]);
        self.queue.push_back(Step::WatchdogUs(watchdog_us));
        let fault = self.model.set_watchdog_us(watchdog_us);
        self.learn(fault);
        self.settle();
    }

    /// Trades while egress is held, or while the decision ring is full.
    pub(super) fn pins(&mut self) {
        let egress = self.random.chance(70);
        for held in [true, false] {
            self.settle();
            if egress {
                self.queue.push_back(Step::HoldEgress(held));
                self.model.hold_egress(held);
            } else {
                self.queue.push_back(Step::RingFull(held));
                self.model.set_ring_full(held);
            }
            self.settle();
            for _ in 0..if held { 3 } else { 1 } {
                self.trade();
            }
        }
    }
}
