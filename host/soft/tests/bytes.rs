//! What arrives from outside never panics.

use crossgate_contract::{command, register, sizes, window, Window};
use crossgate_driver::Endpoint;
use proptest::prelude::*;

/// Random words with an opcode that exists more often than not, and small indices half of the time.
fn half() -> impl Strategy<Value = [u64; 4]> {
    let codes = command::LAYOUTS.iter().map(|layout| layout.code).collect::<Vec<_>>();
    let code = prop_oneof![4 => prop::sample::select(codes), 1 => any::<u8>()];
    let small = prop_oneof![Just(u64::MAX), Just(0x0003_0003_0003_03ff)];
    (any::<[u64; 4]>(), code, small, any::<bool>()).prop_map(|(mut words, code, mask, few)| {
        words[0] = words[0] & mask & !0xff | u64::from(code);
        if few {
            words[1] &= 0xffff_ff00_0000_00ff;
            words[2] &= 0x0000_0003_0000_000f;
        }
        words[3] &= u64::MAX >> 16;
        words
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_words_in_any_window_make_the_card_panic(
        slots in prop::collection::vec((0usize..3, half(), half()), 1..600),
        accesses in prop::collection::vec((any::<u32>(), any::<u32>()), 0..30),
    ) {
        let mut card = crossgate_soft::open(sizes::TINY).unwrap();
        card.register_write(register::DECISIONS_SIZE.offset, 10);
        card.register_write(register::MARKET_SIZE.offset, 10);
        card.register_write(register::CONTROL.offset, register::control::ARM);
        let mut sequences = [0u16; 3];
        for (window, first, second) in slots {
            let sequence = &mut sequences[window];
            card.window_write(Window::ALL[window], *sequence % 16, &window::slot(&first, &second, *sequence));
            *sequence += 1;
        }
        for (offset, value) in accesses {
            card.register_read(offset);
            card.register_write(offset % 0x400, value);
            card.window_write_part(Window::Market, u16::MAX, value.to_le_bytes()[0], &[u64::from(offset); 8]);
        }
        card.take_dma(&mut |_, _| {});
        prop_assert_eq!(card.register_read(register::MAGIC.offset), crossgate_contract::MAGIC);
    }
}

#[test]
fn sizes_that_no_card_has_are_refused_with_their_range() {
    let wrong = sizes::Sizes { lanes: 34, ..sizes::TINY };
    let text = crossgate_soft::open(wrong).err().map(|error| error.to_string());
    assert_eq!(text.as_deref(), Some("lanes: 34, a software card has 2 to 32"));
    let wrong = sizes::Sizes { window_slots: 24, ..sizes::TINY };
    let text = crossgate_soft::open(wrong).err().map(|error| error.to_string());
    assert_eq!(text.as_deref(), Some("window slots: 24, a software card has 16 to 32"));
}
