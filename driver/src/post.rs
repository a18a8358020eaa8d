//! Command windows: slots, sequence numbers, flow control.
//!
//! Invariant: a slot is posted only when the card has consumed the one that was there before, so the card never sees an
//! overrun.

use crate::device::Wait;
use crate::identity::read_live;
use crate::{Device, DeviceError, Transport};
use crossgate_contract::command::{Fence, Nop};
use crossgate_contract::register::{self, Register};
use crossgate_contract::window::slot;
use crossgate_contract::{Command, Window};

/// The words of a NOP.
const NOP: [u64; 4] = [Nop::CODE as u64, 0, 0, 0];

/// The producer's side of a window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WindowState {
    /// Slots posted, modulo 2^16: the sequence number of the next.
    posted: u16,
    /// Slots that the card was last known to have consumed.
    consumed: u16,
    /// First half of the next slot.
    staged: Option<[u64; 4]>,
}

const fn consumed_register(window: Window) -> &'static Register {
    match window {
        Window::Orders => &register::CONSUMED_ORDERS,
        Window::Market => &register::CONSUMED_MARKET,
        Window::Control => &register::CONSUMED_CONTROL,
    }
}

fn encode(window: Window, command: &Command) -> Result<[u64; 4], DeviceError> {
    let layout = command.layout();
    if !window.takes(layout.code) {
        return Err(DeviceError::Window { command: layout.name, window });
    }
    Ok(command.encode()?)
}

impl<T: Transport> Device<T> {
    /// Posts a command now: behind a staged one in its slot, otherwise in a slot of its own.
    ///
    /// # Errors
    /// The command does not fit its fields or its window, [`DeviceError::WindowFull`] at the deadline, or the
    /// transport's.
    pub fn post(&mut self, window: Window, command: impl Into<Command>) -> Result<(), DeviceError> {
        self.post_words(window, encode(window, &command.into())?)
    }

    /// Posts two commands in order, in one slot if none is staged.
    ///
    /// # Errors
    /// As [`Device::post`].
    pub fn post_pair(
        &mut self,
        window: Window,
        first: impl Into<Command>,
        second: impl Into<Command>,
    ) -> Result<(), DeviceError> {
        let first = encode(window, &first.into())?;
        let second = encode(window, &second.into())?;
        self.flush(window)?;
        self.post_slot(window, &first, &second)
    }

    /// Keeps a command until a second one fills its slot, or [`Device::flush`].
    ///
    /// # Errors
    /// As [`Device::post`].
    pub fn stage(&mut self, window: Window, command: impl Into<Command>) -> Result<(), DeviceError> {
        self.stage_words(window, encode(window, &command.into())?)
    }

    /// Posts what is staged in a window, with a NOP behind it.
    ///
    /// # Errors
    /// As [`Device::post`].
    pub fn flush(&mut self, window: Window) -> Result<(), DeviceError> {
        match self.windows[window.index()].staged.take() {
            Some(first) => self.post_slot(window, &first, &NOP),
            None => Ok(()),
        }
    }

    /// As [`Device::post`], with raw words that need not be a command; the sequence bits of word 3 are ignored.
    ///
    /// # Errors
    /// As [`Device::post`].
    pub fn post_words(&mut self, window: Window, words: [u64; 4]) -> Result<(), DeviceError> {
        match self.windows[window.index()].staged.take() {
            Some(first) => self.post_slot(window, &first, &words),
            None => self.post_slot(window, &words, &NOP),
        }
    }

    /// As [`Device::stage`], with raw words that need not be a command; the sequence bits of word 3 are ignored.
    ///
    /// # Errors
    /// As [`Device::post`].
    pub fn stage_words(&mut self, window: Window, words: [u64; 4]) -> Result<(), DeviceError> {
        let staged = &mut self.windows[window.index()].staged;
        match staged.take() {
            Some(first) => self.post_slot(window, &first, &words),
            None => {
                *staged = Some(words);
                Ok(())
            }
        }
    }

    /// Slots that can be posted without waiting, as far as the host knows; reads nothing.
    pub fn slots_free(&self, window: Window) -> u16 {
        let state = &self.windows[window.index()];
        self.window_slots() - state.posted.wrapping_sub(state.consumed)
    }

    fn window_slots(&self) -> u16 {
        // The identity block was refused unless this is at most 2^10.
        u16::try_from(self.identity.sizes.window_slots).unwrap_or(1)
    }

    fn post_slot(&mut self, window: Window, first: &[u64; 4], second: &[u64; 4]) -> Result<(), DeviceError> {
        if self.slots_free(window) == 0 {
            self.wait_for_slot(window)?;
        }
        let slots = self.window_slots();
        let state = &mut self.windows[window.index()];
        let sequence = state.posted;
        let mut first = *first;
        first[3] &= u64::MAX >> 16;
        self.transport.post(window, sequence % slots, &slot(&first, second, sequence))?;
        state.posted = sequence.wrapping_add(1);
        Ok(())
    }

    /// Reads the consumed count until a slot is free.
    #[cold]
    fn wait_for_slot(&mut self, window: Window) -> Result<(), DeviceError> {
        let mut wait = Wait::new(self.options.patience);
        loop {
            let word = read_live(&mut self.transport, consumed_register(window))?;
            let [low, high, ..] = word.to_le_bytes();
            let consumed = u16::from_le_bytes([low, high]);
            self.windows[window.index()].consumed = consumed;
            if self.slots_free(window) > 0 {
                return Ok(());
            }
            if wait.expired() {
                return Err(DeviceError::WindowFull {
                    window,
                    posted: self.windows[window.index()].posted,
                    consumed,
                    slots: self.window_slots(),
                    polls: wait.polls,
                    elapsed: wait.elapsed(),
                });
            }
            self.transport.advance()?;
        }
    }

    /// Posts a FENCE behind everything staged and returns its tag.
    pub(crate) fn post_fence(&mut self, window: Window) -> Result<u64, DeviceError> {
        /// Marks the tags of the driver's own fences.
        const TAG: u64 = 0x6665_6e63 << 32;
        let tag = TAG | (self.fences & u64::from(u32::MAX));
        self.fences += 1;
        self.post(window, Fence { tag })?;
        Ok(tag)
    }
}
