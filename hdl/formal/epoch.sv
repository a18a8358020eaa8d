// The flip of the bank: active bank and epoch change together and only by a COMMIT whose epoch rises, whose rows were frozen under its epoch, are as
// many as it says and have its CRC, without a negative loss or a crossed mark; or by RESET. No operation of the pipeline is in flight when
// the bank flips and none enters in that clock, so each reads and writes the rows of one epoch. An operation of the orders stream carries the active
// bank; a row of the next bank is stored while its bank is the inactive one, never in the clock of a flip or while the bank is swept.
//
// All streams, conditions and results of the sweep are free; that a sweep which finds an old row does not flip is not part of this proof.
//
// Assumed: a command that the control stream shows stays until it is taken, unless RESET comes (`window`: offer_stays).

//@ file gate
//@ module sequencer
//@ bmc 7 abc
//@ induction 5
//@ twin flips-in-flight: `steps$idle = head$idle;` -> `steps$idle = 1'b1;`
//@ twin epoch-stays: `active_reg$d = ~active_reg$q;` -> `active_reg$d = active_reg$q;`
//@ twin commit-without-marks: `if (~(frozen_reg$q & same)) begin` -> `if (~same) begin`
//@ twin crc-is-not-compared: `if ((command_crc != crc$value) | (command_rows != rows_reg$q)) begin` -> `if (command_rows != rows_reg$q) begin`
//@ twin epoch-need-not-rise: `if (epoch <= epoch_reg$q) begin` -> `if (epoch < epoch_reg$q) begin`
//@ twin head-is-decided-early: `if (valid & ~busy) begin` -> `if (valid) begin`
//@ twin order-of-the-other-bank: `bank_reg$d = active;` -> `bank_reg$d = ~active;`
//@ twin order-enters-a-sweep: `((~steps$hold & ~watch_reg$q)` -> `((~watch_reg$q)`

