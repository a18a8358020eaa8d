//! Signal types backed by machine integers: [`U`] unsigned and [`I`] two's complement, 1 to 64 bits.
//!
//! rust-hdl's own `Bits` and `Signed` are arrays of `bool` above 32 bits and compare through big integers; these cost
//! a few nanoseconds and emit plain or
//! `signed` Verilog vectors. Arithmetic wraps at the width, exactly as an assignment of the emitted expression to a
//! signal of that width.
//! Casts are free functions whose names begin with `unsigned_cast` or `signed_cast`: the kernel macro recognises
//! those prefixes.
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, clippy::cast_possible_truncation)]

use rust_hdl_core::prelude::*;

/// Unsigned, `N` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct U<const N: usize>(u64);

/// Two's complement, `N` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct I<const N: usize>(i64);

impl<const N: usize> U<N> {
    /// The low `N` bits of `value`.
    #[inline(always)]
    pub const fn new(value: u64) -> Self {
        Self(value & (u64::MAX >> (64 - N)))
    }

    /// The value.
    #[inline(always)]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The value as a memory index.
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// `M` bits from bit `lsb` up; bits beyond the width read 0.
    #[inline(always)]
    pub const fn get_bits<const M: usize>(self, lsb: usize) -> U<M> {
        U::new(self.0 >> lsb)
    }

    /// One bit.
    #[inline(always)]
    pub const fn get_bit(self, index: usize) -> bool {
        (self.0 >> index) & 1 != 0
    }

    /// The value with one bit replaced.
    #[inline(always)]
    #[must_use]
    pub const fn replace_bit(self, index: usize, bit: bool) -> Self {
        Self((self.0 & !(1 << index)) | ((bit as u64) << index))
    }

    /// Whether any bit is set.
    #[inline(always)]
    pub const fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether every bit is set.
    #[inline(always)]
    pub const fn all(self) -> bool {
        self.0 == u64::MAX >> (64 - N)
    }
}

impl<const N: usize> I<N> {
    /// The low `N` bits of `value`, sign-extended.
    #[inline(always)]
    pub const fn new(value: i64) -> Self {
        Self((value << (64 - N)) >> (64 - N))
    }

    /// The value.
    #[inline(always)]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// One bit; the highest is the sign.
    #[inline(always)]
    pub const fn get_bit(self, index: usize) -> bool {
        (self.0 >> index) & 1 != 0
    }

    /// `M` raw bits from bit `lsb` up.
    #[inline(always)]
    pub const fn get_bits<const M: usize>(self, lsb: usize) -> U<M> {
        U::new(((self.0 as u64) & (u64::MAX >> (64 - N))) >> lsb)
    }
}

impl<const N: usize> From<u64> for U<N> {
    #[inline(always)]
    fn from(value: u64) -> Self {
        Self::new(value)
    }
}

impl<const N: usize> From<i64> for I<N> {
    #[inline(always)]
    fn from(value: i64) -> Self {
        Self::new(value)
    }
}

macro_rules! binary {
    ($type:ident, $($trait:ident $method:ident $op:ident),+) => {$(
        impl<const N: usize> std::ops::$trait for $type<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self::new(self.0.$op(other.0))
            }
        }
    )+};
}
binary!(U, Add add wrapping_add, Sub sub wrapping_sub, BitAnd bitand bitand, BitOr bitor bitor, BitXor bitxor bitxor);
binary!(I, Add add wrapping_add, Sub sub wrapping_sub, BitAnd bitand bitand, BitOr bitor bitor, BitXor bitxor bitxor);

impl<const N: usize> std::ops::Not for U<N> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self::new(!self.0)
    }
}

impl<const N: usize> std::ops::Neg for I<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(self.0.wrapping_neg())
    }
}

impl<const N: usize, const M: usize> std::ops::Shl<U<M>> for U<N> {
    type Output = Self;
    #[inline(always)]
    fn shl(self, by: U<M>) -> Self {
        Self::new(self.0.checked_shl(by.0 as u32).unwrap_or(0))
    }
}

impl<const N: usize, const M: usize> std::ops::Shr<U<M>> for U<N> {
    type Output = Self;
    #[inline(always)]
    fn shr(self, by: U<M>) -> Self {
        Self::new(self.0.checked_shr(by.0 as u32).unwrap_or(0))
    }
}

/// The DSP product: 18 x 18 signed bits.
impl std::ops::Mul for I<18> {
    type Output = I<36>;
    #[inline(always)]
    fn mul(self, other: Self) -> I<36> {
        I::new(self.0 * other.0)
    }
}

/// Zero-extends or truncates; emitted as `$unsigned(x)`. The source must be a single signal, never an expression.
#[inline(always)]
pub const fn unsigned_cast<const M: usize, const N: usize>(value: U<N>) -> U<M> {
    U::new(value.0)
}

/// Sign-extends or truncates; emitted as `$signed(x)`. The source must be a single signal, never an expression.
#[inline(always)]
pub const fn signed_cast<const M: usize, const N: usize>(value: I<N>) -> I<M> {
    I::new(value.0)
}

/// The bits of an unsigned value as two's complement of the same width.
#[inline(always)]
pub const fn signed_cast_from<const N: usize>(value: U<N>) -> I<N> {
    I::new(value.0 as i64)
}

/// The bits of a two's complement value, unsigned.
#[inline(always)]
pub const fn unsigned_cast_from<const N: usize>(value: I<N>) -> U<N> {
    U::new(value.0 as u64)
}

impl<const N: usize> Synth for U<N> {
    const BITS: usize = N;
    fn descriptor() -> TypeDescriptor {
        TypeDescriptor { name: format!("U{N}"), kind: TypeKind::Bits(N) }
    }
    fn vcd(self) -> VCDValue {
        bits::<N>(self.0).vcd()
    }
    fn verilog(self) -> VerilogLiteral {
        bits::<N>(self.0).verilog()
    }
}

impl<const N: usize> Synth for I<N> {
    const BITS: usize = N;
    fn descriptor() -> TypeDescriptor {
        TypeDescriptor { name: format!("I{N}"), kind: TypeKind::Signed(N) }
    }
    fn vcd(self) -> VCDValue {
        unsigned_cast_from(self).vcd()
    }
    fn verilog(self) -> VerilogLiteral {
        unsigned_cast_from(self).verilog()
    }
}
