//! When the card hears that a venue is alive.
//!
//! Any frame of a venue is a sign of life, whichever of its captures carried it; the card hears of it often enough that the
//! age of a venue that speaks never comes near the limit. Not here: what a heartbeat that is too old does (the gate).

/// Heartbeats of a venue that speaks within the greatest age of one.
const PULSES_PER_AGE: u64 = 8;

/// The heartbeats of every venue.
pub(super) struct Pulses {
    /// Venue of each capture, by configuration index; `None` if no instrument trades there.
    venues: Vec<Option<usize>>,
    /// When the last one of each venue left.
    sent_ns: Vec<Option<u64>>,
    /// 0: none is needed.
    interval_ns: u64,
}

impl Pulses {
    /// Those of captures of these venues; no limit of age where `age_ns` is 0.
    pub(super) fn new(venues: Vec<Option<usize>>, age_ns: u64) -> Self {
        let count = venues.iter().flatten().max().map_or(0, |last| last + 1);
        Self { venues, sent_ns: vec![None; count], interval_ns: age_ns / PULSES_PER_AGE }
    }

    /// A capture has a frame: the venue whose heartbeat must leave now.
    pub(super) fn due(&mut self, capture: usize, now_ns: u64) -> Option<usize> {
        let venue = (*self.venues.get(capture)?)?;
        let sent_ns = self.sent_ns.get_mut(venue)?;
        if self.interval_ns == 0 || sent_ns.is_some_and(|sent_ns| now_ns < sent_ns + self.interval_ns) {
            return None;
        }
        *sent_ns = Some(now_ns);
        Some(venue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_of_one_venue_share_its_heartbeat() {
        let mut pulses = Pulses::new(vec![Some(1), Some(1), None, Some(0)], 800);
        let due = |pulses: &mut Pulses, now_ns| [0, 1, 2, 3].map(|capture| pulses.due(capture, now_ns));
        assert_eq!(due(&mut pulses, 5), [Some(1), None, None, Some(0)]);
        assert_eq!(pulses.due(1, 104), None);
        assert_eq!(pulses.due(1, 105), Some(1), "an eighth of the age later");
        assert_eq!(due(&mut pulses, 204), [None, None, None, Some(0)]);
    }

    #[test]
    fn without_a_limit_of_age_there_is_none() {
        assert_eq!(Pulses::new(vec![Some(0)], 0).due(0, 1), None);
    }
}
