//! Commands and events as text, field by field, from the tables of the contract.
//!
//! Not here: JSON, and anything that needs to know what a field means.

use crossgate_contract::event::{Ring, COMMON};
use crossgate_contract::{command, event, BankResult, Fault, Field, Layout, Reason, Window};
use std::fmt::Write;

/// The ring that an event of this type belongs to.
pub fn ring_of(words: &[u64; 8]) -> Ring {
    let market_fence = words[0].to_le_bytes()[..2] == [event::FenceDone::CODE, Window::Market as u8];
    match words[0].to_le_bytes()[0] {
        event::Bbo::CODE | event::DepthLevel::CODE => Ring::Market,
        _ if market_fence => Ring::Market,
        _ => Ring::Decisions,
    }
}

fn layout_of(layouts: &'static [Layout], words: &[u64]) -> Option<&'static Layout> {
    let code = words[0].to_le_bytes()[0];
    layouts.iter().find(|layout| layout.code == code)
}

/// The value of a field, with its name where it is a code.
fn value(layout: &Layout, field: &Field, words: &[u64]) -> String {
    if field.signed {
        return field.get_signed(words).to_string();
    }
    let raw = field.get(words);
    let code = u8::try_from(raw).unwrap_or(u8::MAX);
    let name = match (layout.name, field.name) {
        ("VERDICT", "reason") => Reason::from_code(code).map(Reason::name),
        ("FAULT", "code") => Fault::from_code(code).map(Fault::name),
        ("BANK", "result") => BankResult::from_code(code).map(BankResult::name),
        _ => None,
    };
    match name {
        Some(name) => name.to_owned(),
        None if field.width > 40 && raw > 0xffff => format!("{raw:#x}"),
        None => raw.to_string(),
    }
}

fn line(layouts: &'static [Layout], words: &[u64]) -> String {
    let Some(layout) = layout_of(layouts, words) else {
        return words.iter().fold(String::from("unknown"), |mut text, word| {
            let _ = write!(text, " {word:#018x}");
            text
        });
    };
    layout.fields.iter().fold(String::from(layout.name), |mut text, field| {
        let _ = write!(text, " {}={}", field.name, value(layout, field, words));
        text
    })
}

/// A command in one line.
pub fn command(words: &[u64; 4]) -> String {
    line(command::LAYOUTS, words)
}

/// An event in one line, with its common fields but the phase.
pub fn event(words: &[u64; 8]) -> String {
    let mut text = line(event::LAYOUTS, words);
    for field in COMMON.iter().filter(|field| **field != event::PHASE) {
        let _ = write!(text, " {}={}", field.name, field.get(words));
    }
    text
}

/// Two events, one line a field; a `!` marks what differs. `left` and `right` name the columns.
pub fn difference(left: &str, a: Option<&[u64; 8]>, right: &str, b: Option<&[u64; 8]>) -> String {
    let mut text = String::new();
    let known = |words: Option<&[u64; 8]>| words.and_then(|words| layout_of(event::LAYOUTS, words));
    match (a.zip(known(a)), b.zip(known(b))) {
        (Some((a, layout)), Some((b, other))) if layout.code == other.code => {
            let _ = writeln!(text, "    {} ({left} | {right})", layout.name);
            for field in layout.fields.iter().chain(COMMON) {
                let (one, two) = (value(layout, field, a), value(layout, field, b));
                let mark = if one == two { ' ' } else { '!' };
                let _ = writeln!(text, "  {mark} {}: {one} | {two}", field.name);
            }
        }
        _ => {
            for (name, words) in [(left, a), (right, b)] {
                let shown = words.map_or_else(|| String::from("no event"), event);
                let _ = writeln!(text, "    {name}: {shown}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::{Command, Event};

    #[test]
    fn a_command_shows_every_field() {
        let cancel = command::Cancel { account: 1, instrument: 2, slot: 3, generation: 4, tag: 5, cookie: 6 };
        let words = Command::from(cancel).encode().unwrap();
        assert_eq!(super::command(&words), "CANCEL account=1 instrument=2 slot=3 generation=4 tag=5 cookie=6");
        assert_eq!(
            super::command(&[0xee, 0, 0, 1]),
            "unknown 0x00000000000000ee 0x0000000000000000 0x0000000000000000 0x0000000000000001"
        );
    }

    #[test]
    fn codes_are_shown_by_name_and_signed_fields_signed() {
        let closed = event::PositionSet { moved: -5, ..Default::default() };
        assert!(super::event(&Event::from(closed).encode().unwrap()).contains(" moved=-5 "));
        let verdict = event::Verdict { reason: 18, ..Default::default() };
        assert!(super::event(&Event::from(verdict).encode().unwrap()).starts_with("VERDICT reason=pool-margin "));
    }

    #[test]
    fn a_difference_marks_the_fields_that_differ() {
        let a = Event::from(event::Bbo { bid_price: 5, ..Default::default() }).encode().unwrap();
        let b = Event::from(event::Bbo { bid_price: 6, ..Default::default() }).encode().unwrap();
        let text = difference("rtl", Some(&a), "model", Some(&b));
        let marked: Vec<_> = text.lines().filter(|line| line.starts_with("  !")).collect();
        assert_eq!(marked, ["  ! bid_price: 5 | 6"]);
        assert!(difference("rtl", None, "model", Some(&b)).contains("rtl: no event"));
    }

    #[test]
    fn the_ring_follows_from_the_event() {
        let fence = |window| Event::from(event::FenceDone { window, tag: 1 }).encode().unwrap();
        assert_eq!([0, 1, 2].map(|window| ring_of(&fence(window))), [Ring::Decisions, Ring::Market, Ring::Decisions]);
        assert_eq!(ring_of(&Event::from(event::Bbo::default()).encode().unwrap()), Ring::Market);
        assert_eq!(
            ring_of(&Event::from(event::FaultRaised { window: 1, ..Default::default() }).encode().unwrap()),
            Ring::Decisions
        );
    }
}
