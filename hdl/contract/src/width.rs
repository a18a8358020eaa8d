//! Fixed-point widths of the card, with the arithmetic that proves them.

use crate::field::hash_u64;

/// Native lots: positions are signed in this width, order quantities and open lots unsigned below the sign bit.
pub const LOTS_BITS: u32 = 40;
/// Prices: unsigned ticks; 0 is "no price".
pub const PRICE_BITS: u32 = 32;
/// Gate-lot end points (`hi`, `lo`): signed operands of one DSP multiplier.
pub const GATE_LOT_BITS: u32 = 18;
/// Loss mantissas: signed operands of one DSP multiplier.
pub const LOSS_BITS: u32 = 18;
/// Price distance from the bank mark in ticks, and the reserve rate, both unsigned below the sign bit of a DSP operand.
pub const RATE_BITS: u32 = 17;
/// Tick values are unsigned with this many bits; their unit is `2^exponent / 2^TICK_FRACTION_BITS` money units per
/// gate lot and tick.
pub const TICK_BITS: u32 = 17;
/// Fraction bits of a tick value.
pub const TICK_FRACTION_BITS: u32 = 8;
/// Money: signed, unit 1e-4 of the account currency.
pub const MONEY_BITS: u32 = 48;
/// Money units in one unit of the account currency.
pub const MONEY_PER_UNIT: i64 = 10_000;
/// Book lots of one cell.
pub const QUANTITY_BITS: u32 = 32;
/// Sum of the book lots of up to 16 venues.
pub const TOTAL_BITS: u32 = QUANTITY_BITS + 4;
/// Exponents that a loss row can name: `EXPONENTS[code]`.
pub const EXPONENTS: [u32; 4] = [0, 4, 8, 12];
/// Largest shift from native lots to gate lots.
pub const GATE_LOT_SHIFT_MAX: u32 = 31;
/// A window's base is a multiple of this many ticks.
pub const BASE_ALIGN_TICKS: u32 = 128;
/// Cycle counts.
pub const CYCLE_BITS: u32 = 48;
/// Slot generations.
pub const GENERATION_BITS: u32 = 16;

// f_s(q) = q * loss: 18 x 18 signed bits give at most 2^34 in magnitude; shifted by the largest exponent 2^46, which
// leaves a sign and one carry in 48 bits.
const _: () = assert!((GATE_LOT_BITS - 1) + (LOSS_BITS - 1) + EXPONENTS[3] < MONEY_BITS - 1);
// A difference of two such values needs one bit more and still fits.
const _: () = assert!((GATE_LOT_BITS - 1) + (LOSS_BITS - 1) + EXPONENTS[3] + 1 < MONEY_BITS);
// diff * tick is at most 34 bits before the fraction is dropped.
const _: () = assert!(RATE_BITS + TICK_BITS <= 36);
// reserve = gate lots * rate << exponent fits money.
const _: () = assert!((GATE_LOT_BITS - 1) + RATE_BITS + EXPONENTS[3] < MONEY_BITS);
// the open lots of one side stay below the sign bit of a position.
const _: () = assert!(LOTS_BITS <= 40);

/// Hash of the widths.
pub const fn hash(hash: u64) -> u64 {
    let mut hash = hash;
    let all = [
        LOTS_BITS,
        PRICE_BITS,
        GATE_LOT_BITS,
        LOSS_BITS,
        RATE_BITS,
        TICK_BITS,
        TICK_FRACTION_BITS,
        MONEY_BITS,
        QUANTITY_BITS,
        TOTAL_BITS,
        GATE_LOT_SHIFT_MAX,
        BASE_ALIGN_TICKS,
        CYCLE_BITS,
        GENERATION_BITS,
    ];
    let mut index = 0;
    while index < all.len() {
        hash = hash_u64(hash, all[index] as u64);
        index += 1;
    }
    hash
}
