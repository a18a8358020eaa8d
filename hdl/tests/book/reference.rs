//! The books as sorted maps, written from docs/book.md, and random traffic that goes where hazards are.

use crossgate_contract::command::{BookState, Depth, Fence, Level, Slide, VenueReset};
use crossgate_contract::event::{flag, Bbo, DepthLevel, FenceDone};
use crossgate_contract::width::BASE_ALIGN_TICKS;
use crossgate_contract::Sizes;
use std::collections::BTreeMap;

/// The sizes that matter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    venues: u8,
    books: u8,
    window: u32,
}

impl From<Sizes> for Shape {
    fn from(sizes: Sizes) -> Self {
        let small = |value: usize| u8::try_from(value).expect("a byte");
        Self {
            venues: small(sizes.venues),
            books: small(sizes.books),
            window: u32::try_from(sizes.window_ticks).expect("32 bits"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Level,
    Reset,
    Slide,
    State,
    Depth,
    Fence,
}

/// A command with the fields of all of them.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) what: What,
    pub(crate) venue: u8,
    pub(crate) book: u8,
    pub(crate) ask: bool,
    pub(crate) price: u32,
    pub(crate) quantity: u32,
    pub(crate) refilling: bool,
    pub(crate) tag: u64,
}

impl Command {
    /// A SLIDE.
    pub(crate) const fn slide(book: u8, base: u32) -> Self {
        Self { what: What::Slide, venue: 0, book, ask: false, price: base, quantity: 0, refilling: false, tag: 0 }
    }

    pub(crate) const fn opcode(&self) -> u8 {
        match self.what {
            What::Level => Level::CODE,
            What::Reset => VenueReset::CODE,
            What::Slide => Slide::CODE,
            What::State => BookState::CODE,
            What::Depth => Depth::CODE,
            What::Fence => Fence::CODE,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bbo,
    Depth,
    Fence,
}

impl Kind {
    pub(crate) fn of(code: u8) -> Self {
        match code {
            Bbo::CODE => Self::Bbo,
            DepthLevel::CODE => Self::Depth,
            FenceDone::CODE => Self::Fence,
            other => panic!("event of kind {other}"),
        }
    }
}

/// Price, venues, quantity.
pub(crate) type Best = (u64, u64, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: Kind,
    pub(crate) opcode: u8,
    pub(crate) book: u8,
    pub(crate) level: u8,
    pub(crate) flags: u8,
    pub(crate) bid: Best,
    pub(crate) ask: Best,
    pub(crate) tag: u64,
}

impl Event {
    pub(crate) const fn fence(tag: u64) -> Self {
        let none = (0, 0, 0);
        Self { kind: Kind::Fence, opcode: Fence::CODE, book: 0, level: 0, flags: 0, bid: none, ask: none, tag }
    }
}

#[derive(Clone, Default)]
struct RefBook {
    base: Option<u32>,
    enabled: u32,
    refilling: bool,
    /// By side and venue: price to quantity.
    levels: [Vec<BTreeMap<u32, u32>>; 2],
}

impl RefBook {
    /// Every price of a side over the enabled venues, the best first.
    fn ladder(&self, side: usize) -> Vec<Best> {
        let mut all = BTreeMap::<u32, (u64, u64)>::new();
        for (venue, levels) in self.levels[side].iter().enumerate().filter(|(venue, _)| self.enabled >> venue & 1 != 0)
        {
            for (price, quantity) in levels {
                let entry = all.entry(*price).or_default();
                *entry = (entry.0 | 1 << venue, entry.1 + u64::from(*quantity));
            }
        }
        let ladder = all.into_iter().map(|(price, (venues, quantity))| (u64::from(price), venues, quantity));
        if side == 0 {
            ladder.rev().collect()
        } else {
            ladder.collect()
        }
    }

    /// The best price of a side at each venue that counts.
    fn own(&self, side: usize) -> Vec<Option<u32>> {
        let best =
            |levels: &BTreeMap<u32, u32>| if side == 0 { levels.keys().last() } else { levels.keys().next() }.copied();
        let own = self.levels[side].iter().enumerate();
        own.map(|(venue, levels)| best(levels).filter(|_| self.enabled >> venue & 1 != 0)).collect()
    }

    fn tuple(&self) -> (Best, Best, u8) {
        let best = |side| self.ladder(side).first().copied().unwrap_or_default();
        let (bid, ask) = (best(0), best(1));
        let mut flags = if self.refilling { flag::REFILLING } else { 0 };
        match (bid.1 != 0, ask.1 != 0) {
            (true, true) if bid.0 > ask.0 => flags |= flag::CROSSED,
            (true, true) if bid.0 == ask.0 => flags |= flag::LOCKED,
            _ => {}
        }
        if bid.1 == 0 {
            flags |= flag::BID_EMPTY;
        }
        if ask.1 == 0 {
            flags |= flag::ASK_EMPTY;
        }
        (bid, ask, flags)
    }
}

/// The touch of a book: bids and asks of the venues, and whether it is being refilled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) venues: [Vec<Option<u32>>; 2],
    pub(crate) best: [Option<u32>; 2],
    pub(crate) refilling: bool,
}

/// The books, one map a venue and side.
pub(crate) struct Reference {
    shape: Shape,
    books: Vec<RefBook>,
    /// LEVELs inside and outside.
    pub(crate) counts: (u64, u64),
}

impl Reference {
    pub(crate) fn new(shape: Shape) -> Self {
        let side = || vec![BTreeMap::new(); usize::from(shape.venues)];
        let book = RefBook { levels: [side(), side()], ..RefBook::default() };
        Self { shape, books: vec![book; usize::from(shape.books)], counts: (0, 0) }
    }

    fn inside(&self, base: u32, price: u32) -> bool {
        price >= base && u64::from(price) < u64::from(base) + u64::from(self.shape.window)
    }

    /// The touch of a book.
    pub(crate) fn touch(&self, book: u8) -> Touch {
        let book = &self.books[usize::from(book)];
        let venues = [book.own(0), book.own(1)];
        let best = [venues[0].iter().flatten().max().copied(), venues[1].iter().flatten().min().copied()];
        Touch { venues, best, refilling: book.refilling }
    }

    /// The events of a DEPTH command; `event` fills in what they share.
    fn depth(&self, command: &Command, event: impl Fn(Kind, u8, u8, Best, Best) -> Event) -> Vec<Event> {
        let book = &self.books[usize::from(command.book)];
        let (bids, asks) = (book.ladder(0), book.ladder(1));
        let mut events = vec![];
        for level in 0..command.quantity {
            let index = usize::try_from(level).expect("an index");
            let (bid, ask) = (bids.get(index).copied(), asks.get(index).copied());
            let last = level + 1 == command.quantity || (bid.is_none() && ask.is_none());
            let flags = if bid.is_none() { flag::BID_EMPTY } else { 0 }
                | if ask.is_none() { flag::ASK_EMPTY } else { 0 }
                | if last { flag::LAST } else { 0 };
            let level = u8::try_from(level).expect("a byte");
            events.push(event(Kind::Depth, level, flags, bid.unwrap_or_default(), ask.unwrap_or_default()));
            if last {
                break;
            }
        }
        events
    }

    /// The events of a command.
    pub(crate) fn apply(&mut self, command: &Command) -> Vec<Event> {
        let (at, window) = (usize::from(command.book), self.shape.window);
        let before = self.books[at].tuple();
        let event = |kind, level, flags, bid, ask| Event {
            kind,
            opcode: command.opcode(),
            book: command.book,
            level,
            flags,
            bid,
            ask,
            tag: command.tag,
        };
        let (side, venue) = (usize::from(command.ask), usize::from(command.venue));
        match command.what {
            What::Level => {
                if !self.books[at].base.is_some_and(|base| self.inside(base, command.price)) {
                    self.counts.1 += 1;
                    return vec![];
                }
                self.counts.0 += 1;
                let levels = &mut self.books[at].levels[side][venue];
                if command.quantity == 0 {
                    levels.remove(&command.price);
                } else {
                    levels.insert(command.price, command.quantity);
                }
            }
            What::Reset => {
                let book = &mut self.books[at];
                book.levels[0][venue].clear();
                book.levels[1][venue].clear();
                book.enabled &= !(1 << venue);
            }
            What::Slide => {
                let book = &mut self.books[at];
                let end = u64::from(command.price) + u64::from(window);
                for levels in book.levels.iter_mut().flatten() {
                    levels.retain(|price, _| *price >= command.price && u64::from(*price) < end);
                }
                book.base = Some(command.price);
                book.refilling = command.refilling;
            }
            What::State => {
                self.books[at].enabled = command.quantity;
                self.books[at].refilling = command.refilling;
            }
            What::Fence => return vec![Event::fence(command.tag)],
            What::Depth => return self.depth(command, event),
        }
        let after = self.books[at].tuple();
        if after == before {
            return vec![];
        }
        vec![event(Kind::Bbo, 0, after.2, after.0, after.1)]
    }
}

/// How the traffic behaves for a while.
#[derive(Clone, Copy, Default)]
struct Mood {
    /// Ticks around the centre that LEVELs use; small ones meet in one word.
    spread: u32,
    /// Where the centre is in the window.
    centre: u32,
    /// Bids and asks are kept apart.
    apart: bool,
    /// One book only.
    book: Option<u8>,
    pause_percent: u32,
    room_percent: u32,
    other_percent: u32,
    delete_percent: u32,
}

/// A stream of random commands.
pub(crate) struct Traffic {
    state: u64,
    shape: Shape,
    bases: Vec<u32>,
    mood: Mood,
    left: u32,
    tag: u64,
}

impl Traffic {
    pub(crate) fn new(seed: u64, shape: Shape) -> Self {
        let bases = vec![BASE_ALIGN_TICKS; usize::from(shape.books)];
        Self { state: seed ^ 0x9e37_79b9_7f4a_7c15, shape, bases, mood: Mood::default(), left: 0, tag: 0 }
    }

    fn random(&mut self) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        u32::try_from(self.state >> 32).expect("32 bits")
    }

    fn below(&mut self, end: u32) -> u32 {
        self.random() % end
    }

    fn byte_below(&mut self, end: u8) -> u8 {
        u8::try_from(self.below(u32::from(end))).expect("a byte")
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Whether no command is offered in this clock.
    pub(crate) fn pause(&mut self) -> bool {
        let percent = self.mood.pause_percent;
        self.chance(percent)
    }

    /// Whether the egress has room in this clock.
    pub(crate) fn room(&mut self) -> bool {
        let percent = self.mood.room_percent;
        self.chance(percent)
    }

    fn new_mood(&mut self) {
        self.left = 50 + self.below(400);
        let window = self.shape.window;
        let pick =
            |traffic: &mut Self, list: &[u32]| list[usize::try_from(traffic.below(8)).expect("small") % list.len()];
        self.mood = Mood {
            spread: pick(self, &[2, 3, 40, 200, window, window]).min(window),
            centre: self.below(window),
            apart: self.chance(50),
            book: if self.chance(50) { Some(self.byte_below(self.shape.books)) } else { None },
            pause_percent: pick(self, &[0, 0, 50]),
            room_percent: pick(self, &[100, 100, 30]),
            other_percent: pick(self, &[0, 2, 10, 40]),
            delete_percent: pick(self, &[10, 35, 60]),
        };
    }

    fn price(&mut self, base: u32, ask: bool) -> u32 {
        let (window, mood) = (self.shape.window, self.mood);
        if self.chance(4) {
            let edges =
                [base.wrapping_sub(1), base, base.wrapping_add(window), base.wrapping_add(window - 1), 0, u32::MAX];
            let edge = self.below(8);
            return edges.get(usize::try_from(edge).expect("small")).copied().unwrap_or_else(|| self.random());
        }
        let distance = self.below(mood.spread);
        let offset = match (mood.apart, ask) {
            (false, _) => (mood.centre + distance) % window,
            (true, false) => mood.centre.saturating_sub(distance),
            (true, true) => (mood.centre + 1 + distance).min(window - 1),
        };
        base + offset
    }

    fn new_base(&mut self, base: u32) -> u32 {
        let (align, last) = (BASE_ALIGN_TICKS, u32::MAX - (self.shape.window - 1));
        match self.below(12) {
            0 => 0,
            1 => last,
            2 => last - align,
            3 => align,
            4 => self.random() % (last / align) * align,
            5..=7 => base.saturating_sub(align * self.below(self.shape.window / align + 2)),
            _ => base.saturating_add(align * self.below(self.shape.window / align + 2)).min(last),
        }
    }

    /// The next command.
    pub(crate) fn next(&mut self) -> Command {
        if self.left == 0 {
            self.new_mood();
        }
        self.left -= 1;
        self.tag += 1;
        let any_book = self.byte_below(self.shape.books);
        let (book, ask) = (self.mood.book.unwrap_or(any_book), self.chance(50));
        let at = usize::from(book);
        let mut command = Command {
            what: What::Level,
            venue: self.byte_below(self.shape.venues),
            book,
            ask,
            price: self.price(self.bases[at], ask),
            quantity: 0,
            refilling: self.chance(20),
            tag: self.tag << 32 | u64::from(self.random()),
        };
        let other = self.chance(self.mood.other_percent) || (self.left == 1 && self.chance(90));
        if !other {
            if !self.chance(self.mood.delete_percent) {
                command.quantity = if self.chance(80) { 1 + self.below(3) } else { u32::MAX - self.below(2) };
            }
            return command;
        }
        let mask = (1 << self.shape.venues) - 1;
        match self.below(10) {
            0 => command.what = What::Reset,
            1..=3 => {
                command.what = What::Slide;
                command.price = self.new_base(self.bases[at]);
                self.bases[at] = command.price;
            }
            4..=7 => {
                command.what = What::State;
                command.quantity = if self.chance(70) { mask } else { self.random() & mask };
            }
            8 => {
                command.what = What::Depth;
                command.quantity = 1 + if self.chance(80) { self.below(6) } else { self.below(255) };
            }
            _ => command.what = What::Fence,
        }
        command
    }
}
