//! [`Walk`]: what a sweep visits: the owner of every order slot, then every cell.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `restart` | | the next sweep begins with slot 0 and cell 0 |
//! | `slots`, `cells` | 0 | visits the next slot; the next cell, in every second clock |
//! | `slots_last`, `cells_last` | 0 | this is the last one |
//! | `owner_*` | | writes of the copy of the slot owners |
//! | `valid`, `is_slot`, `account`, `instrument`, `slot` | 2, 1 | a slot, two clocks later; a cell, one clock later |
//!
//! ```text
//! clock  _/0\_/1\_/2\_
//! slots  <a ><b >
//! valid           <a >
//! ```

use super::ops::{block, value};
use crate::int::U;
use crate::ram::Ram;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Counters of the sweep.
    pub(super) struct Walk [A, N, S] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) restart: Signal<In, Bit>,
        pub(super) slots: Signal<In, Bit>,
        pub(super) cells: Signal<In, Bit>,
        pub(super) slots_last: Signal<Out, Bit>,
        pub(super) cells_last: Signal<Out, Bit>,
        pub(super) owner_write: Signal<In, Bit>,
        pub(super) owner_slot: Signal<In, U<S>>,
        pub(super) owner_account: Signal<In, U<A>>,
        pub(super) owner_instrument: Signal<In, U<N>>,
        pub(super) valid: Signal<Out, Bit>,
        pub(super) is_slot: Signal<Out, Bit>,
        pub(super) account: Signal<Out, U<A>>,
        pub(super) instrument: Signal<Out, U<N>>,
        pub(super) slot: Signal<Out, U<S>>,

        one_a: Constant<U<A>> = value(1),
        one_n: Constant<U<N>> = value(1),
        one_s: Constant<U<S>> = value(1),
        zero_a: Constant<U<A>> = value(0),
        zero_n: Constant<U<N>> = value(0),
        zero_s: Constant<U<S>> = value(0),

        owner_account_ram: Ram<U<A>, S>,
        owner_instrument_ram: Ram<U<N>, S>,
        scan_reg: DFF<U<S>>,
        scanned_reg: DFF<Bit>,
        scanned_slot_reg: DFF<U<S>>,
        row_reg: DFF<U<A>>,
        column_reg: DFF<U<N>>,
        odd_reg: DFF<Bit>,
        valid_reg: DFF<Bit>,
        is_slot_reg: DFF<Bit>,
        account_reg: DFF<U<A>>,
        instrument_reg: DFF<U<N>>,
        slot_reg: DFF<U<S>>,
    }
}

impl<const A: usize, const N: usize, const S: usize> Logic for Walk<A, N, S> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, owner_account_ram, owner_instrument_ram, scanned_reg, scanned_slot_reg, valid_reg);
        clock!(self, clock, is_slot_reg);
        dff_setup!(self, clock, scan_reg, row_reg, column_reg, odd_reg, account_reg, instrument_reg, slot_reg);
        self.owner_account_ram.write_enable.next = self.owner_write.val();
        self.owner_account_ram.write_address.next = self.owner_slot.val();
        self.owner_account_ram.write_data.next = self.owner_account.val();
        self.owner_instrument_ram.write_enable.next = self.owner_write.val();
        self.owner_instrument_ram.write_address.next = self.owner_slot.val();
        self.owner_instrument_ram.write_data.next = self.owner_instrument.val();
        self.owner_account_ram.read_address.next = self.scan_reg.q.val();
        self.owner_instrument_ram.read_address.next = self.scan_reg.q.val();
        self.slots_last.next = self.scan_reg.q.val().all();
        self.cells_last.next = (self.row_reg.q.val().all() & self.column_reg.q.val().all()) & self.odd_reg.q.val();
        self.scanned_reg.d.next = self.slots.val();
        self.scanned_slot_reg.d.next = self.scan_reg.q.val();
        self.valid_reg.d.next = self.scanned_reg.q.val();
        self.is_slot_reg.d.next = self.scanned_reg.q.val();
        if self.slots.val() {
            self.scan_reg.d.next = self.scan_reg.q.val() + self.one_s.val();
        }
        if self.scanned_reg.q.val() {
            self.account_reg.d.next = self.owner_account_ram.read_data.val();
            self.instrument_reg.d.next = self.owner_instrument_ram.read_data.val();
            self.slot_reg.d.next = self.scanned_slot_reg.q.val();
        }
        if self.cells.val() {
            self.odd_reg.d.next = !self.odd_reg.q.val();
            if self.odd_reg.q.val() {
                self.valid_reg.d.next = true;
                self.account_reg.d.next = self.row_reg.q.val();
                self.instrument_reg.d.next = self.column_reg.q.val();
                self.column_reg.d.next = self.column_reg.q.val() + self.one_n.val();
                if self.column_reg.q.val().all() {
                    self.row_reg.d.next = self.row_reg.q.val() + self.one_a.val();
                }
            }
        }
        if self.restart.val() {
            self.scan_reg.d.next = self.zero_s.val();
            self.row_reg.d.next = self.zero_a.val();
            self.column_reg.d.next = self.zero_n.val();
            self.odd_reg.d.next = false;
        }
        self.valid.next = self.valid_reg.q.val();
        self.is_slot.next = self.is_slot_reg.q.val();
        self.account.next = self.account_reg.q.val();
        self.instrument.next = self.instrument_reg.q.val();
        self.slot.next = self.slot_reg.q.val();
    }
}
