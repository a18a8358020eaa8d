//! What is wired to what in [`Gate`]: its kernel, apart from its ports and parts.

use super::Gate;
use crate::int::{signed_cast_from, unsigned_cast};
use rust_hdl_core::prelude::*;

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    > Logic for Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sequencer, tables, complete, moves, ends, charges, funds, decision, events);
        clock!(
            self,
            clock,
            slot_15,
            account_15,
            ledger_15,
            instrument_15,
            admission,
            now_1,
            word_1_2,
            freed_15,
            epoch_reg
        );
        clock!(self, clock, touch_14, reading_reg, egress_12, order_15, word_0_15, word_1_15, word_2_15, word_3_15);
        self.inactive.next = !self.sequencer.active.val();
        // streams
        self.sequencer.reset.next = self.reset.val();
        self.sequencer.armed.next = self.armed.val();
        self.sequencer.room.next = self.room.val() & self.egress_room.val();
        self.sequencer.ring_full.next = self.ring_full.val();
        self.sequencer.orders_valid.next = self.orders_valid.val();
        self.sequencer.orders_0.next = self.orders_0.val();
        self.sequencer.orders_1.next = self.orders_1.val();
        self.sequencer.orders_2.next = self.orders_2.val();
        self.sequencer.orders_3.next = self.orders_3.val();
        self.sequencer.orders_stamp.next = self.orders_stamp.val();
        self.sequencer.control_valid.next = self.control_valid.val();
        self.sequencer.control_0.next = self.control_0.val();
        self.sequencer.control_1.next = self.control_1.val();
        self.sequencer.control_2.next = self.control_2.val();
        self.sequencer.control_3.next = self.control_3.val();
        self.sequencer.control_stamp.next = self.control_stamp.val();
        self.sequencer.owner_write.next = self.decision.write_slot.val();
        self.sequencer.owner_slot.next = self.slot_15.delayed.val();
        self.sequencer.owner_account.next = self.account_15.delayed.val();
        self.sequencer.owner_instrument.next = self.instrument_15.delayed.val();
        self.sequencer.old_row.next = self.complete.old_row.val();
        self.orders_ready.next = self.sequencer.orders_ready.val();
        self.control_ready.next = self.sequencer.control_ready.val();
        self.ready.next = self.sequencer.ready.val();
        self.active.next = self.sequencer.active.val();
        self.epoch.next = self.sequencer.epoch.val();
        self.sweeping.next = self.sequencer.sweeping.val();
        self.halted.next = self.sequencer.halted.val();
        self.idle.next = self.sequencer.idle.val();
        // addresses of the results
        self.slot_15.data.next = self.sequencer.slot.val();
        self.account_15.data.next = self.sequencer.account.val();
        self.ledger_15.data.next = self.sequencer.ledger.val();
        self.instrument_15.data.next = self.sequencer.instrument.val();
        // tables
        self.tables.scrub.next = self.sequencer.scrub.val();
        self.tables.scrub_address.next = self.sequencer.scrub_address.val();
        self.tables.bank.next = self.sequencer.bank.val();
        self.tables.account.next = self.sequencer.account.val();
        self.tables.instrument.next = self.sequencer.instrument.val();
        self.tables.slot.next = self.sequencer.slot.val();
        self.tables.row_0.next = self.sequencer.row_0.val();
        self.tables.row_1.next = self.sequencer.row_1.val();
        self.tables.row_2.next = self.sequencer.row_2.val();
        self.tables.row_3.next = self.sequencer.row_3.val();
        self.tables.row_hot.next = self.sequencer.row_hot.val();
        self.tables.row_bank.next = self.inactive.val();
        self.tables.wipe.next = self.sequencer.wipe.val();
        self.tables.ledger.next = self.sequencer.ledger.val();
        self.tables.write_slot.next = self.decision.write_slot.val();
        self.tables.write_cell.next = self.decision.write_cell.val();
        self.tables.write_flags.next = self.decision.write_flags.val();
        self.tables.write_halt.next = self.decision.write_halt.val();
        self.tables.write_venue_flags.next = self.decision.write_venue_flags.val();
        self.tables.venue_flags_data.next = self.decision.venue_flags_data.val();
        self.tables.at_ledger.next = self.ledger_15.delayed.val();
        self.tables.flags_data.next = self.decision.flags_data.val();
        self.tables.halt_data.next = self.decision.halt_data.val();
        self.tables.at_slot.next = self.slot_15.delayed.val();
        self.tables.at_account.next = self.account_15.delayed.val();
        self.tables.at_instrument.next = self.instrument_15.delayed.val();
        self.tables.head_data.next = self.moves.head_data.val();
        self.tables.lots_data.next = self.moves.lots_data.val();
        self.tables.cumulative_data.next = self.moves.cumulative_data.val();
        self.tables.price_data.next = self.moves.price_data.val();
        self.tables.bid_data.next = self.ends.bid_data.val();
        self.tables.ask_data.next = self.ends.ask_data.val();
        self.tables.position_data.next = self.ends.position_data.val();
        // admission; the epoch changes with a flip only, while its COMMIT is the head of the stream
        self.now_1.data.next = self.card_time.val();
        self.word_1_2.data.next = self.sequencer.word_1.val();
        self.epoch_reg.d.next = self.sequencer.epoch.val();
        self.freed_15.data.next = self.decision.applied.val() & self.moves.freed.val();
        self.admission.scrub.next = self.sequencer.scrub.val();
        self.admission.scrub_address.next = self.sequencer.scrub_address.val();
        self.admission.row_0.next = self.sequencer.row_0.val();
        self.admission.row_1.next = self.sequencer.row_1.val();
        self.admission.row_2.next = self.sequencer.row_2.val();
        self.admission.row_3.next = self.sequencer.row_3.val();
        self.admission.row_limits.next = self.sequencer.row_hot.val().get_bit(self.row_limits.val().index());
        self.admission.row_account.next = self.sequencer.row_hot.val().get_bit(self.row_account.val().index());
        self.admission.row_ages.next = self.sequencer.row_hot.val().get_bit(self.row_ages.val().index());
        self.admission.flip.next = self.sequencer.epoch.val() != self.epoch_reg.q.val();
        self.admission.as_of.next = self.control_2.val().get_bits::<48>(self.at_as_of.val().index());
        self.admission.deadline.next = self.control_3.val().get_bits::<48>(self.at_deadline.val().index());
        self.admission.epoch.next = self.sequencer.epoch.val();
        self.admission.beat.next = self.beat.val();
        self.admission.beat_venue.next = self.beat_venue.val().get_bits::<V>(0);
        self.admission.beat_time.next = self.beat_time.val();
        self.admission.account.next = self.sequencer.account.val();
        self.admission.ledger.next = self.sequencer.ledger.val();
        self.admission.instrument.next = self.sequencer.instrument.val();
        self.admission.now.next = self.now_1.delayed.val();
        self.admission.venue.next = self.tables.static_0.val().get_bits::<V>(self.at_venue.val().index());
        self.admission.lots.next = self.word_1_2.delayed.val().get_bits::<40>(self.at_lots.val().index());
        self.admission.price.next = self.moves.price_word.val().get_bits::<32>(self.at_price.val().index());
        self.admission.age_ms.next = self.word_1_2.delayed.val().get_bits::<16>(self.at_age.val().index());
        self.admission.at_account.next = self.account_15.delayed.val();
        self.admission.at_ledger.next = self.ledger_15.delayed.val();
        self.admission.opened.next = self.decision.accepted.val() & self.decision.write_slot.val();
        self.admission.sent.next = self.decision.accepted.val() & self.decision.write_slot.val();
        self.admission.freed.next = self.freed_15.delayed.val();
        self.admission.fresh_pool.next = self.decision.pool_writes.val().get_bit(self.write_collateral.val().index());
        self.admission.fresh_venue.next = self.decision.venue_writes.val().get_bit(self.write_collateral.val().index());
        // touches and boxes
        self.box_scrub.next = self.sequencer.scrub.val();
        self.box_empty.next = self.sequencer.wipe.val();
        self.box_row.next = self.sequencer.row_hot.val().get_bit(self.row_box.val().index());
        self.box_book.next = self.sequencer.row_0.val().get_bits::<8>(self.at_box_book.val().index());
        self.box_low.next = self.sequencer.row_1.val().get_bits::<32>(self.at_low.val().index());
        self.box_high.next = self.sequencer.row_1.val().get_bits::<32>(self.at_high.val().index());
        self.box_bank.next = self.sequencer.bank.val();
        self.reading_reg.d.next = self.reading_reg.q.val();
        if self.sequencer.hot.val().any() {
            self.reading_reg.d.next = self.sequencer.hot.val().get_bit(self.op_read.val().index());
        }
        self.touch_book.next = self.tables.static_0.val().get_bits::<8>(self.at_book.val().index());
        self.touch_venue.next = self.tables.static_0.val().get_bits::<8>(self.at_venue.val().index());
        if self.reading_reg.q.val() {
            self.touch_book.next = self.sequencer.word_0.val().get_bits::<8>(self.at_index.val().index());
            self.touch_venue.next = self.sequencer.word_0.val().get_bits::<8>(self.at_sub.val().index());
        }
        self.touch_ticks.next = self.admission.touch_ticks.val();
        self.touch_sell.next = self.moves.sells.val();
        self.touch_price.next = self.moves.price_word.val().get_bits::<32>(self.at_price.val().index());
        self.touch_collar.next = self.tables.static_1.val().get_bits::<24>(self.at_collar.val().index());
        self.touch_crossed.next = self.tables.static_2.val().get_bits::<24>(self.at_crossed.val().index());
        self.touch_14.data.next = self.touch_bad.val();
        self.tests.next = unsigned_cast::<6, 4>(self.admission.failed.val());
        if self.touch_outside.val() {
            self.tests.next = self.tests.val() | self.bit_outside.val();
        }
        // egress: full as of the clock in which an order is taken
        self.opcode.next = self.orders_0.val().get_bits::<8>(0);
        self.egress_12.data.next = self.egress_full.val();
        if self.egress_12.delayed.val() {
            self.tests.next = self.tests.val() | self.bit_egress.val();
        }
        self.egress_enter.next = (self.orders_valid.val() & self.sequencer.orders_ready.val())
            & (self.opcode.val() == self.code_order.val());
        self.order_15.data.next = self.decision.hot_14.val().get_bit(self.op_order.val().index());
        self.word_0_15.data.next = self.events.word_0_14.val();
        self.word_1_15.data.next = self.events.word_1_14.val();
        self.word_2_15.data.next = self.events.word_2_14.val();
        self.word_3_15.data.next = self.events.word_3_14.val();
        self.egress_leave.next = self.order_15.delayed.val();
        self.egress_push.next = self.decision.accepted.val() & self.decision.write_slot.val();
        self.egress_words[0].next = self.word_0_15.delayed.val();
        self.egress_words[1].next = self.word_1_15.delayed.val();
        self.egress_words[2].next = self.word_2_15.delayed.val();
        self.egress_words[3].next = self.word_3_15.delayed.val();
        self.reader.bid.next = self.touch_bid.val();
        self.reader.ask.next = self.touch_ask.val();
        self.reader.filling.next = self.touch_filling.val();
        self.reader.low.next = self.read_low.val();
        self.reader.high.next = self.read_high.val();
        self.reader.box_known.next = self.read_known.val();
        // completeness
        self.complete.scrub.next = self.sequencer.scrub.val();
        self.complete.wipe.next = self.sequencer.wipe.val();
        self.complete.scrub_address.next = self.sequencer.scrub_address.val();
        self.complete.row_0.next = self.sequencer.row_0.val();
        self.complete.row_1.next = self.sequencer.row_1.val();
        self.complete.row_hot.next = self.sequencer.row_hot.val();
        self.complete.inactive.next = self.inactive.val();
        self.complete.restart.next = self.sequencer.restart.val();
        self.complete.hot.next = self.sequencer.hot.val();
        self.complete.bank.next = self.sequencer.bank.val();
        self.complete.account.next = self.sequencer.account.val();
        self.complete.ledger.next = self.sequencer.ledger.val();
        self.complete.instrument.next = self.sequencer.instrument.val();
        self.complete.member.next = self.sequencer.member.val();
        self.complete.bid_end.next = self.tables.bid_end.val();
        self.complete.ask_end.next = self.tables.ask_end.val();
        self.complete.position.next = self.tables.position.val();
        // end points and reserves
        self.moves.hot.next = self.sequencer.hot.val();
        self.moves.word_0.next = self.sequencer.word_0.val();
        self.moves.word_1.next = self.sequencer.word_1.val();
        self.moves.word_2.next = self.sequencer.word_2.val();
        self.moves.static_1.next = self.tables.static_1.val();
        self.moves.static_2.next = self.tables.static_2.val();
        self.moves.slot_head.next = self.tables.slot_head.val();
        self.moves.slot_lots.next = self.tables.slot_lots.val();
        self.moves.slot_cumulative.next = self.tables.slot_cumulative.val();
        self.moves.slot_price.next = self.tables.slot_price.val();
        self.moves.position.next = self.tables.position.val();
        self.ends.hot.next = self.sequencer.hot.val();
        self.ends.static_0.next = self.tables.static_0.val();
        self.ends.static_3.next = self.tables.static_3.val();
        self.ends.bid_end.next = self.tables.bid_end.val();
        self.ends.ask_end.next = self.tables.ask_end.val();
        self.ends.position.next = self.tables.position.val();
        self.base.next = self.tables.base.val().get_bits::<40>(0);
        self.ends.base.next = signed_cast_from(self.base.val());
        self.ends.n.next = self.moves.n.val();
        self.ends.leaves_after.next = self.moves.leaves_after.val();
        self.ends.leaves_before.next = self.moves.leaves_before.val();
        self.ends.upper.next = self.moves.upper.val();
        self.ends.negate.next = self.moves.negate.val();
        self.ends.carries.next = self.moves.carried.val();
        self.ends.order.next = self.moves.reserves.val();
        self.charges.order.next = self.moves.order.val();
        self.charges.side.next = self.moves.sells.val();
        self.charges.word_2.next = self.moves.price_word.val();
        self.charges.static_1.next = self.tables.static_1.val();
        self.charges.slot_price.next = self.tables.slot_price.val();
        self.charges.mark_0.next = self.tables.mark_0.val();
        self.charges.mark_1.next = self.tables.mark_1.val();
        self.charges.mark_2.next = self.tables.mark_2.val();
        self.charges.shadow_0.next = self.tables.shadow_0.val();
        self.charges.shadow_1.next = self.tables.shadow_1.val();
        self.charges.shadow_2.next = self.tables.shadow_2.val();
        self.charges.x_sell.next = self.moves.x_sell.val();
        self.charges.y_sell.next = self.moves.y_sell.val();
        self.charges.leaves_change.next = self.ends.leaves_change.val();
        self.charges.quantity.next = self.ends.quantity.val();
        // ledgers and lanes
        self.funds.scrub.next = self.sequencer.scrub.val();
        self.funds.wipe.next = self.sequencer.wipe.val();
        self.funds.scrub_address.next = self.sequencer.scrub_address.val();
        self.funds.row_0.next = self.sequencer.row_0.val();
        self.funds.row_1.next = self.sequencer.row_1.val();
        self.funds.row_2.next = self.sequencer.row_2.val();
        self.funds.row_3.next = self.sequencer.row_3.val();
        self.funds.row_hot.next = self.sequencer.row_hot.val();
        self.funds.active.next = self.sequencer.active.val();
        self.funds.frozen.next = self.sequencer.frozen.val();
        self.funds.hot.next = self.sequencer.hot.val();
        self.funds.bank.next = self.sequencer.bank.val();
        self.funds.account.next = self.sequencer.account.val();
        self.funds.ledger.next = self.sequencer.ledger.val();
        self.funds.member.next = self.sequencer.member.val();
        self.funds.instrument.next = self.sequencer.instrument.val();
        self.funds.word_0.next = self.sequencer.word_0.val();
        self.funds.pool_mask.next = self.tables.lane_mask.val().get_bits::<32>(0);
        self.funds.venue_mask.next = self.sequencer.venue_row.val().get_bits::<32>(0);
        self.funds.absolute_signs.next = self.ends.absolute_signs.val();
        self.funds.absolute_new.next = self.ends.absolute_new.val();
        self.funds.absolute_current.next = self.ends.absolute_current.val();
        self.funds.absolute_other.next = self.ends.absolute_other.val();
        self.funds.relative_signs.next = self.ends.relative_signs.val();
        self.funds.relative_new.next = self.ends.relative_new.val();
        self.funds.relative_current.next = self.ends.relative_current.val();
        self.funds.relative_other.next = self.ends.relative_other.val();
        self.funds.sells.next = self.ends.sells.val();
        self.funds.rate.next = self.charges.rate.val();
        self.funds.x.next = self.charges.x.val();
        self.funds.y.next = self.charges.y.val();
        self.funds.shadow.next = self.charges.shadow.val();
        self.funds.exponent.next = self.charges.exponent.val();
        self.funds.charges.next = self.moves.charges.val();
        self.funds.pool_writes.next = self.decision.pool_writes.val();
        self.funds.venue_writes.next = self.decision.venue_writes.val();
        self.funds.clear_y.next = self.decision.clear_y.val();
        // decision
        self.decision.hot.next = self.sequencer.hot.val();
        self.decision.bank.next = self.sequencer.bank.val();
        self.decision.code.next = self.sequencer.code.val();
        self.decision.index_bad.next = self.sequencer.index_bad.val();
        self.decision.unready.next = self.sequencer.unready.val();
        self.decision.full.next = self.sequencer.full.val();
        self.decision.halted.next = self.sequencer.halted.val();
        self.decision.word_0.next = self.events.word_0_14.val();
        self.decision.word_1.next = self.events.word_1_14.val();
        self.decision.static_0.next = self.tables.static_0.val();
        self.decision.member.next = self.sequencer.member.val();
        self.decision.active.next = self.sequencer.active.val();
        self.decision.frozen.next = self.sequencer.frozen.val();
        self.decision.known.next =
            self.tables.lane_mask.val().get_bit(self.known_index.val().index()) & self.admission.known.val();
        self.decision.tests.next = self.tests.val();
        self.decision.pool_mask.next = self.tables.lane_mask.val().get_bits::<32>(0);
        self.decision.venue_mask.next = self.sequencer.venue_row.val().get_bits::<32>(0);
        self.decision.flags.next = self.tables.flags.val();
        self.decision.venue_flags.next = self.tables.venue_flags.val();
        self.decision.instrument_complete.next = self.complete.instrument_complete.val();
        self.decision.ledgers_complete.next = self.complete.ledgers_complete.val();
        self.decision.instrument_halted.next = self.tables.instrument_halted.val();
        self.decision.end_wide.next = self.ends.end_wide.val();
        self.decision.leaves_wide.next = self.ends.leaves_wide.val();
        self.decision.quantity_wide.next = self.ends.quantity_wide.val();
        self.decision.range_bad.next = self.moves.range_bad.val();
        self.decision.cap_bad.next = self.ends.cap_bad.val();
        self.decision.slot_bad.next = self.moves.slot_bad.val();
        self.decision.placed.next = self.moves.placed.val();
        self.decision.over.next = self.moves.over.val();
        self.decision.under.next = self.moves.under.val();
        self.decision.positive.next = self.moves.positive.val();
        self.decision.still.next = self.moves.still.val();
        self.decision.x_wide.next = self.charges.x_wide.val();
        self.decision.y_rate_wide.next = self.charges.y_wide.val();
        self.decision.shadow_rate_wide.next = self.charges.shadow_wide.val();
        self.decision.price_zero.next = self.charges.price_zero.val();
        self.decision.collar_bad.next = self.charges.collar_bad.val() | self.touch_14.delayed.val();
        self.decision.closes.next = self.ends.closes.val();
        self.decision.busy.next = self.moves.busy.val();
        self.decision.pool_failed.next = self.funds.pool_failed.val();
        self.decision.pool_worse.next = self.funds.pool_worse.val();
        self.decision.pool_lanes_wide.next = self.funds.pool_lanes_wide.val();
        self.decision.pool_head_below.next = self.funds.pool_head_below.val();
        self.decision.pool_head_worse.next = self.funds.pool_head_worse.val();
        self.decision.pool_head_wide.next = self.funds.pool_head_wide.val();
        self.decision.pool_y_own_wide.next = self.funds.pool_y_own_wide.val();
        self.decision.pool_y_other_wide.next = self.funds.pool_y_other_wide.val();
        self.decision.pool_x_wide.next = self.funds.pool_x_wide.val();
        self.decision.pool_refused.next = self.funds.pool_refused.val();
        self.decision.pool_collateral_wide.next = self.funds.pool_collateral_wide.val();
        self.decision.venue_failed.next = self.funds.venue_failed.val();
        self.decision.venue_worse.next = self.funds.venue_worse.val();
        self.decision.venue_lanes_wide.next = self.funds.venue_lanes_wide.val();
        self.decision.venue_head_below.next = self.funds.venue_head_below.val();
        self.decision.venue_head_worse.next = self.funds.venue_head_worse.val();
        self.decision.venue_head_wide.next = self.funds.venue_head_wide.val();
        self.decision.venue_y_own_wide.next = self.funds.venue_y_own_wide.val();
        self.decision.venue_y_other_wide.next = self.funds.venue_y_other_wide.val();
        self.decision.venue_x_wide.next = self.funds.venue_x_wide.val();
        self.decision.venue_refused.next = self.funds.venue_refused.val();
        self.decision.venue_collateral_wide.next = self.funds.venue_collateral_wide.val();
        self.accepted.next = self.decision.accepted.val();
        self.rejected.next = self.decision.rejected.val();
        self.filled.next = self.decision.filled.val();
        // events
        self.events.clear.next = self.sequencer.scrub.val();
        self.events.word_0.next = self.sequencer.word_0.val();
        self.events.word_1.next = self.sequencer.word_1.val();
        self.events.word_2.next = self.sequencer.word_2.val();
        self.events.word_3.next = self.sequencer.word_3.val();
        self.events.control.next = self.sequencer.control.val();
        self.events.stamp.next = self.sequencer.stamp.val();
        self.events.waited.next = self.sequencer.waited.val();
        self.events.account.next = self.sequencer.account.val();
        self.events.epoch.next = self.sequencer.epoch.val();
        self.events.hot.next = self.decision.hot_14.val();
        self.events.code.next = self.decision.code_14.val();
        self.events.reason.next = self.decision.reason.val();
        self.events.fault.next = self.decision.fault.val();
        self.events.pool_lanes.next = self.decision.pool_lanes.val();
        self.events.pool_zero.next = self.decision.pool_zero.val();
        self.events.venue_lanes.next = self.decision.venue_lanes.val();
        self.events.venue_zero.next = self.decision.venue_zero.val();
        self.events.closing.next = self.decision.closing.val();
        self.events.venue_poisoned.next = self.decision.venue_poisoned.val();
        self.events.applied.next = self.decision.applied.val();
        self.events.own_poisoned.next = self.decision.own_poisoned.val();
        self.events.other_poisoned.next = self.decision.other_poisoned.val();
        self.events.moved.next = self.moves.moved.val();
        self.events.position.next = self.ends.position_after.val();
        self.events.freed.next = self.moves.freed.val();
        self.events.y_own.next = self.funds.y_own.val();
        self.events.y_other.next = self.funds.y_other.val();
        self.events.read_0.next = self.reader.read_0.val();
        self.events.read_1.next = self.reader.read_1.val();
        self.events.read_2.next = self.reader.read_2.val();
        self.events.read_3.next = self.reader.read_3.val();
        self.event_valid.next = self.events.event_valid.val();
        self.event_0.next = self.events.event_0.val();
        self.event_1.next = self.events.event_1.val();
        self.event_2.next = self.events.event_2.val();
        self.event_3.next = self.events.event_3.val();
        self.event_4.next = self.events.event_4.val();
        self.event_5.next = self.events.event_5.val();
        self.event_stamp.next = self.events.event_stamp.val();
        self.event_wait.next = self.events.event_wait.val();
        // table reads
        self.reader.word_0.next = self.sequencer.word_0.val();
        self.reader.bank.next = self.sequencer.bank.val();
        self.reader.static_0.next = self.tables.static_0.val();
        self.reader.static_1.next = self.tables.static_1.val();
        self.reader.static_2.next = self.tables.static_2.val();
        self.reader.static_3.next = self.tables.static_3.val();
        self.reader.mark_0.next = self.tables.mark_0.val();
        self.reader.mark_1.next = self.tables.mark_1.val();
        self.reader.mark_2.next = self.tables.mark_2.val();
        self.reader.slot_head.next = self.tables.slot_head.val();
        self.reader.slot_lots.next = self.tables.slot_lots.val();
        self.reader.slot_cumulative.next = self.tables.slot_cumulative.val();
        self.reader.slot_price.next = self.tables.slot_price.val();
        self.reader.bid_end.next = self.tables.bid_end.val();
        self.reader.ask_end.next = self.tables.ask_end.val();
        self.reader.position.next = self.tables.position.val();
        self.reader.flags.next = self.tables.flags.val();
        self.reader.venue_flags.next = self.tables.venue_flags.val();
        self.reader.venue_row.next = self.sequencer.venue_row.val();
        self.reader.base.next = self.tables.base.val();
        self.reader.frozen.next = self.sequencer.frozen.val();
        self.reader.pool_head.next = self.funds.pool_head_read.val();
        self.reader.pool_y.next = self.funds.pool_y_read.val();
        self.reader.pool_slack.next = self.funds.pool_slack_read.val();
        self.reader.venue_head.next = self.funds.venue_head_read.val();
        self.reader.venue_y.next = self.funds.venue_y_read.val();
        self.reader.venue_slack.next = self.funds.venue_slack_read.val();
        self.reader.loss.next = self.funds.loss_read.val();
        self.reader.open_orders.next = self.admission.open_orders.val();
        self.reader.tat.next = self.admission.tat.val();
        self.reader.notional_max.next = self.admission.notional_max.val();
        self.reader.touch_ticks.next = self.admission.touch_ticks.val();
        self.reader.limits_known.next = self.admission.known.val();
    }
}
