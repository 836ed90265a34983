//! The two calls that traffic makes, by Node-API alone: what napi-rs does around a function with arguments takes 0.1 µs.

use std::ptr;

use napi::bindgen_prelude::{JsValue, Object, Result};
use napi::{Env, Error, Status, sys};
use napi_derive::napi;

use crate::binding::embedding;
use crate::guard::guarded;
use crate::shared::{ChunkArray, SharedMemory};

#[napi(module_exports)]
pub fn export(exports: Object<'_>, env: Env) -> Result<()> {
    let calls = [(c"submit", submit as Call), (c"setReceiveBuffer", set_receive_buffer)];
    for (name, call) in calls {
        let mut function = ptr::null_mut();
        // SAFETY: `env` is the running environment, the name is a constant of the length that is computed.
        let status = unsafe {
            sys::napi_create_function(env.raw(), name.as_ptr(), -1, Some(call), ptr::null_mut(), &mut function)
        };
        if status != sys::Status::napi_ok {
            return Err(Error::new(Status::from(status), "no function"));
        }
        // SAFETY: both are values of the running call.
        let status = unsafe { sys::napi_set_named_property(env.raw(), exports.raw(), name.as_ptr(), function) };
        if status != sys::Status::napi_ok {
            return Err(Error::new(Status::from(status), "no export"));
        }
    }
    Ok(())
}

type Call = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// `submit(loop, from, to, chunks)`: does what the records `from..to` ask for; the answers are in their status words.
/// `chunks` has the large chunks that they name, and no prototype.
unsafe extern "C" fn submit(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: Node passes both to this call.
        let [number, from, to, chunks] = unsafe { arguments(env, info) };
        // SAFETY: these are values of this call.
        let [number, from, to] = [number, from, to].map(|value| unsafe { unsigned(env, value) });
        let Some(embedding) = embedding(number) else { return };
        {
            let traffic = &embedding.traffic;
            let chunks = ChunkArray::new(Env::from_raw(env), chunks);
            let records = traffic.records.borrow();
            let mut engine = embedding.engine.borrow_mut();
            engine.submit(records.words(), traffic.arena.bytes(), &chunks, from as usize, to as usize);
        }
        embedding.settle();
    });
    ptr::null_mut()
}

/// `setReceiveBuffer(loop, index, buffer)`: puts a buffer in the place of one of the receive buffers, or adds one. To be
/// called before the one that was there is given away. What is no Buffer changes nothing.
unsafe extern "C" fn set_receive_buffer(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    guarded(|| {
        // SAFETY: Node passes both to this call.
        let [number, index, buffer] = unsafe { arguments(env, info) };
        // SAFETY: these are values of this call.
        let [number, index] = [number, index].map(|value| unsafe { unsigned(env, value) });
        if let Some(embedding) = embedding(number)
            && let Ok(memory) = SharedMemory::new(&Env::from_raw(env), buffer)
        {
            embedding.traffic.set_receive_buffer(index as usize, memory);
        }
    });
    ptr::null_mut()
}

/// The arguments of a call; those that were not given are `undefined`.
///
/// # Safety
/// `env` and `info` must be what Node passed to the running call.
unsafe fn arguments<const COUNT: usize>(env: sys::napi_env, info: sys::napi_callback_info) -> [sys::napi_value; COUNT] {
    let mut values = [ptr::null_mut(); COUNT];
    let mut count = COUNT;
    // SAFETY: by this function's contract; there is room for `count` values.
    unsafe {
        sys::napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), ptr::null_mut(), ptr::null_mut());
    }
    values
}

/// The number that was given, or one that nothing has.
///
/// # Safety
/// `value` must be a value of the running call, or null.
unsafe fn unsigned(env: sys::napi_env, value: sys::napi_value) -> u32 {
    let mut number = u32::MAX;
    // SAFETY: by this function's contract; null and what is no number are answered by a status, and change nothing.
    unsafe { sys::napi_get_value_uint32(env, value, &mut number) };
    number
}
