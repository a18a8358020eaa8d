//! [`Interlock`]: what is in the pipeline, by account, slot and venue ledger.
//!
//! | port | meaning |
//! |---|---|
//! | `push`, `claims`, `account`, `slot` | an operation enters at the next edge; it holds its account and slot |
//! | `member`, `ledger` | it also holds this venue ledger |
//! | `query_account`, `query_slot`, `conflict` | an operation of the last 14 clocks holds one of them (combinational) |
//! | `ledgers` | one bit a venue ledger that such an operation holds |
//! | `idle` | nothing entered in the last 16 clocks: every event is out, every write is done |
//!
//! A command that enters 15 clocks behind another reads what it wrote. No two operations hold the same ledger: whoever
//! pushes looked at `ledgers` before.
//!
//! ```text
//! clock     _/0\_/1\_ .. _/14\_/15\_
//! push      /-\_____________________
//! conflict  ____/------------\______
//! ```

use super::ops::LATENCY_CYCLES;
use crate::int::U;
use rust_hdl_core::prelude::*;

/// Clocks in which an operation holds its account and slot.
const HELD: usize = LATENCY_CYCLES - 1;
/// Clocks until an operation has left no trace behind.
const GONE: usize = LATENCY_CYCLES + 1;

/// What an operation holds: account, slot, venue ledger.
type Held = (U<16>, U<16>, Option<U<6>>);

/// Accounts, slots and ledgers in flight.
#[derive(LogicBlock, Default)]
pub(super) struct Interlock {
    pub(super) clock: Signal<In, Clock>,
    pub(super) push: Signal<In, Bit>,
    pub(super) claims: Signal<In, Bit>,
    pub(super) account: Signal<In, U<16>>,
    pub(super) slot: Signal<In, U<16>>,
    pub(super) member: Signal<In, Bit>,
    pub(super) ledger: Signal<In, U<6>>,
    pub(super) query_account: Signal<In, U<16>>,
    pub(super) query_slot: Signal<In, U<16>>,
    pub(super) conflict: Signal<Out, Bit>,
    pub(super) ledgers: Signal<Out, U<64>>,
    pub(super) idle: Signal<Out, Bit>,
    _held: [Option<Held>; HELD],
    _pushed: u32,
}

impl Logic for Interlock {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self._held.rotate_right(1);
            let ledger = self.member.val().then(|| self.ledger.val());
            self._held[0] =
                (self.push.val() & self.claims.val()).then(|| (self.account.val(), self.slot.val(), ledger));
            self._pushed = ((self._pushed << 1) | u32::from(self.push.val())) & ((1 << GONE) - 1);
        }
        let (account, slot) = (self.query_account.val(), self.query_slot.val());
        self.conflict.next = self._held.iter().flatten().any(|held| held.0 == account || held.1 == slot);
        let ledgers = self._held.iter().flatten().filter_map(|held| held.2);
        self.ledgers.next = U::new(ledgers.fold(0, |bits, ledger| bits | 1 << ledger.get()));
        self.idle.next = self._pushed == 0;
    }
    fn connect(&mut self) {
        self.conflict.connect();
        self.ledgers.connect();
        self.idle.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
reg [{held}:0] valid;
reg [{held}:0] members;
reg [{gone}:0] pushed;
reg [63:0] busy;
reg [15:0] accounts [0:{held}];
reg [15:0] slots [0:{held}];
reg [5:0] numbers [0:{held}];
integer i;
initial begin
   valid = 0;
   members = 0;
   pushed = 0;
   busy = 0;
   for (i = 0; i <= {held}; i = i + 1) begin accounts[i] = 0; slots[i] = 0; numbers[i] = 0; end
end
always @(posedge clock) begin
   valid <= {{valid[{next}:0], push & claims}};
   members <= {{members[{next}:0], push & claims & member}};
   pushed <= {{pushed[{before}:0], push}};
   accounts[0] <= account;
   slots[0] <= slot;
   numbers[0] <= ledger;
   for (i = 1; i <= {held}; i = i + 1) begin
      accounts[i] <= accounts[i - 1];
      slots[i] <= slots[i - 1];
      numbers[i] <= numbers[i - 1];
   end
   if (members[{held}]) busy[numbers[{held}]] <= 1'b0;
   if (push & claims & member) busy[ledger] <= 1'b1;
end
integer j;
always @(*) begin
   conflict = 1'b0;
   for (j = 0; j <= {held}; j = j + 1)
      if (valid[j] && (accounts[j] == query_account || slots[j] == query_slot)) conflict = 1'b1;
   ledgers = busy;
   idle = ~|pushed;
end
",
            held = HELD - 1,
            next = HELD - 2,
            gone = GONE - 1,
            before = GONE - 2,
        ))
    }
    fn timing(&self) -> Vec<TimingInfo> {
        let inputs = ["push", "claims", "account", "slot", "member", "ledger"].map(Into::into).to_vec();
        vec![TimingInfo { name: "interlock".into(), clock: "clock".into(), inputs, outputs: vec!["ledgers".into()] }]
    }
}
