//! Small leaf blocks that every part of the card shares: [`Delay`], a delay line, and [`Slice`], [`SliceSigned`],
//! [`SliceBit`], one field of a word.
//!
//! [`Fixed`], [`Many`], [`Powers`] and [`IndexMasks`] are constants and arrays that have a default, so that blocks of
//! any size can derive theirs.
//!
//! Each is a hand-written pair of a Rust update and its Verilog text, so each has a lockstep test of the two. Field
//! positions come from the contract: a slice is built from a [`Field`], and refuses one whose word, width or sign
//! differs from its ports.

use crate::int::{I, U};
use crossgate_contract::{Field, Layout};
use rust_hdl_core::prelude::*;

/// `N` clocks of delay, `N >= 1`; starts as zeros and has no reset.
///
/// One leaf instead of `N` registers: data that only waits costs the simulation a single signal.
#[derive(LogicBlock)]
pub struct Delay<D: Synth, const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Taken at each edge.
    pub data: Signal<In, D>,
    /// `data` as it was before the last `N` edges.
    pub delayed: Signal<Out, D>,
    _line: Vec<D>,
    _oldest: usize,
}

impl<D: Synth, const N: usize> Default for Delay<D, N> {
    fn default() -> Self {
        assert!(N >= 1, "a delay of 0 clocks is a wire");
        Self {
            clock: Default::default(),
            data: Default::default(),
            delayed: Default::default(),
            _line: vec![D::default(); N - 1],
            _oldest: 0,
        }
    }
}

impl<D: Synth, const N: usize> Logic for Delay<D, N> {
    fn update(&mut self) {
        if !self.clock.pos_edge() {
            return;
        }
        if N == 1 {
            self.delayed.next = self.data.val();
            return;
        }
        self.delayed.next = self._line[self._oldest];
        self._line[self._oldest] = self.data.val();
        self._oldest += 1;
        if self._oldest == N - 1 {
            self._oldest = 0;
        }
    }
    fn connect(&mut self) {
        self.delayed.connect();
    }
    fn hdl(&self) -> Verilog {
        // Registers of their own: of an array Verilator copies every word twice in a clock.
        let line: Vec<String> = (0..N - 1).map(|at| format!("line_{at}")).collect();
        let mut stages = vec!["data"];
        stages.extend(line.iter().map(String::as_str));
        stages.push("delayed");
        let high = D::BITS - 1;
        let mut text: String = line.iter().map(|name| format!("reg [{high}:0] {name};\n")).collect();
        text.push_str("initial begin\n");
        text.extend(stages[1..].iter().map(|name| format!("   {name} = 0;\n")));
        text.push_str("end\nalways @(posedge clock) begin\n");
        text.extend(stages.windows(2).map(|pair| format!("   {} <= {};\n", pair[1], pair[0])));
        text.push_str("end\n");
        Verilog::Custom(text)
    }
    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "delay".into(),
            clock: "clock".into(),
            inputs: vec!["data".into()],
            outputs: vec!["delayed".into()],
        }]
    }
}

/// The field of this name.
///
/// # Panics
/// If the layout has none: a broken build.
pub fn field(layout: &'static Layout, name: &str) -> &'static Field {
    layout
        .fields
        .iter()
        .find(|field| field.name == name)
        .unwrap_or_else(|| panic!("{} has no field {name}", layout.name))
}

fn checked(field: &Field, word: usize, bits: usize, signed: bool) -> usize {
    let lsb = usize::try_from(field.lsb).unwrap_or(usize::MAX);
    assert_eq!((field.word, field.signed), (word, signed), "word and sign of {}", field.name);
    assert_eq!(usize::try_from(field.width), Ok(bits), "width of {}", field.name);
    lsb
}

macro_rules! slice {
    (
        $(#[$doc:meta])* $name:ident $([$bits:ident])?, $out:ty, $width:expr, $signed:literal,
        $self:ident => $value:expr
    ) => {
        $(#[$doc])*
        #[derive(LogicBlock)]
        pub struct $name$(<const $bits: usize>)? {
            /// The word of a command or event that holds the field.
            pub word: Signal<In, U<64>>,
            /// The field.
            pub value: Signal<Out, $out>,
            _lsb: usize,
        }

        impl$(<const $bits: usize>)? $name$(<$bits>)? {
            /// The slice of a field that lies in word number `word`.
            ///
            /// # Panics
            /// If the field has another word, width or sign: a broken build.
            pub fn new(field: &Field, word: usize) -> Self {
                let _lsb = checked(field, word, $width, $signed);
                Self { word: Default::default(), value: Default::default(), _lsb }
            }
        }

        impl$(<const $bits: usize>)? Logic for $name$(<$bits>)? {
            fn update(&mut $self) {
                $self.value.next = $value;
            }
            fn connect(&mut self) {
                self.value.connect();
            }
            fn hdl(&self) -> Verilog {
                Verilog::Custom(format!("always @(*) value = word[{} +: {}];\n", self._lsb, $width))
            }
        }
    };
}

slice!(
    /// An unsigned field of a word.
    Slice[M], U<M>, M, false, self => self.word.val().get_bits::<M>(self._lsb)
);
slice!(
    /// A two's complement field of a word.
    SliceSigned[M], I<M>, M, true, self => crate::int::signed_cast_from(self.word.val().get_bits::<M>(self._lsb))
);
slice!(
    /// A field of one bit.
    SliceBit, Bit, 1, false, self => self.word.val().get_bit(self._lsb)
);

/// A constant that is part of its type; the value is cut to the width of `T`.
pub struct Fixed<T: Synth, const VALUE: usize>(Constant<T>);

impl<T: Synth + From<u64>, const VALUE: usize> Default for Fixed<T, VALUE> {
    fn default() -> Self {
        Self(Constant::new(u64::try_from(VALUE).unwrap_or(u64::MAX).into()))
    }
}

impl<T: Synth, const VALUE: usize> Fixed<T, VALUE> {
    /// The value.
    #[inline(always)]
    pub fn val(&self) -> T {
        self.0.val()
    }
}

/// `N` blocks of a kind.
pub struct Many<B, const N: usize>([B; N]);

impl<B: Default, const N: usize> Default for Many<B, N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| B::default()))
    }
}

