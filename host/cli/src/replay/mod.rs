//! The main job: recorded or generated markets through feeds, books, card, gate and risk engine, with a quoting flow,
//! to a report.
//!
//! Everything happens at market time and in the order of the merged captures, so every device gives the same
//! verdicts. Not a backtest of a strategy.

mod answers;
mod card;
mod departures;
mod desk;
mod execution;
mod flow;
mod input;
mod market;
mod partition;
mod publish;
mod pulses;
mod rejects;
mod rows;
mod scenario;
mod summary;
mod watch;

use crate::args::ReplayArgs;
use crate::config::Config;
use crate::report::{Report, VerdictReport};
use anyhow::{Context, Result};
use card::Card;
use crossgate_feed::{CaptureError, Feed, Frame, Frames, Merge};
use crossgate_instrument::Instrument;
use crossgate_risk::JointHistory;
use crossgate_sim::device::{self, SimDevice, SimOptions};
use desk::Desk;
use flow::Flow;
use indicatif::{ProgressBar, ProgressStyle};
use input::Input;
use market::{Happening, Market};
use partition::Partition;
use publish::Publisher;
use pulses::Pulses;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);
/// Market time after which the first bank no longer waits for books that are not live yet.
const START_PATIENCE_NS: u64 = 3_000_000_000;
/// Card operations between two polls.
const OPS_PER_POLL: usize = 48;
/// Frames between two updates of the progress bar.
const FRAMES_PER_TICK: u64 = 512;
/// Notices printed in full; the rest are only counted.
const NOTICES_MAX: u64 = 20;

/// Runs a replay and returns its report.
///
/// # Errors
/// Configuration, input or device that cannot be used, or a lockstep difference. Damage inside a capture is part of
/// the report.
pub(crate) fn run(args: &ReplayArgs) -> Result<Report> {
    let mut config = Config::load(args.config.as_deref())?;
    if let Some(scenario) = args.scenario {
        scenario::apply(scenario, &mut config);
    }
    let input = Input::prepare(args, &config)?;
    let history = publish::read_history(&config, &input.history)?;
    let options = SimOptions { vcd: args.vcd.clone(), trace: args.trace.clone(), ..SimOptions::default() };
    let device = device::open(args.device, &config.sizes, &options)?;
    // A handler that is already set belongs to an earlier replay of this process and does the same.
    let _already = ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst));
    let mut replay = Replay::new(args, config, &input, history, device)?;
    let started = Instant::now();
    replay.play(&input)?;
    let seconds = started.elapsed().as_secs_f64();
    if let Some(path) = &args.hlog {
        let mut file = std::fs::File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
        replay.card.tally.log.write(&mut file, replay.now_ns)?;
    }
    Ok(replay.report(args, &input, seconds))
}

struct Replay {
    config: Config,
    feeds: Vec<Feed>,
    pulses: Pulses,
    errors: Vec<Option<String>>,
    market: Market,
    card: Card,
    desk: Desk,
    flow: Flow,
    history: Option<JointHistory>,
    history_days: usize,
    publisher: Option<Publisher>,
    verdicts: VerdictReport,
    hedges: u64,
    notices: u64,
    frame: u64,
    first_ns: Option<u64>,
    now_ns: u64,
    /// How much market time to replay, and where that ends.
    length_ns: Option<u64>,
    end_ns: Option<u64>,
    ops_since_poll: usize,
    interrupted: bool,
}

impl Replay {
    fn new(args: &ReplayArgs, config: Config, input: &Input, history: JointHistory, device: SimDevice) -> Result<Self> {
        let instruments: Vec<&Instrument> = config.instruments.iter().map(|one| &one.instrument).collect();
        let partition = Partition::new(usize::from(args.partition), args.seed | 1);
        let venues: Vec<usize> = (0..instruments.len()).map(|index| config.venue_of(index)).collect();
        let market = Market::new(&instruments, &venues, &config.sizes, partition)?;
        let own: Vec<Instrument> = instruments.into_iter().cloned().collect();
        let mut feeds = Vec::new();
        for capture in &input.captures {
            let venue = capture
                .venue()
                .with_context(|| format!("{}: no venue that can be decoded was recognised", capture.name()))?;
            feeds.push(Feed::new(venue, own.clone()).named(&capture.name()));
        }
        let place = |feed: &Feed| config.venues.iter().position(|one| one.venue == feed.venue());
        let pulses = Pulses::new(feeds.iter().map(place).collect(), config.limits.heartbeat_us * 1_000);
        let card = Card::new(device, market.books.len(), args.false_rejects)?;
        Ok(Self {
            desk: Desk::new(0, config.sizes.slots, config.instruments.len())?,
            flow: Flow::new(&config),
            errors: vec![None; feeds.len()],
            history_days: history.len(),
            history: Some(history),
            publisher: None,
            verdicts: VerdictReport::default(),
            hedges: 0,
            notices: 0,
            frame: 0,
            first_ns: None,
            now_ns: 0,
            length_ns: args.seconds.map(|seconds| seconds.saturating_mul(1_000_000_000)),
            end_ns: None,
            ops_since_poll: 0,
            interrupted: false,
            config,
            feeds,
            pulses,
            market,
            card,
        })
    }

