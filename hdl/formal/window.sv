// One command window: no slot is lost, reordered or delivered twice; a wrong sequence number or a second write halts it for good;
// it never stalls: whatever the bus does, a whole slot at the head is consumed within a clock of the last command being taken.
//
// The environment is free: any beat in any clock, any `command_ready`, `halt` and `reset`. One slot is followed, an arbitrary one,
// so what holds for it holds for all. What `proof` lines name is the inside that the induction needs, not part of the promise.

//@ file window
//@ module top
//@ bmc 26 abc
//@ induction 2
//@ twin consume-keeps-the-head: `head_reg$d = head_reg$q + number_one;` -> `head_reg$d = head_reg$q;`
//@ twin overlap-is-accepted: `accept = running & beat_valid & ~|overlap;` -> `accept = running & beat_valid;`
//@ twin sequence-is-not-compared: `consume = take & (load_sequence == head_reg$q);` -> `consume = take;`
//@ twin error-does-not-halt: `running = ready_reg$q & ~(sequence_reg$q | overrun_reg$q | halt);` -> `running = ready_reg$q & ~halt;`
//@ twin beat-at-the-head-is-not-merged: `if (at_head & strobe[5]) begin` -> `if (at_head & strobe[4]) begin`
//@ twin pass-is-not-told-apart: `lap_beat = lap_head ^ behind;` -> `lap_beat = lap_head;`
//@ twin slot-overwrites-a-command: `free = ~(first_reg$q & second_reg$q) & (command_ready | ~(first_reg$q | second_reg$q));` -> `free = ~(first_reg$q & second_reg$q);`

module window_formal (
    input wire clock,
    input wire reset,
    input wire halt,
    input wire beat_valid,
    input wire [3:0] slot,
    input wire [7:0] strobe,
    input wire [511:0] words,
    input wire [15:0] stamp,
    input wire command_ready
);
    wire command_valid, sequence_error, overrun_error, ready, busy;
    wire [255:0] command;
    wire [15:0] command_stamp, consumed, expected, received;

    dut_module dut (
        .clock(clock), .reset(reset), .halt(halt), .beat_valid(beat_valid), .slot(slot), .strobe(strobe), .stamp(stamp),
        .words$0(words[0+:64]), .words$1(words[64+:64]), .words$2(words[128+:64]), .words$3(words[192+:64]),
        .words$4(words[256+:64]), .words$5(words[320+:64]), .words$6(words[384+:64]), .words$7(words[448+:64]),
        .command_ready(command_ready), .command_valid(command_valid), .command_stamp(command_stamp),
        .command_words$0(command[0+:64]), .command_words$1(command[64+:64]),
        .command_words$2(command[128+:64]), .command_words$3(command[192+:64]),
        .consumed(consumed), .sequence_error(sequence_error), .overrun_error(overrun_error),
        .expected(expected), .received(received), .ready(ready), .busy(busy)
    );

