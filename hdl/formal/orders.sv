// The table of orders: what becomes of one slot. A slot is open or free, never both: it is opened only when free and freed only when open, so never
// twice; an open one has leaves, a free one has none. Filled lots never exceed the lots. Reserve and release balance: every operation moves the open
// lots of the slot's side, and the leaves that X is valued with, by exactly what the slot's leaves change, and the other side not at all; the position
// moves by what is filled. CANCELLED, REPLACED and REFUSED never raise the lots. A REPLACE is pending only in an open slot.
//
// What an operation moves, what is pending and what is decided are joined as in the gate, with the words of one followed slot, an arbitrary one. All
// else that the decision depends on is free. The slot begins with any words that are allowed.
//
// Bounded: two operations, one behind the other, from any words that are allowed, with nothing pending at first: so every operation, and every answer to
// a REPLACE that comes next.
//
// Assumed: an operation that names the slot enters at least 15 clocks behind the one before (`interlock`), and has one opcode.
// Reduced: lots and filled lots of the words, and commands of the slot, are below 2^4; so is what they make of the words, and prices are of one bit.

//@ file gate
//@ module decision moves pending
//@ bmc 31 abc
//@ induction 0
//@ twin answer-takes-more: `over_line$data = after_reg$q[sign_index] | rises;` -> `over_line$data = after_reg$q[sign_index];`
//@ twin freed-again: `freed_line$data = busy_4$delayed & gone;` -> `freed_line$data = gone;`
//@ twin never-freed: `if (order_4$delayed | (busy_4$delayed & ~gone)) begin` -> `if (order_4$delayed | busy_4$delayed) begin`
//@ twin over-fill-is-not-seen: `over_line$data = after_reg$q[32'h28];` -> `over_line$data = 1'b0;`
//@ twin cancel-releases-too-much: `y_reg$d = $signed(cumulative_41);` -> `y_reg$d = $signed(entry_cumulative_41);`
//@ twin open-slot-is-opened: `slot_bad_line$data = entry_busy |` -> `slot_bad_line$data =`
//@ twin fill-releases-on-the-wrong-side: `negate_reg$d = side;` -> `negate_reg$d = ~side;`
//@ twin replace-reserves-too-little: `n_reg$d = more;` -> `n_reg$d = zero_41;`

