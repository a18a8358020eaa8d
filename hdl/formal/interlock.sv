// Two operations of one account, of one slot, or of one venue ledger are never both in flight closer than the window: an operation that asks
// first and enters without a conflict enters at least 15 clocks behind the last one that holds its account or its slot. Nothing else conflicts,
// and the ledgers that are shown as held are those that operations of the window hold.
//
// Assumed: an operation that holds a venue ledger enters only while the ledger is not shown as held.

//@ file gate
//@ module interlock
//@ bmc 17 z3
//@ induction 1
//@ twin slots-are-not-compared: `if (valid[j] && (accounts[j] == query_account || slots[j] == query_slot)) conflict = 1'b1;` -> `if (valid[j] && accounts[j] == query_account) conflict = 1'b1;`
//@ twin window-is-one-short: `for (j = 0; j <= 13; j = j + 1)` -> `for (j = 0; j <= 12; j = j + 1)`
//@ twin ledger-is-freed-early: `if (members[13]) busy[numbers[13]] <= 1'b0;` -> `if (members[12]) busy[numbers[12]] <= 1'b0;`
//@ twin claims-are-ignored: `valid <= {valid[12:0], push & claims};` -> `valid <= {valid[12:0], push};`

module interlock_formal (
    input wire clock,
    input wire push,
    input wire claims,
    input wire [15:0] account,
    input wire [15:0] slot,
    input wire member,
    input wire [5:0] ledger,
    input wire [15:0] query_account,
    input wire [15:0] query_slot
);
    // Clocks in which an operation holds its account and slot, and clocks until it has left no trace.
    localparam HELD = 14, GONE = 16;
    wire conflict, idle;
    wire [63:0] ledgers;

    dut_module dut (
        .clock(clock), .push(push), .claims(claims), .account(account), .slot(slot), .member(member), .ledger(ledger),
        .query_account(query_account), .query_slot(query_slot), .conflict(conflict), .ledgers(ledgers), .idle(idle)
    );

    (* anyconst *) wire [15:0] one_account;
    (* anyconst *) wire [15:0] one_slot;
    (* anyconst *) wire [5:0] one_ledger;
    reg [4:0] account_left = 0, slot_left = 0, ledger_left = 0, busy_left = 0;
    always @(posedge clock) begin
        if (account_left != 0) account_left <= account_left - 1;
        if (slot_left != 0) slot_left <= slot_left - 1;
        if (ledger_left != 0) ledger_left <= ledger_left - 1;
        if (busy_left != 0) busy_left <= busy_left - 1;
        if (push) busy_left <= GONE;
        if (push & claims & (account == one_account)) account_left <= HELD;
        if (push & claims & (slot == one_slot)) slot_left <= HELD;
        if (push & claims & member & (ledger == one_ledger)) ledger_left <= HELD;
    end

    always @* assume (!(push & claims & member) || !ledgers[ledger]);

    wire enters = push & claims & ~conflict & (query_account == account) & (query_slot == slot);
    always @* begin
        account_apart: assert (!(enters && account == one_account) || account_left == 0);
        slot_apart: assert (!(enters && slot == one_slot) || slot_left == 0);
        account_conflicts: assert (!(query_account == one_account && account_left != 0) || conflict);
        slot_conflicts: assert (!(query_slot == one_slot && slot_left != 0) || conflict);
        nothing_else_conflicts: assert (!(conflict && query_account == one_account && query_slot == one_slot) ||
            account_left != 0 || slot_left != 0);
        ledger_shown: assert (ledgers[one_ledger] == (ledger_left != 0));
        idle_is_true: assert (idle == (busy_left == 0));
    end

    // The inside: the operations of the window, the newest first.
    // Naming a register here takes its initial value away, which is given back.
    (* hierconn, init = 14'd0 *) wire [13:0] \dut.valid , \dut.members ;
    (* hierconn, init = 16'd0 *) wire [15:0] \dut.pushed ;
    (* hierconn *) wire [15:0] \dut.accounts[0] , \dut.accounts[1] , \dut.accounts[2] , \dut.accounts[3] ,
        \dut.accounts[4] ;
    (* hierconn *) wire [15:0] \dut.accounts[5] , \dut.accounts[6] , \dut.accounts[7] , \dut.accounts[8] ,
        \dut.accounts[9] ;
    (* hierconn *) wire [15:0] \dut.accounts[10] , \dut.accounts[11] , \dut.accounts[12] , \dut.accounts[13] ;
    (* hierconn *) wire [15:0] \dut.slots[0] , \dut.slots[1] , \dut.slots[2] , \dut.slots[3] , \dut.slots[4] ;
    (* hierconn *) wire [15:0] \dut.slots[5] , \dut.slots[6] , \dut.slots[7] , \dut.slots[8] , \dut.slots[9] ;
    (* hierconn *) wire [15:0] \dut.slots[10] , \dut.slots[11] , \dut.slots[12] , \dut.slots[13] ;
    (* hierconn *) wire [5:0] \dut.numbers[0] , \dut.numbers[1] , \dut.numbers[2] , \dut.numbers[3] , \dut.numbers[4] ;
    (* hierconn *) wire [5:0] \dut.numbers[5] , \dut.numbers[6] , \dut.numbers[7] , \dut.numbers[8] , \dut.numbers[9] ;
    (* hierconn *) wire [5:0] \dut.numbers[10] , \dut.numbers[11] , \dut.numbers[12] , \dut.numbers[13] ;
    wire [13:0] accounts_held, slots_held, ledgers_held;
    assign accounts_held[0] = \dut.valid [0] & ( \dut.accounts[0] == one_account);
    assign slots_held[0] = \dut.valid [0] & ( \dut.slots[0] == one_slot);
    assign ledgers_held[0] = \dut.members [0] & ( \dut.numbers[0] == one_ledger);
    assign accounts_held[1] = \dut.valid [1] & ( \dut.accounts[1] == one_account);
    assign slots_held[1] = \dut.valid [1] & ( \dut.slots[1] == one_slot);
    assign ledgers_held[1] = \dut.members [1] & ( \dut.numbers[1] == one_ledger);
    assign accounts_held[2] = \dut.valid [2] & ( \dut.accounts[2] == one_account);
    assign slots_held[2] = \dut.valid [2] & ( \dut.slots[2] == one_slot);
    assign ledgers_held[2] = \dut.members [2] & ( \dut.numbers[2] == one_ledger);
    assign accounts_held[3] = \dut.valid [3] & ( \dut.accounts[3] == one_account);
    assign slots_held[3] = \dut.valid [3] & ( \dut.slots[3] == one_slot);
    assign ledgers_held[3] = \dut.members [3] & ( \dut.numbers[3] == one_ledger);
    assign accounts_held[4] = \dut.valid [4] & ( \dut.accounts[4] == one_account);
    assign slots_held[4] = \dut.valid [4] & ( \dut.slots[4] == one_slot);
    assign ledgers_held[4] = \dut.members [4] & ( \dut.numbers[4] == one_ledger);
    assign accounts_held[5] = \dut.valid [5] & ( \dut.accounts[5] == one_account);
    assign slots_held[5] = \dut.valid [5] & ( \dut.slots[5] == one_slot);
    assign ledgers_held[5] = \dut.members [5] & ( \dut.numbers[5] == one_ledger);
    assign accounts_held[6] = \dut.valid [6] & ( \dut.accounts[6] == one_account);
    assign slots_held[6] = \dut.valid [6] & ( \dut.slots[6] == one_slot);
    assign ledgers_held[6] = \dut.members [6] & ( \dut.numbers[6] == one_ledger);
    assign accounts_held[7] = \dut.valid [7] & ( \dut.accounts[7] == one_account);
    assign slots_held[7] = \dut.valid [7] & ( \dut.slots[7] == one_slot);
    assign ledgers_held[7] = \dut.members [7] & ( \dut.numbers[7] == one_ledger);
    assign accounts_held[8] = \dut.valid [8] & ( \dut.accounts[8] == one_account);
    assign slots_held[8] = \dut.valid [8] & ( \dut.slots[8] == one_slot);
    assign ledgers_held[8] = \dut.members [8] & ( \dut.numbers[8] == one_ledger);
    assign accounts_held[9] = \dut.valid [9] & ( \dut.accounts[9] == one_account);
    assign slots_held[9] = \dut.valid [9] & ( \dut.slots[9] == one_slot);
    assign ledgers_held[9] = \dut.members [9] & ( \dut.numbers[9] == one_ledger);
    assign accounts_held[10] = \dut.valid [10] & ( \dut.accounts[10] == one_account);
    assign slots_held[10] = \dut.valid [10] & ( \dut.slots[10] == one_slot);
    assign ledgers_held[10] = \dut.members [10] & ( \dut.numbers[10] == one_ledger);
    assign accounts_held[11] = \dut.valid [11] & ( \dut.accounts[11] == one_account);
    assign slots_held[11] = \dut.valid [11] & ( \dut.slots[11] == one_slot);
    assign ledgers_held[11] = \dut.members [11] & ( \dut.numbers[11] == one_ledger);
    assign accounts_held[12] = \dut.valid [12] & ( \dut.accounts[12] == one_account);
    assign slots_held[12] = \dut.valid [12] & ( \dut.slots[12] == one_slot);
    assign ledgers_held[12] = \dut.members [12] & ( \dut.numbers[12] == one_ledger);
    assign accounts_held[13] = \dut.valid [13] & ( \dut.accounts[13] == one_account);
    assign slots_held[13] = \dut.valid [13] & ( \dut.slots[13] == one_slot);
    assign ledgers_held[13] = \dut.members [13] & ( \dut.numbers[13] == one_ledger);
    reg [4:0] account_due, slot_due, ledger_due, busy_due;
    integer j;
    always @* begin
        account_due = 0;
        slot_due = 0;
        ledger_due = 0;
        busy_due = 0;
        for (j = HELD - 1; j >= 0; j = j - 1) begin
            if (accounts_held[j]) account_due = HELD - j;
            if (slots_held[j]) slot_due = HELD - j;
            if (ledgers_held[j]) ledger_due = HELD - j;
        end
        for (j = GONE - 1; j >= 0; j = j - 1) if ( \dut.pushed [j]) busy_due = GONE - j;
    end
    always @* begin
        proof_account: assert (account_left == account_due);
        proof_slot: assert (slot_left == slot_due);
        proof_ledger: assert (ledger_left == ledger_due && (ledgers_held & (ledgers_held - 14'd1)) == 0);
        proof_busy: assert (busy_left == busy_due);
    end
endmodule
