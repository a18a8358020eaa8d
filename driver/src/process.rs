//! [`InProcess`]: the transport of a card that is simulated in this process, and [`Endpoint`], what such a card offers.
//!
//! Host memory of the rings lives here; the endpoint hands over each write with its bus address. Simulated time passes
//! only in [`Transport::advance`] and as far as an access itself needs cycles.

use crate::transport::{DmaBuffer, Transport};
use crate::TransportError;
use crossgate_contract::{register, Window};
use std::time::Duration;

/// A simulated card: the device side of BAR0, BAR2 and DMA.
pub trait Endpoint {
    /// Reads a register.
    fn register_read(&mut self, offset: u32) -> u32;

    /// Writes a register.
    fn register_write(&mut self, offset: u32, value: u32);

    /// Writes some quadwords of a window slot, one bit of `strobe` each, as one bus beat.
    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]);

    /// Writes a whole window slot as one bus beat.
    fn window_write(&mut self, window: Window, slot: u16, words: &[u64; 8]) {
        self.window_write_part(window, slot, u8::MAX, words);
    }

    /// Lets this many cycles pass.
    fn run(&mut self, cycles: u32);

    /// Whether a command or event is somewhere in the card.
    fn busy(&self) -> bool;

    /// Hands over the DMA writes since the last call, in order: bus address and words.
    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8]));

    /// Cycles since the card was made.
    fn cycles(&self) -> u64;

    /// Why the simulation itself cannot go on, if so: a lockstep difference, a lost simulator. Not faults of the card,
    /// which are events.
    fn failure(&self) -> Option<String> {
        None
    }

    /// Ends the simulation: completes what it writes and makes its last checks.
    ///
    /// # Errors
    /// Why it cannot, in words; the card is of no more use either way.
    fn close(&mut self) -> Result<(), String> {
        self.failure().map_or(Ok(()), Err)
    }
}

impl<E: Endpoint + ?Sized> Endpoint for Box<E> {
    fn register_read(&mut self, offset: u32) -> u32 {
        (**self).register_read(offset)
    }
    fn register_write(&mut self, offset: u32, value: u32) {
        (**self).register_write(offset, value);
    }
    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        (**self).window_write_part(window, slot, strobe, words);
    }
    fn window_write(&mut self, window: Window, slot: u16, words: &[u64; 8]) {
        (**self).window_write(window, slot, words);
    }
    fn run(&mut self, cycles: u32) {
        (**self).run(cycles);
    }
    fn busy(&self) -> bool {
        (**self).busy()
    }
    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        (**self).take_dma(sink);
    }
    fn cycles(&self) -> u64 {
        (**self).cycles()
    }
    fn failure(&self) -> Option<String> {
        (**self).failure()
    }
    fn close(&mut self) -> Result<(), String> {
        (**self).close()
    }
}

/// First bus address that is handed out; nothing lies below, so a card that writes to address 0 is caught.
const FIRST_ADDRESS: u64 = 0x1_0000_0000;
/// Buffers start on pages and leave one unmapped between them.
const PAGE_BYTES: u64 = 4_096;
const LINE_BYTES: u64 = 64;

/// A card that is still busy so long after its host left waits for that host.
const CLOSE_CYCLES_MAX: u64 = 100_000;

struct Memory {
    address: u64,
    lines: Vec<[u64; 8]>,
}

/// A simulated card on a simulated bus.
pub struct InProcess<E: Endpoint> {
    endpoint: E,
    memory: Vec<Memory>,
    next_address: u64,
    cycles_per_advance: u32,
}

impl<E: Endpoint> InProcess<E> {
    /// Cycles that pass in one poll while the card is busy.
    pub const CYCLES_PER_ADVANCE: u32 = 8;

    /// Puts a card on the bus.
    pub const fn new(endpoint: E) -> Self {
        Self { endpoint, memory: Vec::new(), next_address: FIRST_ADDRESS, cycles_per_advance: Self::CYCLES_PER_ADVANCE }
    }

    /// Sets the cycles that pass in one poll while the card is busy.
    pub fn set_cycles_per_advance(&mut self, cycles: u32) {
        self.cycles_per_advance = cycles;
    }

    /// The card.
    pub const fn endpoint(&self) -> &E {
        &self.endpoint
    }

    /// The card, for tests and simulations that need more than the bus.
    pub const fn endpoint_mut(&mut self) -> &mut E {
        &mut self.endpoint
    }

    /// The card, taken off the bus.
    pub fn into_endpoint(self) -> E {
        self.endpoint
    }

