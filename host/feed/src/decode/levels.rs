//! Price levels from the digits of a JSON array, without building a JSON tree.
//!
//! The text was validated as JSON before it comes here; this reader only accepts the two shapes that venues use for
//! levels, with any white space. Invariant: a price is exact or a fault. A quantity is exact, a fault, or, where no
//! checksum needs its digits, rounded down to whole lots and counted: venues keep old orders that are finer than the
//! lot of today, and less liquidity than there is does no harm.

use super::{Grids, Rows};
use crate::sink::Level;
use crate::COUNT_MAX;
use crossgate_instrument::{Grid, GridError, Lots, Side, Ticks};
use rust_decimal::Decimal;

/// Why a price or quantity cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LevelFault {
    /// The array has another shape.
    Shape(&'static str),
    /// The text is no decimal number.
    NotDecimal { field: &'static str, text: String },
    /// The number lies between two points of the grid.
    OffGrid { field: &'static str, text: String, step: Decimal },
    /// The number is beyond [`COUNT_MAX`] steps.
    TooLarge { field: &'static str, text: String },
    /// A price that is not positive, or a negative quantity.
    Sign { field: &'static str, text: String },
}

/// Reads a price; it must be positive.
pub(crate) fn price(text: &str, grids: &Grids) -> Result<Ticks, LevelFault> {
    let field = "price";
    let count = count(text, &grids.tick, field)?;
    if count <= 0 {
        return Err(LevelFault::Sign { field, text: text.to_owned() });
    }
    Ok(Ticks::new(count))
}

/// Whether a quantity was rounded down.
pub(crate) type Rounded = bool;

/// Reads a quantity; it must not be negative.
pub(crate) fn quantity(text: &str, grids: &Grids) -> Result<(Lots, Rounded), LevelFault> {
    let field = "quantity";
    let (count, rounded) = match count(text, &grids.lot, field) {
        Err(LevelFault::OffGrid { .. }) if !grids.exact => (floor(text, &grids.lot, field)?, true),
        read => (read?, false),
    };
    if count < 0 {
        return Err(LevelFault::Sign { field, text: text.to_owned() });
    }
    Ok((Lots::new(count), rounded))
}

/// The whole steps below a decimal that is off the grid.
fn floor(text: &str, grid: &Grid, field: &'static str) -> Result<i64, LevelFault> {
    let too_large = || LevelFault::TooLarge { field, text: text.to_owned() };
    let value = Decimal::from_str_exact(text).map_err(|_| too_large())?;
    let beyond = value.checked_rem(grid.step()).ok_or_else(too_large)?;
    let steps = (value - beyond).checked_div(grid.step()).ok_or_else(too_large)?;
    let count = i64::try_from(steps.mantissa() / 10i128.pow(steps.scale())).map_err(|_| too_large())?;
    if count > COUNT_MAX {
        return Err(too_large());
    }
    // Less than one lot below zero is still below zero.
    Ok(if value.is_sign_negative() { count.min(-1) } else { count })
}

fn count(text: &str, grid: &Grid, field: &'static str) -> Result<i64, LevelFault> {
    let too_large = || LevelFault::TooLarge { field, text: text.to_owned() };
    match grid.parse(text) {
        Ok(count) if count.unsigned_abs() > COUNT_MAX.unsigned_abs() => Err(too_large()),
        Ok(count) => Ok(count),
        Err(GridError::OffGrid { text, step }) => Err(LevelFault::OffGrid { field, text, step }),
        Err(GridError::TooLarge { .. }) => Err(too_large()),
        Err(_) => Err(LevelFault::NotDecimal { field, text: text.to_owned() }),
    }
}

/// Appends the levels of one side to `out`; tells how many quantities were rounded.
pub(super) fn append(rows: Rows<'_>, side: Side, grids: &Grids, out: &mut Vec<Level>) -> Result<u64, LevelFault> {
    let mut rounded = 0;
    let (text, objects) = match rows {
        Rows::Pairs(text) => (text, false),
        Rows::Objects(text) => (text, true),
    };
    let mut reader = Reader { text, at: 0 };
    reader.expect(b'[', "levels are not an array")?;
    if reader.take(b']') {
        return Ok(rounded);
    }
    loop {
        let (price_text, quantity_text) = if objects { reader.object()? } else { reader.pair()? };
        let (quantity, was_rounded) = quantity(quantity_text, grids)?;
        rounded += u64::from(was_rounded);
        out.push(Level { side, price: price(price_text, grids)?, quantity });
        if reader.take(b']') {
            return Ok(rounded);
        }
        reader.expect(b',', "levels are not separated by commas")?;
    }
}

/// A position in validated JSON text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, otherwise: &'static str) -> Result<(), LevelFault> {
        if self.take(byte) {
            return Ok(());
        }
        Err(LevelFault::Shape(otherwise))
    }

    /// `["price","quantity"]`
    fn pair(&mut self) -> Result<(&'a str, &'a str), LevelFault> {
        self.expect(b'[', "a level is not an array")?;
        let price = self.string()?;
        self.expect(b',', "a level has no quantity")?;
        let quantity = self.string()?;
        self.expect(b']', "a level has more than two fields")?;
        Ok((price, quantity))
    }

    /// `{"price":1.0,"qty":2.0}`, keys in any order.
    fn object(&mut self) -> Result<(&'a str, &'a str), LevelFault> {
        self.expect(b'{', "a level is not an object")?;
        let (mut price, mut quantity) = (None, None);
        loop {
            let key = self.string()?;
            self.expect(b':', "a key has no value")?;
            let value = self.number();
            let field = match key {
                "price" => &mut price,
                "qty" => &mut quantity,
                _ => return Err(LevelFault::Shape("a level has an unknown field")),
            };
            if field.replace(value).is_some() {
                return Err(LevelFault::Shape("a level repeats a field"));
            }
            if self.take(b'}') {
                break;
            }
            self.expect(b',', "fields are not separated by commas")?;
        }
        price.zip(quantity).ok_or(LevelFault::Shape("a level lacks its price or quantity"))
    }

    /// The text between two quotes; escapes are not undone, digits have none.
    fn string(&mut self) -> Result<&'a str, LevelFault> {
        let not_text = LevelFault::Shape("a value is not a string");
        if !self.take(b'"') {
            return Err(not_text);
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(length) = rest.bytes().position(|byte| byte == b'"') else {
            return Err(not_text);
        };
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// The characters of a bare value.
    fn number(&mut self) -> &'a str {
        let _ = self.peek();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = |byte: u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
        let length = rest.bytes().position(end).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grids() -> Grids {
        let grid = |step: &str| Grid::new(step.parse().unwrap()).unwrap();
        Grids { tick: grid("0.1"), lot: grid("0.001"), exact: true }
    }

    fn read(rows: Rows<'_>) -> Result<Vec<(i64, i64)>, LevelFault> {
        let mut out = Vec::new();
        append(rows, Side::Bid, &grids(), &mut out)?;
        Ok(out.iter().map(|level| (level.price.get(), level.quantity.get())).collect())
    }

    #[test]
    fn both_shapes_are_read_with_any_white_space() {
        assert_eq!(read(Rows::Pairs(r#"[["1.5","2"],["1.50" , "0.000"] ]"#)), Ok(vec![(15, 2000), (15, 0)]));
        assert_eq!(read(Rows::Pairs(" [ ] ")), Ok(vec![]));
        assert_eq!(
            read(Rows::Objects(r#"[{"price":1.5,"qty":2.000},{ "qty": 0.5 , "price": 3 }]"#)),
            Ok(vec![(15, 2000), (30, 500)])
        );
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "{}",
            "[1]",
            r#"["1","2"]"#,
            r#"[["1"]]"#,
            r#"[["1","2","3"]]"#,
            r#"[[1,2]]"#,
            r#"[["1","2"]["3","4"]]"#,
            "",
            "[",
        ] {
            assert!(matches!(read(Rows::Pairs(text)), Err(LevelFault::Shape(_))), "{text}");
        }
        for text in [
            "[[1,2]]",
            r#"[{"price":1}]"#,
            r#"[{"price":1,"price":1,"qty":1}]"#,
            r#"[{"price":1,"qty":1,"x":1}]"#,
            "[{}]",
        ] {
            assert!(matches!(read(Rows::Objects(text)), Err(LevelFault::Shape(_))), "{text}");
        }
    }

    #[test]
    fn each_fault_of_a_number_has_its_own_name() {
        let fault =
            |price: &str, quantity: &str| read(Rows::Pairs(&format!(r#"[["{price}","{quantity}"]]"#))).unwrap_err();
        assert!(matches!(fault("1.55", "1"), LevelFault::OffGrid { field: "price", .. }));
        assert!(matches!(fault("1", "0.0001"), LevelFault::OffGrid { field: "quantity", .. }));
        assert!(matches!(fault("1", "99999999999999999999"), LevelFault::TooLarge { field: "quantity", .. }));
        assert!(matches!(fault("1", "9007199254740.993"), LevelFault::TooLarge { field: "quantity", .. }));
        assert!(matches!(fault("0.0", "1"), LevelFault::Sign { field: "price", .. }));
        assert!(matches!(fault("-1", "1"), LevelFault::Sign { field: "price", .. }));
        assert!(matches!(fault("1", "-0.001"), LevelFault::Sign { field: "quantity", .. }));
        assert!(matches!(fault("1e5", "1"), LevelFault::NotDecimal { field: "price", .. }));
        assert_eq!(read(Rows::Pairs(r#"[["1","9007199254740.992"]]"#)), Ok(vec![(10, 1 << 53)]));
    }

    #[test]
    fn a_quantity_between_two_lots_is_rounded_down_where_no_checksum_needs_it() {
        let grids = Grids { exact: false, ..grids() };
        assert_eq!(quantity("25.42618900", &grids), Ok((Lots::new(25_426), true)));
        assert_eq!(quantity("0.0009", &grids), Ok((Lots::ZERO, true)));
        assert_eq!(quantity("25.426", &grids), Ok((Lots::new(25_426), false)));
        assert!(matches!(quantity("-0.0009", &grids), Err(LevelFault::Sign { .. })));
        assert!(matches!(quantity("9007199254740.9925", &grids), Ok((_, true))));
        assert!(matches!(quantity("9007199254740.9935", &grids), Err(LevelFault::TooLarge { .. })));
        assert!(matches!(price("1.55", &grids), Err(LevelFault::OffGrid { .. })));
    }
}
