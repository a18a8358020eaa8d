//! [`Touch`]: the best price of every venue of a {book, side}, for who keeps it.
//!
//! Every operation makes each venue find its own best tick; here the ticks become prices. A price is 33 bits: {exists,
//! ticks}, 0 where the venue has no level or is not enabled.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `keys_7` | 7 | {none, behind the wrap, tick} of each venue |
//! | `row_8`, `upper_8`, `wrapped_8` | 8 | the operation, as in `Merge` |
//! | `keep_9`, `op_9`, `row_9`, `price_9`, `exists_9` | 9 | of `Merge`: the side is replaced; its best over the venues |
//! | `write`, `row`, `prices`, `best` | 10 | the new touch of {book, side} |
//! | `refill`, `refilling` | 10 | `refilling` of the book is set; to what |
//!
//! Latency: 3 clocks; one clock before the event of the operation is on BOOK's port.
//!
//! ```text
//! clock   _/7\_/8\_/9\_/10\_/11\_
//! keys_7  <a >
//! best                <a  >
//! event                    <a  >
//! ```

use super::op::Op;
use crate::int::{unsigned_cast, U};
use crate::leaf::{Fixed, Many, Powers};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Keys in, prices out.
#[derive(LogicBlock, Default)]
pub struct Touch<const V: usize, const BS: usize, const TL: usize, const UP: usize, const KEY: usize, const NONE: usize>
{
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// {none, behind the wrap, tick} of each venue.
    pub keys_7: Many<Signal<In, U<KEY>>, V>,
    /// {book, side}.
    pub row_8: Signal<In, U<BS>>,
    /// Upper bits of ticks before the circle wraps.
    pub upper_8: Signal<In, U<UP>>,
    /// Upper bits of ticks behind it.
    pub wrapped_8: Signal<In, U<UP>>,
    /// The operation replaces the result of its side.
    pub keep_9: Signal<In, Bit>,
    /// The operation.
    pub op_9: Signal<In, Op>,
    /// {book, side}.
    pub row_9: Signal<In, U<BS>>,
    /// The best price.
    pub price_9: Signal<In, U<32>>,
    /// Some venue has it.
    pub exists_9: Signal<In, Bit>,
    /// The touch of a {book, side} is here.
    pub write: Signal<Out, Bit>,
    /// {book, side}.
    pub row: Signal<Out, U<BS>>,
    /// {exists, ticks} of each venue.
    pub prices: Many<Signal<Out, U<33>>, V>,
    /// {exists, ticks} of the best of the venues.
    pub best: Signal<Out, U<33>>,
    /// `refilling` of the book is set.
    pub refill: Signal<Out, Bit>,
    /// To this.
    pub refilling: Signal<Out, Bit>,
    keys_8: Many<DFF<U<KEY>>, V>,
    prices_9: Many<DFF<U<33>>, V>,
    prices_10: Many<DFF<U<33>>, V>,
    best_10: DFF<U<33>>,
    row_10: DFF<U<BS>>,
    write_10: DFF<Bit>,
    refill_10: DFF<Bit>,
    refilling_10: DFF<Bit>,
    tick: Signal<Local, U<TL>>,
    upper: Signal<Local, U<UP>>,
    upper_wide: Signal<Local, U<32>>,
    key: Signal<Local, U<32>>,
    turned: Signal<Local, U<32>>,
    c_tick_bits: Fixed<U<4>, TL>,
    c_none_bit: Fixed<U<5>, NONE>,
    c_exists: Powers<33, 1, 32>,
    c_nothing: Fixed<U<33>, 0>,
}

impl<const V: usize, const BS: usize, const TL: usize, const UP: usize, const KEY: usize, const NONE: usize> Logic
    for Touch<V, BS, TL, UP, KEY, NONE>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, best_10, row_10, write_10, refill_10, refilling_10);
        for i in 0..V {
            // clock 7 to 8
            self.keys_8[i].clock.next = self.clock.val();
            self.keys_8[i].d.next = self.keys_7[i].val();
            // 8 to 9; bids are stored inverted
            self.tick.next = self.keys_8[i].q.val().get_bits::<TL>(0);
            self.upper.next = self.upper_8.val();
            if self.keys_8[i].q.val().get_bit(self.c_tick_bits.val().index()) {
                self.upper.next = self.wrapped_8.val();
            }
            self.upper_wide.next = unsigned_cast::<32, UP>(self.upper.val());
            self.key.next = self.upper_wide.val() << self.c_tick_bits.val();
            self.key.next = self.key.val() | unsigned_cast::<32, TL>(self.tick.val());
            self.turned.next = !self.key.val();
            if self.row_8.val().get_bit(0) {
                self.turned.next = self.key.val();
            }
            self.prices_9[i].clock.next = self.clock.val();
            self.prices_9[i].d.next = unsigned_cast::<33, 32>(self.turned.val()) | self.c_exists[0].val();
            if self.keys_8[i].q.val().get_bit(self.c_none_bit.val().index()) {
                self.prices_9[i].d.next = self.c_nothing.val();
            }
            // 9 to 10
            self.prices_10[i].clock.next = self.clock.val();
            self.prices_10[i].d.next = self.prices_9[i].q.val();
            self.prices[i].next = self.prices_10[i].q.val();
        }
        self.best_10.d.next = self.c_nothing.val();
        if self.exists_9.val() {
            self.best_10.d.next = unsigned_cast::<33, 32>(self.price_9.val()) | self.c_exists[0].val();
        }
        self.row_10.d.next = self.row_9.val();
        self.write_10.d.next = self.keep_9.val();
        self.refill_10.d.next = self.op_9.val().valid & self.op_9.val().refill;
        self.refilling_10.d.next = self.op_9.val().refilling;
        // 10
        self.best.next = self.best_10.q.val();
        self.row.next = self.row_10.q.val();
        self.write.next = self.write_10.q.val();
        self.refill.next = self.refill_10.q.val();
        self.refilling.next = self.refilling_10.q.val();
    }
}
