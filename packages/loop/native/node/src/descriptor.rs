//! Descriptors that come from Node's own handles, or go to them.

use std::os::fd::IntoRawFd;

use napi_derive::napi;
use net_loop_core::sys::descriptor;

/// A second descriptor of the same open file, which the caller owns from here on; or a negative errno.
#[napi(catch_unwind)]
pub fn duplicate(fd: i32) -> i32 {
    match descriptor::duplicate(fd) {
        Ok(owned) => owned.into_raw_fd(),
        Err(error) => -error.raw_os_error(),
    }
}
