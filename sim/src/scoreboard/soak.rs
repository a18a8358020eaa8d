//! [`soak`]: random stimulus through the driver into two cards in lockstep.

use super::Lockstep;
use crate::coverage::Coverage;
use crate::stimulus::{Step, Stimulus};
use crossgate_contract::Window;
use crossgate_driver::{Device, DeviceError, Endpoint, InProcess, Options, Patience, TransportError};
use std::time::Duration;

/// What a soak did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoakReport {
    /// Commands posted.
    pub commands: u64,
    /// Events compared.
    pub events: u64,
    /// Cycles of the first card.
    pub cycles: u64,
    /// What the commands reached in the reference model of the generator.
    pub coverage: Coverage,
}

/// Why a soak ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SoakError {
    /// The cards differ, or one of them failed.
    #[error("seed {seed}: {report}")]
    Difference {
        /// The seed.
        seed: u64,
        /// The decoded difference and the last commands.
        report: String,
    },
    /// The driver gave up.
    #[error("seed {seed}: {source}")]
    Device {
        /// The seed.
        seed: u64,
        /// Its error.
        #[source]
        source: DeviceError,
    },
}

impl SoakError {
    /// A difference that the driver met on its way is a difference.
    fn new(seed: u64, source: DeviceError) -> Self {
        match source {
            DeviceError::Transport(TransportError::Simulation { message }) => {
                Self::Difference { seed, report: message }
            }
            source => Self::Device { seed, source },
        }
    }
}

/// A simulated card is never given up for slowness.
const PATIENCE: Patience = Patience { polls: 200_000, time: Duration::from_millis(1) };

/// Posts `commands` random commands of this seed to both cards and compares everything they answer.
///
/// # Errors
/// [`SoakError::Difference`] with a report, [`SoakError::Device`] if the driver gave up.
pub fn soak<A: Endpoint, B: Endpoint>(
    mut lockstep: Lockstep<A, B>,
    seed: u64,
    commands: u64,
) -> Result<SoakReport, SoakError> {
    lockstep.set_label(format!("seed {seed}"));
    lockstep.set_split(seed % 4 == 3);
    let options = Options { patience: PATIENCE, ..Options::default() };
    let at = |source| SoakError::new(seed, source);
    let mut device = Device::open(InProcess::new(lockstep), options).map_err(at)?;
    let mut stimulus = Stimulus::new(seed, *device.sizes());
    // A host that polls seldom keeps the card's pipelines full.
    let commands_per_poll = [1, 5, 60][usize::try_from(seed % 3).unwrap_or(0)];
    let mut posted = 0;
    while posted < commands {
        let step = stimulus.step();
        posted += u64::from(matches!(step, Step::Stage(..) | Step::Post(..)));
        apply(&mut device, &step).map_err(at)?;
        if posted % commands_per_poll == 0 {
            device.poll(|_| {}).map_err(at)?;
        }
        if step == Step::Settle {
            settle(&mut device, seed)?;
        }
    }
    settle(&mut device, seed)?;
    let lockstep = device.transport().endpoint();
    Ok(SoakReport {
        commands: posted,
        events: lockstep.compared(),
        cycles: lockstep.cycles(),
        coverage: stimulus.coverage().clone(),
    })
}

/// Carries out one step through the driver.
fn apply<E: Endpoint>(device: &mut Device<InProcess<E>>, step: &Step) -> Result<(), DeviceError> {
    match *step {
        Step::Stage(window, words) => device.stage_words(window, words)?,
        Step::Post(window, words) => device.post_words(window, words)?,
        Step::TimeUs(time_us) => device.set_time_us(time_us)?,
        Step::WatchdogUs(watchdog_us) => device.set_watchdog_us(Some(watchdog_us).filter(|time_us| *time_us != 0))?,
        Step::Arm(armed) => device.arm(armed)?,
        Step::Reset => device.reset()?,
        Step::Settle => fence_all(device)?,
        Step::HoldEgress(_) | Step::RingFull(_) => {}
    }
    Ok(())
}

/// Waits until the card is idle before the first fence: the answer of a fence must not overtake an event of another
/// window in the same ring.
fn fence_all<E: Endpoint>(device: &mut Device<InProcess<E>>) -> Result<(), DeviceError> {
    for window in Window::ALL {
        device.flush(window)?;
    }
    while device.transport().endpoint().busy() {
        device.poll(|_| {})?;
    }
    for window in Window::ALL {
        device.fence(window, |_| {})?;
    }
    Ok(())
}

fn settle<A: Endpoint, B: Endpoint>(
    device: &mut Device<InProcess<Lockstep<A, B>>>,
    seed: u64,
) -> Result<(), SoakError> {
    apply(device, &Step::Settle).map_err(|source| SoakError::new(seed, source))?;
    let settled = device.transport_mut().endpoint_mut().settle();
    settled.map_err(|report| SoakError::Difference { seed, report })
}
