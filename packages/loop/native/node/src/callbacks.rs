//! The functions of native.ts that are called when something completed, and how they are called.

use std::ffi::CStr;
use std::ptr;

use napi::sys;

/// References to the object with the functions `complete` and `endTurn`, and to both functions. They live as long as the
/// environment does.
pub(crate) struct Callbacks {
    env: sys::napi_env,
    references: [sys::napi_ref; 3],
    async_context: sys::napi_async_context,
}

/// The same as values of an open handle scope.
#[derive(Clone, Copy)]
pub(crate) struct Functions {
    object: sys::napi_value,
    pub(crate) complete: sys::napi_value,
    pub(crate) end_turn: sys::napi_value,
}

impl Callbacks {
    /// `object` must be alive in the open handle scope. None when the environment refuses.
    pub(crate) fn hold(env: sys::napi_env, object: sys::napi_value) -> Option<Self> {
        let get = |name: &CStr| {
            let mut function = ptr::null_mut();
            // SAFETY: `object` is alive in the open scope, the name ends with NUL.
            let status = unsafe { sys::napi_get_named_property(env, object, name.as_ptr(), &mut function) };
            (status == sys::Status::napi_ok).then_some(function)
        };
        let hold = |value| {
            let mut reference = ptr::null_mut();
            // SAFETY: `value` is alive in the open scope.
            let status = unsafe { sys::napi_create_reference(env, value, 1, &mut reference) };
            (status == sys::Status::napi_ok).then_some(reference)
        };
        let references = [hold(object)?, hold(get(c"complete")?)?, hold(get(c"endTurn")?)?];
        let mut name = ptr::null_mut();
        // SAFETY: the text is valid UTF-8 of the given length.
        unsafe { sys::napi_create_string_utf8(env, c"NETLOOP".as_ptr(), 7, &mut name) };
        let mut async_context = ptr::null_mut();
        // SAFETY: `object` serves as the resource object and is kept by a reference.
        let status = unsafe { sys::napi_async_init(env, object, name, &mut async_context) };
        (status == sys::Status::napi_ok).then_some(Self { env, references, async_context })
    }

    /// The object and both functions in the open handle scope.
    pub(crate) fn functions(&self) -> Option<Functions> {
        let mut values = [ptr::null_mut(); 3];
        for (value, reference) in values.iter_mut().zip(self.references) {
            // SAFETY: the references are ours until the environment ends, and a handle scope is open.
            let status = unsafe { sys::napi_get_reference_value(self.env, reference, value) };
            if status != sys::Status::napi_ok || value.is_null() {
                return None;
            }
        }
        let [object, complete, end_turn] = values;
        Some(Functions { object, complete, end_turn })
    }

    /// Calls one of the functions in a callback scope of its own, at whose end ticks and promise jobs run; an exception
    /// becomes 'uncaughtException'. False when no JavaScript can run any more. Nothing of Rust's may be borrowed meanwhile:
    /// the script may call back.
    pub(crate) fn call(&self, functions: Functions, function: sys::napi_value) -> bool {
        let mut scope = ptr::null_mut();
        // SAFETY: the context is ours until the environment ends, and a handle scope is open.
        let status =
            unsafe { sys::napi_open_callback_scope(self.env, functions.object, self.async_context, &mut scope) };
        if status != sys::Status::napi_ok {
            return false;
        }
        let mut result = ptr::null_mut();
        // SAFETY: values of the open handle scope.
        let status =
            unsafe { sys::napi_call_function(self.env, functions.object, function, 0, ptr::null(), &mut result) };
        let alive = status == sys::Status::napi_ok || self.report();
        // SAFETY: the scope was opened above, and those inside are closed again.
        let status = unsafe { sys::napi_close_callback_scope(self.env, scope) };
        alive && status == sys::Status::napi_ok
    }

    /// Reports the exception that a call left. To be done inside the scope of the call: a tick that throws leaves its async
    /// context behind, and Node ends a process in which that is not the scope's own at its end. Reporting clears it.
    fn report(&self) -> bool {
        let mut pending = false;
        // SAFETY: `env` is alive.
        let asked = unsafe { sys::napi_is_exception_pending(self.env, &mut pending) };
        if asked != sys::Status::napi_ok || !pending {
            // The environment is being stopped (process.exit() in a worker, worker.terminate()).
            return false;
        }
        let mut error = ptr::null_mut();
        // SAFETY: an exception is pending.
        unsafe { sys::napi_get_and_clear_last_exception(self.env, &mut error) };
        // SAFETY: `error` was taken just now; it goes where that of any callback of Node's own goes.
        unsafe { sys::napi_fatal_exception(self.env, error) };
        true
    }
}
