//! JavaScript's memory, as Rust uses it. All of it is allocated by scripts and held by references.

use std::cell::Cell;

use napi::bindgen_prelude::Result;
use napi::{Env, Error, Status, sys};

/// A view of an ArrayBuffer that Rust holds on to.
///
/// Its memory is asked for at each use and never kept across a call into JavaScript, since a script may detach or shrink
/// it in between.
pub(crate) struct HeldBuffer {
    env: sys::napi_env,
    reference: sys::napi_ref,
    /// Bytes at first. A view that follows a growing buffer never counts as longer.
    length: usize,
}

impl HeldBuffer {
    /// `value` must be alive in the open handle scope.
    pub(crate) fn new(env: &Env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: `env` is the running environment and `value` an argument of the running call.
        let Some((_, length)) = (unsafe { memory_of(env.raw(), value) }) else {
            return Err(Error::new(Status::InvalidArg, "not a Buffer"));
        };
        let mut reference = std::ptr::null_mut();
        // SAFETY: as above; the count of 1 keeps the buffer until the reference is deleted in `drop`.
        let status = unsafe { sys::napi_create_reference(env.raw(), value, 1, &mut reference) };
        if status != sys::Status::napi_ok {
            return Err(Error::new(Status::GenericFailure, "no reference to a Buffer"));
        }
        Ok(Self { env: env.raw(), reference, length })
    }

    /// Start and length as they are now; null and 0 when the memory was detached. Needs an open handle scope.
    fn memory(&self) -> (*mut u8, usize) {
        let nothing = (std::ptr::null_mut(), 0);
        let mut value = std::ptr::null_mut();
        // SAFETY: the reference is ours until `drop`, on the thread of its environment (`Self` is not Send).
        let status = unsafe { sys::napi_get_reference_value(self.env, self.reference, &mut value) };
        if status != sys::Status::napi_ok || value.is_null() {
            return nothing;
        }
        // SAFETY: `value` was got just now.
        let (start, length) = unsafe { memory_of(self.env, value) }.unwrap_or(nothing);
        (start, length.min(self.length))
    }
}

/// Start and length of a Buffer's memory as they are now, null and 0 when it was detached; None: it is no Buffer.
///
/// # Safety
/// `value` must be alive in the open handle scope of `env`.
unsafe fn memory_of(env: sys::napi_env, value: sys::napi_value) -> Option<(*mut u8, usize)> {
    let mut is_buffer = false;
    // SAFETY: by this function's contract.
    let status = unsafe { sys::napi_is_buffer(env, value, &mut is_buffer) };
    if status != sys::Status::napi_ok || !is_buffer {
        return None;
    }
    let mut start = std::ptr::null_mut();
    let mut length = 0;
    // SAFETY: as above, and it is a buffer.
    let status = unsafe { sys::napi_get_buffer_info(env, value, &mut start, &mut length) };
    if status != sys::Status::napi_ok || start.is_null() {
        return Some((std::ptr::null_mut(), 0));
    }
    Some((start.cast(), length))
}

/// The array of large chunks that a submission comes with.
pub(crate) struct ChunkArray {
    env: Env,
    array: sys::napi_value,
    length: u32,
}

impl ChunkArray {
    /// `array` must be alive in the open handle scope for as long as this is used. What is no array has no chunks.
    pub(crate) fn new(env: Env, array: sys::napi_value) -> Self {
        let mut length = 0;
        // SAFETY: `array` is an argument of the running call.
        let status = unsafe { sys::napi_get_array_length(env.raw(), array, &mut length) };
        Self { env, array, length: if status == sys::Status::napi_ok { length } else { 0 } }
    }

    fn get(&self, number: usize) -> Option<sys::napi_value> {
        let number = u32::try_from(number).ok().filter(|number| *number < self.length)?;
        let mut value = std::ptr::null_mut();
        // SAFETY: `array` is alive by the contract of `new`. The one of submissions.ts has no prototype, so that no script runs
        // even where it has a hole.
        let status = unsafe { sys::napi_get_element(self.env.raw(), self.array, number, &mut value) };
        (status == sys::Status::napi_ok).then_some(value)
    }
}

impl net_loop_core::Chunks for ChunkArray {
    fn bytes(&self, number: usize) -> Option<&[u8]> {
        let value = self.get(number)?;
        // SAFETY: `value` was got just now.
        let (start, length) = unsafe { memory_of(self.env.raw(), value) }?;
        if start.is_null() {
            return Some(&[]);
        }
        // SAFETY: as in `HeldBuffer::bytes`.
        Some(unsafe { std::slice::from_raw_parts(start, length) })
    }

    fn keep(&self, number: usize) -> Option<Box<dyn net_loop_core::Bytes>> {
        let held = HeldBuffer::new(&self.env, self.get(number)?).ok()?;
        Some(Box::new(held))
    }
}

impl net_loop_core::Bytes for HeldBuffer {
    fn bytes(&self) -> &[u8] {
        let (start, length) = self.memory();
        if start.is_null() {
            return &[];
        }
        // SAFETY: looked up just now, and the engine is done with the slice before JavaScript runs again on this thread.
        // Where it is a SharedArrayBuffer, another thread may write meanwhile: the kernel then sends one or the other byte,
        // and nothing of Rust's looks at them.
        unsafe { std::slice::from_raw_parts(start, length) }
    }
}

impl Drop for HeldBuffer {
    fn drop(&mut self) {
        // SAFETY: the reference is ours and not used after this. An environment that is ending may refuse; then it frees
        // its references itself.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// Memory that native.ts made for the traffic with Rust: records, arena, receive buffers.
///
/// It is looked up once: no script but native.ts knows it, which neither detaches nor resizes it, and puts another receive
/// buffer in the place of one before it hands that out. (A program that replaces Buffer's `write`, `set` or `copy` for all
/// gets it as their `this`. Such a function can break any Buffer in the process; this one it must not detach either.)
pub(crate) struct SharedMemory {
    _held: HeldBuffer,
    start: *mut u8,
    length: usize,
}

impl SharedMemory {
    /// `value` must be alive in the open handle scope.
    pub(crate) fn new(env: &Env, value: sys::napi_value) -> Result<Self> {
        let held = HeldBuffer::new(env, value)?;
        let (start, length) = held.memory();
        if start.is_null() || !start.cast::<i32>().is_aligned() {
            return Err(Error::new(Status::InvalidArg, "memory that words do not fit in"));
        }
        Ok(Self { _held: held, start, length })
    }

    pub(crate) fn bytes(&self) -> &[Cell<u8>] {
        // SAFETY: `_held` keeps the memory alive and native.ts keeps it attached. JavaScript writes to it only while Rust
        // waits for a call to return, hence cells.
        unsafe { std::slice::from_raw_parts(self.start.cast::<Cell<u8>>(), self.length) }
    }

    pub(crate) fn words(&self) -> &[Cell<i32>] {
        // SAFETY: as in `bytes`; the start is aligned, as `new` has checked.
        unsafe { std::slice::from_raw_parts(self.start.cast::<Cell<i32>>(), self.length / size_of::<i32>()) }
    }
}
