//! Properties that every layout must have.

use crossgate_contract::{command, event, register, Command, Event, Layout, CONTRACT_HASH};

fn fields_do_not_overlap(layout: &Layout, words: usize, reserved: &[(usize, u64)]) {
    let mut used = vec![0u64; words];
    used[0] = 0xff;
    for (word, bits) in reserved {
        used[*word] |= bits;
    }
    for field in layout.fields {
        assert!(field.lsb + field.width <= 64, "{}.{}", layout.name, field.name);
        let bits = field.mask() << field.lsb;
        assert_eq!(used[field.word] & bits, 0, "{}.{} overlaps", layout.name, field.name);
        used[field.word] |= bits;
    }
}

#[test]
fn command_fields_do_not_overlap_nor_touch_the_sequence() {
    for layout in command::LAYOUTS {
        fields_do_not_overlap(layout, 4, &[(3, 0xffff << 48)]);
    }
}

#[test]
fn event_fields_do_not_overlap_nor_touch_the_common_words() {
    for layout in event::LAYOUTS {
        fields_do_not_overlap(layout, 8, &[(6, u64::MAX), (7, u64::MAX)]);
    }
    let mut used = [0u64; 8];
    for field in event::COMMON {
        let bits = field.mask() << field.lsb;
        assert_eq!(used[field.word] & bits, 0, "{}", field.name);
        used[field.word] |= bits;
    }
}

#[test]
fn codes_are_unique() {
    for layouts in [command::LAYOUTS, event::LAYOUTS] {
        let mut codes: Vec<u8> = layouts.iter().map(|layout| layout.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), layouts.len());
    }
}

#[test]
fn registers_rise_and_are_aligned() {
    for pair in register::ALL.windows(2) {
        assert!(pair[0].offset < pair[1].offset, "{} before {}", pair[0].name, pair[1].name);
    }
    assert!(register::ALL.iter().all(|r| r.offset % 4 == 0 && r.offset < register::MSIX_TABLE_OFFSET));
}

#[test]
fn encode_then_decode_returns_the_value() {
    let order = command::Order {
        side: 1,
        check: false,
        tif: 2,
        account: 3,
        instrument: 5,
        slot: 1023,
        lots: (1 << 40) - 1,
        generation: 0xffff,
        price: 618_002,
        tag: 7,
        cookie: (1 << 48) - 1,
    };
    let words = Command::from(order).encode().unwrap();
    assert_eq!(words[0], 0x03ff_0005_0003_0910);
    assert_eq!(Command::decode(&words), Ok(Command::Order(order)));

    let position = command::Position { account: 1, instrument: 2, lots: -5, price: 9 };
    let words = Command::from(position).encode().unwrap();
    assert_eq!(words[1], (1 << 40) - 5);
    assert_eq!(Command::decode(&words), Ok(Command::Position(position)));

    let bbo = event::Bbo { bid_price: 1, ask_quantity: 1 << 35, tag: u64::MAX, ..Default::default() };
    assert_eq!(Event::decode(&Event::from(bbo).encode().unwrap()), Ok(Event::Bbo(bbo)));
}

#[test]
fn a_value_that_does_not_fit_names_layout_field_value_and_width() {
    let level = command::Level { quantity: 1 << 40, ..Default::default() };
    let error = Command::from(level).encode().unwrap_err();
    assert_eq!(error.to_string(), "LEVEL.quantity = 1099511627776 does not fit 40 bits");
    let loss = command::BankLoss { long_0: -131_073, ..Default::default() };
    assert!(Command::from(loss).encode().is_err());
    let loss = command::BankLoss { long_0: -131_072, ..Default::default() };
    assert!(Command::from(loss).encode().is_ok());
}

#[test]
fn an_unknown_code_is_returned() {
    assert_eq!(Command::decode(&[0xee, 0, 0, 0]), Err(0xee));
    assert_eq!(Event::decode(&[0xee, 0, 0, 0, 0, 0, 0, 0]), Err(0xee));
}

#[test]
fn the_hash_is_not_trivial() {
    assert_ne!(CONTRACT_HASH, 0);
    assert_ne!(CONTRACT_HASH, crossgate_contract::field::FNV_OFFSET);
}
