//! Facts and settings of open handles. EBADF for those that are not.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use rustix::io::{Errno, Result};

use super::{Engine, Handle};
use crate::slab::Id;
use crate::sys::address::{self, Endpoint};
use crate::sys::options;
use crate::sys::socket::{self, Kind};

impl Engine {
    fn descriptor(&self, id: Id) -> Result<(BorrowedFd<'_>, Kind)> {
        match self.handles.get(id) {
            Some(Handle::Connection(connection)) => Ok((connection.fd.as_fd(), connection.kind)),
            Some(Handle::Listener(listener)) => Ok((listener.fd.as_fd(), listener.kind)),
            _ => Err(Errno::BADF),
        }
    }

    pub fn fd(&self, id: Id) -> Result<RawFd> {
        self.descriptor(id).map(|(fd, _)| fd.as_raw_fd())
    }

    /// Bytes that the kernel has not taken yet although it was asked.
    pub fn backlog(&self, id: Id) -> usize {
        match self.handles.get(id) {
            Some(Handle::Connection(connection)) => connection.backlog.len(),
            _ => 0,
        }
    }

    pub fn local_address(&self, id: Id) -> Result<Endpoint> {
        address::format(&socket::local_address(self.descriptor(id)?.0)?)
    }

    pub fn remote_address(&self, id: Id) -> Result<Endpoint> {
        address::format(&socket::remote_address(self.descriptor(id)?.0)?)
    }

    pub fn set_no_delay(&self, id: Id, on: bool) -> Result<()> {
        options::set_no_delay(self.descriptor(id)?.0, on)
    }

    /// Times in seconds; 0 leaves a time or the count as it is.
    pub fn set_keep_alive(&self, id: Id, on: bool, delay: u32, interval: u32, count: u32) -> Result<()> {
        options::set_keep_alive(self.descriptor(id)?.0, on, delay, interval, count)
    }

    pub fn set_type_of_service(&self, id: Id, value: u32) -> Result<()> {
        let (fd, kind) = self.descriptor(id)?;
        options::set_type_of_service(fd, kind == Kind::Tcp6, value)
    }

    pub fn type_of_service(&self, id: Id) -> Result<u32> {
        let (fd, kind) = self.descriptor(id)?;
        options::type_of_service(fd, kind == Kind::Tcp6)
    }
}
