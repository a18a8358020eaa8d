//! docs/registers.md: the contract as tables for readers.

use super::source::{self, doc};
use super::NOTICE;
use anyhow::Result;
use crossgate_contract::field::{Field, Layout};
use crossgate_contract::register::{self, Access};
use crossgate_contract::{command, event, feature, sizes, table, width, window};
use crossgate_contract::{BankResult, Fault, Reason, Sizes, Window, CONTRACT_HASH, MAGIC};
use std::fmt::Write as _;

/// Names of the widths and their values, as text.
pub(crate) const WIDTHS: &[(&str, u32)] = &[
    ("LOTS_BITS", width::LOTS_BITS),
    ("PRICE_BITS", width::PRICE_BITS),
    ("GATE_LOT_BITS", width::GATE_LOT_BITS),
    ("LOSS_BITS", width::LOSS_BITS),
    ("RATE_BITS", width::RATE_BITS),
    ("TICK_BITS", width::TICK_BITS),
    ("TICK_FRACTION_BITS", width::TICK_FRACTION_BITS),
    ("MONEY_BITS", width::MONEY_BITS),
    ("QUANTITY_BITS", width::QUANTITY_BITS),
    ("TOTAL_BITS", width::TOTAL_BITS),
    ("GATE_LOT_SHIFT_MAX", width::GATE_LOT_SHIFT_MAX),
    ("BASE_ALIGN_TICKS", width::BASE_ALIGN_TICKS),
    ("CYCLE_BITS", width::CYCLE_BITS),
    ("GENERATION_BITS", width::GENERATION_BITS),
];

/// Bits of CONTROL and STATUS by name.
pub(crate) const CONTROL: &[(&str, u32)] = &[("RESET", register::control::RESET), ("ARM", register::control::ARM)];
/// Bits of STATUS by name; the last is the first of three.
pub(crate) const STATUS: &[(&str, u32)] = &[
    ("READY", register::status::READY),
    ("ARMED", register::status::ARMED),
    ("HALTED", register::status::HALTED),
    ("BANK", register::status::BANK),
    ("SWEEPING", register::status::SWEEPING),
    ("BUSY", register::status::BUSY),
    ("WINDOW_HALTED", 1 << register::status::WINDOW_HALTED_SHIFT),
];
/// Bits of the flags of BBO and DEPTH_LEVEL by name.
pub(crate) const FLAGS: &[(&str, u8)] = &[
    ("CROSSED", event::flag::CROSSED),
    ("LOCKED", event::flag::LOCKED),
    ("BID_EMPTY", event::flag::BID_EMPTY),
    ("ASK_EMPTY", event::flag::ASK_EMPTY),
    ("REFILLING", event::flag::REFILLING),
    ("LAST", event::flag::LAST),
];
/// Scopes of HALT and MASS_CANCEL by name.
pub(crate) const SCOPES: &[(&str, u8)] = &[
    ("GLOBAL", command::scope::GLOBAL),
    ("ACCOUNT", command::scope::ACCOUNT),
    ("INSTRUMENT", command::scope::INSTRUMENT),
    ("VENUE", command::scope::VENUE),
];

/// Members of a set of sizes by name.
pub(crate) fn members(sizes: &Sizes) -> [(&'static str, usize); 8] {
    [
        ("venues", sizes.venues),
        ("books", sizes.books),
        ("window_ticks", sizes.window_ticks),
        ("accounts", sizes.accounts),
        ("instruments", sizes.instruments),
        ("lanes", sizes.lanes),
        ("slots", sizes.slots),
        ("window_slots", sizes.window_slots),
    ]
}

/// Names of the windows that take an opcode.
pub(crate) fn windows(opcode: u8) -> Vec<&'static str> {
    Window::ALL.into_iter().filter(|window| window.takes(opcode)).map(window_name).collect()
}

/// Name of a window.
pub(crate) const fn window_name(window: Window) -> &'static str {
    match window {
        Window::Orders => "orders",
        Window::Market => "market",
        Window::Control => "control",
    }
}

/// Name of an access right.
pub(crate) const fn access_name(access: Access) -> &'static str {
    match access {
        Access::Read => "read",
        Access::ReadWrite => "read-write",
        Access::Write => "write",
    }
}

/// Renders the page.
///
/// # Errors
/// If the contract has no text for an item.
pub(crate) fn text() -> Result<String> {
    let mut page = String::new();
    head(&mut page);
    registers(&mut page)?;
    features(&mut page)?;
    commands(&mut page)?;
    events(&mut page)?;
    codes(&mut page);
    tables(&mut page)?;
    widths(&mut page)?;
    size_sets(&mut page);
    Ok(page)
}

