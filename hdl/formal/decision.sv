// The decision about an operation: an accepted ORDER or REPLACE is within both ledgers in every lane of the masks and in the headroom, or passes by
// the closing rule; nothing of it is too wide, neither ledger is poisoned, every other test has passed. It takes its debit in both ledgers, its slot
// and its cell exactly once. What is rejected, only checked or refused by a fault writes nothing (a fault may halt the account). A poison flag of the
// active bank stays, whatever comes, until MARKS gives the bank anew; so does the halt of an account until HALT lifts it.
//
// Everything that comes in is free in every clock, so operations are in flight in all stages at once. One lane is followed, an arbitrary one.
//
// Assumed: an operation has one opcode; MARKS is never given to the active bank.

//@ file gate
//@ module decision
//@ bmc 17 abc
//@ induction 16
//@ twin failed-lane-passes: `outside = |failed_reg$q | head_below;` -> `outside = head_below;`
//@ twin headroom-is-not-tested: `outside = |failed_reg$q | head_below;` -> `outside = |failed_reg$q;`
//@ twin closing-passes-when-worse: `stays = closes & ~(|held | head_worse);` -> `stays = closes & ~head_worse;`
//@ twin mask-of-another-operation: `failed_reg$d = failed & mask_13$delayed;` -> `failed_reg$d = failed & mask_14$delayed;`
//@ twin venue-margin-is-forgotten: `passes = ~earlier & ~(pool_margin | venue_margin);` -> `passes = ~earlier & ~pool_margin;`
//@ twin poisoned-ledger-accepts: `verdict$wide = (((effects$pool_before | effects$venue_before)` -> `verdict$wide = (((effects$pool_before | effects$pool_before)`
//@ twin check-reserves: `reserves = (is_order & reasons$passes) & ~word_0[at_check];` -> `reserves = is_order & reasons$passes;`
//@ twin reject-takes: `takes = reserves | replaces;` -> `takes = reserves | hot[5'd16];`
//@ twin fault-moves: `closes = is_cancelled & passes;` -> `closes = is_cancelled & ~bad;`
//@ twin poison-heals: `own_after = ((own | spoils)` -> `own_after = ((spoils)`
//@ twin halt-is-lifted: `halt_after = flags_line$delayed[32'h2] | stops;` -> `halt_after = stops;`
//@ twin venue-is-not-debited: `venue_stores$money = (takes | places)` -> `venue_stores$money = (places)`

