//! Every table of GATE, compared with the model's.

use super::{words, Rig};
use crossgate_contract::command::Read;
use crossgate_contract::table::Table;
use crossgate_contract::Sizes;

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    > Rig<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>
{
    /// Compares every table but VENUE, and TOUCH and BOX, which GATE alone has not.
    pub(crate) fn compare_tables(&mut self) {
        let Sizes { accounts, instruments, slots, lanes, .. } = self.sizes;
        let mut reads = Vec::new();
        let mut read = |table: Table, index: usize, sub: usize, inactive: bool| {
            let narrow = |value: usize| u16::try_from(value).expect("16 bits");
            let (index, sub, tag) = (narrow(index), narrow(sub), u64::MAX - 7);
            reads.push(words(Read { table: table as u8, index, sub, inactive, tag }));
        };
        for index in 0..slots {
            read(Table::Slot, index, 0, false);
            read(Table::Pending, index, 0, false);
        }
        for inactive in [false, true] {
            for account in 0..accounts {
                read(Table::Account, account, 0, inactive);
                read(Table::VenueAccount, account, 0, inactive);
                for lane in 0..lanes {
                    read(Table::Lane, account, lane, inactive);
                    read(Table::VenueLane, account, lane, inactive);
                }
                for instrument in 0..instruments {
                    read(Table::Base, account, instrument, inactive);
                }
            }
            for instrument in 0..instruments {
                read(Table::Mark, instrument, 0, inactive);
                for lane in 0..lanes {
                    read(Table::Loss, instrument, lane, inactive);
                }
            }
        }
        for account in 0..accounts {
            read(Table::Rate, account, 0, false);
            for venue in 0..self.sizes.venues {
                read(Table::VenueLedger, account, venue, false);
            }
        }
        for instrument in 0..instruments {
            read(Table::Instrument, instrument, 0, false);
            read(Table::Limits, instrument, 0, false);
            for account in 0..accounts {
                read(Table::Cell, account, instrument, false);
            }
        }
        for chunk in reads.chunks(64) {
            self.batch(chunk);
        }
    }
}
