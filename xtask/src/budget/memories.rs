//! Memories and multipliers of a build, as a function of its sizes: the `Ram`, `LutRam` and multiplier instances of the RTL.

use super::{Memory, Multipliers, Style};
use crossgate_contract::{command, Sizes, Window};

/// Events that a ring queues on the card.
const RING_QUEUE: usize = 32;
const RINGS: usize = 2;

/// Every memory of a build.
pub(crate) fn memories(sizes: &Sizes) -> Vec<Memory> {
    let mut memories = windows(sizes);
    memories.extend(rings());
    memories
}

/// Every multiplier of a build.
pub(crate) fn multipliers(_sizes: &Sizes) -> Vec<Multipliers> {
    Vec::new()
}

fn windows(sizes: &Sizes) -> Vec<Memory> {
    let windows = Window::ALL.len();
    let memory = |name, bits, copies| Memory {
        block: "window",
        name,
        style: Style::Lut,
        words: sizes.window_slots,
        bits,
        copies: windows * copies,
    };
    let quadwords = command::SLOT_BYTES / 8;
    vec![
        memory("quadwords of the slots", 64, quadwords),
        memory("stamp of the last beat of a slot", 16, 1),
        memory("quadwords present, for the beat and for the head", quadwords, 2),
    ]
}

fn rings() -> Vec<Memory> {
    let memory = |name, bits, copies| Memory {
        block: "ring",
        name,
        style: Style::Lut,
        words: RING_QUEUE,
        bits,
        copies: RINGS * copies,
    };
    vec![memory("words of queued events", 64, 7), memory("wait of queued events", 16, 1)]
}
