//! The few functions of libuv that are needed, looked up in the running program: a host that has none (Bun, Deno) gets an
//! answer instead of a crash at load time.

use std::cell::UnsafeCell;
use std::ffi::{CStr, c_char, c_int, c_void};

/// `uv_loop_t`, `uv_handle_t` and all that are derived from it: only ever behind pointers, sized by libuv itself.
pub(crate) type Opaque = c_void;
pub(crate) type PollCallback = unsafe extern "C" fn(*mut Opaque, c_int, c_int);
pub(crate) type CloseCallback = unsafe extern "C" fn(*mut Opaque);

/// `UV_READABLE` of `uv_poll_event`.
pub(crate) const READABLE: c_int = 1;
/// `UV_IDLE` and `UV_POLL` of `uv_handle_type`; part of libuv's ABI since 1.0.
const IDLE_TYPE: c_int = 6;
const POLL_TYPE: c_int = 8;

pub(crate) struct Uv {
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    pub(crate) poll_init: unsafe extern "C" fn(*mut Opaque, *mut Opaque, c_int) -> c_int,
    pub(crate) poll_start: unsafe extern "C" fn(*mut Opaque, c_int, PollCallback) -> c_int,
    pub(crate) idle_init: unsafe extern "C" fn(*mut Opaque, *mut Opaque) -> c_int,
    pub(crate) close: unsafe extern "C" fn(*mut Opaque, Option<CloseCallback>),
    pub(crate) reference: unsafe extern "C" fn(*mut Opaque),
    pub(crate) unreference: unsafe extern "C" fn(*mut Opaque),
}

/// Memory for a libuv handle; must outlive the handle's close callback.
pub(crate) struct HandleMemory(Box<[UnsafeCell<u128>]>);

impl HandleMemory {
    pub(crate) fn pointer(&self) -> *mut Opaque {
        UnsafeCell::raw_get(self.0.as_ptr()).cast()
    }
}

impl Uv {
    /// Err names the function that the host lacks.
    #[expect(clippy::multiple_unsafe_ops_per_block, reason = "one table with one reason")]
    pub(crate) fn find() -> Result<Self, &'static str> {
        // SAFETY: each type is that of the function's declaration in uv.h.
        unsafe {
            Ok(Self {
                handle_size: function(c"uv_handle_size")?,
                poll_init: function(c"uv_poll_init")?,
                poll_start: function(c"uv_poll_start")?,
                idle_init: function(c"uv_idle_init")?,
                close: function(c"uv_close")?,
                reference: function(c"uv_ref")?,
                unreference: function(c"uv_unref")?,
            })
        }
    }

    pub(crate) fn poll_memory(&self) -> HandleMemory {
        self.memory(POLL_TYPE)
    }

    pub(crate) fn idle_memory(&self) -> HandleMemory {
        self.memory(IDLE_TYPE)
    }

    fn memory(&self, handle_type: c_int) -> HandleMemory {
        // SAFETY: uv_handle_size takes any number and answers with a size, or -1 for an unknown type.
        let size = unsafe { (self.handle_size)(handle_type) };
        // An unknown type can't be (both are older than uv_handle_size); 4 KiB is far above any real size.
        HandleMemory((0..size.min(4096).div_ceil(size_of::<u128>())).map(|_| UnsafeCell::new(0)).collect())
    }
}

/// The handle's `data`: public, and the first member of `uv_handle_t`.
///
/// # Safety
/// `handle` must be an initialised handle of libuv.
pub(crate) unsafe fn data(handle: *mut Opaque) -> *mut c_void {
    // SAFETY: by this function's contract.
    unsafe { *handle.cast::<*mut c_void>() }
}

/// # Safety
/// As for `data`.
pub(crate) unsafe fn set_data(handle: *mut Opaque, data: *mut c_void) {
    // SAFETY: by this function's contract.
    unsafe { *handle.cast::<*mut c_void>() = data };
}

/// # Safety
/// `Function` must be the type of the pointer to the C function of that name.
unsafe fn function<Function: Copy>(name: &'static CStr) -> Result<Function, &'static str> {
    const { assert!(size_of::<Function>() == size_of::<*mut c_void>()) };
    // SAFETY: the name ends with NUL; RTLD_DEFAULT looks in the program and what it has loaded.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr().cast::<c_char>()) };
    if found.is_null() {
        return Err(name.to_str().unwrap_or("libuv"));
    }
    // SAFETY: a function pointer has the size asserted above; its type is right by this function's contract.
    Ok(unsafe { std::mem::transmute_copy::<*mut c_void, Function>(&found) })
}
