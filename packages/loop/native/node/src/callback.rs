//! The function of native.ts that is called when something completed, and how it is called.

use std::ptr;

use napi::sys;

/// A reference to the function, and the context that it is called in. To be dropped before the environment is gone.
pub(crate) struct Callback {
    env: sys::napi_env,
    function: sys::napi_ref,
    async_context: sys::napi_async_context,
}

impl Callback {
    /// `function` must be alive in the open handle scope. None when the environment refuses.
    pub(crate) fn hold(env: sys::napi_env, function: sys::napi_value) -> Option<Self> {
        let mut held = Self { env, function: ptr::null_mut(), async_context: ptr::null_mut() };
        // SAFETY: `function` is alive in the open scope.
        let status = unsafe { sys::napi_create_reference(env, function, 1, &mut held.function) };
        if status != sys::Status::napi_ok {
            return None;
        }
        let mut name = ptr::null_mut();
        // SAFETY: the text is valid UTF-8 of the given length.
        unsafe { sys::napi_create_string_utf8(env, c"NETLOOP".as_ptr(), 7, &mut name) };
        // SAFETY: `function` serves as the resource object and is kept by a reference.
        let status = unsafe { sys::napi_async_init(env, function, name, &mut held.async_context) };
        (status == sys::Status::napi_ok).then_some(held)
    }

    /// Calls it in a callback scope of its own, at whose end ticks and promise jobs run; an exception becomes
    /// 'uncaughtException'. False when no JavaScript can run any more. Nothing of Rust's may be borrowed meanwhile: the
    /// script may call back. Needs an open handle scope.
    pub(crate) fn call(&self) -> bool {
        let mut function = ptr::null_mut();
        // SAFETY: the reference is ours until `drop`, and a handle scope is open.
        let status = unsafe { sys::napi_get_reference_value(self.env, self.function, &mut function) };
        if status != sys::Status::napi_ok || function.is_null() {
            return false;
        }
        let mut scope = ptr::null_mut();
        // SAFETY: the context is ours until `drop`.
        let status = unsafe { sys::napi_open_callback_scope(self.env, function, self.async_context, &mut scope) };
        if status != sys::Status::napi_ok {
            return false;
        }
        let mut result = ptr::null_mut();
        // SAFETY: values of the open handle scope; the function looks at neither `this` nor arguments.
        let status = unsafe { sys::napi_call_function(self.env, function, function, 0, ptr::null(), &mut result) };
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

impl Drop for Callback {
    fn drop(&mut self) {
        // SAFETY: the environment is alive: Embedding, which has this, goes with its last handle of libuv, and Node waits for
        // that. Nothing is used after this; null, where `hold` failed, is answered by a status.
        unsafe { sys::napi_async_destroy(self.env, self.async_context) };
        // SAFETY: as above.
        unsafe { sys::napi_delete_reference(self.env, self.function) };
    }
}
