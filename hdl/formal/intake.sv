// The registered pins of the bus: a beat reaches exactly the window that it names, one clock later and unchanged; window 3 is none.

//@ file intake
//@ module top
//@ bmc 8 abc
//@ induction 2
//@ twin window-is-not-compared: `market_reg$d = beat_valid & (beat_window == market_number);` -> `market_reg$d = beat_valid;`
//@ twin word-is-another: `word_reg$6$d = beat_words$6;` -> `word_reg$6$d = beat_words$5;`

module intake_formal (
    input wire clock,
    input wire beat_valid,
    input wire [1:0] beat_window,
    input wire [15:0] beat_slot,
    input wire [7:0] beat_strobe,
    input wire [511:0] beat_words,
    input wire [47:0] cycle
);
    wire orders, market, control;
    wire [3:0] slot;
    wire [7:0] strobe;
    wire [511:0] words;
    wire [15:0] stamp;

    dut_module dut (
        .clock(clock), .beat_valid(beat_valid), .beat_window(beat_window), .beat_slot(beat_slot),
            .beat_strobe(beat_strobe), .cycle(cycle),
        .beat_words$0(beat_words[0+:64]), .beat_words$1(beat_words[64+:64]), .beat_words$2(beat_words[128+:64]),
            .beat_words$3(beat_words[192+:64]),
        .beat_words$4(beat_words[256+:64]), .beat_words$5(beat_words[320+:64]), .beat_words$6(beat_words[384+:64]),
            .beat_words$7(beat_words[448+:64]),
        .orders(orders), .market(market), .control(control), .slot(slot), .strobe(strobe), .stamp(stamp),
        .words$0(words[0+:64]), .words$1(words[64+:64]), .words$2(words[128+:64]), .words$3(words[192+:64]),
        .words$4(words[256+:64]), .words$5(words[320+:64]), .words$6(words[384+:64]), .words$7(words[448+:64])
    );

    reg started = 0;
    always @(posedge clock) begin
        started <= 1;
        if (started) begin
            routed: assert ({control, market, orders} == ($past(beat_valid &&
                beat_window != 3) ? 3'd1 << $past(beat_window) : 3'd0));
            unchanged: assert (slot == $past(beat_slot[3:0]) && strobe == $past(beat_strobe) &&
                words == $past(beat_words));
            stamped: assert (stamp == $past(cycle[15:0]));
        end
    end
endmodule
