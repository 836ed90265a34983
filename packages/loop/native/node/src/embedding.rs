//! The engine inside Node's own event loop: libuv polls the engine's selector and calls `on_readable`; the completions
//! then run in a callback scope. native.ts runs `process.nextTick` and promise jobs between two of them; an exception in
//! one costs no other, for the rest get a scope of their own.

use std::cell::{Cell, RefCell};
use std::ffi::{c_int, c_void};
use std::rc::{Rc, Weak};

use napi::sys;
use net_loop_core::Engine;
use net_loop_core::records::Completions;

use crate::callback::Callback;
use crate::guard::guarded;
use crate::traffic::Traffic;
use crate::uv::{self, HandleMemory, Opaque, Uv};

pub(crate) struct Embedding {
    /// For the reference that a handle of libuv holds while it closes.
    this: Weak<Self>,
    env: sys::napi_env,
    uv: Uv,
    uv_loop: *mut Opaque,
    poll: HandleMemory,
    /// A handle that is only ever closed: its close callback comes in the closing phase, where `'close'` belongs.
    closer: HandleMemory,
    closing: Cell<bool>,
    referenced: Cell<bool>,
    /// Handles of libuv that are not closed yet.
    open_handles: Cell<u32>,
    ended: Cell<bool>,
    pub(crate) engine: RefCell<Engine>,
    pub(crate) traffic: Traffic,
    complete: Callback,
    cleanup: Cell<sys::napi_async_cleanup_hook_handle>,
}

fn failed(what: &str) -> String {
    format!("{what} failed")
}

