//! [`Device`]: the typed card.

use crate::identity::read_live;
use crate::poll::RingState;
use crate::post::WindowState;
use crate::{Counters, DeviceError, Identity, Transport};
use crossgate_contract::event::Ring;
use crossgate_contract::register::{self, control, status, Register};
use crossgate_contract::{feature, width, FieldError, Sizes, Window};
use std::time::{Duration, Instant};

/// How long a wait lasts before it is an error: at least this many polls and at least this long. Polls bound the wait
/// where simulated time passes only in polls, the time bounds it where polls are fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Polls.
    pub polls: u64,
    /// Wall time.
    pub time: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { polls: 20_000, time: Duration::from_secs(2) }
    }
}

/// What the host chooses when it opens a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Log2 of the entries of the decision ring, 4 to 20.
    pub decisions_log2: u32,
    /// Log2 of the entries of the market ring, 4 to 20.
    pub market_log2: u32,
    /// Deadline of every wait.
    pub patience: Patience,
}

impl Default for Options {
    fn default() -> Self {
        Self { decisions_log2: 12, market_log2: 12, patience: Patience::default() }
    }
}

/// Card cycle and card time, latched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Cycles.
    pub cycle: u64,
    /// Card time, microseconds.
    pub time_us: u64,
}

/// What left the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Egress {
    /// Messages, modulo 2^32.
    pub messages: u32,
    /// CRC-32 (IEEE) of the 32 bytes of each, in their order.
    pub crc: u32,
}

/// One wait.
pub(crate) struct Wait {
    patience: Patience,
    start: Option<Instant>,
    pub(crate) polls: u64,
}

impl Wait {
    pub(crate) const fn new(patience: Patience) -> Self {
        Self { patience, start: None, polls: 0 }
    }

    /// Counts a poll; true when the patience is used up. The clock starts with the first poll, so a wait that needs
    /// none reads no clock.
    pub(crate) fn expired(&mut self) -> bool {
        self.polls += 1;
        let start = *self.start.get_or_insert_with(Instant::now);
        self.polls > self.patience.polls && start.elapsed() >= self.patience.time
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.start.map_or(Duration::ZERO, |start| start.elapsed())
    }
}

/// A card that was identified, reset and given its rings.
pub struct Device<T: Transport> {
    pub(crate) transport: T,
    pub(crate) identity: Identity,
    pub(crate) options: Options,
    pub(crate) windows: [WindowState; 3],
    pub(crate) rings: [RingState; 2],
    pub(crate) fences: u64,
}

const RING_LOG2_LEAST: u32 = 4;
const RING_LOG2_MOST: u32 = 20;

impl<T: Transport> Device<T> {
    /// Identifies the card, resets it and sets up its rings. The card is not armed.
    ///
    /// # Errors
    /// The card is refused ([`DeviceError::Magic`], [`DeviceError::Abi`], [`DeviceError::ContractHash`],
    /// [`DeviceError::Identity`]), gone, not ready in time, or the transport failed.
    pub fn open(mut transport: T, options: Options) -> Result<Self, DeviceError> {
        let identity = Identity::read(&mut transport)?;
        let mut ring = |log2: u32| {
            if !(RING_LOG2_LEAST..=RING_LOG2_MOST).contains(&log2) {
                return Err(DeviceError::RingSize { actual: log2, least: RING_LOG2_LEAST, most: RING_LOG2_MOST });
            }
            Ok(RingState::new(transport.dma_allocate(1 << log2)?, log2))
        };
        let rings = [ring(options.decisions_log2)?, ring(options.market_log2)?];
        let windows = [WindowState::default(); 3];
        let mut device = Self { transport, identity, options, windows, rings, fences: 0 };
        device.reset()?;
        Ok(device)
    }

    /// Scrubs the card: every table, book and ledger is empty afterwards, the card is not armed, the rings start anew.
    ///
    /// # Errors
    /// [`DeviceError::NotReady`] at the deadline, [`DeviceError::Gone`], or the transport's.
    pub fn reset(&mut self) -> Result<(), DeviceError> {
        self.write(&register::CONTROL, control::RESET)?;
        let mut wait = Wait::new(self.options.patience);
        loop {
            let status = read_live(&mut self.transport, &register::STATUS)?;
            if status & status::READY != 0 {
                break;
            }
            if wait.expired() {
                return Err(DeviceError::NotReady { status, polls: wait.polls, elapsed: wait.elapsed() });
            }
            self.transport.advance()?;
        }
        self.windows = [WindowState::default(); 3];
        for ring in Ring::ALL {
            self.restart_ring(ring)?;
        }
        Ok(())
    }

    /// What the card said about itself.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The sizes of the build.
    pub const fn sizes(&self) -> &Sizes {
        &self.identity.sizes
    }

    /// The transport below.
    pub const fn transport(&self) -> &T {
        &self.transport
    }

    /// The transport below, for what only it can do.
    pub const fn transport_mut(&mut self) -> &mut T {
        &mut self.transport
    }

    /// The transport, when the device is no longer needed.
    pub fn into_transport(self) -> T {
        self.transport
    }

