//! A trace as text, one line a command, register write or event.

use super::{Entry, Record, TraceError};
use crate::describe;
use crossgate_contract::command::Nop;
use crossgate_contract::register;
use crossgate_contract::window::SLOT_SEQUENCE;
use std::fmt::Write;

/// Hands every line of the text to `line`. NOPs are not shown.
///
/// # Errors
/// Those of the reader; what came before was shown.
pub fn show(
    records: impl IntoIterator<Item = Result<Record, TraceError>>,
    mut line: impl FnMut(&str),
) -> Result<(), TraceError> {
    for record in records {
        let Record { time_us, entry } = record?;
        match entry {
            Entry::Slot(window, words) => {
                let sequence = SLOT_SEQUENCE.get(&words);
                for half in [[words[0], words[1], words[2], words[3]], [words[4], words[5], words[6], words[7]]] {
                    if half[0].to_le_bytes()[0] != Nop::CODE {
                        line(&format!("{time_us:>14} > {window:?} {sequence}: {}", describe::command(&half)));
                    }
                }
            }
            Entry::Register { offset, value } => {
                let known = register::ALL.iter().find(|register| register.offset == offset);
                let name = known.map_or("unknown", |register| register.name);
                line(&format!("{time_us:>14} > {name} = {value:#010x}"));
            }
            Entry::Event(ring, words) => {
                let mut text = format!("{time_us:>14} < {ring:?}: ");
                let _ = write!(text, "{}", describe::event(&words));
                line(&text);
            }
        }
    }
    Ok(())
}
