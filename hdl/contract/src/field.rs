//! Bit fields of 64-bit words, and the macro that makes a typed structure, its codec and its documentation from one
//! list of fields.

/// One bit field of a command or event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name, as in the typed structure.
    pub name: &'static str,
    /// Index of the 64-bit little-endian word.
    pub word: usize,
    /// Lowest bit in the word.
    pub lsb: u32,
    /// Number of bits, 1 to 64.
    pub width: u32,
    /// Two's complement.
    pub signed: bool,
    /// Meaning and unit.
    pub doc: &'static str,
}

impl Field {
    /// All ones in the width of the field, at bit 0.
    pub const fn mask(&self) -> u64 {
        u64::MAX >> (64 - self.width)
    }

    /// The raw bits of the field.
    pub const fn get(&self, words: &[u64]) -> u64 {
        (words[self.word] >> self.lsb) & self.mask()
    }

    /// The field, sign-extended.
    #[allow(clippy::cast_possible_wrap)]
    pub const fn get_signed(&self, words: &[u64]) -> i64 {
        let spare = 64 - self.width;
        ((self.get(words) << spare) as i64) >> spare
    }

    /// Replaces the field by the low bits of `value`.
    pub const fn put(&self, words: &mut [u64], value: u64) {
        let cleared = words[self.word] & !(self.mask() << self.lsb);
        words[self.word] = cleared | ((value & self.mask()) << self.lsb);
    }
}

/// A value that does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The layout, for example `ORDER`.
    pub layout: &'static str,
    /// The field.
    pub field: &'static str,
    /// The value, as given.
    pub value: i128,
    /// The width of the field in bits.
    pub width: u32,
}

impl core::fmt::Display for FieldError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{} = {} does not fit {} bits", self.layout, self.field, self.value, self.width)
    }
}

impl core::error::Error for FieldError {}

/// One command or event: its code and fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Upper-case name.
    pub name: &'static str,
    /// Opcode or event type, in the low byte of word 0.
    pub code: u8,
    /// Every field but the code.
    pub fields: &'static [Field],
    /// What it is.
    pub doc: &'static str,
}

/// A Rust type that can stand in a field.
pub trait FieldValue: Copy {
    /// Two's complement?
    const SIGNED: bool;
    /// The value as a wide integer.
    fn wide(self) -> i128;
    /// The value of raw bits that are known to fit.
    fn from_bits(field: &Field, words: &[u64]) -> Self;
}

macro_rules! unsigned {
    ($($t:ty),+) => {$(impl FieldValue for $t {
        const SIGNED: bool = false;
        fn wide(self) -> i128 { i128::from(self) }
        #[allow(clippy::cast_possible_truncation)]
        fn from_bits(field: &Field, words: &[u64]) -> Self { field.get(words) as $t }
    })+};
}
unsigned!(u8, u16, u32, u64);

macro_rules! signed {
    ($($t:ty),+) => {$(impl FieldValue for $t {
        const SIGNED: bool = true;
        fn wide(self) -> i128 { i128::from(self) }
        #[allow(clippy::cast_possible_truncation)]
        fn from_bits(field: &Field, words: &[u64]) -> Self { field.get_signed(words) as $t }
    })+};
}
signed!(i32, i64);

impl FieldValue for bool {
    const SIGNED: bool = false;
    fn wide(self) -> i128 {
        i128::from(self)
    }
    fn from_bits(field: &Field, words: &[u64]) -> Self {
        field.get(words) != 0
    }
}

/// Writes `value` into its field after checking that it fits.
///
/// # Errors
/// [`FieldError`] with the layout, field, value and width.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn encode_field<T: FieldValue>(
    layout: &'static str,
    field: &Field,
    words: &mut [u64],
    value: T,
) -> Result<(), FieldError> {
    let wide = value.wide();
    let (low, high) = if T::SIGNED {
        (-(1i128 << (field.width - 1)), (1i128 << (field.width - 1)) - 1)
    } else {
        (0, (1i128 << field.width) - 1)
    };
    if wide < low || wide > high {
        return Err(FieldError { layout, field: field.name, value: wide, width: field.width });
    }
    field.put(words, wide as u64);
    Ok(())
}