impl<T: Synth, const N: usize> crate::island::Input for Many<Signal<In, T>, N> {
    #[inline(always)]
    fn pending(&self) -> bool {
        self.0.iter().any(crate::island::Input::pending)
    }
}

/// `N` constants of `M` bits, each with one bit set, from bit `SHIFT` up.
pub struct Powers<const M: usize, const N: usize, const SHIFT: usize>([Constant<U<M>>; N]);

impl<const M: usize, const N: usize, const SHIFT: usize> Default for Powers<M, N, SHIFT> {
    fn default() -> Self {
        Self(std::array::from_fn(|index| Constant::new(U::new(1 << (index + SHIFT)))))
    }
}

/// `N` masks of `M` bits: mask `i` has the bits whose own number has bit `i` set. They turn a one-hot word into a
/// number.
pub struct IndexMasks<const M: usize, const N: usize>([Constant<U<M>>; N]);

impl<const M: usize, const N: usize> Default for IndexMasks<M, N> {
    fn default() -> Self {
        let mask = |index: usize| (0..M).filter(|bit| (bit >> index) & 1 != 0).fold(0, |mask, bit| mask | (1 << bit));
        Self(std::array::from_fn(|index| Constant::new(U::new(mask(index)))))
    }
}

macro_rules! transparent {
    ($name:ident [$($generics:tt)+] [$($arguments:tt)+]) => {
        impl<$($generics)+> Logic for $name<$($arguments)+> {
            fn update(&mut self) {}
        }

        impl<$($generics)+> Block for $name<$($arguments)+> {
            fn connect_all(&mut self) {
                self.0.connect_all();
            }
            #[inline(always)]
            fn update_all(&mut self) {
                self.0.update_all();
            }
            #[inline(always)]
            fn has_changed(&self) -> bool {
                self.0.has_changed()
            }
            fn accept(&self, name: &str, probe: &mut dyn Probe) {
                self.0.accept(name, probe);
            }
        }
    };
}

macro_rules! indexed {
    ($name:ident [$($generics:tt)+] [$($arguments:tt)+] $item:ty) => {
        impl<$($generics)+> std::ops::Index<usize> for $name<$($arguments)+> {
            type Output = $item;
            #[inline(always)]
            fn index(&self, index: usize) -> &$item {
                &self.0[index]
            }
        }

        impl<$($generics)+> std::ops::IndexMut<usize> for $name<$($arguments)+> {
            #[inline(always)]
            fn index_mut(&mut self, index: usize) -> &mut $item {
                &mut self.0[index]
            }
        }
    };
}

transparent!(Fixed[T: Synth, const VALUE: usize][T, VALUE]);
transparent!(Many[B: Block, const N: usize][B, N]);
transparent!(Powers[const M: usize, const N: usize, const SHIFT: usize][M, N, SHIFT]);
transparent!(IndexMasks[const M: usize, const N: usize][M, N]);
indexed!(Many[B, const N: usize][B, N] B);
indexed!(Powers[const M: usize, const N: usize, const SHIFT: usize][M, N, SHIFT] Constant<U<M>>);
indexed!(IndexMasks[const M: usize, const N: usize][M, N] Constant<U<M>>);
