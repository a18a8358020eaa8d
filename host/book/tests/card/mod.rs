//! One book of a card, as far as its window goes: a map of cells that obeys the operations to the letter.

use crossgate_book::CardOp;
use crossgate_instrument::Side;
use std::collections::BTreeMap;

/// Price, total and venue mask.
pub(crate) type Row = (i64, u64, u8);

/// Price, venue and side of a cell (the index of the side, which can be ordered), and its quantity.
type Cell = ((i64, u8, usize), u64);

pub(crate) struct Card {
    ticks: i64,
    pub(crate) base: Option<i64>,
    pub(crate) enabled: u8,
    pub(crate) refilling: bool,
    /// Quantities; the two sides of a venue are independent.
    cells: BTreeMap<(i64, u8, usize), u64>,
}

impl Card {
    pub(crate) fn new(ticks: i64) -> Self {
        Self { ticks, base: None, enabled: 0, refilling: false, cells: BTreeMap::new() }
    }

    pub(crate) fn holds(&self, price: i64) -> bool {
        self.base.is_some_and(|base| (base..base + self.ticks).contains(&price))
    }

    pub(crate) fn apply(&mut self, op: CardOp) {
        match op {
            CardOp::Level { venue, side, price, quantity } => {
                assert!(self.holds(price.get()), "refused: {op:?} with base {:?}", self.base);
                let at = (price.get(), venue.get(), side.index());
                if quantity != 0 {
                    self.cells.insert(at, u64::from(quantity));
                } else {
                    self.cells.remove(&at);
                }
            }
            CardOp::Slide { base, refilling } => {
                assert_eq!(base.get() % 128, 0, "{op:?}");
                let old = self.base.replace(base.get()).unwrap_or(i64::MIN / 2);
                let both = old.max(base.get())..(old + self.ticks).min(base.get() + self.ticks);
                self.cells.retain(|(price, _, _), _| both.contains(price));
                self.refilling = refilling;
            }
            CardOp::VenueReset { venue } => {
                self.cells.retain(|(_, owner, _), _| *owner != venue.get());
                self.enabled &= !venue.bit();
            }
            CardOp::State { enabled_mask, refilling } => {
                self.enabled = enabled_mask;
                self.refilling = refilling;
            }
        }
    }

    /// Price, total and venues of every level of the enabled venues, best first.
    pub(crate) fn rows(&self, side: Side) -> Vec<Row> {
        let mut cells: Vec<_> = self.cells.iter().map(|(at, cell)| (*at, *cell)).collect();
        if side == Side::Bid {
            cells.reverse();
        }
        self.collect(side, cells.into_iter())
    }

    /// The best level of the enabled venues.
    pub(crate) fn best(&self, side: Side) -> Option<Row> {
        let counts = |cell: &Cell| self.counts(side, cell);
        let mut cells = self.cells.iter().map(|(at, cell)| (*at, *cell)).filter(counts);
        let ((price, _, _), _) = match side {
            Side::Bid => cells.next_back()?,
            Side::Ask => cells.next()?,
        };
        let level = self.cells.range((price, 0, 0)..=(price, 7, 1)).map(|(at, cell)| (*at, *cell));
        self.collect(side, level).first().copied()
    }

    fn counts(&self, side: Side, ((_, venue, held), _): &Cell) -> bool {
        *held == side.index() && self.enabled >> venue & 1 == 1
    }

    fn collect(&self, side: Side, cells: impl Iterator<Item = Cell>) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for ((price, venue, _), quantity) in cells.filter(|cell| self.counts(side, cell)) {
            match rows.last_mut() {
                Some(row) if row.0 == price => *row = (price, row.1 + quantity, row.2 | 1 << venue),
                _ => rows.push((price, quantity, 1 << venue)),
            }
        }
        rows
    }
}
