//! Named sets of build sizes. The driver reads them from the identity block; nothing else of the contract depends on
//! them.

/// The sizes of one build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Name of the set.
    pub name: &'static str,
    /// Number in the identity block.
    pub id: u32,
    /// Venues of a book, at most 16.
    pub venues: usize,
    /// Consolidated books.
    pub books: usize,
    /// Ticks of a book's window; a power of two, at least 256.
    pub window_ticks: usize,
    /// Accounts; each has a pool ledger.
    pub accounts: usize,
    /// Venue ledgers; accounts that share collateral at a venue share one.
    pub venue_ledgers: usize,
    /// Instruments.
    pub instruments: usize,
    /// Scenario lanes, even, at most 32.
    pub lanes: usize,
    /// Order slots.
    pub slots: usize,
    /// 64-byte slots of each command window; a power of two.
    pub window_slots: usize,
}

/// Small enough for exhaustive tests and quick equivalence runs.
pub const TINY: Sizes = Sizes {
    name: "tiny",
    id: 1,
    venues: 2,
    books: 2,
    window_ticks: 256,
    accounts: 4,
    venue_ledgers: 4,
    instruments: 4,
    lanes: 4,
    slots: 16,
    window_slots: 16,
};

/// Fits an LFE5UM5G-85F.
pub const ECP5: Sizes = Sizes {
    name: "ecp5",
    id: 2,
    venues: 4,
    books: 4,
    window_ticks: 1024,
    accounts: 16,
    venue_ledgers: 16,
    instruments: 64,
    lanes: 16,
    slots: 1024,
    window_slots: 64,
};

/// `ecp5` with eight books: the default of the simulated cards, for desks that watch more products than the small
/// part has block RAM for.
pub const DESK: Sizes = Sizes { name: "desk", id: 3, books: 8, ..ECP5 };

/// For an UltraScale+ part.
pub const USPLUS: Sizes = Sizes {
    name: "usplus",
    id: 4,
    venues: 8,
    books: 64,
    window_ticks: 4096,
    accounts: 256,
    venue_ledgers: 256,
    instruments: 1024,
    lanes: 32,
    slots: 16_384,
    window_slots: 64,
};

/// Every named set.
pub const SETS: &[Sizes] = &[TINY, ECP5, DESK, USPLUS];

impl Sizes {
    /// The set of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        SETS.iter().copied().find(|sizes| sizes.name == name)
    }

    /// The set with this number in the identity block.
    pub fn by_id(id: u32) -> Option<Self> {
        SETS.iter().copied().find(|sizes| sizes.id == id)
    }
}
