//! Descriptors as such, whatever they are of.

use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use rustix::io::{Errno, FdFlags, Result, fcntl_dupfd_cloexec, fcntl_getfd, fcntl_setfd};

/// What a handle has; closed when it is dropped.
///
/// Stdin, stdout and stderr that were adopted stay open: whatever is opened next would get the number, and with it all that
/// the program prints. libuv spares them as well.
pub struct Descriptor {
    fd: ManuallyDrop<OwnedFd>,
    spared: bool,
}

impl Descriptor {
    /// Takes over one of the embedder's, which becomes close-on-exec where it is to be closed at all. On an error it stays the
    /// embedder's.
    pub(crate) fn adopt(fd: BorrowedFd<'_>) -> Result<Self> {
        let flags = fcntl_getfd(fd)?;
        let spared = fd.as_raw_fd() < FIRST;
        if !spared {
            fcntl_setfd(fd, flags | FdFlags::CLOEXEC)?;
        }
        // SAFETY: fcntl_getfd(2) found it open just now, and the embedder gives its ownership away by calling this.
        let owned = unsafe { OwnedFd::from_raw_fd(fd.as_raw_fd()) };
        Ok(Self { fd: ManuallyDrop::new(owned), spared })
    }
}

impl From<OwnedFd> for Descriptor {
    fn from(fd: OwnedFd) -> Self {
        Self { fd: ManuallyDrop::new(fd), spared: false }
    }
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if !self.spared {
            // SAFETY: nobody uses it after this; the whole of `self` is going.
            unsafe { ManuallyDrop::drop(&mut self.fd) };
        }
    }
}

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