module orders_formal (
    input wire clock,
    input wire [21:0] hot,
    input wire [63:0] word_0,
    input wire [63:0] word_1,
    input wire [63:0] word_2,
    input wire [3:0] slot,
    input wire index_bad,
    input wire [63:0] other_head,
    input wire [39:0] other_lots,
    input wire [39:0] other_cumulative,
    input wire [31:0] other_price,
    input wire [63:0] other_word_0,
    input wire [63:0] other_word_1
);
    localparam ORDER = 0, FILL = 1, CANCELLED = 2, REPLACE = 16, REPLACED = 17, REFUSED = 18, CANCEL = 19;
    localparam SMALL = 4;

    // The followed slot and its words.
    (* anyconst *) wire [3:0] followed;
    (* anyconst *) wire [63:0] head_first;
    (* anyconst *) wire [39:0] lots_first, cumulative_first;
    reg started = 0;
    reg [63:0] head_reg = 0;
    reg [39:0] lots_reg = 0, cumulative_reg = 0;
    reg [31:0] price_reg = 0;
    wire [63:0] head = started ? head_reg : head_first;
    wire [39:0] lots = started ? lots_reg : lots_first;
    wire [39:0] cumulative = started ? cumulative_reg : cumulative_first;
    wire open = head[0], sells = head[1];

    // The operation of the slot that is in the pipeline, and its clock.
    wire claims = hot[ORDER] | hot[FILL] | hot[CANCELLED] | hot[REPLACE] | hot[REPLACED] | hot[REFUSED] | hot[CANCEL];
    reg [3:0] clock_of = 0;
    wire go = claims & ~index_bad & (slot == followed);
    wire reads = clock_of == 2, ends = clock_of == 15;
    reg [21:0] hot_of = 0;
    reg [63:0] word_0_of = 0, word_1_of = 0;
    reg [63:0] word_0_2 = 0, word_1_2 = 0;
    // A slot that lies beyond the build is cut to one that exists, so operations of it may come and go meanwhile.
    reg [4 * 14 - 1:0] slots = 0;
    wire [3:0] at_slot = slots[4 * 14 - 1 -: 4];
    always @(posedge clock) begin
        if (go) begin
            clock_of <= 2;
            hot_of <= hot;
            word_0_of <= word_0;
            word_1_of <= word_1;
        end else if (clock_of != 0) clock_of <= ends ? 0 : clock_of + 1;
        word_0_2 <= word_0;
        word_1_2 <= word_1;
        slots <= {slots, slot};
    end

    wire [63:0] slot_head = reads ? head : other_head;
    wire [39:0] slot_lots = reads ? lots : other_lots;
    wire [39:0] slot_cumulative = reads ? cumulative : other_cumulative;
    wire [31:0] slot_price = reads ? price_reg : other_price;

    wire replace, replaced, refused, entry_sells, busy, sold, freed_14, range_bad, slot_bad, placed, over, under, positive, still;
    wire upper, negate, carried;
    wire signed [40:0] n, leaves_after, leaves_before, more_n, more_after, more_before;
    wire [63:0] head_data, price_word;
    wire [39:0] lots_data, more_lots, cumulative_data;
    wire [31:0] price_data, more_price;
    wire waits, reserve_bad, answer_over;
    wire pend, unpend, opened, freed, write_slot, write_cell;
    wire [7:0] reason, fault;

    dut_moves moves (
        .clock(clock), .hot(hot), .word_0(word_0), .word_1(word_1), .word_2(word_2), .slot_head(slot_head), .slot_lots(slot_lots),
        .slot_cumulative(slot_cumulative), .slot_price(slot_price), .price_word(price_word), .replace(replace), .replaced(replaced),
        .refused(refused), .entry_sells(entry_sells), .more_n(more_n), .more_after(more_after), .more_before(more_before), .sold(sold), .n(n),
        .leaves_after(leaves_after), .leaves_before(leaves_before), .upper(upper), .negate(negate), .carried(carried), .busy(busy),
        .freed(freed_14), .range_bad(range_bad), .slot_bad(slot_bad), .placed(placed), .over(over), .under(under), .positive(positive),
        .still(still), .head_data(head_data), .lots_data(lots_data), .cumulative_data(cumulative_data), .price_data(price_data)
    );
    dut_pending pending (
        .clock(clock), .scrub(1'b0), .scrub_address(20'd0), .slot(slot), .replace(replace), .replaced(replaced), .refused(refused),
        .anew(word_0_2[8]), .lots(word_1_2[39:0]), .price(price_word[31:0]), .cumulative(word_1_2[39:0]), .entry_sells(entry_sells),
        .entry_lots(slot_lots), .entry_cumulative(slot_cumulative), .entry_price(slot_price), .n(more_n), .leaves_after(more_after),
        .leaves_before(more_before), .waits(waits), .range_bad(reserve_bad), .over(answer_over), .lots_data(more_lots),
        .price_data(more_price), .at_slot(at_slot), .store(pend), .clear(unpend)
    );
    dut_decision decision (
        .clock(clock), .hot(hot), .index_bad(index_bad), .word_0(clock_of == 14 ? word_0_of : other_word_0),
        .word_1(clock_of == 14 ? word_1_of : other_word_1), .busy(busy), .range_bad(range_bad), .slot_bad(slot_bad), .sold(sold), .waits(waits),
        .reserve_bad(reserve_bad), .answer_over(answer_over), .gone(freed_14), .placed(placed), .over(over), .under(under),
        .positive(positive), .still(still), .reason(reason), .fault(fault), .write_slot(write_slot), .write_cell(write_cell), .pend(pend),
        .unpend(unpend), .opened(opened), .freed(freed)
    );

    (* hierconn *) wire [3:0] \pending.flags_ram.peek_address , \pending.before_ram.peek_address , \pending.asked_ram.peek_address ;
    (* hierconn *) wire [3:0] \pending.prices_ram.peek_address ;
    (* hierconn *) wire [1:0] \pending.flags_ram.peek_data ;
    (* hierconn *) wire [39:0] \pending.before_ram.peek_data , \pending.asked_ram.peek_data ;
    assign \pending.flags_ram.peek_address = followed;
    assign \pending.before_ram.peek_address = followed;
    assign \pending.asked_ram.peek_address = followed;
    assign \pending.prices_ram.peek_address = followed;
    wire pends = \pending.flags_ram.peek_data [0];

    // What the operation moves, as it left the block at clock 4.
    reg signed [40:0] n_of = 0, after_of = 0, before_of = 0;
    reg upper_of = 0, negate_of = 0, carried_of = 0;
    always @(posedge clock) if (clock_of == 4) begin
        n_of <= n;
        after_of <= leaves_after;
        before_of <= leaves_before;
        upper_of <= upper;
        negate_of <= negate;
        carried_of <= carried;
    end
    wire writes = write_slot & (at_slot == followed);
    wire [39:0] lots_next = lots_data | more_lots;
    always @(posedge clock) begin
        started <= 1;
        head_reg <= writes ? head_data : head;
        lots_reg <= writes ? lots_next : lots;
        cumulative_reg <= writes ? cumulative_data : cumulative;
        if (writes) price_reg <= price_data | more_price;
    end

    always @* begin
        assume ((hot & (hot - 22'd1)) == 0);
        assume (!go || clock_of == 0);
        assume (started || (open ? cumulative < lots : cumulative == lots));
        assume (lots_first < (1 << SMALL));
        assume (!go || word_1[39:SMALL] == 0);
        assume (!writes || lots_next[39:SMALL] == 0);
        assume (!go || word_2[31:1] == 0);
    end

`ifdef TWIN
    // Twins are searched for with operations of the slot alone.
    always @* assume (slot == followed && followed == 0 && !index_bad && lots_first < 8 && word_1[39:3] == 0);
    always @* assume (other_head == 0 && other_lots == 0 && other_cumulative == 0 && other_price == 0 && other_word_0 == 0 && other_word_1 == 0);
`endif

    // Lots that the slot reserves, before and after, and what bid end, ask end and position move by.
    wire signed [40:0] reserved = open ? {1'b0, lots} - {1'b0, cumulative} : 41'sd0;
    wire signed [40:0] reserved_next = head_data[0] ? {1'b0, lots_next} - {1'b0, cumulative_data} : 41'sd0;
    wire signed [40:0] step = negate_of ? -n_of : n_of;
    wire signed [40:0] bid = upper_of ? step : 41'sd0, ask = upper_of ? 41'sd0 : step, position = carried_of ? step : 41'sd0;
    wire signed [40:0] bought = bid - position, sold_lots = position - ask;
    wire signed [40:0] filled = {1'b0, cumulative_data} - {1'b0, cumulative};
    wire side_next = head_data[1];

    always @* begin
        open_has_leaves: assert (open ? cumulative < lots : cumulative == lots);
        pending_is_open: assert (!pends || open);
        written_by_its_own: assert (!writes || ends);
        opened_when_free: assert (!(ends && opened) || (!open && head_data[0] && write_slot));
        freed_when_open: assert (!(ends && freed) || (open && !head_data[0] && write_slot));
        told: assert (!(ends && write_slot) || (head_data[0] != open) == (opened || freed));
        never_over_filled: assert (!writes || cumulative_data <= lots_next);
        answers_only_release: assert (!(writes && (hot_of[CANCELLED] || hot_of[REPLACED] || hot_of[REFUSED])) || lots_next <= lots);
        side_stays: assert (!(writes && open) || side_next == sells);
        balance: assert (!writes || (side_next ? sold_lots : bought) == reserved_next - reserved);
        other_side_rests: assert (!writes || (side_next ? bought : sold_lots) == 0);
        position_by_fills: assert (!writes || position == (!hot_of[FILL] ? 41'sd0 : side_next ? -filled : filled));
        filled_only_by_fills: assert (!(writes && !hot_of[FILL]) || filled == 0 || hot_of[ORDER]);
        valued_before: assert (!writes || before_of == reserved);
        valued_after: assert (!writes || after_of == reserved_next);
        cell_with_slot: assert (!ends || write_slot == write_cell);
        proof_small: assert (lots[39:SMALL] == 0 && cumulative[39:SMALL] == 0);
        proof_small_pending: assert (!pends || ( \pending.before_ram.peek_data [39:SMALL] == 0 && \pending.asked_ram.peek_data [39:SMALL] == 0));
        opens: cover ((ends && opened && reserved_next > 1));
        fills_and_frees: cover ((ends && freed && hot_of[FILL] && reserved > 1));
        answers: cover ((ends && write_slot && hot_of[REPLACED]));
        cancels: cover ((ends && write_slot && hot_of[CANCELLED] && reserved > 1));
    end
endmodule