module epoch_formal (
    input wire clock,
    input wire reset,
    input wire armed,
    input wire room,
    input wire ring_full,
    input wire fired,
    input wire orders_valid,
    input wire [63:0] orders_0,
    input wire [63:0] orders_1,
    input wire control_valid,
    input wire [63:0] control_0,
    input wire [63:0] control_1,
    input wire [63:0] control_2,
    input wire [63:0] control_3,
    input wire old_row
);
    localparam COMMIT = 8'h46;
    localparam BANKED = 16'h09f8, ORDERS = 22'h0f001f;

    wire [21:0] hot;
    wire [15:0] row_hot;
    wire [31:0] epoch;
    wire bank, control_ready, active, frozen, scrub, sweeping;

    dut_module dut (
        .clock(clock), .reset(reset), .armed(armed), .room(room), .ring_full(ring_full), .fired(fired), .fired_stamp(16'd0),
        .orders_valid(orders_valid), .orders_0(orders_0), .orders_1(orders_1), .orders_2(64'd0), .orders_3(64'd0), .orders_stamp(16'd0),
        .control_valid(control_valid), .control_0(control_0), .control_1(control_1), .control_2(control_2), .control_3(control_3),
        .control_stamp(16'd0), .control_ready(control_ready), .hot(hot), .bank(bank), .row_hot(row_hot), .active(active), .epoch(epoch),
        .frozen(frozen), .scrub(scrub), .sweeping(sweeping), .old_row(old_row)
    );

    (* hierconn *) wire [31:0] \dut.control_head.banks.gathering_reg$q , \dut.control_head.banks.rows_reg$q , \dut.control_head.banks.crc$value ;
    (* hierconn *) wire \dut.control_head.banks.negative_reg$q , \dut.control_head.banks.crossed_reg$q , \dut.control_head.banks$busy ;
    (* hierconn *) wire \dut.control_head.commit_reg$d , \dut.control_head.commit_reg$q , \dut.control_head.marks_reg$d , \dut.control_head.marks_reg$q ;
    (* hierconn *) wire \dut.steps$act , \dut.steps$hold , \dut.steps$restart , \dut.steps$execute , \dut.steps$flip , \dut.issue$enters ;
    (* hierconn *) wire \dut.second_reg$q ;
    (* hierconn, init = 16'd0 *) wire [15:0] \dut.head.interlock.pushed ;

    // The COMMIT at the head of the stream meets no obstacle.
    wire commits = control_valid && control_0[7:0] == COMMIT;
    wire [31:0] epoch_due = control_0[63:32];
    wire good = commits && epoch_due > epoch && frozen && \dut.control_head.banks.gathering_reg$q == epoch_due &&
        control_1[31:0] == \dut.control_head.banks.crc$value && control_1[63:32] == \dut.control_head.banks.rows_reg$q &&
        ! \dut.control_head.banks.negative_reg$q && ! \dut.control_head.banks.crossed_reg$q ;

    // The head of the stream has been decided about, and nothing has been done.
    wire decided = \dut.steps$execute | \dut.steps$restart | \dut.steps$act ;
    reg ran = 0;
    reg [15:0] seen = 0;
    always @(posedge clock) begin
        ran <= 1;
        seen <= {seen[14:0], |hot};
    end

    reg waits = 0;
    reg [255:0] shown = 0;
    always @(posedge clock) begin
        waits <= control_valid & ~control_ready & ~reset;
        shown <= {control_3, control_2, control_1, control_0};
    end
    always @* assume (!waits || (control_valid && {control_3, control_2, control_1, control_0} == shown));

    wire flips = \dut.steps$flip ;
    always @(posedge clock) if (ran && !$past(scrub)) begin
        together: assert ((active != $past(active)) == (epoch != $past(epoch)));
        only_by_a_good_commit: assert (active == $past(active) || $past(good));
        epoch_of_the_commit: assert (active == $past(active) || epoch == $past(epoch_due));
        none_in_flight: assert (active == $past(active) || (hot == 0 && seen[14:0] == 0));
        row_of_the_inactive: assert ((row_hot & BANKED) == 0 || (active == $past(active) && !$past(sweeping)));
        bank_of_the_order: assert ((hot & ORDERS) == 0 || bank == active);
        frozen_until_done: assert (frozen || !$past(frozen) || $past(commits));
    end
    always @(posedge clock) begin
        flipped: cover ((ran && !$past(scrub) && active && !$past(active)));
    end

    // The inside.
`ifdef TWIN
    // A flip is some hundred clocks from RESET, so twins and the cover begin in any state that the inside allows: registers that are named here have
    // no initial value.
    (* hierconn *) wire [3:0] \dut.steps.state_reg.q ;
    (* hierconn *) wire [1:0] \dut.steps.row_reg.q ;
    (* hierconn *) wire [31:0] \dut.control_head.banks.gathering_reg.q , \dut.control_head.banks.epoch_reg.q ;
    (* hierconn *) wire \dut.control_head.banks.frozen_reg.q , \dut.control_head.commit_reg.q ;
    always @* assume (ran || (!reset && all_of_the_inside));
`endif
    wire decided_holds = !decided || ( \dut.control_head.commit_reg$q == \dut.control_head.commit_reg$d &&
        \dut.control_head.marks_reg$q == \dut.control_head.marks_reg$d && control_valid && ! \dut.control_head.banks$busy );
    wire sweep_holds = !sweeping || (good && ! \dut.control_head.banks$busy );
    wire flip_holds = !flips || (sweeping && ! \dut.issue$enters && \dut.head.interlock.pushed == 0);
    wire second_holds = ! \dut.second_reg$q || !( \dut.steps$act | sweeping);
    wire seen_holds = (seen[14:0] & ~ \dut.head.interlock.pushed [15:1]) == 0 && (hot == 0 || \dut.head.interlock.pushed [0]);
    wire all_of_the_inside = decided_holds && sweep_holds && flip_holds && second_holds && seen_holds;
    always @* begin
        proof_decided: assert (decided_holds);
        proof_sweep: assert (sweep_holds);
        proof_flip: assert (flip_holds);
        proof_second: assert (second_holds);
        proof_seen: assert (seen_holds);
    end
endmodule
