//! Replays captures of one instrument each and prints what was proved and how fast.
//!
//! `replay FILE SYMBOL TICK LOT [FILE SYMBOL TICK LOT]...`

use crossgate_feed::{Capture, Feed, Sink, Ticker, TickerOracle, Update};
use crossgate_instrument::{Instrument, Kind, Venue};
use std::error::Error;
use std::time::Instant;

#[derive(Default)]
struct Judge(TickerOracle);

impl Sink for Judge {
    fn levels(&mut self, instrument: usize, update: &Update<'_>) {
        self.0.update(instrument, update);
    }
    fn ticker(&mut self, ticker: &Ticker) {
        self.0.ticker(ticker);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (mut bytes, mut levels, mut seconds) = (0, 0, 0.0);
    for entry in words.chunks_exact(4) {
        let [file, symbol, tick, lot] = entry else { continue };
        let start = Instant::now();
        let capture = Capture::open(file)?;
        let venue = capture.venue().unwrap_or(Venue::BinanceUsdm);
        let size = "1".parse()?;
        let made = Instrument::new(venue, symbol, "", "", "", Kind::Spot, tick.parse()?, lot.parse()?, size)?;
        let mut feed = Feed::new(venue, vec![made]).named(&capture.name());
        let mut judge = Judge::default();
        let mut frames = capture.frames();
        while let Some(frame) = frames.next_frame()? {
            bytes += frame.bytes.len();
            feed.on_frame(&frame, &mut judge);
        }
        seconds += start.elapsed().as_secs_f64();
        levels += feed.counters().levels;
        println!("{file}: {}", serde_json::to_string(&feed.counters())?);
        println!("  {} of {} tickers equal", judge.0.equal(), judge.0.compared());
    }
    println!("{levels} levels, {bytes} bytes, {seconds:.3} s");
    Ok(())
}
