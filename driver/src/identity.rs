//! The identity block: who the card is and what sizes it has.

use crate::device::joined;
use crate::{DeviceError, Transport};
use crossgate_contract::register::{self, Register};
use crossgate_contract::{feature, width, Sizes, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};

/// What a card says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Major version of the ABI; equal to the driver's.
    pub abi_major: u16,
    /// Minor version of the ABI.
    pub abi_minor: u16,
    /// Hash of the contract; equal to the driver's.
    pub contract_hash: u64,
    /// Feature bits, see `crossgate_contract::feature`.
    pub features: u32,
    /// Sizes of the build.
    pub sizes: Sizes,
    /// Signed-off clock in kHz; `None` in simulation.
    pub clock_khz: Option<u32>,
}

/// Name of a set of sizes or a feature that this driver does not know.
const UNNAMED: &str = "unnamed";

/// Reads a register that is never all ones.
pub(crate) fn read_live<T: Transport>(transport: &mut T, register: &Register) -> Result<u32, DeviceError> {
    match transport.register_read(register.offset)? {
        u32::MAX => Err(DeviceError::Gone { name: register.name, offset: register.offset }),
        value => Ok(value),
    }
}

/// Low and high 16 bits.
fn halves(word: u32) -> (u16, u16) {
    let [a, b, c, d] = word.to_le_bytes();
    (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))
}

impl Identity {
    /// Whether the card has all of these feature bits.
    pub const fn has(&self, features: u32) -> bool {
        self.features & features == features
    }

    /// Refuses a card without one of these feature bits.
    ///
    /// # Errors
    /// [`DeviceError::Feature`] with the first that is missing.
    pub fn require(&self, features: u32) -> Result<(), DeviceError> {
        let missing = features & !self.features;
        if missing == 0 {
            return Ok(());
        }
        let named = feature::NAMES.iter().find(|(_, bit)| missing & bit != 0);
        Err(DeviceError::Feature { feature: named.map_or(UNNAMED, |(name, _)| *name), features: self.features })
    }

    /// Reads the identity block and refuses a card that this driver does not understand.
    ///
    /// # Errors
    /// [`DeviceError::Gone`], [`DeviceError::Magic`], [`DeviceError::Abi`], [`DeviceError::ContractHash`],
    /// [`DeviceError::Identity`], or the transport's.
    pub(crate) fn read<T: Transport>(transport: &mut T) -> Result<Self, DeviceError> {
        let magic = read_live(transport, &register::MAGIC)?;
        if magic != MAGIC {
            return Err(DeviceError::Magic { expected: MAGIC, actual: magic });
        }
        let (abi_minor, abi_major) = halves(read_live(transport, &register::ABI)?);
        if abi_major != ABI_MAJOR {
            return Err(DeviceError::Abi {
                expected_major: ABI_MAJOR,
                expected_minor: ABI_MINOR,
                actual_major: abi_major,
                actual_minor: abi_minor,
            });
        }
        // Either half of a hash may be all ones by chance; the other registers of the block show a card that is gone.
        let low = transport.register_read(register::HASH_LO.offset)?;
        let high = transport.register_read(register::HASH_HI.offset)?;
        let contract_hash = joined(low, high);
        if contract_hash != CONTRACT_HASH {
            return Err(DeviceError::ContractHash { expected: CONTRACT_HASH, actual: contract_hash });
        }
        let features = read_live(transport, &register::FEATURES)?;
        let sizes = read_sizes(transport)?;
        let clock_khz = Some(read_live(transport, &register::CLOCK_KHZ)?).filter(|khz| *khz != 0);
        Ok(Self { abi_major, abi_minor, contract_hash, features, sizes, clock_khz })
    }
}

fn read_sizes<T: Transport>(transport: &mut T) -> Result<Sizes, DeviceError> {
    let id = read_live(transport, &register::BUILD)?;
    let book = read_live(transport, &register::SIZE_BOOK)?;
    let gate = read_live(transport, &register::SIZE_GATE)?;
    let order = read_live(transport, &register::SIZE_ORDER)?;
    let wrong = |register: &Register, actual, reason| DeviceError::Identity {
        name: register.name,
        offset: register.offset,
        actual,
        reason,
    };
    let [venues, books, window_log2, quantity_bits] = book.to_le_bytes();
    if u32::from(quantity_bits) != width::QUANTITY_BITS {
        return Err(wrong(&register::SIZE_BOOK, book, "a quantity has another number of bits than in the contract"));
    }
    if venues == 0 || venues > 16 || books == 0 || !(8..=32).contains(&window_log2) {
        return Err(wrong(&register::SIZE_BOOK, book, "no build has such books"));
    }
    let (accounts, instruments) = halves(gate);
    if accounts == 0 || instruments == 0 {
        return Err(wrong(&register::SIZE_GATE, gate, "a build has accounts and instruments"));
    }
    let [lanes, slots_log2, window_slots_log2, ledgers_log2] = order.to_le_bytes();
    if lanes == 0 || lanes > 32 || lanes % 2 != 0 || slots_log2 > 16 || window_slots_log2 > 10 || ledgers_log2 > 16 {
        return Err(wrong(&register::SIZE_ORDER, order, "no build has such lanes, slots or venue ledgers"));
    }
    let named = Sizes::by_id(id);
    let sizes = Sizes {
        name: named.map_or(UNNAMED, |sizes| sizes.name),
        id,
        venues: usize::from(venues),
        books: usize::from(books),
        window_ticks: 1 << window_log2,
        accounts: usize::from(accounts),
        venue_ledgers: 1 << ledgers_log2,
        instruments: usize::from(instruments),
        lanes: usize::from(lanes),
        slots: 1 << slots_log2,
        window_slots: 1 << window_slots_log2,
    };
    if named.is_some_and(|named| named != sizes) {
        return Err(wrong(&register::BUILD, id, "the sizes are not those of the set with this number"));
    }
    Ok(sizes)
}
