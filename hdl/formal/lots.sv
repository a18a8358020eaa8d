// Native lots to gate lots: rounded up (or down) exactly, so never against the safe side, and every result beyond 18 bits is flagged.
//
// Assumed: the value with the rounding added stays within 42 bits; end points have 40.

//@ file gate
//@ module after_lots
//@ bmc 4 abc
//@ induction 3
//@ twin floor-of-negatives-is-lost: `low = ~shifted[(32'h0)+:(18)];` -> `low = -shifted[(32'h0)+:(18)];`
//@ twin one-bit-is-not-flagged: `wide_reg$d = |shifted[(32'h11)+:(25)];` -> `wide_reg$d = |shifted[(32'h12)+:(24)];`
//@ twin nothing-is-added: `sum_reg$d = value + $signed(mask);` -> `sum_reg$d = value;`

module lots_formal (
    input wire clock,
    input wire signed [41:0] value,
    input wire up,
    input wire [4:0] shift
);
    wire wide;
    wire signed [17:0] lots;
    wire [41:0] mask = up ? (42'd1 << shift) - 42'd1 : 42'd0;

    dut_module dut (.clock(clock), .value(value), .mask(mask), .shift(shift), .lots(lots),
        .wide(wide));

    always @* assume (value < 42'sh1ff80000000);

    reg signed [79:0] value_1 = 0, value_2 = 0;
    reg up_1 = 0, up_2 = 0;
    reg [4:0] shift_1 = 0, shift_2 = 0;
    reg [1:0] age = 0;
    always @(posedge clock) begin
        if (age != 2) age <= age + 1;
        value_1 <= value;
        value_2 <= value_1;
        up_1 <= up;
        up_2 <= up_1;
        shift_1 <= shift;
        shift_2 <= shift_1;
    end

    wire signed [79:0] unit = 80'sd1 <<< shift_2;
    wire signed [79:0] scaled = $signed({{62{lots[17]}}, lots}) <<< shift_2;
    wire signed [79:0] least = -80'sd131072 <<< shift_2, most = 80'sd131071 <<< shift_2;
    always @(posedge clock) if (age == 2) begin
        ceiling: assert (wide || !up_2 || (scaled >= value_2 && scaled - unit < value_2));
        floor: assert (wide || up_2 || (scaled <= value_2 && scaled + unit > value_2));
        flagged: assert (wide == (up_2 ? (value_2 > most || value_2 <= least - unit) : (value_2 >= most + unit ||
            value_2 < least)));
    end
endmodule
