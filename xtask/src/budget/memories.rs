//! Memories and multipliers of a build, as a function of its sizes: the `Ram`, `LutRam` and multiplier instances of the RTL.

use super::{Memory, Multipliers, Style};
use crossgate_contract::{command, width, Sizes, Window};

/// Events that a ring queues on the card.
const RING_QUEUE: usize = 32;
const RINGS: usize = 2;
/// Messages that egress holds: the queue and a whole pipeline.
const EGRESS_QUEUE: usize = 32;
/// Entries of the table of heartbeats: the venues that a contract allows.
const VENUES: usize = 16;
const BANKS: usize = 2;
/// Bits of a sum of money over every cell or slot.
const SUM: usize = 60;

/// Every memory of a build.
pub(crate) fn memories(sizes: &Sizes) -> Vec<Memory> {
    let mut memories = windows(sizes);
    memories.extend(rings());
    memories.extend(market(sizes));
    memories.extend(book(sizes));
    memories.extend(gate_tables(sizes));
    memories.extend(gate_ledgers(sizes));
    memories.extend(gate_admission(sizes));
    memories.extend(touches(sizes));
    memories.extend(egress());
    memories
}

/// Every multiplier of a build.
pub(crate) fn multipliers(sizes: &Sizes) -> Vec<Multipliers> {
    vec![
        Multipliers { block: "gate lanes", name: "end points times losses", copies: 3 * sizes.lanes },
        Multipliers {
            block: "gate rates",
            name: "price distance times tick value, lots times rate",
            copies: 2 * RATES,
        },
        Multipliers { block: "gate admission", name: "lots times price, parts of 17 bits", copies: 6 },
        Multipliers { block: "touches", name: "touch times native ticks, parts of 17 bits", copies: 2 },
    ]
}

/// Rates that GATE computes side by side: X and both Y.
const RATES: usize = 3;

/// A width of the contract as a count; 32 bits fit every `usize` that this runs on.
const fn bits(width: u32) -> usize {
    width as usize
}

/// A list of memories of one block that differ in name, style, words, bits and copies.
fn list(block: &'static str, rows: &[(&'static str, Style, usize, usize, usize)]) -> Vec<Memory> {
    let memory = |&(name, style, words, bits, copies): &_| Memory { block, name, style, words, bits, copies };
    rows.iter().map(memory).collect()
}

fn windows(sizes: &Sizes) -> Vec<Memory> {
    let (windows, words, quadwords) = (Window::ALL.len(), sizes.window_slots, command::SLOT_BYTES / 8);
    list(
        "windows",
        &[
            ("quadwords of the slots", Style::Lut, words, 64, windows * quadwords),
            ("stamp of the last beat of a slot", Style::Lut, words, 16, windows),
            ("quadwords present, for the beat and for the head", Style::Lut, words, quadwords, 2 * windows),
        ],
    )
}

fn rings() -> Vec<Memory> {
    list(
        "rings",
        &[
            ("words of queued events", Style::Lut, RING_QUEUE, 64, 7 * RINGS),
            ("wait of queued events", Style::Lut, RING_QUEUE, 16, RINGS),
        ],
    )
}

fn market(sizes: &Sizes) -> Vec<Memory> {
    list(
        "market",
        &[
            ("time of the last heartbeat of a venue", Style::Lut, VENUES, bits(width::CYCLE_BITS), 1),
            ("words of the newest BBO of a book", Style::Lut, sizes.books, 64, 6),
            ("stamp of the newest BBO of a book", Style::Lut, sizes.books, 16, 1),
            ("conflations of a book", Style::Lut, sizes.books, 32, 2),
        ],
    )
}

fn book(sizes: &Sizes) -> Vec<Memory> {
    let (ticks, books, venues) = (sizes.window_ticks, sizes.books, sizes.venues);
    let price = bits(width::PRICE_BITS);
    let sides = 2 * books;
    let word = if ticks > 1_024 { 64 } else { 32 };
    let words = ticks / word;
    let word_log2 = bits(word.ilog2());
    let lap = price - bits(ticks.ilog2());
    list(
        "book",
        &[
            ("quantities, a venue", Style::Block, sides * ticks, bits(width::QUANTITY_BITS), venues),
            ("words of the tick bitmap, a venue", Style::Block, sides * words, word, venues),
            (
                "valid words, occupied words, lowest and highest tick of each word",
                Style::Lut,
                sides,
                words,
                (2 + word_log2) * venues,
            ),
            ("base of a book, in front", Style::Lut, books, price + 1, 1),
            ("base of a book and side", Style::Lut, sides, price + 1, 1),
            ("window of a book and side", Style::Lut, sides, lap, 1),
            ("enabled venues of a book", Style::Lut, books, venues, 1),
            ("price and venues of the last BBO, a side", Style::Lut, books, price + 16, 2),
            ("quantity of the last BBO, a side", Style::Lut, books, bits(width::TOTAL_BITS), 2),
            ("refilling flag of the last BBO", Style::Lut, books, 1, 1),
        ],
    )
}

