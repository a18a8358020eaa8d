//! crossgate_contract.h: the contract for C and C++.

use super::registers::{members, CONTROL, FLAGS, SCOPES, STATUS, WIDTHS};
use super::NOTICE;
use anyhow::Result;
use crossgate_contract::field::{Field, Layout};
use crossgate_contract::{command, event, feature, register, sizes, table, window};
use crossgate_contract::{BankResult, Fault, Reason, Window, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use std::fmt::Write as _;

const HELPERS: &str = "
/* A field is given by its macro: word, lowest bit, width. */
static inline uint64_t crossgate_get(const uint64_t *words, unsigned word, unsigned lsb, unsigned width)
{
    return (words[word] >> lsb) & (UINT64_MAX >> (64u - width));
}

static inline int64_t crossgate_get_signed(const uint64_t *words, unsigned word, unsigned lsb, unsigned width)
{
    uint64_t sign = (uint64_t)1 << (width - 1u);
    return (int64_t)((crossgate_get(words, word, lsb, width) ^ sign) - sign);
}

static inline void crossgate_put(uint64_t *words, unsigned word, unsigned lsb, unsigned width, uint64_t value)
{
    uint64_t mask = UINT64_MAX >> (64u - width);
    words[word] = (words[word] & ~(mask << lsb)) | ((value & mask) << lsb);
}

";

/// Renders the header.
///
/// # Errors
/// None today; the signature is that of the other generated files.
pub(crate) fn text() -> Result<String> {
    let mut text = format!(
        "/* Registers, commands, events and codes of the Crossgate card. {NOTICE} */\n\
         #ifndef CROSSGATE_CONTRACT_H\n#define CROSSGATE_CONTRACT_H\n\n#include <stdint.h>\n\n"
    );
    identity(&mut text);
    for register in register::ALL {
        let _ = writeln!(
            text,
            "/* {} */\n#define CROSSGATE_REG_{} {:#05x}u",
            comment(register.doc),
            register.name,
            register.offset
        );
    }
    text.push('\n');
    masks(&mut text);
    text.push_str(HELPERS);
    let _ = writeln!(text, "{}", field("SLOT", &window::SLOT_SEQUENCE));
    for command in command::LAYOUTS {
        layout(&mut text, "CMD", command);
    }
    for common in event::COMMON {
        let _ = writeln!(text, "{}", field("EVENT", common));
    }
    for event in event::LAYOUTS {
        layout(&mut text, "EVT", event);
    }
    codes(&mut text, "reason", &Reason::ALL.iter().map(|(_, code, name, _)| (*code, *name)).collect::<Vec<_>>());
    codes(&mut text, "fault", &Fault::ALL.iter().map(|(_, code, name, _)| (*code, *name)).collect::<Vec<_>>());
    codes(
        &mut text,
        "bank_result",
        &BankResult::ALL.iter().map(|(_, code, name, _)| (*code, *name)).collect::<Vec<_>>(),
    );
    let tables: Vec<(u8, &str)> = (0u8..).zip(table::Table::ALL).map(|(code, (_, name))| (code, *name)).collect();
    codes(&mut text, "table", &tables);
    size_sets(&mut text);
    text.push_str("#endif\n");
    Ok(text)
}

fn comment(text: &str) -> String {
    text.trim().replace("*/", "* /")
}

fn identity(text: &mut String) {
    let numbers = [
        ("MAGIC", u64::from(MAGIC)),
        ("ABI_MAJOR", u64::from(ABI_MAJOR)),
        ("ABI_MINOR", u64::from(ABI_MINOR)),
        ("BAR0_BYTES", u64::from(register::BAR0_BYTES)),
        ("MSIX_TABLE_OFFSET", u64::from(register::MSIX_TABLE_OFFSET)),
        ("WINDOW_STRIDE_BYTES", Window::STRIDE_BYTES),
    ];
    for (name, value) in numbers {
        let _ = writeln!(text, "#define CROSSGATE_{name} {value:#x}u");
    }
    let _ = writeln!(text, "#define CROSSGATE_CONTRACT_HASH UINT64_C({CONTRACT_HASH:#018x})");
    let _ = writeln!(text, "#define CROSSGATE_SLOT_BYTES {}u", window::SLOT_BYTES);
    let _ = writeln!(text, "#define CROSSGATE_EVENT_BYTES {}u\n", event::EVENT_BYTES);
}

fn masks(text: &mut String) {
    let wide = |(name, value): &(&'static str, u32)| (*name, *value);
    let narrow = |(name, value): &(&'static str, u8)| (*name, u32::from(*value));
    let groups: [(&str, Vec<(&str, u32)>); 5] = [
        ("CONTROL", CONTROL.iter().map(wide).collect()),
        ("STATUS", STATUS.iter().map(wide).collect()),
        ("FEATURE", feature::NAMES.iter().map(wide).collect()),
        ("FLAG", FLAGS.iter().map(narrow).collect()),
        ("SCOPE", SCOPES.iter().map(narrow).collect()),
    ];
    for (group, items) in groups {
        for (name, value) in items {
            let _ = writeln!(text, "#define CROSSGATE_{group}_{} {value:#x}u", name.to_uppercase());
        }
        text.push('\n');
    }
    for (name, value) in WIDTHS {
        let _ = writeln!(text, "#define CROSSGATE_{name} {value}u");
    }
}

fn field(prefix: &str, field: &Field) -> String {
    let name = field.name.to_uppercase();
    format!("#define CROSSGATE_{prefix}_{name} {}, {}, {}", field.word, field.lsb, field.width)
}

fn layout(text: &mut String, kind: &str, layout: &Layout) {
    let prefix = format!("{kind}_{}", layout.name);
    let _ = writeln!(text, "\n/* {} */\n#define CROSSGATE_{prefix} {:#04x}u", comment(layout.doc), layout.code);
    for item in layout.fields {
        let _ = writeln!(text, "{}", field(&prefix, item));
    }
}

fn codes(text: &mut String, kind: &str, codes: &[(u8, &str)]) {
    let _ = writeln!(text, "\nenum crossgate_{kind} {{");
    for (code, name) in codes {
        let name = format!("{kind}_{name}").to_uppercase().replace('-', "_");
        let _ = writeln!(text, "    CROSSGATE_{name} = {code},");
    }
    text.push_str("};\n");
}

fn size_sets(text: &mut String) {
    text.push_str("\nstruct crossgate_sizes {\n    uint32_t id;\n");
    for (name, _) in members(&sizes::TINY) {
        let _ = writeln!(text, "    uint32_t {name};");
    }
    text.push_str("};\n\n/* Initialisers of struct crossgate_sizes. */\n");
    for set in sizes::SETS {
        let values = members(set).map(|(_, value)| value.to_string()).join(", ");
        let _ = writeln!(text, "#define CROSSGATE_SIZES_{} {{ {}, {values} }}", set.name.to_uppercase(), set.id);
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{capture, command as program, exists, in_ci};
    use crossgate_contract::Command;

    const PROGRAM: &str = r#"
#include "crossgate_contract.h"
#include <stdio.h>
int main(void)
{
    struct crossgate_sizes sizes = CROSSGATE_SIZES_ECP5;
    uint64_t words[4] = { CROSSGATE_CMD_POSITION, 0, 0, 0 };
    crossgate_put(words, CROSSGATE_CMD_POSITION_ACCOUNT, 3);
    crossgate_put(words, CROSSGATE_CMD_POSITION_INSTRUMENT, 5);
    crossgate_put(words, CROSSGATE_CMD_POSITION_LOTS, (uint64_t)(int64_t)-77);
    crossgate_put(words, CROSSGATE_CMD_POSITION_PRICE, 618002);
    for (int i = 0; i < 4; i++) printf("%llu\n", (unsigned long long)words[i]);
    printf("%lld\n", (long long)crossgate_get_signed(words, CROSSGATE_CMD_POSITION_LOTS));
    printf("%u %u %d\n", sizes.id, sizes.window_slots, (int)CROSSGATE_REASON_POOL_MARGIN);
    return 0;
}
"#;

    #[test]
    fn header_compiles_as_c_and_cpp_and_encodes_like_the_contract() {
        if !exists("g++") {
            assert!(!in_ci(), "g++ is missing");
            eprintln!("skipped: g++ is not installed");
            return;
        }
        let folder = std::env::temp_dir().join(format!("crossgate-header-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("crossgate_contract.h"), text().unwrap()).unwrap();
        std::fs::write(folder.join("program.c"), PROGRAM).unwrap();
        let position = command::Position { account: 3, instrument: 5, lots: -77, price: 618_002 };
        let words = Command::from(position).encode().unwrap().map(|word| word.to_string()).join("\n");
        let reason = Reason::PoolMargin.code();
        let expected = format!("{words}\n-77\n{} {} {reason}\n", sizes::ECP5.id, sizes::ECP5.window_slots);
        for language in [["-xc", "-std=c99"], ["-xc++", "-std=c++14"]] {
            let mut compile = program("g++");
            compile.current_dir(&folder).args(["-Wall", "-Wextra", "-pedantic", "-Werror", "-o", "program"]);
            let compiled = capture(compile.args(language).arg("program.c")).unwrap();
            assert!(compiled.success, "{}", compiled.stderr);
            assert_eq!(capture(&mut program(folder.join("program"))).unwrap().stdout, expected);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
