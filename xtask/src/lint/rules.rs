//! Rules on emitted expressions: the forms in which Verilog computes something else than the native simulation.
//!
//! Verilog widens operands to the widest of an expression, 32 bits for a literal, and binds comparisons tighter than `&`, `^` and `|`. So whatever is
//! compared, cast, shifted right, reduced or used as an index must be one signal; signs must agree; and a literal must fit what it is compared with. A
//! nested `+ - & | ^` of equal widths that is assigned to its own width is the same in both.

use super::expression::Expression;
use super::verilog::{Design, Module};
use super::Finding;

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const BITWISE: [&str; 3] = ["&", "|", "^"];
const REDUCTIONS: [&str; 6] = ["&", "|", "^", "~&", "~|", "~^"];

/// Checks every statement of every combinational block.
pub(crate) fn check(design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    for module in design.modules.iter().filter(|module| !module.custom) {
        let mut constant = !module.statements.is_empty();
        for (line, text) in &module.statements {
            let mut add = |code: &str, message: String| {
                let source = design.line(*line).to_owned();
                findings.push(Finding {
                    code: code.to_owned(),
                    module: module.name.clone(),
                    line: *line,
                    source,
                    message,
                });
            };
            let expression = match expression(text) {
                Ok(None) => continue,
                Ok(Some(expression)) => expression,
                Err(error) => {
                    add("RULE-SYNTAX", format!("{error:#}"));
                    continue;
                }
            };
            let varies = |name: &&str| !module.signals.get(*name).is_some_and(|signal| signal.constant);
            constant &= !expression.names().iter().any(varies);
            let mut rules = Rules { module, add: &mut add };
            rules.signs(&expression);
            rules.check(&expression);
        }
        if constant {
            let source = design.line(module.lines.0).to_owned();
            let message = "a block of constants never starts in an event-driven simulator".to_owned();
            let (module, line) = (module.name.clone(), module.lines.0);
            findings.push(Finding { code: "RULE-CONSTANT".to_owned(), module, line, source, message });
        }
    }
    findings
}

/// The expression of an assignment, condition or selector; none for labels and ends.
fn expression(statement: &str) -> anyhow::Result<Option<Expression>> {
    let condition = statement.strip_prefix("else ").unwrap_or(statement);
    if let Some(rest) = condition.strip_prefix("if (") {
        let text = rest.strip_suffix(") begin").unwrap_or(rest);
        return Expression::parse(text).map(Some);
    }
    if let Some(rest) = statement.strip_prefix("case (") {
        let text = rest.strip_suffix(')').unwrap_or(rest);
        return Expression::parse(&format!("{text} == {text}")).map(Some);
    }
    match statement.strip_suffix(';').and_then(|text| text.split_once(" = ")) {
        Some((_, value)) => Expression::parse(value).map(Some),
        None if statement.ends_with(';') => anyhow::bail!("unknown statement"),
        None => Ok(None),
    }
}

/// The operands that the width and sign of an expression depend on.
fn operands(expression: &Expression) -> Vec<&Expression> {
    match expression.bare() {
        Expression::Unary(operator, inner) if ["-", "~"].contains(&&**operator) => operands(inner),
        Expression::Binary(operator, left, _) if ["<<", ">>"].contains(&&**operator) => operands(left),
        Expression::Binary(operator, left, right) if ["+", "-", "*", "&", "|", "^"].contains(&&**operator) => {
            [operands(left), operands(right)].concat()
        }
        other => vec![other],
    }
}

struct Rules<'a> {
    module: &'a Module,
    add: &'a mut dyn FnMut(&str, String),
}