fn gate_tables(sizes: &Sizes) -> Vec<Memory> {
    let (accounts, instruments, slots) = (sizes.accounts, sizes.instruments, sizes.slots);
    let (venues, ledgers) = (sizes.venues, sizes.venue_ledgers);
    let cells = accounts * instruments;
    let (lots, price) = (bits(width::LOTS_BITS), bits(width::PRICE_BITS));
    list(
        "gate tables",
        &[
            ("words of the INSTRUMENT row", Style::Block, instruments, 64, 4),
            ("ACCOUNT row: lanes and whether it exists", Style::Block, accounts, 33, 1),
            ("halted accounts, row flags", Style::Block, accounts, 3, 1),
            ("halted instruments", Style::Block, instruments, 1, 1),
            ("mark row, first word, active and shadow", Style::Block, BANKS * instruments, 32, 2),
            ("mark row, other words, active and shadow", Style::Block, BANKS * instruments, 64, 4),
            ("slot: head", Style::Block, slots, 64, 1),
            ("slot: lots and cumulative lots", Style::Block, slots, lots, 2),
            ("slot: price", Style::Block, slots, price, 1),
            ("slot: whether a REPLACE is pending, and anew", Style::Block, slots, 2, 1),
            ("slot: lots before a REPLACE and those asked for", Style::Block, slots, lots, 2),
            ("slot: price before a REPLACE and the one asked for", Style::Block, slots, 2 * price, 1),
            ("slot: owning account", Style::Block, slots, bits(accounts.ilog2()), 1),
            ("slot: owning instrument", Style::Block, slots, bits(instruments.ilog2()), 1),
            ("cell: position, open bids, open asks", Style::Block, cells, lots, 3),
            ("cell: position from which REL lanes count", Style::Block, BANKS * cells, lots + 1, 1),
            ("venue of an instrument, for orders and for the sweep", Style::Lut, instruments, 8, 2),
            ("venue ledger of an account, a venue, for orders and for the sweep", Style::Lut, accounts, 8, 2 * venues),
            ("VENUE_LEDGER row", Style::Block, accounts * venues, 40, 1),
            ("row flags of a venue ledger", Style::Block, ledgers, 2, 1),
            ("rows of an instrument in the inactive bank", Style::Lut, instruments, 17, 1),
            ("rows of a pool ledger in the inactive bank", Style::Lut, accounts, 33, 1),
            ("rows of a venue ledger in the inactive bank", Style::Lut, ledgers, 33, 1),
            ("complete rows of an instrument", Style::Block, BANKS * instruments, 1, 1),
            ("complete rows of a pool ledger", Style::Block, BANKS * accounts, 1, 1),
            ("complete rows of a venue ledger", Style::Block, BANKS * ledgers, 1, 1),
        ],
    )
}

fn gate_admission(sizes: &Sizes) -> Vec<Memory> {
    let (accounts, instruments, time) = (sizes.accounts, sizes.instruments, bits(width::CYCLE_BITS));
    list(
        "gate admission",
        &[
            ("greatest lots times price", Style::Block, instruments, 64, 1),
            ("native ticks of a book tick, and whether the row exists", Style::Block, instruments, 17, 1),
            ("most open orders", Style::Block, accounts, 16, 1),
            ("cost and burst of messages", Style::Block, accounts, 32, 2),
            ("open orders", Style::Block, accounts, 16, 1),
            ("theoretical arrival time", Style::Block, accounts, time, 1),
            ("time of the last heartbeat of a venue", Style::Lut, sizes.venues, time, 1),
            ("epoch of the last COLLATERAL of a pool ledger", Style::Block, accounts, 32, 1),
            ("time of the last COLLATERAL of a pool ledger", Style::Block, accounts, time, 1),
            ("epoch of the last COLLATERAL of a venue ledger", Style::Block, sizes.venue_ledgers, 32, 1),
            ("time of the last COLLATERAL of a venue ledger", Style::Block, sizes.venue_ledgers, time, 1),
        ],
    )
}

fn touches(sizes: &Sizes) -> Vec<Memory> {
    let price = bits(width::PRICE_BITS);
    list(
        "touches",
        &[
            ("touch of a side, a venue", Style::Lut, sizes.books, price + 1, 2 * sizes.venues),
            ("touch of a side, for orders and for boxes", Style::Lut, sizes.books, price + 1, 4),
            ("refilling flag", Style::Lut, sizes.books, 1, 1),
            ("box of a book in a bank, for touches and for READ", Style::Lut, sizes.books, 2 * price, 2 * BANKS),
        ],
    )
}

fn egress() -> Vec<Memory> {
    list("egress", &[("words of a message, and of a MASS_CANCEL", Style::Lut, EGRESS_QUEUE, 64, 2 * 4)])
}

fn gate_ledgers(sizes: &Sizes) -> Vec<Memory> {
    let lanes = sizes.lanes;
    let (money, loss) = (bits(width::MONEY_BITS), bits(width::LOSS_BITS));
    let mut memories = Vec::new();
    for ledgers in [sizes.accounts, sizes.venue_ledgers] {
        memories.extend(list(
            "gate ledgers",
            &[
                ("headroom, for the least limit and for the debit", Style::Block, ledgers, money, 2),
                ("collateral", Style::Block, BANKS * ledgers, money + 2, 1),
                ("Y, a bank", Style::Block, ledgers, money, BANKS),
                ("X of the sweep", Style::Lut, ledgers, SUM, 1),
                ("slack of a lane, for the least limit and for the debit", Style::Block, ledgers, money, 2 * lanes),
                ("offset and sum of a lane in the inactive bank", Style::Lut, ledgers, SUM, lanes),
            ],
        ));
    }
    memories.extend(list(
        "gate lanes",
        &[("losses long and short", Style::Block, BANKS * sizes.instruments, 2 * loss, lanes)],
    ));
    memories
}
