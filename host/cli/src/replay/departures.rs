//! What must have left the card, as its verdicts say: the commands that were let through, in the order of their verdicts.
//!
//! Not here: what the card says (its registers COUNT_EGRESS and EGRESS_CRC).
//!
//! Invariant: nothing is taken from the card but verdicts, so a message that left without one, or did not leave, or left
//! out of order shows as a difference.

use crossgate_contract::{event, Command, Reason};
use crossgate_driver::Egress;
use std::collections::HashMap;

/// Commands without a verdict, and the digest of those that were let through.
#[derive(Default)]
pub(super) struct Departures {
    posted: HashMap<u32, [u64; 4]>,
    messages: u32,
    crc: crc32fast::Hasher,
}

impl Departures {
    /// A command is on its way; its tag if a verdict will answer it. An order that only checks sends nothing.
    pub(super) fn posted(&mut self, command: &Command, words: &[u64; 4]) -> Option<u32> {
        let (tag, sends) = match command {
            Command::Order(order) => (order.tag, !order.check),
            Command::Replace(replace) => (replace.tag, true),
            Command::Cancel(cancel) => (cancel.tag, true),
            Command::MassCancel(mass) => (mass.tag, true),
            _ => return None,
        };
        if sends {
            self.posted.insert(tag, *words);
        }
        Some(tag)
    }

    /// A verdict: its command has left if it was let through.
    pub(super) fn decided(&mut self, verdict: &event::Verdict) {
        let words = self.posted.remove(&verdict.tag);
        let Some(words) = words.filter(|_| verdict.reason == Reason::Accepted.code()) else { return };
        self.messages = self.messages.wrapping_add(1);
        for word in words {
            self.crc.update(&word.to_le_bytes());
        }
    }

    /// What the card must say.
    pub(super) fn expected(&self) -> Egress {
        Egress { messages: self.messages, crc: self.crc.clone().finalize() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_contract::command::{Cancel, Fill, Order};

    fn order(tag: u32) -> Command {
        Order { tag, lots: 3, price: 5, ..Default::default() }.into()
    }

    fn digest(commands: &[Command]) -> Egress {
        let mut crc = crc32fast::Hasher::new();
        for word in commands.iter().flat_map(|command| command.encode().unwrap()) {
            crc.update(&word.to_le_bytes());
        }
        Egress { messages: u32::try_from(commands.len()).unwrap(), crc: crc.finalize() }
    }

    fn decide(departures: &mut Departures, tag: u32, reason: Reason) {
        departures.decided(&event::Verdict { tag, reason: reason.code(), ..Default::default() });
    }

    #[test]
    fn what_was_let_through_has_left_in_the_order_of_the_verdicts() {
        let mut departures = Departures::default();
        let cancel = Command::from(Cancel { tag: 3, slot: 9, ..Default::default() });
        let check = Command::from(Order { check: true, tag: 4, ..Default::default() });
        for command in [order(1), order(2), cancel, check, Fill::default().into()] {
            departures.posted(&command, &command.encode().unwrap());
        }
        decide(&mut departures, 2, Reason::Accepted);
        decide(&mut departures, 1, Reason::PoolMargin);
        decide(&mut departures, 4, Reason::Accepted);
        decide(&mut departures, 3, Reason::Accepted);
        assert_eq!(departures.expected(), digest(&[order(2), cancel]));
        assert_ne!(departures.expected(), digest(&[cancel, order(2)]), "the order counts");
    }

    #[test]
    fn a_command_is_answered_once() {
        let mut departures = Departures::default();
        assert_eq!(departures.posted(&Fill::default().into(), &[0; 4]), None);
        assert_eq!(departures.posted(&order(7), &order(7).encode().unwrap()), Some(7));
        decide(&mut departures, 7, Reason::Accepted);
        decide(&mut departures, 7, Reason::Accepted);
        assert_eq!(departures.expected().messages, 1);
    }
}
