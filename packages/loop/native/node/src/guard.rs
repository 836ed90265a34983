//! Where panics end.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs what libuv or Node has called: a panic may not cross their frames. The engine has no known way to panic; if it does,
/// going on would mean to go on with half a state.
pub(crate) fn guarded(run: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(run)).is_err() {
        eprintln!("@net/loop: the event loop failed");
        std::process::abort();
    }
}
