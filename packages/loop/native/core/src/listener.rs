//! A listening socket's state.

use std::os::fd::{AsFd, OwnedFd};

use rustix::io::{Errno, Result};

use crate::sys::socket::{self, Kind};

pub(crate) struct Listener {
    pub(crate) fd: OwnedFd,
    pub(crate) kind: Kind,
    /// Accepted connections do not read until they are asked to.
    pub(crate) paused: bool,
    pub(crate) referenced: bool,
    pub(crate) counted: bool,
    pub(crate) adopted: bool,
    /// The file of a Unix socket that we made, to be removed at close.
    pub(crate) path: Option<Vec<u8>>,
}

impl Listener {
    pub(crate) fn new(fd: OwnedFd, kind: Kind) -> Self {
        Self {
            fd,
            kind,
            paused: false,
            referenced: true,
            counted: false,
            adopted: false,
            path: None,
        }
    }

    /// The next connection; None when there is none now.
    ///
    /// When the process has no descriptor left, the waiting connections are closed with the help of the spare one: they
    /// would otherwise make the selector report this listener for ever.
    pub(crate) fn accept(&self, spare: &mut Option<OwnedFd>) -> Result<Option<OwnedFd>> {
        loop {
            match socket::accept(self.fd.as_fd()) {
                Ok(fd) => return Ok(Some(fd)),
                Err(Errno::AGAIN) => return Ok(None),
                // The peer gave up before we came (accept(2)); the next one may be there.
                Err(Errno::CONNABORTED | Errno::PROTO) => {}
                Err(error @ (Errno::MFILE | Errno::NFILE)) => {
                    if spare.take().is_none() {
                        return Err(error);
                    }
                    let refused = socket::accept(self.fd.as_fd());
                    let last = matches!(refused, Err(Errno::AGAIN));
                    drop(refused);
                    *spare = socket::spare();
                    if last {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Removes the socket's file. One that is gone already is no error.
    pub(crate) fn unlink(&mut self) {
        if let Some(path) = self.path.take() {
            let _ = socket::unlink(&path);
        }
    }
}
