//! [`Charges`]: money that an operation reserves, and the collar, from bank rows.
//!
//! Three reserves side by side: X at the limit price and the operation's bank, Y at the fill price and that bank, Y of
//! the other bank. An operation that revalues an order has no Y: the second values what X loses, at the price before.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `order` | 2 | X is valued at the command's price, else at the slot's |
//! | `word_2`, `static_1`, `slot_price`, `mark_*`, `shadow_*` | 2 | prices, collar and bank rows |
//! | `revalues` | 2 | the prices of X after and before come at clock 4 |
//! | `price_after`, `price_before` | 4 | those prices; else 0 |
//! | `x_sell`, `y_sell` | 4 | sides |
//! | `leaves_change`, `quantity` | 8 | gate lots |
//! | `x_wide`, `y_wide`, `shadow_wide` | 8 | a distance or a rate leaves 17 bits |
//! | `rate` | 8 | reserve of a gate lot for X |
//! | `x`, `y`, `shadow` | 10 | money |
//! | `exponent` | 11 | of the instrument in the operation's bank |
//! | `collar_bad`, `price_zero` | 14 | for the verdict |
//!
//! ```text
//! clock     _/2\_ .. _/8\_ .. _/10\_ .. _/14\_
//! mark_1    <a >
//! quantity           <a >
//! x                           <a >
//! collar_bad                            <a >
//! ```

use super::ops::{block, place, value};
use super::rate::Reserve;
use crate::int::{unsigned_cast, I, U};
use crate::island::Sleeper;
use crate::leaf::Delay;
use crossgate_contract::command::{BankMark, Fill, Instrument, Order, Position};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// X, Y and the collar.
    pub(super) struct Charges {
        pub(super) clock: Signal<In, Clock>,
        pub(super) order: Signal<In, Bit>,
        pub(super) side: Signal<In, Bit>,
        pub(super) revalues: Signal<In, Bit>,
        pub(super) price_after: Signal<In, U<32>>,
        pub(super) price_before: Signal<In, U<32>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) static_1: Signal<In, U<64>>,
        pub(super) slot_price: Signal<In, U<32>>,
        pub(super) mark_0: Signal<In, U<32>>,
        pub(super) mark_1: Signal<In, U<64>>,
        pub(super) mark_2: Signal<In, U<64>>,
        pub(super) shadow_0: Signal<In, U<32>>,
        pub(super) shadow_1: Signal<In, U<64>>,
        pub(super) shadow_2: Signal<In, U<64>>,
        pub(super) x_sell: Signal<In, Bit>,
        pub(super) y_sell: Signal<In, Bit>,
        pub(super) leaves_change: Signal<In, I<18>>,
        pub(super) quantity: Signal<In, I<18>>,
        pub(super) x_wide: Signal<Out, Bit>,
        pub(super) y_wide: Signal<Out, Bit>,
        pub(super) shadow_wide: Signal<Out, Bit>,
        pub(super) rate: Signal<Out, I<18>>,
        pub(super) x: Signal<Out, I<48>>,
        pub(super) y: Signal<Out, I<48>>,
        pub(super) shadow: Signal<Out, I<48>>,
        pub(super) exponent: Signal<Out, U<2>>,
        pub(super) collar_bad: Signal<Out, Bit>,
        pub(super) price_zero: Signal<Out, Bit>,

        at_price: Constant<U<6>> = place(&[&Order::LAYOUT, &Fill::LAYOUT, &Position::LAYOUT], "price", 2, 32),
        at_collar: Constant<U<6>> = place(&[&Instrument::LAYOUT], "collar", 1, 24),
        at_exponent: Constant<U<6>> = place(&[&BankMark::LAYOUT], "exponent", 0, 2),
        at_mark_buy: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_buy", 1, 32),
        at_mark_sell: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_sell", 1, 32),
        at_tick_buy: Constant<U<6>> = place(&[&BankMark::LAYOUT], "tick_buy", 2, 17),
        at_tick_sell: Constant<U<6>> = place(&[&BankMark::LAYOUT], "tick_sell", 2, 17),
        no_price: Constant<U<32>> = value(0),
        x_reserve: Sleeper<Reserve>,
        y_reserve: Sleeper<Reserve>,
        shadow_reserve: Sleeper<Reserve>,
        mark_0_line: Delay<U<32>, 2>,
        mark_1_3: Delay<U<64>, 1>,
        mark_1_4: Delay<U<64>, 1>,
        mark_2_line: Delay<U<64>, 2>,
        shadow_0_line: Delay<U<32>, 2>,
        shadow_1_line: Delay<U<64>, 2>,
        shadow_2_line: Delay<U<64>, 2>,
        price_3: Delay<U<32>, 1>,
        price_4: Delay<U<32>, 1>,
        x_price_line: Delay<U<32>, 2>,
        y_price_line: Delay<U<32>, 2>,
        side_line: Delay<Bit, 2>,
        collar_3: Delay<U<24>, 1>,
        ceiling_reg: DFF<U<33>>,
        raised_reg: DFF<U<33>>,
        mark_buy_reg: DFF<U<32>>,
        exponent_line: Delay<U<2>, 7>,
        collar_line: Delay<Bit, 10>,
        zero_line: Delay<Bit, 12>,
        price: Signal<Local, U<32>>,
        mark_buy: Signal<Local, U<32>>,
        mark_sell: Signal<Local, U<32>>,
        price_33: Signal<Local, U<33>>,
        mark_buy_33: Signal<Local, U<33>>,
    }
}

