//! Binance's rule: a REST snapshot, then depth events whose ids continue each other.
//!
//! The snapshot arrives after the stream has started, so events wait until one comes and the event that bridges its end
//! is there. Futures: events with `u < lastUpdateId` are dropped, the first applied has `U <= lastUpdateId <= u`, each
//! next one `pu` equal to the previous `u`. Spot: events with `u <= lastUpdateId` are dropped, the first applied has `U
//! <= lastUpdateId + 1 <= u`, each next one `U` equal to the previous `u + 1`.
//!
//! A book is live from the bridging event on, not from the snapshot: only the event proves that the two belong
//! together. A snapshot that comes while the book is live is not needed. If it is not newer it is a duplicate; if it is
//! newer it is kept until the stream has passed it, because after a reconnect it may come before the event that shows
//! the gap. An exact repeat of the last event is a duplicate; any other id that does not continue the stream is a gap,
//! backward jumps included.
//!
//! The ids prove by themselves that no event is missing, so unreadable frames need no suspicion of their own.
//!
//! Invariant: `following` is the `u` of the last event applied to the ladder, and every event since the snapshot was
//! applied.

use super::{At, Core, Ids, LossReason};
use crate::sink::{Level, NoticeKind, Sink};
use std::collections::VecDeque;

/// Price levels kept while a snapshot is awaited; older events are dropped first.
const PENDING_LEVELS_MAX: usize = 1 << 18;

/// The ids of a depth event: `U`, `u`, `pu`.
pub(super) type EventIds = (u64, u64, Option<u64>);

/// An event or snapshot that waits.
#[derive(Debug)]
struct Held {
    first: u64,
    last: u64,
    exchange_ns: Option<u64>,
    levels: Box<[Level]>,
}

/// Where an event stands relative to a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Contained,
    Bridging,
    Beyond,
}

#[derive(Debug)]
pub(super) struct Chain {
    spot: bool,
    /// The last event of the stream, applied or not.
    seen: Option<EventIds>,
    following: Option<u64>,
    /// A snapshot not yet bridged, or one ahead of a live book.
    snapshot: Option<Held>,
    pending: VecDeque<Held>,
    pending_levels: usize,
}

impl Chain {
    pub(super) fn futures() -> Self {
        Self { spot: false, ..Self::spot() }
    }

    pub(super) fn spot() -> Self {
        Self { spot: true, seen: None, following: None, snapshot: None, pending: VecDeque::new(), pending_levels: 0 }
    }

    /// Ends the book; nothing buffered may be used across what was lost.
    pub(super) fn stop(&mut self) {
        self.following = None;
        self.pending.clear();
        self.pending_levels = 0;
    }

    /// Forgets the stream as well; the next one starts anew, with a snapshot of its own.
    pub(super) fn disconnect(&mut self) {
        self.stop();
        self.seen = None;
        self.snapshot = None;
    }

    /// Passes an event whose levels cannot be used.
    pub(super) fn skip(&mut self, first: u64, last: u64, previous: Option<u64>) {
        self.seen = Some((first, last, previous));
    }