    /// Reads a register. All ones are believed only while the card still shows its magic.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn read(&mut self, register: &Register) -> Result<u32, DeviceError> {
        let value = self.transport.register_read(register.offset)?;
        if value == u32::MAX {
            self.check_present()?;
        }
        Ok(value)
    }

    /// Writes a register.
    ///
    /// # Errors
    /// The transport's.
    pub fn write(&mut self, register: &Register, value: u32) -> Result<(), DeviceError> {
        Ok(self.transport.register_write(register.offset, value)?)
    }

    /// Whether the card still answers.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn check_present(&mut self) -> Result<(), DeviceError> {
        read_live(&mut self.transport, &register::MAGIC).map(|_| ())
    }

    /// Bits of STATUS, see `crossgate_contract::register::status`.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn status(&mut self) -> Result<u32, DeviceError> {
        read_live(&mut self.transport, &register::STATUS)
    }

    /// Starts or stops deciding orders.
    ///
    /// # Errors
    /// The transport's.
    pub fn arm(&mut self, armed: bool) -> Result<(), DeviceError> {
        self.write(&register::CONTROL, if armed { control::ARM } else { 0 })
    }

    /// The active epoch; 0 before the first COMMIT.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn epoch(&mut self) -> Result<u32, DeviceError> {
        self.read(&register::EPOCH)
    }

    /// Sets the card time, microseconds below 2^48.
    ///
    /// # Errors
    /// [`DeviceError::Field`] if the time does not fit, or the transport's.
    pub fn set_time_us(&mut self, time_us: u64) -> Result<(), DeviceError> {
        self.write_time([&register::TIME_LO, &register::TIME_HI], ("TIME", "time_us"), time_us)
    }

    /// Sets the card time at which the card halts everything and asks for every order to be cancelled, unless the deadline
    /// is moved on before; `None` switches it off. A deadline that is not after the card time takes effect at once; 0 counts
    /// as 1, because 0 is none.
    ///
    /// # Errors
    /// [`DeviceError::Feature`] if the card has no watchdog, [`DeviceError::Field`] if the time does not fit, or the
    /// transport's.
    pub fn set_watchdog_us(&mut self, deadline_us: Option<u64>) -> Result<(), DeviceError> {
        self.identity.require(feature::ORDERS_FULL)?;
        let registers = [&register::WATCHDOG_LO, &register::WATCHDOG_HI];
        let deadline_us = deadline_us.map_or(0, |deadline_us| deadline_us.max(1));
        self.write_time(registers, ("WATCHDOG", "deadline_us"), deadline_us)
    }

    /// The deadline in card time, if one is set; none after it took effect.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn watchdog_us(&mut self) -> Result<Option<u64>, DeviceError> {
        let low = self.read(&register::WATCHDOG_LO)?;
        let high = self.read(&register::WATCHDOG_HI)?;
        Ok(Some(joined(low, high)).filter(|deadline_us| *deadline_us != 0))
    }

    /// The messages that entered the egress queue since RESET; exact while no order, cancel or halt is in flight.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn egress(&mut self) -> Result<Egress, DeviceError> {
        Ok(Egress { messages: self.read(&register::COUNT_EGRESS)?, crc: self.read(&register::EGRESS_CRC)? })
    }

    /// Writes a time of 48 bits; the high half makes it take effect.
    fn write_time(
        &mut self,
        [low, high]: [&Register; 2],
        (layout, field): (&'static str, &'static str),
        us: u64,
    ) -> Result<(), DeviceError> {
        let (low_half, high_half) = halves(us);
        if high_half >> (width::CYCLE_BITS - 32) != 0 {
            return Err(FieldError { layout, field, value: i128::from(us), width: width::CYCLE_BITS }.into());
        }
        self.write(low, low_half)?;
        self.write(high, high_half)
    }

    /// Cycle and time of the card in one moment.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn stamp(&mut self) -> Result<Stamp, DeviceError> {
        // Reading the low half of the cycle latches the other three.
        let cycle_low = self.read(&register::STAMP_CYCLE_LO)?;
        let cycle_high = self.read(&register::STAMP_CYCLE_HI)?;
        let time_low = self.read(&register::STAMP_TIME_LO)?;
        let time_high = self.read(&register::STAMP_TIME_HI)?;
        Ok(Stamp { cycle: joined(cycle_low, cycle_high), time_us: joined(time_low, time_high) })
    }

    /// Every counter of the card.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn counters(&mut self) -> Result<Counters, DeviceError> {
        Counters::read(|register| self.read(register))
    }

    /// ERROR_STATUS, and the first error of each window: expected sequence in the low, received in the high half.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] or the transport's.
    pub fn errors(&mut self) -> Result<(u32, [u32; 3]), DeviceError> {
        let status = self.read(&register::ERROR_STATUS)?;
        let mut first = [0; 3];
        for window in Window::ALL {
            first[window.index()] = self.read(match window {
                Window::Orders => &register::ERROR_ORDERS,
                Window::Market => &register::ERROR_MARKET,
                Window::Control => &register::ERROR_CONTROL,
            })?;
        }
        Ok((status, first))
    }
}

/// The value of low and high 32 bits.
pub(crate) fn joined(low: u32, high: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Low and high 32 bits.
pub(crate) fn halves(value: u64) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}
