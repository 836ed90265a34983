//! Descriptors as such, whatever they are of.

use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

use rustix::io::{Errno, Result, fcntl_dupfd_cloexec};

/// A second descriptor of the same open file, close-on-exec. The first stays whose it was.
pub fn duplicate(raw: RawFd) -> Result<OwnedFd> {
    if raw < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: the borrow ends with this function; a number that is no open descriptor is answered by EBADF.
    let fd = unsafe { BorrowedFd::borrow_raw(raw) };
    fcntl_dupfd_cloexec(fd, FIRST)
}

/// Below are stdin, stdout and stderr, which may be closed just now, and which programs take for granted.
const FIRST: RawFd = 3;