`ifdef TWIN
    // Twins are searched for with few words: sequence numbers, whether there is a command, and a byte of quadwords 0 and 5.
    always @* assume (!reset && stamp == 0 && words[495:328] == 0 && words[319:264] == 0 && words[255:8] == 0);
`endif

    // The followed slot: what it holds of its pass, with the beat of this clock.
    (* anyconst *) wire [3:0] followed;
    reg [7:0] held = 0;
    reg [511:0] text = 0;
    reg [15:0] text_stamp = 0;
    wire running = ready & ~sequence_error & ~overrun_error & ~halt;
    wire mine = running & beat_valid & (slot == followed);
    wire overlap = mine & |(held & strobe);
    wire [7:0] now = (mine & ~overlap) ? held | strobe : held;
    wire [15:0] stamp_now = (mine & ~overlap) ? stamp : text_stamp;
    wire [511:0] text_now;
    genvar i;
    for (i = 0; i < 8; i = i + 1)
        assign text_now[64 * i +: 64] = (mine & ~overlap & strobe[i]) ? words[64 * i +: 64] : text[64 * i +: 64];
    wire at_head = consumed[3:0] == followed;
    wire whole = at_head & &now;
    wire [15:0] number = text_now[511 -: 16];

    // Commands of the followed slot that are to be delivered, and how many of any slot were taken since the last one was consumed.
    reg first = 0, second = 0, following = 0;
    reg [511:0] sent = 0;
    reg [15:0] sent_stamp = 0;
    reg [1:0] taken = 0;
    wire take = command_valid & command_ready;
    (* hierconn *) wire [15:0] \dut.head_reg$d ;
    wire consumes = \dut.head_reg$d != consumed;

    reg started = 0;
    always @(posedge clock) begin
        started <= 1;
        text <= text_now;
        text_stamp <= stamp_now;
        held <= now;
        if (take) begin
            taken <= taken + 1;
            if (first) first <= 0; else second <= 0;
        end
        if (consumes) begin
            taken <= 0;
            following <= at_head;
            first <= at_head & |text_now[7:0];
            second <= at_head & |text_now[263:256];
            sent <= text_now;
            sent_stamp <= stamp_now;
            if (at_head) held <= 0;
        end
        if (reset) begin
            held <= 0;
            taken <= 0;
            first <= 0;
            second <= 0;
            following <= 0;
        end
    end

    always @(posedge clock) if (started) begin
        if (!$past(reset)) begin
            // Order: one slot at a time, and only one that is whole and carries the number that is due.
            in_order: assert (consumed == $past(consumed) || consumed == $past(consumed) + 16'd1);
            whole_and_due: assert (consumed == $past(consumed) || !$past(at_head) || $past(whole &&
                number == consumed));
            running_only: assert (consumed == $past(consumed) || $past(running));
            // Never stalled: a whole slot at the head is consumed, or found wrong, as soon as nothing waits before it.
            not_stalled: assert (!$past(whole && running && !command_valid) || consumed != $past(consumed) ||
                sequence_error || overrun_error);
            // A second write of a quadword is an overrun, nothing else is; both errors stay and halt.
            overrun_seen: assert (!$past(overlap) || overrun_error);
            overrun_only: assert (!overrun_error || $past(overrun_error) || $past(beat_valid &&
                (slot != followed || overlap)));
            gap_seen: assert (!$past(whole && running && !command_valid && number != consumed && !(beat_valid &&
                slot != followed)) || sequence_error || overrun_error);
            gap_only: assert (!sequence_error || $past(sequence_error) || !$past(at_head) || $past(whole &&
                number != consumed));
            gap_named: assert (!sequence_error || $past(sequence_error) || !$past(at_head) ||
                (expected == $past(consumed) && received == $past(number)));
            latched: assert (!$past(sequence_error || overrun_error) || (consumed == $past(consumed)));
            errors_stay: assert ((sequence_error || !$past(sequence_error)) && (overrun_error ||
                !$past(overrun_error)));
            names_stay: assert (!$past(sequence_error) || (expected == $past(expected) && received == $past(received)));
            // An offered command stays until it is taken.
            offer_stays: assert (!$past(command_valid && !command_ready) || (command_valid &&
                command == $past(command) && command_stamp == $past(command_stamp)));
        end
    end

    always @(posedge clock) begin
        // No command of a slot is offered twice or left out, and its words are those that were posted.
        at_most_two: assert (!command_valid || taken < 2);
        offered: assert (!following || command_valid == (first || second));
        first_words: assert (!first || (command == {16'd0, sent[239:0]} && command_stamp == sent_stamp));
        second_words: assert (first || !second || (command == {16'd0, sent[495:256]} && command_stamp == sent_stamp));
        none_left_behind: assert (!following || !consumes || reset || (!(first && second) && (take || !first &&
            !second)));
    end

    // The inside.
    (* hierconn *) wire [3:0] \dut.present_beat.peek_address , \dut.present_head.peek_address ,
        \dut.slot_stamps.peek_address , \dut.scrub_reg$q ;
    (* hierconn *) wire [7:0] \dut.present_beat.peek_data , \dut.present_head.peek_data ;
    (* hierconn *) wire [15:0] \dut.slot_stamps.peek_data ;
    (* hierconn *) wire \dut.first_reg$q , \dut.second_reg$q ;
    (* hierconn *) wire [3:0] \dut.slot_words$0.peek_address , \dut.slot_words$1.peek_address ,
        \dut.slot_words$2.peek_address , \dut.slot_words$3.peek_address ;
    (* hierconn *) wire [3:0] \dut.slot_words$4.peek_address , \dut.slot_words$5.peek_address ,
        \dut.slot_words$6.peek_address , \dut.slot_words$7.peek_address ;
    (* hierconn *) wire [63:0] \dut.slot_words$0.peek_data , \dut.slot_words$1.peek_data ,
        \dut.slot_words$2.peek_data , \dut.slot_words$3.peek_data ;
    (* hierconn *) wire [63:0] \dut.slot_words$4.peek_data , \dut.slot_words$5.peek_data ,
        \dut.slot_words$6.peek_data , \dut.slot_words$7.peek_data ;
    (* hierconn *) wire [63:0] \dut.current_reg$3$q , \dut.next_reg$0$q , \dut.next_reg$1$q , \dut.next_reg$2$q ,
        \dut.next_reg$3$q ;
    assign \dut.present_beat.peek_address = followed;
    assign \dut.present_head.peek_address = followed;
    assign \dut.slot_stamps.peek_address = followed;
    assign \dut.slot_words$0.peek_address = followed;
    assign \dut.slot_words$1.peek_address = followed;
    assign \dut.slot_words$2.peek_address = followed;
    assign \dut.slot_words$3.peek_address = followed;
    assign \dut.slot_words$4.peek_address = followed;
    assign \dut.slot_words$5.peek_address = followed;
    assign \dut.slot_words$6.peek_address = followed;
    assign \dut.slot_words$7.peek_address = followed;
    wire [511:0] stored = { \dut.slot_words$7.peek_data , \dut.slot_words$6.peek_data , \dut.slot_words$5.peek_data ,
        \dut.slot_words$4.peek_data ,
                            \dut.slot_words$3.peek_data , \dut.slot_words$2.peek_data , \dut.slot_words$1.peek_data ,
                                \dut.slot_words$0.peek_data };
    wire [255:0] behind = { \dut.next_reg$3$q , \dut.next_reg$2$q , \dut.next_reg$1$q , \dut.next_reg$0$q };
    wire odd = consumed[4] ^ (followed < consumed[3:0]);
    always @(posedge clock) begin
        proof_presence_beat: assert (!ready || \dut.present_beat.peek_data == (held ^ {8{odd}}));
        proof_presence_head: assert (!ready || \dut.present_head.peek_data == (held ^ {8{odd}}));
        proof_scrubbed: assert (ready || \dut.scrub_reg$q <= followed || (\dut.present_beat.peek_data == 0 &&
            \dut.present_head.peek_data == 0));
        proof_reset: assert (ready || (consumed == 0 && held == 0 && !sequence_error && !overrun_error &&
            !command_valid));
        proof_stamp: assert (held == 0 || \dut.slot_stamps.peek_data == text_stamp);
        proof_taken: assert ({1'b0, taken} + \dut.first_reg$q + \dut.second_reg$q <= 2);
        proof_following: assert (following ? ( \dut.first_reg$q == first && \dut.second_reg$q == second) :
            !(first || second));
        proof_behind: assert (!(first && second) || behind == sent[511:256]);
    end
    for (i = 0; i < 8; i = i + 1)
        always @(posedge clock) assert (!held[i] || stored[64 * i +: 64] == text[64 * i +: 64]);
endmodule