    fn play(&mut self, input: &Input) -> Result<()> {
        let readers: Vec<Frames> = input.captures.iter().map(crossgate_feed::Capture::frames).collect();
        let mut merge = Merge::new(readers);
        let bar = progress_bar(merge.progress().total);
        self.card.arm()?;
        loop {
            match merge.next_frame() {
                Ok(None) => break,
                Ok(Some((capture, frame))) => {
                    if self.end_ns.is_some_and(|end| frame.local_ns >= end) {
                        break;
                    }
                    self.on_frame(capture, &frame)?;
                }
                Err((capture, error)) => self.capture_ended(capture, &error)?,
            }
            if self.frame.is_multiple_of(FRAMES_PER_TICK) {
                bar.set_position(merge.progress().consumed);
                bar.set_message(format!("{} accepted", self.verdicts.accepted));
            }
            if STOP.load(Ordering::SeqCst) {
                self.interrupted = true;
                break;
            }
        }
        bar.finish_and_clear();
        self.card.finish()?;
        self.card.close()
    }

    /// A capture cannot be read further: what it carried is unknown from here on, everything else goes on.
    fn capture_ended(&mut self, capture: usize, error: &CaptureError) -> Result<()> {
        eprintln!("{error}");
        self.errors[capture] = Some(error.to_string());
        self.feeds[capture].disconnected(0, 0, self.now_ns, &mut self.market);
        self.end_frame()
    }

    fn on_frame(&mut self, capture: usize, frame: &Frame<'_>) -> Result<()> {
        self.feeds[capture].on_frame(frame, &mut self.market);
        self.now_ns = self.now_ns.max(frame.local_ns);
        let first = *self.first_ns.get_or_insert(frame.local_ns);
        if let (None, Some(length)) = (self.end_ns, self.length_ns) {
            self.end_ns = Some(first + length);
        }
        if let Some(venue) = self.pulses.due(capture, self.now_ns) {
            self.card.heartbeat(venue, self.now_ns)?;
        }
        self.end_frame()
    }

    /// Carries what a frame did to the card, then lets the venues, the flow and the risk engine act.
    fn end_frame(&mut self) -> Result<()> {
        self.frame += 1;
        let (card, frame) = (&mut self.card, self.frame);
        let mut touched: u64 = 0;
        let mut ops = 0;
        self.market.end_frame(|book| {
            touched |= 1 << book.book;
            ops += book.ops.len();
            card.send(book.book, book.ops, frame)?;
            for expected in book.expected.into_iter().flatten() {
                card.tally.watch.expect(book.book, frame, expected);
            }
            Ok(())
        })?;
        self.ops_since_poll += ops;
        if self.ops_since_poll >= OPS_PER_POLL {
            self.ops_since_poll = 0;
            self.card.poll()?;
        }
        self.answers()?;
        for happening in std::mem::take(&mut self.market.happenings) {
            match happening {
                Happening::Trade(trade) if !trade.historical => self.on_trade(&trade)?,
                Happening::Trade(_) => {}
                Happening::State { instrument, state } => self.on_state(instrument, &state)?,
                Happening::Notice(notice) => self.tell(&notice.to_string()),
            }
        }
        self.publish()?;
        self.quote(touched)
    }

    fn tell(&mut self, text: &str) {
        self.notices += 1;
        if self.notices <= NOTICES_MAX {
            eprintln!("{text}");
        } else if self.notices == NOTICES_MAX + 1 {
            eprintln!("more notices are counted in the report only");
        }
    }

    /// Starts the risk engine once the books are there, then lets it publish what is due.
    fn publish(&mut self) -> Result<()> {
        let waited = self.now_ns.saturating_sub(self.first_ns.unwrap_or(self.now_ns));
        if self.publisher.is_none() && self.history.is_some() {
            let spoken = |index: usize| {
                self.feeds.iter().any(|feed| feed.instrument_counters(index).is_some_and(|c| c.frames > 0))
            };
            let marked = |index: usize| publish::mark(&self.market, index).is_some();
            let all = (0..self.config.instruments.len()).all(|index| marked(index) || !spoken(index));
            let heard = self.feeds.iter().all(|feed| feed.counters().frames > 0);
            let ready = (0..self.config.instruments.len()).any(marked);
            if !ready || !((all && heard) || waited >= START_PATIENCE_NS) {
                return Ok(());
            }
            let Some(history) = self.history.take() else { return Ok(()) };
            let publisher = Publisher::start(&self.config, history, &self.market, &mut self.card, self.now_ns)?;
            self.publisher = Some(publisher);
        }
        let Some(publisher) = &mut self.publisher else { return Ok(()) };
        let before = publisher.published.recalculations;
        if !publisher.due(self.now_ns) {
            return Ok(());
        }
        self.card.set_time(self.now_ns)?;
        publisher.advance(self.now_ns, &self.market, &self.desk, &self.config, &mut self.card)?;
        if publisher.published.recalculations > before {
            for instrument in publisher.instruments() {
                let tradable = publisher.has_row(*instrument) && self.market.is_native(*instrument);
                self.flow.allow(*instrument, tradable);
            }
        }
        Ok(())
    }
}

fn progress_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {elapsed_precise} (ETA {eta}) {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
