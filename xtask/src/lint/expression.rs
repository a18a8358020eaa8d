//! Verilog expressions as rust-hdl emits them: a parser with the precedence of Verilog, not of Rust.

use anyhow::{bail, Context, Result};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// A name.
    Name(String),
    /// A literal: declared width (32 if it has none) and value, saturated at 128 bits.
    Literal(usize, u128),
    /// Parentheses.
    Paren(Box<Expression>),
    /// A prefix operator.
    Unary(String, Box<Expression>),
    /// An infix operator.
    Binary(String, Box<Expression>, Box<Expression>),
    /// `$signed` or `$unsigned`.
    Cast(String, Box<Expression>),
    /// `base[index]`.
    Index(Box<Expression>, Box<Expression>),
    /// `base[(low)+:(width)]`.
    Slice(Box<Expression>, Box<Expression>, usize),
}

impl Expression {
    /// Reads a whole text.
    ///
    /// # Errors
    /// If it is no expression of this kind.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0 };
        let expression = parser.binary(0)?;
        if let Some(token) = parser.peek() {
            bail!("unexpected `{token}`");
        }
        Ok(expression)
    }

    /// The expression without parentheses around it.
    pub(crate) fn bare(&self) -> &Self {
        match self {
            Self::Paren(inner) => inner.bare(),
            other => other,
        }
    }

    /// The parts of the expression.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match self {
            Self::Name(_) | Self::Literal(..) => Vec::new(),
            Self::Paren(inner) | Self::Unary(_, inner) | Self::Cast(_, inner) => vec![inner],
            Self::Binary(_, left, right) | Self::Index(left, right) | Self::Slice(left, right, _) => vec![left, right],
        }
    }

    /// Every name in it.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Name(name) => vec![name],
            other => other.children().into_iter().flat_map(Self::names).collect(),
        }
    }
}

/// Infix operators from the weakest to the strongest level.
const LEVELS: [&[&str]; 9] =
    [&["||"], &["&&"], &["|"], &["^"], &["&"], &["==", "!="], &["<", "<=", ">", ">="], &["<<", ">>"], &["+", "-"]];
const STRONGEST: &[&str] = &["*"];
const PREFIXES: &[&str] = &["~&", "~|", "~^", "~", "!", "-", "&", "|", "^"];
/// Longer operators first.
const OPERATORS: &[&str] = &[
    "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "~&", "~|", "~^", "+:", "|", "^", "&", "<", ">", "+", "-", "*",
    "~", "!", "(", ")", "[", "]", ",",
];

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Result<String> {
        let token = self.tokens.get(self.at).cloned().context("the expression ends too early")?;
        self.at += 1;
        Ok(token)
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        let found = self.next()?;
        if found != token {
            bail!("`{found}` where `{token}` is expected");
        }
        Ok(())
    }

    fn binary(&mut self, level: usize) -> Result<Expression> {
        let operators = match LEVELS.get(level) {
            Some(operators) => operators,
            None if level == LEVELS.len() => &STRONGEST,
            None => return self.unary(),
        };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.peek().filter(|token| operators.contains(token)).map(str::to_owned) {
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression> {
        if let Some(operator) = self.peek().filter(|token| PREFIXES.contains(token)).map(str::to_owned) {
            self.at += 1;
            return Ok(Expression::Unary(operator, Box::new(self.unary()?)));
        }
        let mut base = self.primary()?;
        while self.peek() == Some("[") {
            self.at += 1;
            let index = self.binary(0)?;
            if self.peek() == Some("+:") {
                self.at += 1;
                let width = self.binary(0)?;
                let Expression::Literal(_, width) = width.bare() else { bail!("a slice has no fixed width") };
                base = Expression::Slice(Box::new(base), Box::new(index), usize::try_from(*width)?);
            } else {
                base = Expression::Index(Box::new(base), Box::new(index));
            }
            self.expect("]")?;
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Expression> {
        let token = self.next()?;
        if token == "(" {
            let inner = self.binary(0)?;
            self.expect(")")?;
            return Ok(Expression::Paren(Box::new(inner)));
        }
        if token == "$signed" || token == "$unsigned" {
            self.expect("(")?;
            let inner = self.binary(0)?;
            self.expect(")")?;
            return Ok(Expression::Cast(token, Box::new(inner)));
        }
        if token.starts_with(|c: char| c.is_ascii_digit()) {
            return literal(&token);
        }
        if token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Ok(Expression::Name(token));
        }
        bail!("unexpected `{token}`")
    }
}

fn literal(token: &str) -> Result<Expression> {
    let Some((width, digits)) = token.split_once('\'') else {
        return Ok(Expression::Literal(32, token.parse()?));
    };
    let (base, digits) = digits.split_at(1);
    let radix = match base {
        "h" => 16,
        "b" => 2,
        "d" => 10,
        _ => bail!("unknown base in `{token}`"),
    };
    let value = u128::from_str_radix(digits, radix).unwrap_or(u128::MAX);
    Ok(Expression::Literal(width.parse()?, value))
}

fn tokens(text: &str) -> Result<Vec<String>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_alphanumeric() || first == '_' || first == '$' {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$' || c == '\'';
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
            operator.with_context(|| format!("unknown operator in `{rest}`"))?.len()
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        fn show(expression: &Expression) -> String {
            match expression {
                Expression::Binary(operator, left, right) => format!("({} {operator} {})", show(left), show(right)),
                Expression::Unary(operator, inner) => format!("({operator} {})", show(inner)),
                Expression::Paren(inner) => show(inner),
                Expression::Name(name) => name.clone(),
                Expression::Literal(width, value) => format!("{width}'{value}"),
                Expression::Cast(name, inner) => format!("{name}{}", show(inner)),
                Expression::Index(base, index) => format!("{}[{}]", show(base), show(index)),
                Expression::Slice(base, low, width) => format!("{}[{}+:{width}]", show(base), show(low)),
            }
        }
        show(&Expression::parse(text).unwrap())
    }

    #[test]
    fn comparison_binds_tighter_than_bitwise_operators() {
        assert_eq!(shown("a & 32'h1 == b"), "(a & (32'1 == b))");
        assert_eq!(shown("a + 32'h1 == b"), "((a + 32'1) == b)");
        assert_eq!(shown("~a == 4'b10"), "((~ a) == 4'2)");
        assert_eq!(shown("(a & b) | c ^ d && e"), "(((a & b) | (c ^ d)) && e)");
    }

    #[test]
    fn slices_casts_and_reductions_are_read() {
        assert_eq!(shown("$unsigned(a$b$1[(32'h3)+:(4)])"), "$unsigneda$b$1[32'3+:4]");
        assert_eq!(shown("x & |a[b]"), "(x & (| a[b]))");
        assert_eq!(shown("~|a"), "(~| a)");
        assert_eq!(shown("(s & ~(1 << (i)) | ((v) << (i)))"), "((s & (~ (32'1 << i))) | (v << i))");
    }

    #[test]
    fn broken_text_is_an_error() {
        assert!(Expression::parse("a +").is_err());
        assert!(Expression::parse("(a").is_err());
        assert!(Expression::parse("a b").is_err());
    }
}
