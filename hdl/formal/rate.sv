// The reserve of a quantity at a price: gate lots times ceil(distance * tick / 2^8) times 2^e, never less; a distance or rate of 2^17 or more
// is flagged.
//
// Both products are those of one multiplication on each side, so the solver need not reason about multipliers: what goes in and what comes out
// is proved.

//@ file gate
//@ module x_reserve
//@ bmc 8 abc
//@ induction 8
//@ twin fraction-is-dropped-downwards: `rounded = product_reg$q + one_less;` -> `rounded = product_reg$q;`
//@ twin wide-distance-is-not-flagged: `wide_2_reg$d = |distance_reg$q[(32'h11)+:(16)];` -> `wide_2_reg$d = 1'b0;`
//@ twin wide-rate-is-not-flagged: `wide_4_reg$d = wide_3_reg$q | |rounded[(32'h19)+:(11)];` -> `wide_4_reg$d = wide_3_reg$q;`
//@ twin credit-on-the-good-side: `clamped = zero;` -> `clamped = ~zero;`
//@ twin exponent-of-another-clock: `amount = $unsigned(exponent_line$delayed) << two;` -> `amount = $unsigned(exponent) << two;`

module rate_formal (
    input wire clock,
    input wire [31:0] price,
    input wire sell,
    input wire [31:0] mark_buy,
    input wire [31:0] mark_sell,
    input wire [16:0] tick_buy,
    input wire [16:0] tick_sell,
    input wire [1:0] exponent,
    input wire signed [17:0] gate_lots
);
    wire wide;
    wire signed [17:0] per_lot;
    wire signed [47:0] reserve;

    dut_module dut (
        .clock(clock), .price(price), .sell(sell), .mark_buy(mark_buy), .mark_sell(mark_sell), .tick_buy(tick_buy),
            .tick_sell(tick_sell),
        .exponent(exponent), .gate_lots(gate_lots), .wide(wide), .per_lot(per_lot), .reserve(reserve)
    );

    // What is due, clock by clock: distance and tick, their product, its ceiling, the money.
    wire [31:0] distance = sell ? (mark_sell > price ? mark_sell - price : 0) :
        (price > mark_buy ? price - mark_buy : 0);
    reg [31:0] distance_1 = 0, distance_2 = 0;
    reg [16:0] tick_1 = 0, tick_2 = 0;
    reg far_3 = 0, far_4 = 0;
    reg [3:0] age = 0;
    reg [11:0] exponents = 0;
    (* hierconn *) wire signed [17:0] \dut.clamped_reg$q , \dut.tick_2_reg$q , \dut.rate_reg$q ;
    wire signed [17:0] left = \dut.clamped_reg$q , right = \dut.tick_2_reg$q , rate = \dut.rate_reg$q ;
    reg signed [35:0] product_3 = 0, product_4 = 0, money_5 = 0, money_6 = 0;
    always @(posedge clock) begin
        if (age != 6) age <= age + 1;
        distance_1 <= distance;
        distance_2 <= distance_1;
        tick_1 <= sell ? tick_sell : tick_buy;
        tick_2 <= tick_1;
        far_3 <= |distance_2[31:17];
        far_4 <= far_3;
        product_3 <= left * right;
        product_4 <= product_3;
        money_5 <= rate * gate_lots;
        money_6 <= money_5;
        exponents <= {exponents[9:0], exponent};
    end

    wire [35:0] product = product_4;
    wire [35:0] scaled = {10'd0, rate, 8'd0};
    wire signed [47:0] due = $signed({{12{money_6[35]}}, money_6}) <<< {exponents[11:10], 2'd0};
    always @(posedge clock) begin
        distance_never_negative: assert (age < 2 || (left[16:0] == distance_2[16:0] && !left[17]));
        tick_of_the_side: assert (age < 2 || (right[16:0] == tick_2 && !right[17]));
        rate_is_a_ceiling: assert (age < 4 || wide || (scaled >= product && scaled < product + 36'd256));
        rate_never_negative: assert (age < 4 || !rate[17]);
        rate_is_shown: assert (per_lot == rate);
        overflow_flagged: assert (age < 4 || wide == (far_4 || product > 36'd33554176));
        reserve_is_the_product: assert (age < 6 || reserve == due);
        proof_product: assert (age < 4 || far_4 || product_4 >= 0);
    end
endmodule