impl Rules<'_> {
    /// An unsigned operand makes the whole expression unsigned: then a `$signed` beside it is extended by zeros.
    fn signs(&mut self, expression: &Expression) {
        let operands = operands(expression);
        let cast = operands.iter().any(|operand| matches!(operand, Expression::Cast(name, _) if name == "$signed"));
        if cast && !operands.iter().all(|operand| self.signed(operand)) {
            (self.add)("RULE-SIGN", "a sign is extended beside an unsigned operand".to_owned());
        }
    }

    fn check(&mut self, expression: &Expression) {
        match expression {
            Expression::Binary(operator, left, right) if COMPARISONS.contains(&&**operator) => {
                self.comparison(operator, left, right);
            }
            Expression::Binary(operator, left, right) if BITWISE.contains(&&**operator) => {
                self.bitwise(operator, left, right);
            }
            Expression::Binary(operator, left, right) if operator == ">>" || operator == "<<" => {
                if operator == ">>" && !self.single(left) {
                    (self.add)("RULE-SHIFT", "the shifted operand is no single signal".to_owned());
                }
                if !self.single(right) {
                    (self.add)("RULE-SHIFT", "the distance of a shift is no single signal".to_owned());
                }
            }
            Expression::Cast(name, inner) if !self.single(inner) => {
                (self.add)("RULE-CAST", format!("{name} of an expression"));
            }
            Expression::Unary(operator, inner) if REDUCTIONS.contains(&&**operator) && !self.pure(inner) => {
                (self.add)("RULE-REDUCE", format!("`{operator}` over an expression"));
            }
            Expression::Index(_, index) | Expression::Slice(_, index, _) if !self.single(index) => {
                (self.add)("RULE-INDEX", "an index is no single signal".to_owned());
            }
            _ => {}
        }
        for child in expression.children() {
            self.check(child);
        }
    }

    fn comparison(&mut self, operator: &str, left: &Expression, right: &Expression) {
        for (side, other) in [(left, right), (right, left)] {
            let single_bits = self.one_bit(side) && self.one_bit(other);
            if !self.pure(side) && !single_bits {
                (self.add)("RULE-COMPARE", format!("an operand of `{operator}` is no single signal"));
            }
        }
        if self.signed(left) != self.signed(right) {
            (self.add)("RULE-SIGN", format!("`{operator}` of a signed and an unsigned operand compares unsigned"));
        }
        let (left, right) = (left.bare(), right.bare());
        for (side, other) in [(left, right), (right, left)] {
            let (Some(width), Some(other_width)) = (self.width(side), self.width(other)) else { continue };
            if matches!(side, Expression::Cast(..)) && width > other_width {
                (self.add)("RULE-CAST", format!("a cast to fewer bits has no effect in an operand of `{operator}`"));
            }
            if let Expression::Literal(_, value) = side {
                if other_width < 128 && value >> other_width != 0 {
                    (self.add)("RULE-LITERAL", format!("{value} does not fit {other_width} bits"));
                }
            }
        }
    }

    fn bitwise(&mut self, operator: &str, left: &Expression, right: &Expression) {
        for side in [left, right] {
            if matches!(side, Expression::Binary(inner, ..) if COMPARISONS.contains(&&**inner)) {
                (self.add)(
                    "RULE-PRECEDENCE",
                    format!("a comparison without parentheses in an operand of `{operator}`"),
                );
            }
        }
        let ones = |width: usize, value: u128| (2..128).contains(&width) && value == (1 << width) - 1;
        let mask = |side: &Expression| matches!(side, Expression::Literal(width, value) if ones(*width, *value));
        if operator == "&" && mask(right) && !self.single(left) {
            (self.add)("RULE-CAST", "a cast by a mask of an expression keeps its carry".to_owned());
        }
    }

    /// One signal, a part of one, or numbers.
    fn single(&self, expression: &Expression) -> bool {
        match expression.bare() {
            Expression::Name(_) => true,
            Expression::Index(base, _) | Expression::Slice(base, ..) => self.single(base),
            other => other.names().is_empty(),
        }
    }

    /// What has the same value in every width: single signals, reductions, comparisons, and bitwise operators over signals.
    fn pure(&self, expression: &Expression) -> bool {
        match expression.bare() {
            Expression::Cast(_, inner) => self.single(inner),
            Expression::Unary(operator, inner) => REDUCTIONS.contains(&&**operator) && self.pure(inner),
            Expression::Binary(operator, ..) if COMPARISONS.contains(&&**operator) => true,
            Expression::Binary(operator, left, right) if BITWISE.contains(&&**operator) => {
                let literal = |side: &Expression| matches!(side.bare(), Expression::Literal(..));
                self.pure(left) && self.pure(right) && !literal(left) && !literal(right)
            }
            _ => self.single(expression),
        }
    }

    /// Logic of single bits that nothing widens: no literal wider than one bit.
    fn one_bit(&self, expression: &Expression) -> bool {
        match expression.bare() {
            Expression::Unary(operator, inner) => REDUCTIONS.contains(&&**operator) || self.one_bit(inner),
            Expression::Binary(operator, ..) if COMPARISONS.contains(&&**operator) => true,
            Expression::Binary(_, left, right) => self.one_bit(left) && self.one_bit(right),
            other => self.width(other) == Some(1),
        }
    }

    /// Bits of a single signal, literal or cast.
    fn width(&self, expression: &Expression) -> Option<usize> {
        match expression.bare() {
            Expression::Name(name) => self.module.signals.get(name).map(|signal| signal.width),
            Expression::Literal(width, _) => Some(*width),
            Expression::Slice(_, _, width) => Some(*width),
            Expression::Index(..) => Some(1),
            Expression::Cast(_, inner) => self.width(inner),
            _ => None,
        }
    }

    /// Whether Verilog takes the expression as signed; it is only if every operand is.
    fn signed(&self, expression: &Expression) -> bool {
        match expression.bare() {
            Expression::Name(name) => self.module.signals.get(name).is_some_and(|signal| signal.signed),
            Expression::Cast(name, _) => name == "$signed",
            Expression::Unary(operator, inner) => !REDUCTIONS.contains(&&**operator) && self.signed(inner),
            Expression::Binary(operator, ..) if COMPARISONS.contains(&&**operator) => false,
            Expression::Binary(operator, left, _) if operator.len() == 2 => self.signed(left),
            Expression::Binary(_, left, right) => self.signed(left) && self.signed(right),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "module top(a);
input wire [7:0] a;
input wire [7:0] b;
input wire signed [7:0] s;
input wire signed [7:0] u;
input wire  x;
input wire  y;
localparam signed zero = 8'h0;
output reg [15:0] wide;
output reg [7:0] o;
always @(*) begin
";

    fn codes(statement: &str) -> Vec<String> {
        let design = Design::parse(&format!("{HEAD}{statement}\nend\nendmodule\n"));
        check(&design).into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn safe_forms_pass() {
        for statement in [
            "o = a + 32'h1;",
            "o = (a & b) - (a ^ b);",
            "o = a == 32'hff;",
            "o = (a == b) & ~x;",
            "o = s < zero;",
            "o = s < u;",
            "o = x & (a[(32'h2)+:(3)] == 32'h7);",
            "o = (x & y) == x;",
            "o = ~x == y;",
            "o = ~|a == x;",
            "o = ~x == 1'h0;",
            "wide = $unsigned(a);",
            "wide = $signed(s);",
            "wide = -$signed(s) + (u - zero);",
            "wide = ((a) & 16'hffff);",
            "o = a >> b;",
            "o = a << 32'h1;",
            "o = |a;",
            "if (~|a & x) begin",
            "if (a[1 * 32'h2 + 32'h1]) begin",
            "else if (a[b]) begin",
            "o = (a & ~(1 << (b)) | ((x) << (b)));",
        ] {
            assert!(codes(statement).is_empty(), "{statement}: {:?}", codes(statement));
        }
    }

    #[test]
    fn unsafe_forms_are_named() {
        for (statement, code) in [
            ("o = a + b == b;", "RULE-COMPARE"),
            ("o = a == (b << 32'h1);", "RULE-COMPARE"),
            ("o = (a & 32'h1) == b;", "RULE-COMPARE"),
            ("o = ~a == 32'h0;", "RULE-COMPARE"),
            ("o = ~x == 32'h0;", "RULE-COMPARE"),
            ("o = a == 32'h100;", "RULE-LITERAL"),
            ("o = s < 32'h5;", "RULE-SIGN"),
            ("o = s == a;", "RULE-SIGN"),
            ("wide = $signed(s) + 32'h1;", "RULE-SIGN"),
            ("wide = u - (-$signed(s) & a);", "RULE-SIGN"),
            ("o = x & a == b;", "RULE-PRECEDENCE"),
            ("wide = $unsigned(a + b);", "RULE-CAST"),
            ("wide = ((a + b) & 9'h1ff);", "RULE-CAST"),
            ("o = $unsigned(wide) == a;", "RULE-CAST"),
            ("o = (a + b) >> 32'h1;", "RULE-SHIFT"),
            ("o = a >> (b + 32'h1);", "RULE-SHIFT"),
            ("o = &(a | 32'h1);", "RULE-REDUCE"),
            ("o = a[b + 32'h1];", "RULE-INDEX"),
            ("case (a + b)", "RULE-COMPARE"),
            ("o = a +;", "RULE-SYNTAX"),
            ("o = 32'h0;", "RULE-CONSTANT"),
        ] {
            assert!(codes(statement).contains(&code.to_owned()), "{statement}: {:?}", codes(statement));
        }
    }
}