    /// Lets the card finish what is in flight and ends the simulation; a trace is complete and a comparison is finished
    /// only after this.
    ///
    /// # Errors
    /// [`TransportError::Simulation`].
    pub fn close(mut self) -> Result<(), TransportError> {
        let end = self.endpoint.cycles().saturating_add(CLOSE_CYCLES_MAX);
        while self.endpoint.busy() && self.endpoint.cycles() < end {
            self.endpoint.run(self.cycles_per_advance);
        }
        self.endpoint.close().map_err(|message| TransportError::Simulation { message })
    }

    /// Carries what the card wrote into host memory.
    fn collect(&mut self) -> Result<(), TransportError> {
        let memory = &mut self.memory;
        let mut unmapped = None;
        self.endpoint.take_dma(&mut |address, words| {
            let line = memory.iter_mut().find_map(|memory| {
                let offset = address.checked_sub(memory.address)?;
                let line = usize::try_from(offset / LINE_BYTES).ok()?;
                if offset % LINE_BYTES == 0 {
                    memory.lines.get_mut(line)
                } else {
                    None
                }
            });
            match line {
                Some(line) => *line = *words,
                None => unmapped = unmapped.or(Some(address)),
            }
        });
        if let Some(message) = self.endpoint.failure() {
            return Err(TransportError::Simulation { message });
        }
        unmapped.map_or(Ok(()), |address| Err(TransportError::Unmapped { address }))
    }

    fn memory(&self, buffer: &DmaBuffer, line: usize) -> Result<&Memory, TransportError> {
        let outside = TransportError::Line { line, address: buffer.address, lines: buffer.lines };
        let memory = self.memory.get(buffer.index).filter(|memory| memory.address == buffer.address);
        memory.filter(|memory| line < memory.lines.len()).ok_or(outside)
    }
}

fn check_offset(offset: u32) -> Result<(), TransportError> {
    if offset < register::BAR0_BYTES && offset.is_multiple_of(4) {
        Ok(())
    } else {
        Err(TransportError::Offset { offset, bytes: register::BAR0_BYTES })
    }
}

impl<E: Endpoint> Transport for InProcess<E> {
    fn config_read(&mut self, _offset: u16) -> Result<u32, TransportError> {
        Err(TransportError::Unsupported { what: "configuration space" })
    }

    fn config_write(&mut self, _offset: u16, _value: u32) -> Result<(), TransportError> {
        Err(TransportError::Unsupported { what: "configuration space" })
    }

    fn register_read(&mut self, offset: u32) -> Result<u32, TransportError> {
        check_offset(offset)?;
        let value = self.endpoint.register_read(offset);
        self.collect()?;
        Ok(value)
    }

    fn register_write(&mut self, offset: u32, value: u32) -> Result<(), TransportError> {
        check_offset(offset)?;
        self.endpoint.register_write(offset, value);
        self.collect()
    }

    fn post(&mut self, window: Window, slot: u16, words: &[u64; 8]) -> Result<(), TransportError> {
        self.endpoint.window_write(window, slot, words);
        self.collect()
    }

    fn dma_allocate(&mut self, lines: usize) -> Result<DmaBuffer, TransportError> {
        let bytes = u64::try_from(lines).ok().and_then(|lines| lines.checked_mul(LINE_BYTES));
        let bytes = bytes.ok_or(TransportError::Unsupported { what: "buffer of this size" })?;
        let address = self.next_address;
        self.next_address += (bytes.div_ceil(PAGE_BYTES) + 1) * PAGE_BYTES;
        self.memory.push(Memory { address, lines: vec![[0; 8]; lines] });
        Ok(DmaBuffer { index: self.memory.len() - 1, address, lines })
    }

    fn dma_clear(&mut self, buffer: &DmaBuffer) -> Result<(), TransportError> {
        self.memory(buffer, 0)?;
        self.memory[buffer.index].lines.fill([0; 8]);
        Ok(())
    }

    fn line(&self, buffer: &DmaBuffer, line: usize) -> Result<[u64; 8], TransportError> {
        Ok(self.memory(buffer, line)?.lines[line])
    }

    fn interrupts_enable(&mut self, _vectors: u16) -> Result<(), TransportError> {
        Err(TransportError::Unsupported { what: "interrupts" })
    }

    fn interrupt_wait(&mut self, _vector: u16, _deadline: Duration) -> Result<bool, TransportError> {
        Err(TransportError::Unsupported { what: "interrupts" })
    }

    fn reset(&mut self) -> Result<(), TransportError> {
        self.endpoint.register_write(register::CONTROL.offset, register::control::RESET);
        self.collect()
    }

    fn advance(&mut self) -> Result<(), TransportError> {
        if self.endpoint.busy() {
            self.endpoint.run(self.cycles_per_advance);
        }
        self.collect()
    }
}