    /// Takes a depth event.
    ///
    /// # Errors
    /// What is missing in an event without the fields of its venue.
    pub(super) fn event(
        &mut self,
        core: &mut Core,
        ids: EventIds,
        levels: &[Level],
        at: &At<'_>,
        sink: &mut impl Sink,
    ) -> Result<(), &'static str> {
        let (first, last, previous) = ids;
        if first > last {
            return Err("U is above u");
        }
        let (field, actual) = match (self.spot, previous) {
            (true, _) => ("U", first),
            (false, Some(previous)) => ("pu", previous),
            (false, None) => return Err("depth event without pu"),
        };
        if self.seen == Some(ids) {
            core.counters.duplicates += 1;
            let symbol = core.symbol.clone();
            sink.notice(&at.notice(NoticeKind::Duplicate { symbol, update_id: last, reached: last }));
            return Ok(());
        }
        let expected = self.seen.map(|(_, last, _)| if self.spot { last.saturating_add(1) } else { last });
        self.seen = Some(ids);
        match expected {
            Some(expected) if expected != actual => self.gap(core, field, expected, actual, at, sink),
            Some(_) => core.counters.links_ok += 1,
            None => {}
        }
        if self.following.is_some() {
            self.apply(core, Ids { update_id: last, exchange_ns: at.exchange_ns }, levels, at, sink);
            return Ok(());
        }
        self.push(Held { first, last, exchange_ns: at.exchange_ns, levels: levels.into() });
        self.bridge(core, at, sink);
        Ok(())
    }

    /// Takes a REST snapshot.
    pub(super) fn snapshot(&mut self, core: &mut Core, last: u64, levels: &[Level], at: &At<'_>, sink: &mut impl Sink) {
        let reached = self.snapshot.as_ref().map(|held| held.last).max(self.following);
        if let Some(reached) = reached.filter(|reached| last <= *reached) {
            core.counters.duplicates += 1;
            let symbol = core.symbol.clone();
            sink.notice(&at.notice(NoticeKind::Duplicate { symbol, update_id: last, reached }));
            return;
        }
        self.snapshot = Some(Held { first: last, last, exchange_ns: at.exchange_ns, levels: levels.into() });
        if self.following.is_none() {
            self.bridge(core, at, sink);
        }
    }

    fn gap(
        &mut self,
        core: &mut Core,
        field: &'static str,
        expected: u64,
        actual: u64,
        at: &At<'_>,
        sink: &mut impl Sink,
    ) {
        let live = self.following.is_some();
        self.stop();
        if live {
            core.lose(LossReason::Gap { field, expected, actual }, at, sink);
        } else {
            core.counters.gaps += 1;
            let symbol = core.symbol.clone();
            sink.notice(&at.notice(NoticeKind::GapBeforeSnapshot { symbol, expected, actual }));
        }
    }

    fn push(&mut self, event: Held) {
        self.pending_levels += event.levels.len();
        self.pending.push_back(event);
        while self.pending_levels > PENDING_LEVELS_MAX || self.pending.len() > PENDING_LEVELS_MAX {
            self.pop();
        }
    }

    fn pop(&mut self) -> Option<Held> {
        let event = self.pending.pop_front()?;
        self.pending_levels -= event.levels.len();
        Some(event)
    }

    fn position(&self, event: &Held, snapshot: u64) -> Position {
        // The first id that the first applied event must contain.
        let needed = if self.spot { snapshot.saturating_add(1) } else { snapshot };
        if event.last < needed {
            Position::Contained
        } else if event.first <= needed {
            Position::Bridging
        } else {
            Position::Beyond
        }
    }

    /// Starts the book if the snapshot and an event that bridges its end are there.
    fn bridge(&mut self, core: &mut Core, at: &At<'_>, sink: &mut impl Sink) {
        let Some(end) = self.snapshot.as_ref().map(|held| held.last) else {
            return;
        };
        while let Some(event) = self.pending.front() {
            match self.position(event, end) {
                Position::Contained => {
                    core.counters.ignored += 1;
                    self.pop();
                }
                Position::Bridging => return self.start(core, at, sink),
                Position::Beyond => {
                    let first = event.first;
                    self.snapshot = None;
                    return core.lose(LossReason::SnapshotTooOld { snapshot: end, first }, at, sink);
                }
            }
        }
    }

    fn start(&mut self, core: &mut Core, at: &At<'_>, sink: &mut impl Sink) {
        let Some(snapshot) = self.snapshot.take() else {
            return;
        };
        core.ladder.clear();
        core.ladder.apply(&snapshot.levels);
        if let Some(reason) = core.crossing() {
            return core.lose(reason, at, sink);
        }
        let ids = Ids { update_id: snapshot.last, exchange_ns: snapshot.exchange_ns };
        core.deliver(true, &snapshot.levels, ids, at.local_ns, sink);
        self.following = Some(snapshot.last);
        while let Some(event) = self.pop() {
            let ids = Ids { update_id: event.last, exchange_ns: event.exchange_ns };
            if !self.apply(core, ids, &event.levels, at, sink) {
                return;
            }
        }
        core.start(sink);
    }

    /// Applies the event that comes next; false if the book is lost by it.
    fn apply(&mut self, core: &mut Core, ids: Ids, levels: &[Level], at: &At<'_>, sink: &mut impl Sink) -> bool {
        core.ladder.apply(levels);
        if let Some(reason) = core.crossing() {
            self.following = None;
            core.lose(reason, at, sink);
            return false;
        }
        self.following = Some(ids.update_id);
        if self.snapshot.as_ref().is_some_and(|snapshot| snapshot.last <= ids.update_id) {
            self.snapshot = None;
        }
        core.deliver(false, levels, ids, at.local_ns, sink);
        true
    }
}
