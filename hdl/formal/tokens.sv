// Message rate: in any span of time that begins with a message, what is charged and what a checked message adds to it is at most the burst and the
// time that has passed. A checked message that is sent leaves a credit of no less than nothing and no more than the burst; what is not sent costs
// nothing; the stored time is exactly max(time, now) + cost.
//
// One account is followed, an arbitrary one. Its messages enter at `go`; `sent` says at clock 15 whether one takes effect. Those that pass although
// `bad` (a CANCEL always does) are charged, too. A span begins with any message and ends with RESET. Costs, bursts and the card time are free.
//
// Assumed: a message of the account enters at least 15 clocks behind the one before (`interlock`); only it is sent for the account, at its clock 15;
// the card time at a checked message is below 2^48 - 2^32 microseconds.

//@ file gate
//@ module rate
//@ bmc 32 abc
//@ induction 1
//@ twin cost-is-forgotten: `sum_reg$d = $unsigned(base_reg$q) + $unsigned(cost_5$delayed);` -> `sum_reg$d = $unsigned(base_reg$q);`
//@ twin one-more-passes: `(sum_reg$q > allowed_reg$q);` -> `(sum_reg$q > allowed_reg$q + cost_5$delayed);`
//@ twin credit-is-hoarded: `if (later) begin` -> `if (1'b1) begin`
//@ twin unsent-costs: `tat_ram$write_enable = sent | scrub;` -> `tat_ram$write_enable = 1'b1;`
//@ twin time-wraps: `if (sum_reg$q[carry_index]) begin` -> `if (1'b0) begin`
//@ twin burst-of-another-clock: `now_5$data = now_4$delayed;` -> `now_5$data = now_3$delayed;`