module decision_formal (
    input wire clock,
    input wire [21:0] hot,
    input wire bank,
    input wire [7:0] code,
    input wire index_bad,
    input wire unready,
    input wire full,
    input wire [63:0] word_0,
    input wire [63:0] word_1,
    input wire halted,
    input wire [63:0] static_0,
    input wire member,
    input wire active,
    input wire frozen,
    input wire known,
    input wire [31:0] pool_mask,
    input wire [31:0] venue_mask,
    input wire [2:0] flags,
    input wire [1:0] venue_flags,
    input wire instrument_complete,
    input wire ledgers_complete,
    input wire instrument_halted,
    input wire end_wide,
    input wire leaves_wide,
    input wire quantity_wide,
    input wire x_wide,
    input wire y_rate_wide,
    input wire shadow_rate_wide,
    input wire [31:0] pool_failed,
    input wire [31:0] pool_worse,
    input wire [31:0] venue_failed,
    input wire [31:0] venue_worse,
    input wire pool_lanes_wide,
    input wire venue_lanes_wide,
    input wire [7:0] pool_bits,
    input wire [7:0] venue_bits,
    input wire busy,
    input wire [5:0] tests,
    input wire [15:0] bits
);
    localparam ORDER = 0, FILL = 1, CANCELLED = 2, BID = 3, ASK = 4, HALT = 8, COLLATERAL = 9, CLEAR = 10, VENUE_COLLATERAL = 15, REPLACE = 16,
        REPLACED = 17, REFUSED = 18, CANCEL = 19;
    localparam CHECK = 9, TIF = 10, SHIFTS = 13;
    localparam POISONED = 10;

    wire price_zero = bits[0], collar_bad = bits[1], range_bad = bits[2], cap_bad = bits[3], slot_bad = bits[4], sold = bits[5], waits = bits[6];
    wire reserve_bad = bits[7], answer_over = bits[8], gone = bits[9], placed = bits[10], over = bits[11], under = bits[12], positive = bits[13];
    wire still = bits[14], closes = bits[15];
    wire pool_below = pool_bits[0], pool_head_worse = pool_bits[1], pool_head_wide = pool_bits[2], pool_x_wide = pool_bits[3];
    wire venue_below = venue_bits[0], venue_head_worse = venue_bits[1], venue_head_wide = venue_bits[2], venue_x_wide = venue_bits[3];

    wire [21:0] hot_14;
    wire [7:0] code_14, reason, fault;
    wire [31:0] pool_lanes, venue_lanes;
    wire [3:0] pool_writes, venue_writes;
    wire [2:0] flags_data;
    wire [1:0] venue_flags_data;
    wire closing, write_slot, write_cell, clear_y, write_flags, write_venue_flags, write_halt, halt_data;
    wire sends, masses, pend, unpend, opened, freed, sent, accepted, rejected, filled;

    dut_module dut (
        .clock(clock), .hot(hot), .bank(bank), .code(code), .index_bad(index_bad), .unready(unready), .full(full), .word_0(word_0), .word_1(word_1),
        .halted(halted), .static_0(static_0), .member(member), .active(active), .frozen(frozen), .known(known), .pool_mask(pool_mask),
        .venue_mask(venue_mask), .flags(flags), .venue_flags(venue_flags), .instrument_complete(instrument_complete),
        .ledgers_complete(ledgers_complete), .instrument_halted(instrument_halted), .end_wide(end_wide), .leaves_wide(leaves_wide),
        .quantity_wide(quantity_wide), .x_wide(x_wide), .y_rate_wide(y_rate_wide), .shadow_rate_wide(shadow_rate_wide),
        .pool_failed(pool_failed), .pool_worse(pool_worse), .pool_lanes_wide(pool_lanes_wide), .pool_head_below(pool_below),
        .pool_head_worse(pool_head_worse), .pool_head_wide(pool_head_wide), .pool_x_wide(pool_x_wide), .pool_y_own_wide(pool_bits[4]),
        .pool_y_other_wide(pool_bits[5]), .pool_refused(pool_bits[6]), .pool_collateral_wide(pool_bits[7]),
        .venue_failed(venue_failed), .venue_worse(venue_worse), .venue_lanes_wide(venue_lanes_wide), .venue_head_below(venue_below),
        .venue_head_worse(venue_head_worse), .venue_head_wide(venue_head_wide), .venue_x_wide(venue_x_wide), .venue_y_own_wide(venue_bits[4]),
        .venue_y_other_wide(venue_bits[5]), .venue_refused(venue_bits[6]), .venue_collateral_wide(venue_bits[7]),
        .closes(closes), .busy(busy), .price_zero(price_zero), .collar_bad(collar_bad), .range_bad(range_bad), .cap_bad(cap_bad),
        .slot_bad(slot_bad), .sold(sold), .waits(waits), .reserve_bad(reserve_bad), .answer_over(answer_over), .gone(gone), .placed(placed),
        .tests(tests), .over(over), .under(under), .positive(positive), .still(still),
        .hot_14(hot_14), .code_14(code_14), .reason(reason), .fault(fault), .pool_lanes(pool_lanes), .venue_lanes(venue_lanes), .closing(closing),
        .write_slot(write_slot), .write_cell(write_cell), .pool_writes(pool_writes), .venue_writes(venue_writes), .clear_y(clear_y),
        .write_flags(write_flags), .write_venue_flags(write_venue_flags), .venue_flags_data(venue_flags_data), .write_halt(write_halt),
        .flags_data(flags_data), .halt_data(halt_data), .sends(sends), .masses(masses), .pend(pend), .unpend(unpend), .opened(opened),
        .freed(freed), .sent(sent), .accepted(accepted), .rejected(rejected), .filled(filled)
    );

    // What came in, as old as it must be at clock 14.
    (* anyconst *) wire [4:0] which;
    reg [22 * SHIFTS - 1:0] hots = 0;
    reg [SHIFTS - 1:0] banks = 0, bads = 0, unreadys = 0, fulls = 0, members = 0;
    reg [SHIFTS - 2:0] presents = 0, knowns = 0, pool_masks = 0, venue_masks = 0, incompletes = 0, halts = 0;
    reg [SHIFTS - 2:0] flag_0 = 0, flag_1 = 0, flag_2 = 0, venue_0 = 0, venue_1 = 0;
    reg [6:0] ends = 0, leaves = 0;
    reg [5:0] xs = 0, ys = 0;
    reg [3:0] busies = 0;
    reg [11:0] tested = 0;
    reg pool_fails = 0, venue_fails = 0, pool_wide = 0, venue_wide = 0;
    always @(posedge clock) begin
        hots <= {hots, hot};
        banks <= {banks, bank};
        bads <= {bads, index_bad};
        unreadys <= {unreadys, unready};
        fulls <= {fulls, full};
        members <= {members, member};
        presents <= {presents, static_0[63]};
        knowns <= {knowns, known};
        pool_masks <= {pool_masks, pool_mask[which]};
        venue_masks <= {venue_masks, venue_mask[which]};
        incompletes <= {incompletes, ~(instrument_complete & ledgers_complete)};
        halts <= {halts, instrument_halted};
        flag_0 <= {flag_0, flags[0]};
        flag_1 <= {flag_1, flags[1]};
        flag_2 <= {flag_2, flags[2]};
        venue_0 <= {venue_0, venue_flags[0]};
        venue_1 <= {venue_1, venue_flags[1]};
        ends <= {ends, end_wide};
        leaves <= {leaves, leaves_wide};
        xs <= {xs, x_wide};
        ys <= {ys, y_rate_wide};
        busies <= {busies, busy};
        tested <= {tested, tests};
        pool_fails <= pool_failed[which];
        venue_fails <= venue_failed[which];
        pool_wide <= pool_lanes_wide;
        venue_wide <= venue_lanes_wide;
    end
    wire [21:0] op = hots[22 * SHIFTS - 1 -: 22];
    wire of_bank = banks[SHIFTS - 1];
    wire [2:0] held = {flag_2[SHIFTS - 2], flag_1[SHIFTS - 2], flag_0[SHIFTS - 2]};
    wire [1:0] venue_held = {venue_1[SHIFTS - 2], venue_0[SHIFTS - 2]};
    wire pool_masked = pool_masks[SHIFTS - 2], venue_masked = venue_masks[SHIFTS - 2];

    always @* assume ((hot & (hot - 22'd1)) == 0);
    always @* assume (!(op[CLEAR] && of_bank == active));

    wire limited = op[ORDER] | op[REPLACE];
    wire accept = limited & (reason == 0);
    wire check = op[ORDER] & word_0[CHECK];
    wire stopped = (limited | op[CANCEL]) & (reason != 0);
    wire moves = op[FILL] | op[CANCELLED] | op[BID] | op[ASK] | op[REPLACED] | op[REFUSED];
    wire faulty = (moves & (fault != 0)) | ((op[COLLATERAL] | op[VENUE_COLLATERAL]) & (fault != 0) & (fault != POISONED));
    wire repeated = op[FILL] & ~positive;
    wire pool_poisoned = of_bank ? held[1] : held[0], venue_poisoned = of_bank ? venue_held[1] : venue_held[0];
    wire [5:0] tested_14 = tested[11:6];

    always @* begin
        pool_lane_within: assert (!accept || !(pool_masked && pool_fails) || (closes && !pool_worse[which]));
        pool_headroom_within: assert (!accept || !pool_below || (closes && !pool_head_worse));
        venue_lane_within: assert (!accept || !(venue_masked && venue_fails) || (closes && !venue_worse[which]));
        venue_headroom_within: assert (!accept || !venue_below || (closes && !venue_head_worse));
        closing_only_if_not_worse: assert (!(accept && pool_masked && pool_fails) || (!pool_head_worse && closing) || op[REPLACE]);
        nothing_too_wide: assert (!accept || !(ends[6] || leaves[6] || xs[5] || (op[REPLACE] && ys[5]) || pool_wide || venue_wide || pool_head_wide ||
            venue_head_wide || pool_x_wide || venue_x_wide));
        ledgers_not_poisoned: assert (!accept || !(pool_poisoned || venue_poisoned));
        rows_are_there: assert (!accept || (presents[SHIFTS - 2] && knowns[SHIFTS - 2] && members[SHIFTS - 1] && !incompletes[SHIFTS - 2]));
        fields_are_good: assert (!accept || !(bads[SHIFTS - 1] || price_zero || word_1[39:0] == 0 || range_bad || collar_bad || cap_bad));
        not_halted: assert (!accept || !(unreadys[SHIFTS - 1] || fulls[SHIFTS - 1] || halted || held[2] || halts[SHIFTS - 2]));
        slot_is_free: assert (!(accept && op[ORDER]) || !(slot_bad || word_0[TIF +: 2] == 3));
        slot_is_its_own: assert (!(accept && op[REPLACE]) || (busies[3] && placed && !waits && !reserve_bad));
        admitted: assert (!accept || ((tested_14 & (op[ORDER] ? 6'h2f : 6'h2d)) == 0 && (closes || !tested_14[4])));
        sent_only_accepted: assert (!sends || (accept && !check) || (op[CANCEL] && reason == 0));
        operation_is_told: assert (hot_14 == op);
    end

    // One clock later: what is written.
    reg started = 0;
    always @(posedge clock) started <= 1;
    wire money = pool_writes[0] | venue_writes[0];
    wire anything = write_slot | write_cell | (|pool_writes) | (|venue_writes) | clear_y | pend | unpend | opened | freed | sent;
    wire state = write_flags | write_venue_flags | write_halt;
    always @(posedge clock) if (started) begin
        rejected_writes_nothing: assert (!$past(stopped) || !(anything || state));
        check_writes_nothing: assert (!$past(accept && check) || !(anything || state));
        fault_writes_nothing: assert (!$past(faulty) || !(anything || write_venue_flags || write_halt));
        fault_only_halts: assert (!($past(faulty) && write_flags) || flags_data[2]);
        repetition_writes_nothing: assert (!$past(repeated) || !(anything || write_venue_flags || write_halt));
        nothing_of_itself: assert (!$past(op == 0) || !(anything || state || accepted || rejected || filled));
        accept_takes_all: assert (!$past(accept && !check) || (write_slot && write_cell && pool_writes == 1 && venue_writes == 1 && sent && !freed &&
            !unpend));
        accept_opens: assert (!$past(accept && !check) || (opened == $past(op[ORDER]) && pend == $past(op[REPLACE])));
        opened_only_accepted: assert (!(opened || pend) || $past(accept && !check));
        freed_only_gone: assert (!freed || $past(gone && moves && fault == 0));
        charged_only_sent: assert (!sent || $past((accept && !check) || (op[CANCEL] && reason == 0)));
        counted: assert (accepted == $past(accept) && rejected == $past(limited && reason != 0));
        poison_stays: assert (!(write_flags && $past(held[active])) || flags_data[$past(active)]);
        venue_poison_stays: assert (!(write_venue_flags && $past(venue_held[active])) || venue_flags_data[$past(active)]);
        halt_stays: assert (!(write_flags && $past(held[2] && !op[HALT])) || flags_data[2]);
        overflow_poisons: assert (!($past(moves && fault == 0 && !repeated && of_bank == active) && $past(pool_wide || pool_head_wide || ends[6])) ||
            (write_flags && flags_data[$past(active)]));
        closing_accept: cover (($past(accept && closes && pool_masked && pool_fails && venue_masked && venue_fails) && opened));
        plain_accept: cover (($past(accept && !closes && pool_masked && venue_masked) && opened));
        poisoned_write: cover ((write_flags && $past(held[active]) && write_slot));
    end
endmodule
