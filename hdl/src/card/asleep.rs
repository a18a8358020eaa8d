//! Lists of the inputs of the blocks that the card lets sleep ([`Sleeper`](crate::island::Sleeper)).
//!
//! Invariant: a list names every input of its block; a test counts them.

use rust_hdl_core::prelude::*;

/// One input port, or an array of them.
pub(super) trait Port {
    /// The parent has assigned a value that the block has not seen.
    fn waits(&self) -> bool;
    /// Number of ports.
    #[cfg(test)]
    fn count(&self) -> usize;
}

impl<T: Synth> Port for Signal<In, T> {
    #[inline(always)]
    fn waits(&self) -> bool {
        self.next != self.val()
    }
    #[cfg(test)]
    fn count(&self) -> usize {
        1
    }
}

impl<T: Synth, const N: usize> Port for [Signal<In, T>; N] {
    #[inline(always)]
    fn waits(&self) -> bool {
        self.iter().any(Port::waits)
    }
    #[cfg(test)]
    fn count(&self) -> usize {
        N
    }
}

/// A block whose inputs are listed.
#[cfg(test)]
pub(super) trait Listed: Block {
    /// Number of listed inputs.
    fn listed(&self) -> usize;
}

/// `inputs!([generics] Type: a, b, c)`: these are all inputs of the block.
macro_rules! inputs {
    ([$($generics:tt)*] $type:ty: $($input:ident),+ $(,)?) => {
        impl<$($generics)*> $crate::island::Inputs for $type {
            #[inline(always)]
            fn pending(&self) -> bool {
                use $crate::card::asleep::Port;
                $(self.$input.waits())||+
            }
        }

        #[cfg(test)]
        impl<$($generics)*> $crate::card::asleep::Listed for $type {
            fn listed(&self) -> usize {
                use $crate::card::asleep::Port;
                0 $(+ self.$input.count())+
            }
        }
    };
}
pub(super) use inputs;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::BookTiny;
    use crate::card::{Decisions, Front, Market};
    use crate::dispatch::{ToBook, ToGate};
    use crate::egress::Egress;
    use crate::registers::Registers;
    use crate::ring::Dma;
    use crate::window::{Intake, Window};
    use crossgate_contract::{sizes, Window as Number};

    /// Counts the inputs of a block, without those of its parts.
    struct InputCount {
        depth: usize,
        inputs: usize,
    }

    impl Probe for InputCount {
        fn visit_start_scope(&mut self, _name: &str, _node: &dyn Block) {
            self.depth += 1;
        }
        fn visit_atom(&mut self, _name: &str, signal: &dyn Atom) {
            if self.depth == 1 && signal.kind() == AtomKind::InputParameter {
                self.inputs += 1;
            }
        }
        fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
            self.depth -= 1;
        }
    }

    fn missed(block: &impl Listed) -> usize {
        let mut probe = InputCount { depth: 0, inputs: 0 };
        block.accept("block", &mut probe);
        probe.inputs - block.listed()
    }

    #[test]
    fn every_input_of_a_sleeping_block_is_listed() {
        let sizes = &sizes::TINY;
        let counts = [
            missed(&Intake::<4>::default()),
            missed(&Window::<4>::default()),
            missed(&ToGate::new(Number::Orders, sizes)),
            missed(&ToBook::new(sizes)),
            missed(&Front::<4>::new(sizes)),
            missed(&Decisions::default()),
            missed(&Market::<1, 2>::default()),
            missed(&Dma::default()),
            missed(&Registers::new(sizes)),
            missed(&BookTiny::default()),
            missed(&Egress::default()),
        ];
        assert_eq!(counts, [0; 11]);
    }
}