fn table_head(page: &mut String, columns: &[&str]) {
    let _ = writeln!(page, "| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
}

fn row<const N: usize>(page: &mut String, cells: [&str; N]) {
    let _ = writeln!(page, "| {} |", cells.map(|cell| cell.trim().replace('|', "\\|")).join(" | "));
}

fn head(page: &mut String) {
    let _ = write!(
        page,
        "# Registers, commands and events

{NOTICE} The same as data: [contract.json](contract.json), \
[crossgate_contract.h](../hdl/contract/include/crossgate_contract.h). What the commands do: [book.md](book.md), [gate.md](gate.md).

ABI {}.{}, contract hash `{CONTRACT_HASH:#018x}`. Everything is little-endian; bits count from 0, the lowest. Layouts that a build does not implement \
([features](#features)) are answered by the fault `unknown-command`.

## Address spaces

| space | content |
|---|---|
| BAR0, {:#x} bytes | 32-bit registers; the MSI-X table from {:#x} on |
| BAR2 | three command windows, {:#x} bytes apart: orders, market, control. Each has slots of {} bytes: two commands of 32 bytes |
| host memory | two rings of {}-byte events: decisions, market |

Slot `n` of a window has the address `window * {:#x} + (n modulo slots) * {}`. Bits 63..48 of the last word of a slot carry its sequence number.

",
        crossgate_contract::ABI_MAJOR,
        crossgate_contract::ABI_MINOR,
        register::BAR0_BYTES,
        register::MSIX_TABLE_OFFSET,
        Window::STRIDE_BYTES,
        window::SLOT_BYTES,
        event::EVENT_BYTES,
        Window::STRIDE_BYTES,
        window::SLOT_BYTES,
    );
}

fn registers(page: &mut String) -> Result<()> {
    page.push_str("## Registers of BAR0\n\n");
    table_head(page, &["offset", "name", "access", "after RESET", "content"]);
    for register in register::ALL {
        let reset = register.reset.map_or_else(|| "by build".to_owned(), |value| format!("`{value:#x}`"));
        let offset = format!("`{:#05x}`", register.offset);
        row(page, [&offset, register.name, access_name(register.access), &reset, register.doc]);
    }
    let _ = writeln!(
        page,
        "\nMAGIC is `{MAGIC:#010x}`; all ones is never a legal value of the identity and status registers.\n"
    );
    for (name, bits) in [("CONTROL", CONTROL), ("STATUS", STATUS)] {
        let module = format!("pub mod {} {{", name.to_lowercase());
        let texts = source::section(source::REGISTER, &module)?;
        let _ = writeln!(page, "### Bits of {name}\n");
        table_head(page, &["bit", "name", "meaning"]);
        for (bit, mask) in bits {
            let item = if *bit == "WINDOW_HALTED" { "WINDOW_HALTED_SHIFT" } else { bit };
            row(page, [&mask.trailing_zeros().to_string(), bit, &doc(texts, item)?]);
        }
        page.push('\n');
    }
    Ok(())
}

fn features(page: &mut String) -> Result<()> {
    page.push_str("## Features\n\nBits of FEATURES: the parts of the contract that a build implements.\n\n");
    table_head(page, &["bit", "name", "meaning"]);
    for (name, mask) in feature::NAMES {
        let text = doc(source::FEATURE, &name.to_uppercase())?;
        row(page, [&mask.trailing_zeros().to_string(), name, &text]);
    }
    page.push('\n');
    Ok(())
}

fn fields(page: &mut String, fields: &[Field]) {
    table_head(page, &["word", "bits", "field", "meaning"]);
    for field in fields {
        let bits = if field.width == 1 {
            field.lsb.to_string()
        } else {
            format!("{}..{}", field.lsb + field.width - 1, field.lsb)
        };
        let name = if field.signed { format!("`{}` (signed)", field.name) } else { format!("`{}`", field.name) };
        row(page, [&field.word.to_string(), &bits, &name, field.doc]);
    }
    page.push('\n');
}

fn layout(page: &mut String, layout: &Layout, place: &str) {
    let _ = writeln!(page, "### {} `{:#04x}`\n\n{}{place}\n", layout.name, layout.code, layout.doc.trim());
    if !layout.fields.is_empty() {
        fields(page, layout.fields);
    }
}

fn commands(page: &mut String) -> Result<()> {
    page.push_str(
        "## Commands\n\n32 bytes, four words. The opcode is the low byte of word 0; bits that no field names must be zero. \
         Bits 63..48 of word 3 belong to the slot.\n\n",
    );
    for command in command::LAYOUTS {
        layout(page, command, &format!(" Windows: {}.", windows(command.code).join(", ")));
    }
    page.push_str("### Scopes of HALT and MASS_CANCEL\n\n");
    table_head(page, &["code", "name", "meaning"]);
    let texts = source::section(source::COMMAND, "pub mod scope {")?;
    for (name, code) in SCOPES {
        row(page, [&code.to_string(), name, &doc(texts, name)?]);
    }
    page.push('\n');
    Ok(())
}

fn events(page: &mut String) -> Result<()> {
    page.push_str(
        "## Events\n\n64 bytes, eight words. The type is the low byte of word 0. Every event has these fields:\n\n",
    );
    fields(page, event::COMMON);
    page.push_str(
        "Two devices agree when their events agree under this mask, which leaves out what depends on timing:\n\n`",
    );
    page.push_str(&event::FUNCTIONAL.map(|mask| format!("{mask:016x}")).join(" "));
    page.push_str("`\n\n");
    for event in event::LAYOUTS {
        layout(page, event, "");
    }
    page.push_str("### Flags of BBO and DEPTH_LEVEL\n\n");
    table_head(page, &["bit", "name", "meaning"]);
    let texts = source::section(source::EVENT, "pub mod flag {")?;
    for (name, mask) in FLAGS {
        row(page, [&mask.trailing_zeros().to_string(), name, &doc(texts, name)?]);
    }
    page.push('\n');
    Ok(())
}

fn codes(page: &mut String) {
    let mut list = |title: &str, rows: Vec<(u8, &str, &str)>| {
        let _ = writeln!(page, "## {title}\n");
        table_head(page, &["code", "name", "holds when"]);
        for (code, name, text) in rows {
            row(page, [&code.to_string(), &format!("`{name}`"), text]);
        }
        page.push('\n');
    };
    let title = "Reasons of verdicts\n\nOf several reasons that hold the lowest code is reported.";
    list(title, Reason::ALL.iter().map(|(_, code, name, text)| (*code, *name, *text)).collect());
    list("Faults", Fault::ALL.iter().map(|(_, code, name, text)| (*code, *name, *text)).collect());
    list("Results of COMMIT", BankResult::ALL.iter().map(|(_, code, name, text)| (*code, *name, *text)).collect());
}

fn tables(page: &mut String) -> Result<()> {
    page.push_str("## Tables that READ returns\n\n");
    table_head(page, &["code", "name", "index, sub and the four words"]);
    let texts = source::section(source::TABLE, "pub enum Table {")?;
    for (index, (table, name)) in table::Table::ALL.iter().enumerate() {
        row(page, [&index.to_string(), name, &doc(texts, &format!("{table:?}"))?]);
    }
    page.push('\n');
    Ok(())
}

fn widths(page: &mut String) -> Result<()> {
    page.push_str("## Widths and units\n\n");
    table_head(page, &["name", "value", "meaning"]);
    for (name, value) in WIDTHS {
        row(page, [name, &value.to_string(), &doc(source::WIDTH, name)?]);
    }
    let exponents = width::EXPONENTS.map(|exponent| exponent.to_string()).join(", ");
    row(page, ["EXPONENTS", &exponents, &doc(source::WIDTH, "EXPONENTS")?]);
    row(page, ["MONEY_PER_UNIT", &width::MONEY_PER_UNIT.to_string(), &doc(source::WIDTH, "MONEY_PER_UNIT")?]);
    page.push('\n');
    Ok(())
}

fn size_sets(page: &mut String) {
    page.push_str("## Sets of sizes\n\nThe driver reads the sizes from the identity block; memory by memory: [budget.md](budget.md).\n\n");
    let mut columns = vec!["set", "BUILD"];
    columns.extend(members(&sizes::TINY).map(|(name, _)| name));
    table_head(page, &columns);
    for set in sizes::SETS {
        let values = members(set).map(|(_, value)| value.to_string()).join(" | ");
        let _ = writeln!(page, "| {} | {} | {values} |", set.name, set.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_of_the_contract_is_listed() {
        let listed = |source: &str, names: &[&str]| {
            for (name, _) in source::documented(source) {
                assert!(names.contains(&name), "{name} is not in the generated files");
            }
        };
        let mut widths: Vec<&str> = WIDTHS.iter().map(|(name, _)| *name).collect();
        widths.extend(["EXPONENTS", "MONEY_PER_UNIT"]);
        listed(source::WIDTH, &widths);
        let flags: Vec<&str> = FLAGS.iter().map(|(name, _)| *name).collect();
        listed(source::section(source::EVENT, "pub mod flag {").unwrap(), &flags);
        let scopes: Vec<&str> = SCOPES.iter().map(|(name, _)| *name).collect();
        listed(source::section(source::COMMAND, "pub mod scope {").unwrap(), &scopes);
        let control: Vec<&str> = CONTROL.iter().map(|(name, _)| *name).collect();
        listed(source::section(source::REGISTER, "pub mod control {").unwrap(), &control);
        let mut status: Vec<&str> = STATUS.iter().map(|(name, _)| *name).collect();
        status.push("WINDOW_HALTED_SHIFT");
        listed(source::section(source::REGISTER, "pub mod status {").unwrap(), &status);
        let tables: Vec<String> = table::Table::ALL.iter().map(|(table, _)| format!("{table:?}")).collect();
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        listed(source::section(source::TABLE, "pub enum Table {").unwrap(), &tables);
    }

    #[test]
    fn table_numbers_are_their_positions() {
        for (index, (table, name)) in table::Table::ALL.iter().enumerate() {
            assert_eq!(table::Table::from_code(u8::try_from(index).unwrap()), Some(*table), "{name}");
        }
    }

    #[test]
    fn fields_are_shown_by_word_and_bits() {
        let page = text().unwrap();
        assert!(page.contains("| 1 | 39..0 | `lots` | Native lots, positive. |"));
        assert!(page.contains("| 0 | 9 | `check` | Check only, reserve nothing. |"));
        assert!(page.contains("| 1 | 39..0 | `lots` (signed) | New position in native lots. |"));
    }
}
