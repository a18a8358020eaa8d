//! The counters of the card, one field a `COUNT_` register.

use crossgate_contract::register::{self, Register};

macro_rules! counters {
    ($($field:ident = $register:ident),+ $(,)?) => {
        /// Counts since RESET, modulo 2^32; each is the register of the same name in the contract.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub struct Counters { $(pub $field: u32,)+ }

        impl Counters {
            /// The register of every counter with its field, by rising offset.
            pub const REGISTERS: &'static [&'static Register] = &[$(&register::$register),+];

            /// Reads every counter through `read`.
            pub(crate) fn read<E>(mut read: impl FnMut(&Register) -> Result<u32, E>) -> Result<Self, E> {
                Ok(Self { $($field: read(&register::$register)?,)+ })
            }

            /// Registers and values, by rising offset.
            pub fn rows(&self) -> Vec<(&'static Register, u32)> {
                vec![$((&register::$register, self.$field)),+]
            }
        }
    };
}

counters! {
    commands_orders = COUNT_COMMANDS_ORDERS,
    commands_market = COUNT_COMMANDS_MARKET,
    commands_control = COUNT_COMMANDS_CONTROL,
    faults = COUNT_FAULTS,
    accepted = COUNT_ACCEPTED,
    rejected = COUNT_REJECTED,
    fills = COUNT_FILLS,
    levels = COUNT_LEVELS,
    levels_outside = COUNT_LEVELS_OUTSIDE,
    bbo = COUNT_BBO,
    conflated = COUNT_CONFLATED,
    egress = COUNT_EGRESS,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_register_of_the_contract_is_a_counter() {
        let all: Vec<_> = register::ALL.iter().filter(|register| register.name.starts_with("COUNT_")).collect();
        assert_eq!(Counters::REGISTERS, all);
    }
}
