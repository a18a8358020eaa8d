//! Feature bits of the identity block: which parts of the contract a build implements.

/// BOOK: levels, resets, slides, depth, heartbeats.
pub const BOOK: u32 = 1 << 0;
/// GATE: pool ledger, ABS/MONEY lanes with offsets, two banks.
pub const GATE_POOL: u32 = 1 << 1;
/// Venue ledgers beside the pool.
pub const GATE_VENUE: u32 = 1 << 2;
/// REL and UNIT lanes.
pub const LANES_REL_UNIT: u32 = 1 << 3;
/// Sweep and audit run beside live orders.
pub const SWEEP_CONCURRENT: u32 = 1 << 4;
/// Closing rule, REPLACE, MASS_CANCEL, buckets, watchdogs, box, notional, egress.
pub const ORDERS_FULL: u32 = 1 << 5;
/// COMMIT checks the CRC and the epochs of every row.
pub const COMMIT_CHECKED: u32 = 1 << 6;

/// Names of the bits, low bit first.
pub const NAMES: &[(&str, u32)] = &[
    ("book", BOOK),
    ("gate_pool", GATE_POOL),
    ("gate_venue", GATE_VENUE),
    ("lanes_rel_unit", LANES_REL_UNIT),
    ("sweep_concurrent", SWEEP_CONCURRENT),
    ("orders_full", ORDERS_FULL),
    ("commit_checked", COMMIT_CHECKED),
];
