//! docs/contract.json: the contract as data.

use super::registers::{access_name, members, window_name, windows, CONTROL, FLAGS, SCOPES, STATUS, WIDTHS};
use super::source::{self, doc};
use anyhow::Result;
use crossgate_contract::field::{Field, Layout};
use crossgate_contract::{command, event, feature, register, sizes, table, width, window};
use crossgate_contract::{BankResult, Fault, Reason, Window, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use serde_json::{json, Map, Value};

/// Renders the file.
///
/// # Errors
/// If the contract has no text for an item.
pub(crate) fn text() -> Result<String> {
    let value = json!({
        "magic": format!("{MAGIC:#010x}"),
        "abi": { "major": ABI_MAJOR, "minor": ABI_MINOR },
        "contract_hash": format!("{CONTRACT_HASH:#018x}"),
        "bar0": {
            "bytes": register::BAR0_BYTES,
            "msix_table_offset": register::MSIX_TABLE_OFFSET,
            "registers": register::ALL.iter().map(register_value).collect::<Vec<_>>(),
            "control": bits(CONTROL.iter().map(|(name, mask)| (*name, u64::from(*mask)))),
            "status": bits(STATUS.iter().map(|(name, mask)| (*name, u64::from(*mask)))),
        },
        "bar2": {
            "window_stride_bytes": Window::STRIDE_BYTES,
            "windows": Window::ALL.map(window_name),
            "slot_bytes": window::SLOT_BYTES,
            "slot_sequence": field(&window::SLOT_SEQUENCE),
        },
        "commands": command::LAYOUTS.iter().map(command_value).collect::<Vec<_>>(),
        "scopes": bits(SCOPES.iter().map(|(name, code)| (*name, u64::from(*code)))),
        "events": {
            "bytes": event::EVENT_BYTES,
            "common": event::COMMON.iter().map(field).collect::<Vec<_>>(),
            "functional_mask": event::FUNCTIONAL.map(|mask| format!("{mask:#018x}")),
            "layouts": event::LAYOUTS.iter().map(layout).collect::<Vec<_>>(),
            "flags": bits(FLAGS.iter().map(|(name, mask)| (*name, u64::from(*mask)))),
        },
        "reasons": Reason::ALL.iter().map(|(_, code, name, text)| code_value(*code, name, text)).collect::<Vec<_>>(),
        "faults": Fault::ALL.iter().map(|(_, code, name, text)| code_value(*code, name, text)).collect::<Vec<_>>(),
        "bank_results":
            BankResult::ALL.iter().map(|(_, code, name, text)| code_value(*code, name, text)).collect::<Vec<_>>(),
        "features": bits(feature::NAMES.iter().map(|(name, mask)| (*name, u64::from(*mask)))),
        "tables": tables()?,
        "widths": bits(WIDTHS.iter().map(|(name, value)| (*name, u64::from(*value)))),
        "exponents": width::EXPONENTS,
        "money_per_unit": width::MONEY_PER_UNIT,
        "sizes": sizes::SETS.iter().map(set_value).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn bits<'a>(pairs: impl Iterator<Item = (&'a str, u64)>) -> Value {
    pairs.map(|(name, value)| (name.to_lowercase(), Value::from(value))).collect::<Map<_, _>>().into()
}

fn register_value(register: &register::Register) -> Value {
    json!({
        "name": register.name,
        "offset": register.offset,
        "access": access_name(register.access),
        "reset": register.reset,
        "doc": register.doc,
    })
}

fn field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "word": field.word,
        "lsb": field.lsb,
        "width": field.width,
        "signed": field.signed,
        "doc": field.doc.trim(),
    })
}

fn layout(layout: &Layout) -> Value {
    json!({
        "name": layout.name,
        "code": layout.code,
        "doc": layout.doc.trim(),
        "fields": layout.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

fn command_value(command: &Layout) -> Value {
    let mut value = layout(command);
    value["windows"] = windows(command.code).into();
    value
}

fn code_value(code: u8, name: &str, text: &str) -> Value {
    json!({ "code": code, "name": name, "doc": text.trim() })
}

fn tables() -> Result<Vec<Value>> {
    let texts = source::section(source::TABLE, "pub enum Table {")?;
    let row = |(code, (table, name)): (usize, &(table::Table, &str))| {
        Ok(json!({ "code": code, "name": name, "doc": doc(texts, &format!("{table:?}"))? }))
    };
    table::Table::ALL.iter().enumerate().map(row).collect()
}

fn set_value(set: &crossgate_contract::Sizes) -> Value {
    let mut value = json!({ "name": set.name, "id": set.id });
    for (name, count) in members(set) {
        value[name] = count.into();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_holds_the_hash_and_the_layouts() {
        let value: Value = serde_json::from_str(&text().unwrap()).unwrap();
        assert_eq!(value["contract_hash"], format!("{CONTRACT_HASH:#018x}"));
        assert_eq!(value["commands"].as_array().unwrap().len(), command::LAYOUTS.len());
        let order = value["commands"].as_array().unwrap().iter().find(|command| command["name"] == "ORDER").unwrap();
        assert_eq!(order["code"], 0x10);
        assert_eq!(order["windows"], json!(["orders"]));
        let lots = order["fields"].as_array().unwrap().iter().find(|field| field["name"] == "lots").unwrap();
        assert_eq!((&lots["word"], &lots["lsb"], &lots["width"]), (&json!(1), &json!(0), &json!(40)));
    }
}
