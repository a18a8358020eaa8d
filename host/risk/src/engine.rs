//! The recalculation on a thread of its own.
//!
//! Requests go in by a bounded channel without blocking; a full channel is told to the caller, who keeps the old bank.
//! Publications come out in the order of the requests, so a replay that waits for its epochs sees the same banks at the
//! same market times on every device.
//!
//! Invariant: one response per accepted request, in order.

use crate::config::RiskConfig;
use crate::history::JointHistory;
use crate::recalculate::{Publication, Recalculator, RiskError, Snapshot};
use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use thiserror::Error;

/// Requests that may wait beside the one in work.
pub const QUEUE_REQUESTS: usize = 4;

/// Why the engine did not start, take a request or answer.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The configuration is refused.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// The thread could not be started.
    #[error("the risk thread could not be started: {0}")]
    Spawn(std::io::Error),
    /// All places of the queue are taken; the snapshot was not accepted.
    #[error("the risk thread is {QUEUE_REQUESTS} requests behind; epoch {epoch} was not accepted")]
    Busy {
        /// The epoch refused.
        epoch: u32,
    },
    /// The thread ended.
    #[error("the risk thread ended")]
    Ended,
    /// No publication arrived in time.
    #[error("epoch {epoch} was not published within {waited:?}")]
    Deadline {
        /// The epoch waited for.
        epoch: u32,
        /// How long.
        waited: Duration,
    },
    /// The publications have passed the epoch waited for.
    #[error("epoch {epoch} was waited for, epoch {actual} arrived")]
    Passed {
        /// The epoch waited for.
        epoch: u32,
        /// The later one that arrived.
        actual: u32,
    },
}

/// The answer to one snapshot.
#[derive(Clone, Debug)]
pub struct Response {
    /// The snapshot's epoch.
    pub epoch: u32,
    /// What it publishes, or why nothing.
    pub result: Result<Publication, RiskError>,
}

/// A handle to the risk thread; dropping it ends the thread.
#[derive(Debug)]
pub struct RiskEngine {
    requests: Option<SyncSender<Snapshot>>,
    responses: Receiver<Response>,
    thread: Option<JoinHandle<()>>,
}

impl RiskEngine {
    /// Checks the configuration and starts the thread.
    ///
    /// # Errors
    /// [`EngineError::Risk`] or [`EngineError::Spawn`].
    pub fn spawn(config: RiskConfig, history: JointHistory) -> Result<Self, EngineError> {
        let mut recalculator = Recalculator::new(config, history)?;
        let (requests, inbox) = sync_channel::<Snapshot>(QUEUE_REQUESTS);
        let (outbox, responses) = std::sync::mpsc::channel();
        let work = move || {
            for snapshot in inbox {
                let result = recalculator.recalculate(&snapshot);
                if outbox.send(Response { epoch: snapshot.epoch, result }).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("risk".to_owned()).spawn(work).map_err(EngineError::Spawn)?;
        Ok(Self { requests: Some(requests), responses, thread: Some(thread) })
    }

    /// Hands over a snapshot without blocking.
    ///
    /// # Errors
    /// [`EngineError::Busy`] when the queue is full, [`EngineError::Ended`] when the thread is gone.
    pub fn submit(&self, snapshot: Snapshot) -> Result<(), EngineError> {
        let requests = self.requests.as_ref().ok_or(EngineError::Ended)?;
        requests.try_send(snapshot).map_err(|error| match error {
            TrySendError::Full(snapshot) => EngineError::Busy { epoch: snapshot.epoch },
            TrySendError::Disconnected(_) => EngineError::Ended,
        })
    }

    /// The next response if one is ready; never blocks.
    ///
    /// # Errors
    /// [`EngineError::Ended`] when the thread is gone.
    pub fn try_recv(&self) -> Result<Option<Response>, EngineError> {
        match self.responses.try_recv() {
            Ok(response) => Ok(Some(response)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(EngineError::Ended),
        }
    }

    /// Waits for the publication of `epoch`; responses of earlier epochs are dropped.
    ///
    /// # Errors
    /// [`EngineError::Risk`] if that epoch publishes nothing, [`EngineError::Deadline`], [`EngineError::Passed`] or
    /// [`EngineError::Ended`].
    pub fn recv_epoch(&self, epoch: u32, deadline: Duration) -> Result<Publication, EngineError> {
        let started = Instant::now();
        loop {
            let left = deadline.saturating_sub(started.elapsed());
            let response = self.responses.recv_timeout(left).map_err(|error| match error {
                RecvTimeoutError::Timeout => EngineError::Deadline { epoch, waited: deadline },
                RecvTimeoutError::Disconnected => EngineError::Ended,
            })?;
            if response.epoch == epoch {
                return Ok(response.result?);
            }
            if response.epoch > epoch {
                return Err(EngineError::Passed { epoch, actual: response.epoch });
            }
        }
    }
}

impl Drop for RiskEngine {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has already been printed, and there is nothing left to do about it here.
            let _ended = thread.join();
        }
    }
}
