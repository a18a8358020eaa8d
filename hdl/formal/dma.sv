// The write port that both rings share: what it takes of a ring is offered once, unchanged, until the bus takes it; decisions go first.

//@ file dma
//@ module top
//@ bmc 8 abc
//@ induction 2
//@ twin offer-is-overwritten: `free = dma_ready | ~valid_reg$q;` -> `free = 1'b1;`
//@ twin market-is-dropped: `take_market = free & market_valid & ~decisions_valid;` -> `take_market = free & market_valid & ~decisions_valid & ~valid_reg$q;`
//@ twin words-of-the-other-ring: `word_reg$4$d = market_words$4;` -> `word_reg$4$d = decisions_words$4;`

module dma_formal (
    input wire clock,
    input wire reset,
    input wire decisions_valid,
    input wire [63:0] decisions_address,
    input wire [511:0] decisions,
    input wire market_valid,
    input wire [63:0] market_address,
    input wire [511:0] market,
    input wire dma_ready
);
    wire decisions_ready, market_ready, dma_valid;
    wire [63:0] dma_address;
    wire [511:0] dma;

    dut_module dut (
        .clock(clock), .reset(reset), .dma_ready(dma_ready), .dma_valid(dma_valid), .dma_address(dma_address),
        .decisions_valid(decisions_valid), .decisions_address(decisions_address), .decisions_ready(decisions_ready),
        .decisions_words$0(decisions[0+:64]), .decisions_words$1(decisions[64+:64]),
            .decisions_words$2(decisions[128+:64]),
        .decisions_words$3(decisions[192+:64]), .decisions_words$4(decisions[256+:64]),
            .decisions_words$5(decisions[320+:64]),
        .decisions_words$6(decisions[384+:64]), .decisions_words$7(decisions[448+:64]),
        .market_valid(market_valid), .market_address(market_address), .market_ready(market_ready),
        .market_words$0(market[0+:64]), .market_words$1(market[64+:64]), .market_words$2(market[128+:64]),
            .market_words$3(market[192+:64]),
        .market_words$4(market[256+:64]), .market_words$5(market[320+:64]), .market_words$6(market[384+:64]),
            .market_words$7(market[448+:64]),
        .dma_words$0(dma[0+:64]), .dma_words$1(dma[64+:64]), .dma_words$2(dma[128+:64]), .dma_words$3(dma[192+:64]),
        .dma_words$4(dma[256+:64]), .dma_words$5(dma[320+:64]), .dma_words$6(dma[384+:64]), .dma_words$7(dma[448+:64])
    );

    wire takes_decision = decisions_valid & decisions_ready;
    wire takes_market = market_valid & market_ready;
    reg started = 0;
    always @(posedge clock) begin
        started <= 1;
        one_at_a_time: assert (!(takes_decision && takes_market));
        decisions_first: assert (!(decisions_valid && (dma_ready || !dma_valid)) || takes_decision);
        market_next: assert (!(market_valid && !decisions_valid && (dma_ready || !dma_valid)) || takes_market);
        if (started) begin
            if ($past(reset)) dropped: assert (!dma_valid);
            else begin
                decision_offered: assert (!$past(takes_decision) || (dma_valid &&
                    dma_address == $past(decisions_address) && dma == $past(decisions)));
                market_offered: assert (!$past(takes_market) || (dma_valid &&
                    dma_address == $past(market_address) && dma == $past(market)));
                offer_stays: assert (!$past(dma_valid && !dma_ready) || (dma_valid &&
                    dma_address == $past(dma_address) && dma == $past(dma)));
                nothing_else: assert (!dma_valid || $past(takes_decision || takes_market || (dma_valid && !dma_ready)));
            end
        end
    end
endmodule
