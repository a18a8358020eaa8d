//! [`Verilated`]: a card in a shared library that was made by [`super::build`].
#![allow(unsafe_code, reason = "loads and calls generated C++")]

use super::VerilatedError;
use crossgate_hdl::pins::{Inputs, Outputs, Pins};
use std::ffi::{c_char, c_void, CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

/// The structure `Inputs` of the wrapper, in its order.
#[repr(C)]
#[derive(Default)]
struct Driven {
    beat_valid: u8,
    beat_window: u8,
    beat_strobe: u8,
    dma_ready: u8,
    beat_slot: u16,
    write_valid: u8,
    read_valid: u8,
    egress_ready: u8,
    write_offset: u32,
    write_data: u32,
    read_offset: u32,
    beat_words: [u64; 8],
}

/// The structure `Outputs` of the wrapper, in its order.
#[repr(C)]
#[derive(Default)]
struct Sampled {
    dma_valid: u8,
    busy: u8,
    egress_valid: u8,
    read_data: u32,
    dma_address: u64,
    egress_words: [u64; 4],
    dma_words: [u64; 8],
}

/// A `Card` of the wrapper.
enum Opaque {}

type New = unsafe extern "C" fn(*const c_char) -> *mut Opaque;
type Delete = unsafe extern "C" fn(*mut Opaque);
type Select = unsafe extern "C" fn(*mut Opaque, u32);
type Clock = unsafe extern "C" fn(*mut Opaque, *const Driven, *mut Sampled);

/// A loaded library; closed when dropped.
struct Handle(NonNull<c_void>);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle came from `dlopen` and is closed once. Nothing of the library is used after this:
        // `Verilated` deletes its card first.
        unsafe { libc::dlclose(self.0.as_ptr()) };
    }
}

/// What the loader last complained about.
fn loader_error(path: &Path) -> VerilatedError {
    // SAFETY: `dlerror` returns null or a string that lives until the next call of the loader in this thread; it is
    // copied at once.
    let message = unsafe {
        let text = libc::dlerror();
        if text.is_null() {
            String::from("unknown error of the loader")
        } else {
            CStr::from_ptr(text).to_string_lossy().into_owned()
        }
    };
    VerilatedError::Load { path: path.to_owned(), message }
}

fn c_path(path: &Path) -> Result<CString, VerilatedError> {
    CString::new(path.as_os_str().as_bytes())
        .map_err(|error| VerilatedError::Load { path: path.to_owned(), message: error.to_string() })
}

impl Handle {
    fn open(path: &Path) -> Result<Self, VerilatedError> {
        let name = c_path(path)?;
        // SAFETY: the name is a terminated string. The library is the one that `build` made of generated code; its
        // constructors only set up tables.
        let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        NonNull::new(handle).map(Self).ok_or_else(|| loader_error(path))
    }

    fn symbol(&self, name: &CStr, path: &Path) -> Result<NonNull<c_void>, VerilatedError> {
        // SAFETY: the handle is open and the name terminated.
        let symbol = unsafe { libc::dlsym(self.0.as_ptr(), name.as_ptr()) };
        NonNull::new(symbol).ok_or_else(|| loader_error(path))
    }
}

/// The emitted Verilog as a cycle-accurate card.
pub struct Verilated {
    card: NonNull<Opaque>,
    clock: Clock,
    delete: Delete,
    path: PathBuf,
    /// Last, so that it is closed after the card was deleted.
    library: Handle,
}

impl Verilated {
    pub(super) fn load(path: &Path, vcd: Option<&Path>) -> Result<Self, VerilatedError> {
        let library = Handle::open(path)?;
        let (new, delete) = (library.symbol(c"card_new", path)?, library.symbol(c"card_delete", path)?);
        let clock = library.symbol(c"card_clock", path)?;
        // SAFETY: the wrapper defines these three symbols as functions of exactly these types, in the same crate and
        // version as the declarations here (its text is part of the library's cache key). The pointers stay valid while
        // `library` is open, which `Verilated` outlives nowhere.
        let (new, delete, clock) = unsafe {
            (
                std::mem::transmute::<NonNull<c_void>, New>(new),
                std::mem::transmute::<NonNull<c_void>, Delete>(delete),
                std::mem::transmute::<NonNull<c_void>, Clock>(clock),
            )
        };
        let vcd = vcd.map(c_path).transpose()?;
        // SAFETY: `card_new` takes null or a terminated path that lives through the call, and returns a card that the
        // caller owns.
        let card = unsafe { new(vcd.as_ref().map_or(std::ptr::null(), |vcd| vcd.as_ptr())) };
        let card = NonNull::new(card);
        let card = card.ok_or_else(|| VerilatedError::Load { path: path.to_owned(), message: "no card".into() })?;
        Ok(Self { card, clock, delete, path: path.to_owned(), library })
    }

    /// Switches on one of the mutations that the Verilog holds; 0 is none. Without effect on Verilog that holds none.
    pub(super) fn select(&mut self, mutation: u32) -> Result<(), VerilatedError> {
        let select = self.library.symbol(c"card_select", &self.path)?;
        // SAFETY: the wrapper defines this symbol as a function of exactly this type; the library is open.
        let select = unsafe { std::mem::transmute::<NonNull<c_void>, Select>(select) };
        // SAFETY: the card is alive and used by this thread alone (`&mut self`).
        unsafe { select(self.card.as_ptr(), mutation) };
        Ok(())
    }

    /// The library.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Verilated {
    fn drop(&mut self) {
        // SAFETY: the card came from `card_new`, is deleted once, and the library is still open.
        unsafe { (self.delete)(self.card.as_ptr()) };
    }
}

impl Pins for Verilated {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        let (dma_ready, egress_ready) = (u8::from(inputs.dma_ready), u8::from(!inputs.egress_held));
        let mut driven = Driven { dma_ready, egress_ready, ..Driven::default() };
        if let Some(beat) = &inputs.beat {
            driven.beat_valid = 1;
            driven.beat_window = beat.window as u8;
            driven.beat_slot = beat.slot;
            driven.beat_strobe = beat.strobe;
            driven.beat_words = beat.words;
        }
        if let Some((offset, value)) = inputs.register_write {
            (driven.write_valid, driven.write_offset, driven.write_data) = (1, offset, value);
        }
        if let Some(offset) = inputs.register_read {
            (driven.read_valid, driven.read_offset) = (1, offset);
        }
        let mut sampled = Sampled::default();
        // SAFETY: the card is alive and used by this thread alone (`&mut self`; the type is neither Send nor Sync).
        // Both structures have the layout of the wrapper's and live through the call.
        unsafe { (self.clock)(self.card.as_ptr(), &raw const driven, &raw mut sampled) };
        Outputs {
            register_data: sampled.read_data,
            dma: (sampled.dma_valid != 0).then_some((sampled.dma_address, sampled.dma_words)),
            egress: (sampled.egress_valid != 0).then_some(sampled.egress_words),
            busy: sampled.busy != 0,
        }
    }
}