impl Logic for Charges {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, x_reserve, y_reserve, shadow_reserve, mark_0_line, mark_1_3, mark_1_4, mark_2_line);
        clock!(self, clock, shadow_0_line, shadow_1_line, shadow_2_line, price_3, price_4, x_price_line, side_line);
        clock!(
            self,
            clock,
            y_price_line,
            collar_3,
            ceiling_reg,
            raised_reg,
            mark_buy_reg,
            exponent_line,
            collar_line,
            zero_line
        );
        // clock 2
        self.price.next = self.word_2.val().get_bits::<32>(self.at_price.val().index());
        self.price_3.data.next = self.price.val();
        self.x_price_line.data.next = self.slot_price.val();
        if self.order.val() {
            self.x_price_line.data.next = self.price.val();
        }
        self.y_price_line.data.next = self.price.val();
        if self.revalues.val() {
            self.x_price_line.data.next = self.no_price.val();
            self.y_price_line.data.next = self.no_price.val();
        }
        self.zero_line.data.next = !self.price.val().any();
        self.side_line.data.next = self.side.val();
        self.collar_3.data.next = self.static_1.val().get_bits::<24>(self.at_collar.val().index());
        self.mark_0_line.data.next = self.mark_0.val();
        self.mark_1_3.data.next = self.mark_1.val();
        self.mark_2_line.data.next = self.mark_2.val();
        self.shadow_0_line.data.next = self.shadow_0.val();
        self.shadow_1_line.data.next = self.shadow_1.val();
        self.shadow_2_line.data.next = self.shadow_2.val();
        // 3 to 4: the collar's sums; 4 to 5: its comparison
        self.mark_1_4.data.next = self.mark_1_3.delayed.val();
        self.price_4.data.next = self.price_3.delayed.val();
        self.mark_buy.next = self.mark_1_3.delayed.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.mark_sell.next = self.mark_1_3.delayed.val().get_bits::<32>(self.at_mark_sell.val().index());
        self.ceiling_reg.d.next =
            unsigned_cast::<33, 32>(self.mark_sell.val()) + unsigned_cast::<33, 24>(self.collar_3.delayed.val());
        self.raised_reg.d.next =
            unsigned_cast::<33, 32>(self.price_3.delayed.val()) + unsigned_cast::<33, 24>(self.collar_3.delayed.val());
        self.mark_buy_reg.d.next = self.mark_buy.val();
        self.price_33.next = unsigned_cast::<33, 32>(self.price_4.delayed.val());
        self.mark_buy_33.next = unsigned_cast::<33, 32>(self.mark_buy_reg.q.val());
        self.collar_line.data.next = self.price_33.val() > self.ceiling_reg.q.val();
        if self.side_line.delayed.val() {
            self.collar_line.data.next = self.raised_reg.q.val() < self.mark_buy_33.val();
        }
        // 4: reserves
        self.x_reserve.price.next = self.x_price_line.delayed.val() | self.price_after.val();
        self.x_reserve.sell.next = self.x_sell.val();
        self.x_reserve.mark_buy.next = self.mark_1_4.delayed.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.x_reserve.mark_sell.next = self.mark_1_4.delayed.val().get_bits::<32>(self.at_mark_sell.val().index());
        self.x_reserve.tick_buy.next = self.mark_2_line.delayed.val().get_bits::<17>(self.at_tick_buy.val().index());
        self.x_reserve.tick_sell.next = self.mark_2_line.delayed.val().get_bits::<17>(self.at_tick_sell.val().index());
        self.x_reserve.exponent.next = self.mark_0_line.delayed.val().get_bits::<2>(self.at_exponent.val().index());
        self.x_reserve.gate_lots.next = self.leaves_change.val();
        self.y_reserve.price.next = self.y_price_line.delayed.val() | self.price_before.val();
        self.y_reserve.sell.next = self.y_sell.val();
        self.y_reserve.mark_buy.next = self.mark_1_4.delayed.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.y_reserve.mark_sell.next = self.mark_1_4.delayed.val().get_bits::<32>(self.at_mark_sell.val().index());
        self.y_reserve.tick_buy.next = self.mark_2_line.delayed.val().get_bits::<17>(self.at_tick_buy.val().index());
        self.y_reserve.tick_sell.next = self.mark_2_line.delayed.val().get_bits::<17>(self.at_tick_sell.val().index());
        self.y_reserve.exponent.next = self.mark_0_line.delayed.val().get_bits::<2>(self.at_exponent.val().index());
        self.y_reserve.gate_lots.next = self.quantity.val();
        self.shadow_reserve.price.next = self.price_4.delayed.val();
        self.shadow_reserve.sell.next = self.y_sell.val();
        self.shadow_reserve.mark_buy.next =
            self.shadow_1_line.delayed.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.shadow_reserve.mark_sell.next =
            self.shadow_1_line.delayed.val().get_bits::<32>(self.at_mark_sell.val().index());
        self.shadow_reserve.tick_buy.next =
            self.shadow_2_line.delayed.val().get_bits::<17>(self.at_tick_buy.val().index());
        self.shadow_reserve.tick_sell.next =
            self.shadow_2_line.delayed.val().get_bits::<17>(self.at_tick_sell.val().index());
        self.shadow_reserve.exponent.next =
            self.shadow_0_line.delayed.val().get_bits::<2>(self.at_exponent.val().index());
        self.shadow_reserve.gate_lots.next = self.quantity.val();
        self.exponent_line.data.next = self.mark_0_line.delayed.val().get_bits::<2>(self.at_exponent.val().index());
        // results
        self.x_wide.next = self.x_reserve.wide.val();
        self.y_wide.next = self.y_reserve.wide.val();
        self.shadow_wide.next = self.shadow_reserve.wide.val();
        self.rate.next = self.x_reserve.per_lot.val();
        self.x.next = self.x_reserve.reserve.val();
        self.y.next = self.y_reserve.reserve.val();
        self.shadow.next = self.shadow_reserve.reserve.val();
        self.exponent.next = self.exponent_line.delayed.val();
        self.collar_bad.next = self.collar_line.delayed.val();
        self.price_zero.next = self.zero_line.delayed.val();
    }
}
