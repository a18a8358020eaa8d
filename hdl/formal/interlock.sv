// Two operations of one account, or of one slot, are never both in flight closer than the window: an operation that asks first and enters
// without a conflict enters at least 15 clocks behind the last one that holds its account or its slot. Nothing else conflicts.

//@ file gate
//@ module interlock
//@ bmc 17 z3
//@ induction 18
//@ twin slots-are-not-compared: `if (valid[j] && (accounts[j] == query_account || slots[j] == query_slot)) conflict = 1'b1;` -> `if (valid[j] && accounts[j] == query_account) conflict = 1'b1;`
//@ twin window-is-one-short: `for (j = 0; j <= 13; j = j + 1)` -> `for (j = 0; j <= 12; j = j + 1)`
//@ twin claims-are-ignored: `valid <= {valid[12:0], push & claims};` -> `valid <= {valid[12:0], push};`

module interlock_formal (
    input wire clock,
    input wire push,
    input wire claims,
    input wire [15:0] account,
    input wire [15:0] slot,
    input wire [15:0] query_account,
    input wire [15:0] query_slot
);
    // Clocks in which an operation holds its account and slot, and clocks until it has left no trace.
    localparam HELD = 14, GONE = 16;
    wire conflict, idle;

    dut_module dut (
        .clock(clock), .push(push), .claims(claims), .account(account), .slot(slot), .query_account(query_account),
            .query_slot(query_slot),
        .conflict(conflict), .idle(idle)
    );

    (* anyconst *) wire [15:0] one_account;
    (* anyconst *) wire [15:0] one_slot;
    reg [4:0] account_left = 0, slot_left = 0, busy_left = 0;
    always @(posedge clock) begin
        if (account_left != 0) account_left <= account_left - 1;
        if (slot_left != 0) slot_left <= slot_left - 1;
        if (busy_left != 0) busy_left <= busy_left - 1;
        if (push) busy_left <= GONE;
        if (push & claims & (account == one_account)) account_left <= HELD;
        if (push & claims & (slot == one_slot)) slot_left <= HELD;
    end

    wire enters = push & claims & ~conflict & (query_account == account) & (query_slot == slot);
    always @(posedge clock) begin
        account_apart: assert (!(enters && account == one_account) || account_left == 0);
        slot_apart: assert (!(enters && slot == one_slot) || slot_left == 0);
        account_conflicts: assert (!(query_account == one_account && account_left != 0) || conflict);
        slot_conflicts: assert (!(query_slot == one_slot && slot_left != 0) || conflict);
        nothing_else_conflicts: assert (!(conflict && query_account == one_account && query_slot == one_slot) ||
            account_left != 0 || slot_left != 0);
        idle_is_true: assert (idle == (busy_left == 0));
        proof_bounds: assert (account_left <= HELD && slot_left <= HELD && busy_left <= GONE);
    end
endmodule
