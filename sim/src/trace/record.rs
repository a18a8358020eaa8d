//! [`Recorder`]: a card that writes down what its host does and what it answers.

use super::{Entry, Record, TraceError, Writer};
use crate::describe;
use crossgate_contract::{register, Sizes, Window};
use crossgate_driver::Endpoint;
use std::collections::BTreeMap;
use std::io::Write;

/// A card with a trace beside it. An error of the stream is kept and ends the recording; the card shows it as its
/// failure.
pub struct Recorder<E: Endpoint, W: Write> {
    inner: E,
    writer: Option<Writer<W>>,
    error: Option<TraceError>,
    time_us: u64,
    time_low: u32,
    /// Slots of which some quadwords have been written.
    partial: BTreeMap<(usize, u16), (u8, [u64; 8])>,
}

impl<E: Endpoint, W: Write> Recorder<E, W> {
    /// Begins to record a card of these sizes.
    ///
    /// # Errors
    /// Those of [`Writer::new`].
    pub fn new(inner: E, stream: W, sizes: &Sizes) -> Result<Self, TraceError> {
        let writer = Some(Writer::new(stream, sizes)?);
        Ok(Self { inner, writer, error: None, time_us: 0, time_low: 0, partial: BTreeMap::new() })
    }

    /// Ends the trace; events that the host has not taken are not in it.
    ///
    /// # Errors
    /// The first error of the stream.
    pub fn finish(&mut self) -> Result<(), TraceError> {
        match (self.error.take(), self.writer.take()) {
            (Some(error), _) => Err(error),
            (None, Some(writer)) => writer.finish().map(|_| ()),
            (None, None) => Ok(()),
        }
    }

    /// The card.
    pub const fn inner(&self) -> &E {
        &self.inner
    }

    fn write(&mut self, entry: Entry) {
        write(&mut self.writer, &mut self.error, self.time_us, entry);
    }
}

fn write<W: Write>(writer: &mut Option<Writer<W>>, error: &mut Option<TraceError>, time_us: u64, entry: Entry) {
    let Some(open) = writer else { return };
    if let Err(failed) = open.write(&Record { time_us, entry }) {
        *error = Some(failed);
        *writer = None;
    }
}

impl<E: Endpoint, W: Write> Drop for Recorder<E, W> {
    fn drop(&mut self) {
        // An error here has no one to go to; `finish` reports it.
        let _ = self.finish();
    }
}

impl<E: Endpoint, W: Write> Endpoint for Recorder<E, W> {
    fn register_read(&mut self, offset: u32) -> u32 {
        self.inner.register_read(offset)
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        let times = [&register::TIME_LO, &register::TIME_HI].map(|register| register.offset);
        if offset == times[0] {
            self.time_low = value;
        }
        if offset == times[1] {
            self.time_us = u64::from(value & 0xffff) << 32 | u64::from(self.time_low);
        }
        let watchdog = [&register::WATCHDOG_LO, &register::WATCHDOG_HI].map(|register| register.offset);
        if offset == register::CONTROL.offset || times.contains(&offset) || watchdog.contains(&offset) {
            self.write(Entry::Register { offset, value });
        }
        self.inner.register_write(offset, value);
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        let key = (window.index(), slot);
        let (arrived, stored) = self.partial.entry(key).or_insert((0, [0; 8]));
        *arrived |= strobe;
        for (index, word) in words.iter().enumerate().filter(|(index, _)| strobe >> index & 1 == 1) {
            stored[index] = *word;
        }
        let whole = (*arrived == u8::MAX).then_some(*stored);
        if let Some(words) = whole {
            self.partial.remove(&key);
            self.write(Entry::Slot(window, words));
        }
        self.inner.window_write_part(window, slot, strobe, words);
    }

    fn window_write(&mut self, window: Window, slot: u16, words: &[u64; 8]) {
        self.write(Entry::Slot(window, *words));
        self.inner.window_write(window, slot, words);
    }

    fn run(&mut self, cycles: u32) {
        self.inner.run(cycles);
    }

    fn busy(&self) -> bool {
        self.inner.busy()
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        let (writer, error, time_us) = (&mut self.writer, &mut self.error, self.time_us);
        self.inner.take_dma(&mut |address, words| {
            write(writer, error, time_us, Entry::Event(describe::ring_of(words), *words));
            sink(address, words);
        });
    }

    fn cycles(&self) -> u64 {
        self.inner.cycles()
    }

    fn failure(&self) -> Option<String> {
        self.inner.failure().or_else(|| self.error.as_ref().map(ToString::to_string))
    }

    fn close(&mut self) -> Result<(), String> {
        // Events that the host has not taken belong to the trace too.
        self.take_dma(&mut |_, _| {});
        let inner = self.inner.close();
        self.finish().map_err(|error| error.to_string()).and(inner)
    }
}
