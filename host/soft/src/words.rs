//! The hot commands and events as words, straight from the field tables of the contract.
//!
//! `Command::decode` and `Event::encode` walk every layout with checks; here each field is one shift and mask whose
//! position is known at compile time. Values handed to [`event_words`] fit their fields; higher bits are cut off.
//!
//! Not here: layouts.

use crossgate_contract::{Field, Layout};

/// The field of this name; a name that does not exist does not compile in a `const`.
pub(crate) const fn field(layout: &Layout, name: &str) -> Field {
    let mut index = 0;
    while index < layout.fields.len() {
        if same(layout.fields[index].name.as_bytes(), name.as_bytes()) {
            return layout.fields[index];
        }
        index += 1;
    }
    panic!("the layout has no such field")
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// A value as the low bits of a word.
pub(crate) trait Bits {
    fn bits(self) -> u64;
}

macro_rules! bits {
    ($($t:ty),+) => {$(impl Bits for $t {
        #[inline]
        fn bits(self) -> u64 {
            u64::from(self)
        }
    })+};
}
bits!(bool, u8, u16, u32, u64);

impl Bits for i64 {
    #[inline]
    fn bits(self) -> u64 {
        self.cast_unsigned()
    }
}

/// The command of these words, whose code is known. Every field must be named.
macro_rules! command_of {
    ($words:expr, $name:ident { $($field:ident),* $(,)? }) => {
        $name { $($field: crossgate_contract::field::FieldValue::from_bits(
            &const { $crate::words::field(&$name::LAYOUT, stringify!($field)) }, $words,
        )),* }
    };
}
pub(crate) use command_of;

/// The words of an event; a field that is not named is 0.
macro_rules! event_words {
    ($name:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let mut words = [0u64; 8];
        words[0] = u64::from($name::CODE);
        $({
            const FIELD: crossgate_contract::Field = $crate::words::field(&$name::LAYOUT, stringify!($field));
            words[FIELD.word] |= ($crate::words::Bits::bits($value) & FIELD.mask()) << FIELD.lsb;
        })*
        words
    }};
}
pub(crate) use event_words;

#[cfg(test)]
mod tests {
    use crossgate_contract::command::{Level, Order};
    use crossgate_contract::event::{Filled, Verdict};
    use crossgate_contract::{Command, Event};

    #[test]
    fn commands_are_those_of_the_contract() {
        let words = [0xfedc_ba98_7654_3210, 0x0123_4567_89ab_cdef, 0x5555_aaaa_3333_cccc, 0xdead_beef_cafe_f00d];
        let coded = |code: u8| [words[0] & !0xff | u64::from(code), words[1], words[2], words[3]];
        let order = command_of!(
            &words,
            Order { side, check, tif, account, instrument, slot, lots, generation, price, tag, cookie }
        );
        assert_eq!(Command::decode(&coded(Order::CODE)), Ok(order.into()));
        let level = command_of!(&words, Level { side, venue, book, price, quantity, tag });
        assert_eq!(Command::decode(&coded(Level::CODE)), Ok(level.into()));
    }

    #[test]
    fn events_are_those_of_the_contract() {
        let verdict =
            Verdict { reason: 18, side: 1, closing: true, lots: 1 << 39, tag: u32::MAX, ..Default::default() };
        let words = event_words!(Verdict {
            reason: verdict.reason,
            side: verdict.side,
            closing: verdict.closing,
            lots: verdict.lots,
            tag: verdict.tag,
        });
        assert_eq!(Ok(words), Event::from(verdict).encode());
        let filled = Filled { position: -3, applied: 7, ..Default::default() };
        let words = event_words!(Filled { position: filled.position, applied: filled.applied });
        assert_eq!(Ok(words), Event::from(filled).encode());
    }
}
