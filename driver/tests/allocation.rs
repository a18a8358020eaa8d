//! Nothing is allocated on the hot path after open.
#![allow(unsafe_code, reason = "a counting allocator is the only way to see allocations")]

mod support;

use crossgate_contract::command::{Level, Order};
use crossgate_contract::{sizes, Window};
use crossgate_driver::{Device, InProcess, Options};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::FakeCard;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system allocator unchanged; counting touches a thread-local without a
// destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System.alloc` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn posting_polling_and_fencing_allocate_nothing() {
    let mut device = Device::open(InProcess::new(FakeCard::new()), Options::default()).unwrap();
    let rounds = u32::try_from(sizes::DESK.window_slots * 20).unwrap();
    let mut verdicts = 0;
    let count = allocations(|| {
        for tag in 0..rounds {
            device.post(Window::Orders, Order { tag, ..Default::default() }).unwrap();
            device.stage(Window::Market, Level::default()).unwrap();
            device.poll(|_| verdicts += 1).unwrap();
        }
        device.fence(Window::Market, |_| {}).unwrap();
        device.set_time_us(5).unwrap();
        device.counters().unwrap();
        device.release().unwrap();
    });
    assert_eq!(verdicts, rounds);
    assert_eq!(count, 0);
    assert_ne!(allocations(|| drop(vec![1u8; 32])), 0, "the counter counts");
}
