//! Several captures as one stream in local time.
//!
//! Invariant: the order depends on the captures and their order alone. Each capture keeps its own order even where its
//! clock steps back; of equal times the capture that stands first in the list goes first.

use super::{CaptureError, Frame, Frames, Progress};

/// Merges captures by local time.
#[derive(Debug)]
pub struct Merge {
    captures: Vec<Frames>,
    /// How many captures have been moved to their first frame.
    primed: usize,
    /// The capture whose frame was handed out last and must move on.
    last: Option<usize>,
}

impl Merge {
    /// A merge of `captures`, each to be read from where it stands.
    pub const fn new(captures: Vec<Frames>) -> Self {
        Self { captures, primed: 0, last: None }
    }

    /// The next frame with the index of its capture, `None` when every capture has ended.
    ///
    /// # Errors
    /// The index and error of a capture that cannot be read further; the others go on with the next call.
    pub fn next_frame(&mut self) -> Result<Option<(usize, Frame<'_>)>, (usize, CaptureError)> {
        while self.primed < self.captures.len() {
            let index = self.primed;
            self.primed += 1;
            self.captures[index].advance().map_err(|error| (index, error))?;
        }
        if let Some(index) = self.last.take() {
            self.captures[index].advance().map_err(|error| (index, error))?;
        }
        let times =
            self.captures.iter().enumerate().filter_map(|(index, capture)| Some((capture.current()?.local_ns, index)));
        let Some((_, index)) = times.min() else {
            return Ok(None);
        };
        self.last = Some(index);
        Ok(self.captures[index].current().map(|frame| (index, frame)))
    }

    /// How far all captures together have been read.
    pub fn progress(&self) -> Progress {
        let each = self.captures.iter().map(Frames::progress);
        each.fold(Progress { consumed: 0, total: 0 }, |sum, one| Progress {
            consumed: sum.consumed + one.consumed,
            total: sum.total + one.total,
        })
    }
}