module tokens_formal (
    input wire clock,
    input wire scrub,
    input wire [19:0] scrub_address,
    input wire [1:0] account,
    input wire [47:0] now,
    input wire [31:0] cost,
    input wire [31:0] burst,
    input wire [1:0] at_account,
    input wire sent,
    input wire go,
    input wire begins
);
    localparam LAST = 48'hffffffffffff;
    wire [47:0] tat;
    wire bad;

    dut_module dut (
        .clock(clock), .scrub(scrub), .scrub_address(scrub_address), .account(account), .now(now), .cost(cost), .burst(burst), .tat(tat), .bad(bad),
        .at_account(at_account), .sent(sent)
    );

    (* anyconst *) wire [1:0] followed;
    (* hierconn *) wire [1:0] \dut.tat_ram.peek_address ;
    (* hierconn *) wire [47:0] \dut.tat_ram.peek_data ;
    assign \dut.tat_ram.peek_address = followed;
    wire [47:0] stored = \dut.tat_ram.peek_data ;

    // The clock in which the message of the account is, and what it read.
    reg [3:0] clock_of = 0;
    reg [47:0] tat_of = 0, now_of = 0;
    reg [31:0] cost_of = 0, burst_of = 0;
    reg bad_of = 0;
    wire ends = clock_of == 15;
    wire charges = sent & (at_account == followed) & ~scrub;
    wire [47:0] base = tat_of > now_of ? tat_of : now_of;
    wire [48:0] sum = {1'b0, base} + cost_of;
    wire [48:0] allowed = {1'b0, now_of} + burst_of;
    wire [47:0] next = sum[48] ? LAST : sum[47:0];
    wire over = cost_of != 0 && sum > allowed;
    wire checked = charges & ~bad_of & (cost_of != 0);

    // What the account's time must be.
    reg [47:0] due = 0;
    // The span's beginning and all that it was charged, added up; it stands still at the end of time.
    reg counting = 0;
    reg [47:0] floor = 0;
    wire [47:0] begun = counting ? floor : now_of;
    wire [48:0] used = {1'b0, begun} + cost_of;

    always @* begin
        assume (!go || (account == followed && clock_of == 0 && !scrub));
        assume (!charges || ends);
        assume (!checked || now_of < 48'hffff00000000);
    end

    always @(posedge clock) begin
        if (go) clock_of <= 2;
        else if (clock_of != 0) clock_of <= ends ? 0 : clock_of + 1;
        if (go) begin
            tat_of <= due;
            now_of <= now;
        end
        if (clock_of == 2) begin
            cost_of <= cost;
            burst_of <= burst;
        end
        if (clock_of == 12) bad_of <= bad;
        if (charges) begin
            due <= next;
            floor <= used[48] ? LAST : used[47:0];
            if (!counting) counting <= begins;
        end
        if (scrub) begin
            clock_of <= 0;
            counting <= 0;
            if (scrub_address[1:0] == followed) due <= 0;
        end
    end

    always @* begin
        span_within_burst: assert (!checked || (used <= sum && sum <= allowed));
        credit_not_negative: assert (!checked || (next == sum[47:0] && !over));
        credit_within_burst: assert (!checked || next >= now_of);
        exact: assert (stored == due);
        shown: assert (clock_of != 2 || tat == tat_of);
        bad_is_true: assert (clock_of != 12 || bad == over);
        second_passes: cover ((checked && counting && floor != now_of && sum == allowed));
        second_fails: cover ((clock_of == 12 && bad && counting && burst_of != 0));
    end

    // The inside: the stored time runs ahead of the span, unless it has reached its end; and where the message is, clock by clock.
    // Naming a register here takes its initial value away, which is given back.
    (* hierconn *) wire [47:0] \dut.tat_3$delayed , \dut.tat_4$delayed , \dut.now_3$delayed , \dut.now_4$delayed , \dut.now_5$delayed ;
    (* hierconn *) wire \dut.later_reg$q , \dut.costs_6$delayed ;
    (* hierconn *) wire [47:0] \dut.base_reg$q ;
    (* hierconn *) wire [48:0] \dut.sum_reg$q , \dut.allowed_reg$q ;
    (* hierconn *) wire [31:0] \dut.cost_5$delayed , \dut.burst_5$delayed ;
    (* hierconn *) wire [47:0] \dut.next_line$delayed ;
    (* hierconn, init = 48'd0 *) wire [47:0] \dut.now_3.line_0 ;
    (* hierconn, init = 32'd0 *) wire [31:0] \dut.cost_5.line_0 , \dut.cost_5.line_1 , \dut.burst_5.line_0 , \dut.burst_5.line_1 ;
    (* hierconn, init = 1'd0 *) wire \dut.bad_line.line_0 , \dut.bad_line.line_1 , \dut.bad_line.line_2 , \dut.bad_line.line_3 , \dut.bad_line.line_4 ;
    (* hierconn, init = 48'd0 *) wire [47:0] \dut.next_line.line_0 , \dut.next_line.line_1 , \dut.next_line.line_2 , \dut.next_line.line_3 ;
    (* hierconn, init = 48'd0 *) wire [47:0] \dut.next_line.line_4 , \dut.next_line.line_5 , \dut.next_line.line_6 , \dut.next_line.line_7 ;
    wire [5:0] bads =
        { \dut.bad_line.line_0 , \dut.bad_line.line_1 , \dut.bad_line.line_2 , \dut.bad_line.line_3 , \dut.bad_line.line_4 , bad};
    always @* begin
        proof_ahead: assert (!counting || floor <= due);
        proof_clock: assert (clock_of != 1);
        proof_read: assert (clock_of == 0 || tat_of == due);
        proof_bad: assert (clock_of < 13 || bad_of == over);
        proof_2: assert (clock_of != 2 || \dut.now_3.line_0 == now_of);
        proof_3: assert (clock_of != 3 || ( \dut.tat_3$delayed == tat_of && \dut.now_3$delayed == now_of));
        proof_4: assert (clock_of != 4 || ( \dut.tat_4$delayed == tat_of && \dut.now_4$delayed == now_of && \dut.later_reg$q == (tat_of > now_of)));
        proof_5: assert (clock_of != 5 || ( \dut.base_reg$q == base && \dut.now_5$delayed == now_of));
        proof_cost_3: assert (clock_of != 3 || ( \dut.cost_5.line_0 == cost_of && \dut.burst_5.line_0 == burst_of));
        proof_cost_4: assert (clock_of != 4 || ( \dut.cost_5.line_1 == cost_of && \dut.burst_5.line_1 == burst_of));
        proof_cost_5: assert (clock_of != 5 || ( \dut.cost_5$delayed == cost_of && \dut.burst_5$delayed == burst_of));
        proof_6: assert (clock_of != 6 || ( \dut.sum_reg$q == sum && \dut.allowed_reg$q == allowed && \dut.costs_6$delayed == (cost_of != 0)));
        proof_bads: assert (clock_of < 7 || clock_of > 12 || bads[4'd12 - clock_of] == over);
        proof_7: assert (clock_of != 7 || \dut.next_line.line_0 == next);
        proof_8: assert (clock_of != 8 || \dut.next_line.line_1 == next);
        proof_9: assert (clock_of != 9 || \dut.next_line.line_2 == next);
        proof_10: assert (clock_of != 10 || \dut.next_line.line_3 == next);
        proof_11: assert (clock_of != 11 || \dut.next_line.line_4 == next);
        proof_12: assert (clock_of != 12 || \dut.next_line.line_5 == next);
        proof_13: assert (clock_of != 13 || \dut.next_line.line_6 == next);
        proof_14: assert (clock_of != 14 || \dut.next_line.line_7 == next);
        proof_15: assert (clock_of != 15 || \dut.next_line$delayed == next);
    end
endmodule
