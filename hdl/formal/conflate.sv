// What keeps BBOs back while the market ring has no space: nothing is lost but what a newer BBO of its book replaces, and that is counted;
// the newest of a book leaves, books wait at most two turns of the other one, nothing is sent without space.
//
// Assumed: another event than a BBO comes only while nothing is kept and the ring has space; the upper half of word 0, the place of the count,
// is zero at the input.

//@ file market
//@ module conflate
//@ bmc 10 abc
//@ induction 1
//@ twin older-stays: `kept_words$3$write_enable = keep;` -> `kept_words$3$write_enable = keep & ~|replaced;`
//@ twin replacement-is-not-counted: `count = count_event$read_data + count_one;` -> `count = count_event$read_data;`
//@ twin arrival-at-a-drain-is-lost: `kept_reg$d = after_drain | arrival;` -> `kept_reg$d = drain ? after_drain : after_drain | arrival;`
//@ twin newer-overtakes: `keep = event_valid & event_bbo & (waiting | ~space);` -> `keep = event_valid & event_bbo & ~space;`
//@ twin lowest-book-always-first: `candidates = round_reg$q;` -> `candidates = kept_reg$q;`

module conflate_formal (
    input wire clock,
    input wire reset,
    input wire event_valid,
    input wire event_bbo,
    input wire event_book,
    input wire [383:0] words,
    input wire [15:0] event_stamp,
    input wire space
);
    wire ring_valid, kept, conflated;
    wire [383:0] sent;
    wire [15:0] ring_stamp;

    dut_module dut (
        .clock(clock), .reset(reset), .event_valid(event_valid), .event_bbo(event_bbo), .event_book(event_book),
            .event_stamp(event_stamp),
        .event_words$0(words[0+:64]), .event_words$1(words[64+:64]), .event_words$2(words[128+:64]),
        .event_words$3(words[192+:64]), .event_words$4(words[256+:64]), .event_words$5(words[320+:64]),
        .space(space), .ring_valid(ring_valid), .ring_stamp(ring_stamp), .kept(kept), .conflated(conflated),
        .ring_words$0(sent[0+:64]), .ring_words$1(sent[64+:64]), .ring_words$2(sent[128+:64]),
        .ring_words$3(sent[192+:64]), .ring_words$4(sent[256+:64]), .ring_words$5(sent[320+:64])
    );

    always @* begin
        assume (!(event_valid && !event_bbo) || (!kept && space));
        assume (words[63:32] == 0);
    end

    // The followed book: its newest BBO that has not left. Which book leaves is read inside; that it is this book's BBO is proved.
    (* hierconn *) wire \dut.pick ;
    (* anyconst *) wire followed;
    reg pending = 0;
    reg [383:0] text = 0;
    reg [15:0] text_stamp = 0;
    reg [31:0] replaced = 0;
    reg [1:0] turns = 0;
    wire arrives = event_valid & event_bbo & (event_book == followed);
    wire leaves = kept & ring_valid & ( \dut.pick == followed);
    wire passes = arrives & ring_valid & ~kept;
    wire stays = pending & ~leaves;
    always @(posedge clock) begin
        if (leaves) pending <= 0;
        if (leaves || !pending) turns <= 0;
        else if (ring_valid) turns <= turns + 1;
        if (arrives & ~passes) begin
            pending <= 1;
            text <= words;
            text_stamp <= event_stamp;
            replaced <= stays ? replaced + 1 : 0;
        end
        if (reset) pending <= 0;
    end

    always @* begin
        passes_at_once: assert (!(event_valid && space && !kept) || (ring_valid && sent == words &&
            ring_stamp == event_stamp));
        newest_leaves: assert (!leaves || (pending && sent == {text[383:64], replaced, text[31:0]} &&
            ring_stamp == text_stamp));
        only_with_space: assert (!ring_valid || space);
        nothing_from_nothing: assert (!ring_valid || kept || event_valid);
        not_withheld: assert (!(kept && space) || ring_valid);
        replacement_seen: assert (!arrives || conflated == stays);
        replacement_only: assert (!conflated || event_valid);
        in_turn: assert (!pending || turns <= 2);
        kept_is_true: assert (!pending || kept);
    end

    // The inside.
    (* hierconn *) wire [1:0] \dut.kept_reg$q , \dut.round_reg$q ;
    (* hierconn *) wire \dut.kept_words$0.peek_address , \dut.kept_words$1.peek_address ,
        \dut.kept_words$2.peek_address ;
    (* hierconn *) wire \dut.kept_words$3.peek_address , \dut.kept_words$4.peek_address ,
        \dut.kept_words$5.peek_address ;
    (* hierconn *) wire \dut.kept_stamp.peek_address , \dut.count_event.peek_address , \dut.count_pick.peek_address ;
    (* hierconn *) wire [63:0] \dut.kept_words$0.peek_data , \dut.kept_words$1.peek_data , \dut.kept_words$2.peek_data ;
    (* hierconn *) wire [63:0] \dut.kept_words$3.peek_data , \dut.kept_words$4.peek_data , \dut.kept_words$5.peek_data ;
    (* hierconn *) wire [31:0] \dut.count_event.peek_data , \dut.count_pick.peek_data ;
    (* hierconn *) wire [15:0] \dut.kept_stamp.peek_data ;
    assign \dut.kept_words$0.peek_address = followed;
    assign \dut.kept_words$1.peek_address = followed;
    assign \dut.kept_words$2.peek_address = followed;
    assign \dut.kept_words$3.peek_address = followed;
    assign \dut.kept_words$4.peek_address = followed;
    assign \dut.kept_words$5.peek_address = followed;
    assign \dut.kept_stamp.peek_address = followed;
    assign \dut.count_event.peek_address = followed;
    assign \dut.count_pick.peek_address = followed;
    wire [383:0] stored = { \dut.kept_words$5.peek_data , \dut.kept_words$4.peek_data , \dut.kept_words$3.peek_data ,
                            \dut.kept_words$2.peek_data , \dut.kept_words$1.peek_data , \dut.kept_words$0.peek_data };
    wire [1:0] alone = 2'd1 << followed;
    always @* begin
        proof_kept: assert ( \dut.kept_reg$q [followed] == pending);
        proof_stored: assert (!pending || (stored == text && \dut.kept_stamp.peek_data == text_stamp));
        proof_count: assert (!pending || ( \dut.count_event.peek_data == replaced &&
            \dut.count_pick.peek_data == replaced));
        proof_names: assert (!pending || text[63:32] == 0);
        proof_round: assert (( \dut.round_reg$q & ~ \dut.kept_reg$q ) == 0 && \dut.round_reg$q != 3);
        proof_second: assert (!(pending && turns == 1) || \dut.round_reg$q != ~alone);
        proof_third: assert (!(pending && turns == 2) || \dut.round_reg$q == alone);
    end
endmodule