/// Defines an enum of layouts: a typed structure each, one table of [`Layout`]s, `encode` and `decode`.
macro_rules! layouts {
    ($(#[$em:meta])* $enum_name:ident, $words:literal; $(
        $(#[doc = $doc:literal])* $name:ident = $upper:literal, $code:literal {
            $($(#[doc = $fdoc:literal])* $field:ident: $ty:ty = ($word:literal, $lsb:literal, $width:literal),)*
        }
    )+) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name { $($(#[doc = $fdoc])* pub $field: $ty,)* }

            impl $name {
                /// Code in the low byte of word 0.
                pub const CODE: u8 = $code;
                /// Where the fields lie.
                pub const LAYOUT: Layout = Layout {
                    name: $upper,
                    code: $code,
                    doc: concat!($($doc),*),
                    fields: &[$(Field {
                        name: stringify!($field), word: $word, lsb: $lsb, width: $width,
                        signed: <$ty as FieldValue>::SIGNED, doc: concat!($($fdoc),*),
                    },)*],
                };
            }
        )+

        $(#[$em])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $enum_name { $($(#[doc = $doc])* $name($name),)+ }

        /// Every layout, in order of definition.
        pub const LAYOUTS: &[Layout] = &[$($name::LAYOUT),+];

        impl $enum_name {
            /// The words of this value; fields that do not exist are zero.
            ///
            /// # Errors
            /// [`FieldError`] if a value does not fit its field.
            #[allow(unused_mut, unused_assignments, unused_variables)]
            pub fn encode(&self) -> Result<[u64; $words], FieldError> {
                let mut words = [0u64; $words];
                match self {
                    $(Self::$name(value) => {
                        words[0] = u64::from($name::CODE);
                        let mut index = 0;
                        $(
                            encode_field($upper, &$name::LAYOUT.fields[index], &mut words, value.$field)?;
                            index += 1;
                        )*
                    })+
                }
                Ok(words)
            }

            /// The value of these words, or the unknown code.
            ///
            /// # Errors
            /// The code, if no layout has it.
            #[allow(unused_mut, unused_assignments, unused_variables)]
            pub fn decode(words: &[u64; $words]) -> Result<Self, u8> {
                let code = words[0].to_le_bytes()[0];
                match code {
                    $($code => {
                        let mut value = $name::default();
                        let mut index = 0;
                        $(
                            value.$field = FieldValue::from_bits(&$name::LAYOUT.fields[index], words);
                            index += 1;
                        )*
                        Ok(Self::$name(value))
                    })+
                    unknown => Err(unknown),
                }
            }

            /// The layout of this value.
            pub const fn layout(&self) -> &'static Layout {
                match self { $(Self::$name(_) => &$name::LAYOUT,)+ }
            }
        }

        $(impl From<$name> for $enum_name {
            fn from(value: $name) -> Self { Self::$name(value) }
        })+
    };
}
pub(crate) use layouts;

/// Start value of the 64-bit FNV-1a hash.
pub const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a.
pub const fn hash_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// FNV-1a of a string and a terminator.
pub const fn hash_str(mut hash: u64, text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        hash = hash_byte(hash, bytes[index]);
        index += 1;
    }
    hash_byte(hash, 0xff)
}

/// FNV-1a of an integer.
pub const fn hash_u64(mut hash: u64, value: u64) -> u64 {
    let bytes = value.to_le_bytes();
    let mut index = 0;
    while index < 8 {
        hash = hash_byte(hash, bytes[index]);
        index += 1;
    }
    hash
}

/// FNV-1a of names, codes and positions (not of the texts).
pub const fn hash_layouts(mut hash: u64, layouts: &[Layout]) -> u64 {
    let mut index = 0;
    while index < layouts.len() {
        let layout = &layouts[index];
        hash = hash_byte(hash_str(hash, layout.name), layout.code);
        let mut at = 0;
        while at < layout.fields.len() {
            let field = &layout.fields[at];
            hash = hash_str(hash, field.name);
            hash = hash_u64(hash, field.word as u64);
            hash = hash_u64(hash, field.lsb as u64);
            hash = hash_u64(hash, field.width as u64);
            hash = hash_byte(hash, field.signed as u8);
            at += 1;
        }
        index += 1;
    }
    hash
}