impl Embedding {
    /// `complete` is a live function: it runs completions and ends the turn.
    pub(crate) fn start(env: sys::napi_env, complete: sys::napi_value, traffic: Traffic) -> Result<Rc<Self>, String> {
        let uv = Uv::find().map_err(|name| format!("this host has no {name}"))?;
        let engine = Engine::new().map_err(|error| format!("epoll: {error}"))?;
        let mut uv_loop = std::ptr::null_mut();
        // SAFETY: `env` is the running environment.
        if unsafe { sys::napi_get_uv_event_loop(env, &mut uv_loop) } != sys::Status::napi_ok {
            return Err(failed("napi_get_uv_event_loop"));
        }
        let complete = Callback::hold(env, complete).ok_or_else(|| failed("holding the callback"))?;
        let this = Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            env,
            uv_loop: uv_loop.cast(),
            poll: uv.poll_memory(),
            closer: uv.idle_memory(),
            uv,
            closing: Cell::new(false),
            referenced: Cell::new(true),
            open_handles: Cell::new(0),
            ended: Cell::new(false),
            engine: RefCell::new(engine),
            traffic,
            complete,
            cleanup: Cell::new(std::ptr::null_mut()),
        });
        match this.watch() {
            Ok(()) => Ok(this),
            Err(reason) => {
                this.end();
                Err(reason)
            }
        }
    }

    /// Puts the selector into libuv's loop and asks to be told when the environment ends.
    fn watch(self: &Rc<Self>) -> Result<(), String> {
        let poll = self.poll.pointer();
        let fd = self.engine.borrow().selector_fd();
        // SAFETY: the memory is as large as libuv says and outlives the handle, whose close callback drops the reference
        // that is leaked here for it. The selector's descriptor is open until then.
        if unsafe { (self.uv.poll_init)(self.uv_loop, poll, fd) } != 0 {
            return Err(failed("uv_poll_init"));
        }
        // SAFETY: it was initialised just now.
        unsafe { uv::set_data(poll, Rc::into_raw(Rc::clone(self)).cast_mut().cast()) };
        self.open_handles.set(1);
        // SAFETY: as above.
        if unsafe { (self.uv.poll_start)(poll, uv::READABLE, on_readable) } != 0 {
            return Err(failed("uv_poll_start"));
        }
        // SAFETY: as above.
        unsafe { (self.uv.unreference)(poll) };
        self.referenced.set(false);
        let mut hook = std::ptr::null_mut();
        let data = Rc::into_raw(Rc::clone(self)).cast_mut().cast::<c_void>();
        // SAFETY: the leaked reference in `data` is taken back by `on_environment_end`, which Node calls exactly once.
        let status = unsafe { sys::napi_add_async_cleanup_hook(self.env, Some(on_environment_end), data, &mut hook) };
        if status != sys::Status::napi_ok {
            return Err(failed("napi_add_async_cleanup_hook"));
        }
        self.cleanup.set(hook);
        Ok(())
    }

    /// To be called after everything that may have changed what the engine waits for.
    pub(crate) fn settle(&self) {
        if self.ended.get() {
            return;
        }
        let (alive, closed) = {
            let engine = self.engine.borrow();
            (engine.alive(), engine.has_closed())
        };
        if alive != self.referenced.get() {
            self.referenced.set(alive);
            let change = if alive { self.uv.reference } else { self.uv.unreference };
            // SAFETY: the handle is initialised and not closed, since `ended` is not set.
            unsafe { change(self.poll.pointer()) };
        }
        if closed && !self.closing.replace(true) {
            let closer = self.closer.pointer();
            self.open_handles.set(self.open_handles.get() + 1);
            // It is alive: `self` is in it. `on_closing_phase` takes this count back.
            let Some(this) = self.this.upgrade() else { return };
            // SAFETY: the memory is libuv's to use: `closing` was false, so it is new or its close callback has come.
            unsafe { (self.uv.idle_init)(self.uv_loop, closer) };
            // SAFETY: it was initialised just now.
            unsafe { uv::set_data(closer, Rc::into_raw(this).cast_mut().cast()) };
            // SAFETY: as above, and it is not closing yet.
            unsafe { (self.uv.close)(closer, Some(on_closing_phase)) };
        }
    }

    fn collect(&self) {
        // A nested run of libuv's loop inside a callback would overwrite the completions being delivered.
        if self.ended.get() || self.traffic.delivering() {
            return;
        }
        self.in_scope(|| {
            let mut refusals = 0;
            loop {
                let mut completions = Completions::new(self.traffic.completions.words());
                // An epoll that fails has nothing to tell; the next wake-up asks again.
                let more = self.traffic.with_receive_buffers(|space| {
                    self.engine.borrow_mut().collect(space, &mut completions).unwrap_or(false)
                });
                let count = completions.count();
                if !self.deliver(count) {
                    break;
                }
                // What a listener was refused is told in the same phase, as libuv tells it, and not without end.
                let refused = refusals < REFUSALS && self.engine.borrow_mut().take_refused();
                refusals += u32::from(refused);
                if !refused && (!more || count == 0) {
                    break;
                }
            }
        });
        self.settle();
    }

    fn collect_closed(&self) {
        // As in `collect`; the round that is being delivered asks for the closing phase again when it is done.
        if self.traffic.delivering() {
            return;
        }
        self.in_scope(|| {
            loop {
                let mut completions = Completions::new(self.traffic.completions.words());
                let more = self.engine.borrow_mut().collect_closed(&mut completions);
                let alive = self.deliver(completions.count());
                self.engine.borrow_mut().free_closed();
                if !alive || !more {
                    break;
                }
            }
        });
        self.settle();
    }

    fn in_scope(&self, run: impl FnOnce()) {
        let mut scope = std::ptr::null_mut();
        // SAFETY: libuv calls on the environment's thread, and `ended` says that the environment is alive.
        if unsafe { sys::napi_open_handle_scope(self.env, &mut scope) } != sys::Status::napi_ok {
            return;
        }
        run();
        // SAFETY: the scope that was opened above, with those inside closed again.
        unsafe { sys::napi_close_handle_scope(self.env, scope) };
    }

    /// Runs `count` completions and then the end of the turn. False when no JavaScript can run any more.
    fn deliver(&self, count: usize) -> bool {
        if count == 0 {
            return true;
        }
        if !self.traffic.begin(count) {
            return false;
        }
        let mut alive = true;
        // A host without `process._tickCallback` returns after each completion; so does an exception, reported by then.
        while alive && self.traffic.delivering() {
            alive = self.complete.call() && !self.ended.get();
        }
        self.traffic.finish();
        alive
    }

    /// Closes every descriptor and libuv's handles; nothing is told to JavaScript any more.
    fn end(&self) {
        if self.ended.replace(true) {
            return;
        }
        if self.open_handles.get() == 0 {
            return;
        }
        // When this comes from inside a callback, the engine is not borrowed: `call` is made without a borrow.
        self.engine.borrow_mut().close_all();
        self.traffic.drop_receive_buffers();
        // SAFETY: the handle was initialised in `watch` and is closed only here; its memory lives on with the reference in
        // its data.
        unsafe { (self.uv.close)(self.poll.pointer(), Some(on_handle_closed)) };
    }

    /// One handle of libuv is closed; after the last one Node may go on ending the environment.
    fn handle_closed(&self) {
        self.open_handles.set(self.open_handles.get() - 1);
        let hook = self.cleanup.get();
        if self.open_handles.get() == 0 && self.ended.get() && !hook.is_null() {
            self.cleanup.set(std::ptr::null_mut());
            // SAFETY: the hook is removed once; Node waits for this.
            unsafe { sys::napi_remove_async_cleanup_hook(hook) };
        }
    }
}

