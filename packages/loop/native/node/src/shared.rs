//! Memory that Rust and JavaScript both see. It belongs to Rust; JavaScript sees it as external ArrayBuffers, so that
//! whatever a script does with its side (detach, collect), Rust's side stays valid.

use std::cell::Cell;
use std::rc::Rc;

use napi::bindgen_prelude::{Int32Array, Result, Uint8Array};
use napi::{Env, Error, Status, sys};

/// Zeroed words, shared with JavaScript as an Int32Array.
pub(crate) struct Words(Rc<[Cell<i32>]>);

impl Words {
    pub(crate) fn new(length: usize) -> Self {
        Self((0..length).map(|_| Cell::new(0)).collect())
    }

    pub(crate) fn cells(&self) -> &[Cell<i32>] {
        &self.0
    }

    pub(crate) fn view(&self) -> Int32Array {
        let owner = Rc::clone(&self.0);
        let start = self.0.as_ptr().cast_mut().cast::<i32>();
        // SAFETY: the memory lives until the finalizer drops `owner`; Cell<i32> has the layout of i32 and lets JavaScript,
        // which runs on this thread only, write while Rust holds shared references.
        unsafe { Int32Array::with_external_data(start, self.0.len(), move |_, _| drop(owner)) }
    }
}

/// Zeroed bytes, shared with JavaScript as a Uint8Array.
pub(crate) struct Arena(Rc<[Cell<u8>]>);

impl Arena {
    pub(crate) fn new(length: usize) -> Self {
        Self((0..length).map(|_| Cell::new(0)).collect())
    }

    pub(crate) fn cells(&self) -> &[Cell<u8>] {
        &self.0
    }

    pub(crate) fn view(&self) -> Uint8Array {
        let owner = Rc::clone(&self.0);
        let start = self.0.as_ptr().cast_mut().cast::<u8>();
        // SAFETY: as in `Words::view`.
        unsafe { Uint8Array::with_external_data(start, self.0.len(), move |_, _| drop(owner)) }
    }
}

/// A JavaScript buffer that Rust holds on to by a reference.
///
/// Its memory is asked for at each use and never kept across a call into JavaScript, since a script may detach or shrink
/// it in between.
pub(crate) struct HeldBuffer {
    env: sys::napi_env,
    reference: sys::napi_ref,
}

impl HeldBuffer {
    pub(crate) fn new(env: &Env, value: sys::napi_value) -> Result<Self> {
        let mut is_buffer = false;
        // SAFETY: `env` is the running environment and `value` an argument of the running call.
        let status = unsafe { sys::napi_is_buffer(env.raw(), value, &mut is_buffer) };
        if status != sys::Status::napi_ok || !is_buffer {
            return Err(Error::new(Status::InvalidArg, "not a Buffer"));
        }
        let mut reference = std::ptr::null_mut();
        // SAFETY: as above; the count of 1 keeps the buffer until the reference is deleted in `drop`.
        let status = unsafe { sys::napi_create_reference(env.raw(), value, 1, &mut reference) };
        if status != sys::Status::napi_ok {
            return Err(Error::new(Status::GenericFailure, "no reference to a Buffer"));
        }
        Ok(Self {
            env: env.raw(),
            reference,
        })
    }

    /// Start and length as they are now; null and 0 when the memory was detached. Needs an open handle scope.
    fn memory(&self) -> (*mut u8, usize) {
        let mut value = std::ptr::null_mut();
        // SAFETY: the reference is ours until `drop`, on the thread of its environment (`Self` is not Send).
        let status = unsafe { sys::napi_get_reference_value(self.env, self.reference, &mut value) };
        if status != sys::Status::napi_ok || value.is_null() {
            return (std::ptr::null_mut(), 0);
        }
        let mut start = std::ptr::null_mut();
        let mut length = 0;
        // SAFETY: `value` is the buffer that `new` checked.
        let status = unsafe { sys::napi_get_buffer_info(self.env, value, &mut start, &mut length) };
        if status != sys::Status::napi_ok || start.is_null() {
            (std::ptr::null_mut(), 0)
        } else {
            (start.cast(), length)
        }
    }
}

impl net_loop_core::Bytes for HeldBuffer {
    fn bytes(&self) -> &[u8] {
        let (start, length) = self.memory();
        if start.is_null() {
            return &[];
        }
        // SAFETY: as in `cells`; the engine uses the slice for one system call.
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

/// A buffer to receive into. Unlike other held buffers its memory is looked up once: no script but native.ts knows it, and
/// that one puts another in its place before it hands it out.
pub(crate) struct ReceiveBuffer {
    _held: HeldBuffer,
    start: *mut u8,
    length: usize,
}

impl ReceiveBuffer {
    pub(crate) fn new(held: HeldBuffer) -> Self {
        let (start, length) = held.memory();
        Self {
            _held: held,
            start,
            length,
        }
    }

    pub(crate) fn cells(&self) -> &[Cell<u8>] {
        if self.start.is_null() {
            return &[];
        }
        // SAFETY: `_held` keeps the memory alive, native.ts keeps it attached (see above), and no JavaScript runs while the
        // slice is in use: the engine uses it for one round of system calls.
        unsafe { std::slice::from_raw_parts(self.start.cast::<Cell<u8>>(), self.length) }
    }
}
