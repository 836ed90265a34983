//! Every system call, behind safe functions that answer with `rustix::io::Result`.

pub mod address;
pub mod descriptor;
pub mod options;
pub mod socket;

use std::cell::Cell;
use std::mem::MaybeUninit;

/// Memory shared with the embedder, as bytes to send or to copy.
pub(crate) fn as_bytes(cells: &[Cell<u8>]) -> &[u8] {
    // SAFETY: Cell<u8> has the layout of u8. Nothing writes to the cells while the slice lives: `&[Cell<u8>]` is not Sync,
    // so other writers are on this thread; `submit` hands the slice to a system call, or copies it into a backlog, before
    // the embedder runs again, and writes to no memory itself but the records', which is another.
    unsafe { &*(std::ptr::from_ref(cells) as *const [u8]) }
}

/// Lets the kernel write into memory shared with the embedder.
pub(crate) fn fill<T>(cells: &[Cell<u8>], call: impl FnOnce(&mut [MaybeUninit<u8>]) -> T) -> T {
    let start = cells.as_ptr().cast::<MaybeUninit<u8>>().cast_mut();
    // SAFETY: Cell<u8> has the layout of MaybeUninit<u8> and allows writes through a shared reference; `call` is one
    // system call, so that nothing else looks at the cells while the slice lives.
    call(unsafe { std::slice::from_raw_parts_mut(start, cells.len()) })
}
