//! The loop: opens handles (`open`), does what was submitted (`submit`), collects what happened (`collect`).

mod collect;
mod facts;
mod open;
mod submit;

use std::cell::Cell;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};

use rustix::io::{Errno, Result};

use crate::connection::Connection;
use crate::listener::Listener;
use crate::selector::{self, Selector};
use crate::slab::{Id, Slab};
use crate::sys::{options, socket};

/// What opening answers: the new handle.
pub type Opened = Result<Id>;

enum Handle {
    Connection(Connection),
    Listener(Listener),
    /// The descriptor is closed, the embedder has not been told yet.
    Closing,
}

impl Handle {
    fn fd(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Handle::Connection(connection) => Some(connection.fd.as_fd()),
            Handle::Listener(listener) => Some(listener.fd.as_fd()),
            Handle::Closing => None,
        }
    }
}

pub struct Engine {
    selector: Selector,
    handles: Slab<Handle>,
    /// Handles whose close is to be told.
    closed: Vec<Id>,
    /// Handles whose close was told, and whose slots are not free yet.
    told: Vec<Id>,
    /// Handles that keep the embedder from ending.
    alive: usize,
    /// A connect was refused at once, and nobody has been told.
    refused: bool,
    /// Scratch of `submit`, kept for its memory.
    chain: Vec<Cell<u32>>,
    touched: Vec<Id>,
    spare: Option<OwnedFd>,
}

impl Engine {
    pub fn new() -> Result<Self> {
        Ok(Self {
            selector: Selector::new()?,
            handles: Slab::default(),
            closed: Vec::new(),
            told: Vec::new(),
            alive: 0,
            refused: false,
            chain: Vec::new(),
            touched: Vec::new(),
            spare: socket::spare(),
        })
    }

    /// Readable when `collect` has something to collect.
    pub fn selector_fd(&self) -> RawFd {
        self.selector.fd()
    }

    /// True while some handle waits for something that the embedder should not miss.
    pub fn alive(&self) -> bool {
        self.alive > 0
    }

    /// True when `collect_closed` has something to tell.
    pub fn has_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// True once after a connect that was refused at once: `collect` has something to tell without waiting.
    pub fn take_refused(&mut self) -> bool {
        std::mem::take(&mut self.refused)
    }

    /// How many handles there are, those that are closing included.
    pub fn handles(&self) -> usize {
        self.handles.len()
    }

    pub fn set_reading(&mut self, id: Id, on: bool) -> Result<()> {
        let connection = self.connection(id)?;
        // Nothing would ever come, and libuv says it this way.
        if on && !socket::can_read(connection.fd.as_fd(), connection.kind) {
            return Err(Errno::NOTCONN);
        }
        connection.reading = on;
        self.update(id)
    }

    pub fn set_referenced(&mut self, id: Id, on: bool) -> Result<()> {
        match self.handles.get_mut(id) {
            Some(Handle::Connection(connection)) => connection.referenced = on,
            Some(Handle::Listener(listener)) => listener.referenced = on,
            _ => return Err(Errno::BADF),
        }
        self.recount(id);
        Ok(())
    }

    /// For what is closed before it was opened: a handle of nothing, which CLOSED is told about like any other.
    pub fn close_unopened(&mut self) -> Opened {
        let id = self.insert(Handle::Closing)?;
        self.closed.push(id);
        Ok(id)
    }

    /// Closes the descriptor at once; CLOSED follows from `collect_closed`.
    pub fn close(&mut self, id: Id) -> Result<()> {
        let Some(handle) = self.handles.get_mut(id) else {
            return Err(Errno::BADF);
        };
        // Out of the selector first: it watches the open file, and another process may keep that open (fork(2)).
        match std::mem::replace(handle, Handle::Closing) {
            Handle::Closing => return Err(Errno::BADF),
            Handle::Connection(mut connection) => {
                self.alive -= usize::from(connection.counted);
                let _ = self.selector.change(connection.fd.as_fd(), id, connection.registered, 0);
                connection.unlink();
            }
            Handle::Listener(mut listener) => {
                self.alive -= usize::from(listener.counted);
                let _ = self.selector.change(listener.fd.as_fd(), id, selector::READ, 0);
                listener.unlink();
            }
        }
        self.closed.push(id);
        Ok(())
    }

    fn reset(&mut self, id: Id) -> Result<()> {
        let fd = self.connection(id)?.fd.as_fd();
        // The option fails on what is no TCP socket; it is closed all the same.
        let _ = options::set_reset_on_close(fd);
        self.close(id)
    }

    /// Closes everything without telling: the embedder ends.
    pub fn close_all(&mut self) {
        for handle in self.handles.drain() {
            match handle {
                Handle::Listener(mut listener) => listener.unlink(),
                Handle::Connection(mut connection) => connection.unlink(),
                Handle::Closing => {}
            }
        }
        self.closed.clear();
        self.told.clear();
        self.alive = 0;
    }

    fn insert(&mut self, handle: Handle) -> Opened {
        self.handles.insert(handle).map_err(|_| Errno::NFILE)
    }

    /// Brings the selector and the count of the living in line with a connection's state.
    fn update(&mut self, id: Id) -> Result<()> {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else {
            return Err(Errno::BADF);
        };
        let wanted = connection.interest();
        self.selector.change(connection.fd.as_fd(), id, connection.registered, wanted)?;
        connection.registered = wanted;
        self.recount(id);
        Ok(())
    }

    fn recount(&mut self, id: Id) {
        let (counted, now) = match self.handles.get_mut(id) {
            Some(Handle::Connection(connection)) => {
                let now = connection.keeps_alive();
                (&mut connection.counted, now)
            }
            Some(Handle::Listener(listener)) => {
                let now = listener.referenced;
                (&mut listener.counted, now)
            }
            _ => return,
        };
        if *counted != now {
            *counted = now;
            if now {
                self.alive += 1;
            } else {
                self.alive -= 1;
            }
        }
    }

    fn connection(&mut self, id: Id) -> Result<&mut Connection> {
        match self.handles.get_mut(id) {
            Some(Handle::Connection(connection)) => Ok(connection),
            _ => Err(Errno::BADF),
        }
    }
}