/// Rounds of refusals in one wake-up; libuv's number.
const REFUSALS: u32 = 8;

unsafe extern "C" fn on_readable(poll: *mut Opaque, _status: c_int, _events: c_int) {
    guarded(|| {
        // SAFETY: libuv passes the handle that `watch` initialised.
        if let Some(embedding) = unsafe { owner(poll) } {
            embedding.collect();
        }
    });
}

unsafe extern "C" fn on_closing_phase(closer: *mut Opaque) {
    guarded(|| {
        // SAFETY: libuv passes the handle that `settle` initialised.
        if let Some(embedding) = unsafe { owner(closer) } {
            // SAFETY: takes back the count that `settle` added; `embedding` holds another.
            unsafe { Rc::decrement_strong_count(Rc::as_ptr(&embedding)) };
            embedding.closing.set(false);
            if embedding.ended.get() {
                embedding.handle_closed();
            } else {
                embedding.open_handles.set(embedding.open_handles.get() - 1);
                embedding.collect_closed();
            }
        }
    });
}

unsafe extern "C" fn on_handle_closed(poll: *mut Opaque) {
    guarded(|| {
        // SAFETY: libuv passes the handle that `watch` initialised.
        if let Some(embedding) = unsafe { owner(poll) } {
            // SAFETY: takes back the reference that `watch` leaked; `embedding` holds another.
            unsafe { Rc::decrement_strong_count(Rc::as_ptr(&embedding)) };
            embedding.handle_closed();
        }
    });
}

unsafe extern "C" fn on_environment_end(_hook: sys::napi_async_cleanup_hook_handle, data: *mut c_void) {
    guarded(|| {
        // SAFETY: `data` is the reference that `watch` leaked for this call.
        let embedding = unsafe { Rc::from_raw(data.cast_const().cast::<Embedding>()) };
        embedding.end();
    });
}

/// The embedding that a libuv handle belongs to, held for the time of the callback.
///
/// # Safety
/// `handle` must be one that `watch` or `settle` initialised; its data is a pointer from an `Rc`, and that `Rc` is alive:
/// each handle that is not closed has a count of its own, taken back by its close callback.
unsafe fn owner(handle: *mut Opaque) -> Option<Rc<Embedding>> {
    // SAFETY: by this function's contract.
    let pointer = unsafe { uv::data(handle) }.cast_const().cast::<Embedding>();
    if pointer.is_null() {
        return None;
    }
    // SAFETY: as above, the Rc is alive.
    unsafe { Rc::increment_strong_count(pointer) };
    // SAFETY: takes over the count that was added just now.
    Some(unsafe { Rc::from_raw(pointer) })
}
