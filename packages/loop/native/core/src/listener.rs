//! A listening socket's state.

use std::os::fd::{AsFd, OwnedFd};

use rustix::io::{Errno, Result};

use crate::sys::descriptor::Descriptor;
use crate::sys::socket::{self, Kind};

pub(crate) enum Accepted {
    Connection(OwnedFd),
    /// Somebody came and is gone; there may be more.
    Dropped,
    Nothing,
}

pub(crate) struct Listener {
    pub(crate) fd: Descriptor,
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
    pub(crate) fn new(fd: impl Into<Descriptor>, kind: Kind) -> Self {
        Self { fd: fd.into(), kind, paused: false, referenced: true, counted: false, adopted: false, path: None }
    }

    /// Whoever shares the open socket (a child that got it as stdio, a parent) may have made it blocking meanwhile; the
    /// accept that finds nothing would then stop the thread.
    pub(crate) fn prepare_accepting(&self) {
        let _ = socket::set_non_blocking(self.fd.as_fd());
    }

    /// The next connection.
    ///
    /// When the process has no descriptor left, the one that waits is closed with the help of the spare: it would otherwise
    /// make the selector report this listener for ever.
    pub(crate) fn accept(&self, spare: &mut Option<OwnedFd>) -> Result<Accepted> {
        match socket::accept(self.fd.as_fd()) {
            Ok(fd) => {
                if spare.is_none() {
                    *spare = socket::spare();
                }
                Ok(Accepted::Connection(fd))
            }
            Err(Errno::AGAIN) => Ok(Accepted::Nothing),
            // The peer gave up before we came (accept(2)); the next one may be there.
            Err(Errno::CONNABORTED | Errno::PROTO) => Ok(Accepted::Dropped),
            Err(error @ (Errno::MFILE | Errno::NFILE)) => {
                if spare.take().is_none() {
                    return Err(error);
                }
                let refused = socket::accept(self.fd.as_fd());
                let nothing = matches!(refused, Err(Errno::AGAIN));
                drop(refused);
                *spare = socket::spare();
                Ok(if nothing { Accepted::Nothing } else { Accepted::Dropped })
            }
            Err(error) => Err(error),
        }
    }

    /// Removes the socket's file. One that is gone already is no error.
    pub(crate) fn unlink(&mut self) {
        if let Some(path) = self.path.take() {
            let _ = socket::unlink(&path);
        }
    }
}
