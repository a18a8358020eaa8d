// One event ring: every event that enters leaves once, in order, at the entry and with the number that are due; the host's memory is never
// written beyond the entries that it has given free; `full` speaks in time.
//
// Assumed of the environment: an event comes only with `space`; `size` and `base` do not change (the host writes them while the ring rests).
// One word of one event is followed, both arbitrary. What `proof` lines name is the inside that the induction needs.

//@ file ring
//@ module top
//@ bmc 8 z3
//@ induction 1
//@ twin event-leaves-twice: `head_reg$d = head_reg$q + index_one;` -> `head_reg$d = head_reg$q;`
//@ twin host-is-overrun: `dma_valid = on_reg$q & |count_reg$q & (used <= mask_reg$q) & ~restart;` -> `dma_valid = on_reg$q & |count_reg$q & ~restart;`
//@ twin full-forgets-the-queue: `needed = used + $unsigned(count_reg$q);` -> `needed = used;`
//@ twin pushes-at-a-pop-are-lost: `if (pop & ~push) begin` -> `if (pop) begin`
//@ twin phase-is-inverted: `if (~phase) begin` -> `if (phase) begin`

module ring_formal (
    input wire clock,
    input wire reset,
    input wire event_valid,
    input wire [383:0] words,
    input wire [15:0] stamp,
    input wire [15:0] latency_base,
    input wire [47:0] cycle,
    input wire [31:0] consumer,
    input wire restart,
    input wire dma_ready,
    input wire follow
);
    (* anyconst *) wire [63:0] base;
    (* anyconst *) wire [4:0] size;
    wire space, room, full, dma_valid, busy;
    wire [31:0] producer;
    wire [63:0] dma_address;
    wire [511:0] dma;

    dut_module dut (
        .clock(clock), .reset(reset), .event_valid(event_valid), .stamp(stamp), .latency_base(latency_base),
            .cycle(cycle), .base(base),
        .size(size), .consumer(consumer), .restart(restart), .dma_ready(dma_ready), .space(space), .room(room),
            .full(full),
        .event_words$0(words[0+:64]), .event_words$1(words[64+:64]), .event_words$2(words[128+:64]),
        .event_words$3(words[192+:64]), .event_words$4(words[256+:64]), .event_words$5(words[320+:64]),
        .producer(producer), .dma_valid(dma_valid), .dma_address(dma_address), .busy(busy),
        .dma_words$0(dma[0+:64]), .dma_words$1(dma[64+:64]), .dma_words$2(dma[128+:64]), .dma_words$3(dma[192+:64]),
        .dma_words$4(dma[256+:64]), .dma_words$5(dma[320+:64]), .dma_words$6(dma[384+:64]), .dma_words$7(dma[448+:64])
    );

    always @* assume ((!event_valid || space) && which < 7);

    wire pop = dma_valid & dma_ready;
    wire [15:0] latency = cycle[15:0] - stamp;
    reg [6:0] queued = 0;
    reg [31:0] produced = 0;
    (* anyconst *) wire [2:0] which;
    wire [447:0] entering = {latency, cycle, words};
    // The followed event: whether it is inside, events before it, what leaves for it.
    reg inside = 0;
    reg [6:0] ahead = 0;
    reg [63:0] kept = 0;
    reg [15:0] waited = 0;
    reg ran = 0;
    always @(posedge clock) begin
        ran <= 1;
        queued <= queued + event_valid - pop;
        if (pop) produced <= produced + 1;
        if (inside & pop) begin
            if (ahead == 0) inside <= 0; else ahead <= ahead - 1;
        end
        if (follow & event_valid & ~inside) begin
            inside <= 1;
            ahead <= queued - pop;
            kept <= entering[64 * which +: 64];
            waited <= latency > latency_base ? latency - latency_base : 0;
        end
        if (restart) produced <= 0;
        if (reset) begin
            queued <= 0;
            produced <= 0;
            inside <= 0;
        end
    end

    wire on = size >= 4 && size <= 20;
    wire [31:0] entries = 32'd1 << size;
    always @* begin
        delivered: assert (!(inside && ahead == 0 && dma_valid) || (dma[64 * which +: 64] == kept &&
            dma[463:448] == waited));
        numbered: assert (!dma_valid || dma[495:464] == producer);
        phase: assert (!dma_valid || dma[511:496] == {~producer[size], 15'd0});
        placed: assert (!dma_valid || dma_address == base + {26'd0, producer & (entries - 32'd1), 6'd0});
        counted: assert (producer == produced);
        host_entry_free: assert (!dma_valid || (on && producer - consumer < entries));
        not_withheld: assert (!(ran && on && queued != 0 && producer - consumer < entries && !restart) || dma_valid);
        nothing_from_nothing: assert (!dma_valid || queued != 0);
        space_is_true: assert (space == (queued < 32));
        room_is_true: assert (room == (queued <= 16));
        busy_is_true: assert (busy == (queued != 0));
        full_in_time: assert (full || (on && (producer - consumer) + queued < entries));
        never_beyond: assert (queued <= 32);
    end

    // The inside.
    (* hierconn *) wire [4:0] \dut.head_reg$q , \dut.tail_reg$q ;
    (* hierconn *) wire [31:0] \dut.mask_reg$q ;
    (* hierconn *) wire \dut.on_reg$q ;
    (* hierconn *) wire [5:0] \dut.count_reg$q ;
    (* hierconn *) wire [4:0] \dut.queue_words$0.peek_address , \dut.queue_words$1.peek_address ,
        \dut.queue_words$2.peek_address , \dut.queue_words$3.peek_address ;
    (* hierconn *) wire [4:0] \dut.queue_words$4.peek_address , \dut.queue_words$5.peek_address ,
        \dut.queue_words$6.peek_address , \dut.queue_wait.peek_address ;
    (* hierconn *) wire [63:0] \dut.queue_words$0.peek_data , \dut.queue_words$1.peek_data ,
        \dut.queue_words$2.peek_data , \dut.queue_words$3.peek_data ;
    (* hierconn *) wire [63:0] \dut.queue_words$4.peek_data , \dut.queue_words$5.peek_data ,
        \dut.queue_words$6.peek_data ;
    (* hierconn *) wire [15:0] \dut.queue_wait.peek_data ;
    // Where the followed event lies.
    reg [4:0] place = 0;
    always @(posedge clock) if (follow & event_valid & ~inside) place <= \dut.tail_reg$q ;
    assign \dut.queue_words$0.peek_address = place;
    assign \dut.queue_words$1.peek_address = place;
    assign \dut.queue_words$2.peek_address = place;
    assign \dut.queue_words$3.peek_address = place;
    assign \dut.queue_words$4.peek_address = place;
    assign \dut.queue_words$5.peek_address = place;
    assign \dut.queue_words$6.peek_address = place;
    assign \dut.queue_wait.peek_address = place;
    wire [447:0] stored = { \dut.queue_words$6.peek_data , \dut.queue_words$5.peek_data ,
        \dut.queue_words$4.peek_data , \dut.queue_words$3.peek_data ,
                            \dut.queue_words$2.peek_data , \dut.queue_words$1.peek_data ,
                                \dut.queue_words$0.peek_data };
    always @* begin
        proof_stored: assert (!inside || (stored[64 * which +: 64] == kept && \dut.queue_wait.peek_data == waited));
        proof_ahead: assert (!inside || ahead < queued);
        proof_place: assert (!inside || place == \dut.head_reg$q + ahead[4:0]);
        proof_indices: assert ( \dut.tail_reg$q - \dut.head_reg$q == queued[4:0]);
        proof_count: assert ( \dut.count_reg$q == queued);
        proof_on: assert (!ran || ( \dut.on_reg$q == on && \dut.mask_reg$q == entries - 32'd1));
        proof_off: assert (ran || ! \dut.on_reg$q );
    end
endmodule
