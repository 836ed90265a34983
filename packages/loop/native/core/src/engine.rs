//! The loop: opens handles, sends what was submitted, collects what happened.

use std::cell::Cell;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::io::{Errno, Result};

use crate::backlog::Bytes;
use crate::connection::{Connection, NONE, Sources};
use crate::listener::Listener;
use crate::records::{self, Completions, Record};
use crate::selector::{self, Selector};
use crate::slab::Slab;
use crate::sys::address::{self, Endpoint};
use crate::sys::options;
use crate::sys::socket::{self, Kind};

/// A handle: its slot, and which tenant of the slot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    pub slot: u32,
    pub generation: u32,
}

/// What opening answers: the new handle.
pub type Opened = Result<Id>;

/// Connections accepted at one event of a listener; more wait for the next round, so that others get their turn.
const MAX_ACCEPTS: usize = 32;
/// Completions that one event can lead to, accepting apart: bytes or end, and written and shut.
const ROOM_AN_EVENT: usize = 4;
/// From this many bytes on, the embedder may take a receive buffer whole instead of copying.
const WHOLE_FROM: usize = 16_384;
/// A receive buffer with less room than this is left, to offer the kernel a decent size.
const LEAST_SPACE: usize = 16_384;

enum Handle {
    Connection(Connection),
    Listener(Listener),
    /// The descriptor is closed, the embedder has not been told yet.
    Closing,
}

pub struct Engine {
    selector: Selector,
    handles: Slab<Handle>,
    /// Handles whose close is to be told.
    closed: Vec<Id>,
    /// Handles that are referenced and wait for something.
    alive: usize,
    /// Large chunks of the submission being built.
    kept: Vec<Option<Box<dyn Bytes>>>,
    /// Scratch of `submit`, kept for its memory.
    chain: Vec<u32>,
    touched: Vec<Id>,
    spare: Option<OwnedFd>,
}

impl Engine {
    pub fn new() -> Result<Self> {
        Ok(Self {
            selector: Selector::new()?,
            handles: Slab::default(),
            closed: Vec::new(),
            alive: 0,
            kept: Vec::new(),
            chain: Vec::new(),
            touched: Vec::new(),
            spare: socket::spare(),
        })
    }

    /// Readable when `collect` has something to collect.
    pub fn selector_fd(&self) -> RawFd {
        self.selector.fd()
    }

    /// True while some referenced handle waits for something: the embedder should not end.
    pub fn alive(&self) -> bool {
        self.alive > 0
    }

    /// True when `collect_closed` has something to tell.
    pub fn has_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// How many handles there are, those that are closing included.
    pub fn handles(&self) -> usize {
        self.handles.len()
    }

    // ── Opening.

    /// A TCP socket bound to a local address, to connect with later.
    pub fn bind(&mut self, local: &SocketAddr, ipv6_only: bool, reuse_port: bool) -> Opened {
        let v6 = local.is_ipv6();
        let fd = socket::tcp(v6)?;
        socket::prepare_listener(fd.as_fd(), v6, ipv6_only, reuse_port)?;
        socket::bind(fd.as_fd(), local)?;
        let mut connection = Connection::new(fd, if v6 { Kind::Tcp6 } else { Kind::Tcp4 });
        connection.idle = true;
        self.insert(Handle::Connection(connection))
    }

    /// Starts to connect, with the socket that `bind` made or a new one; answered by CONNECTED.
    pub fn connect(&mut self, bound: Option<Id>, remote: &SocketAddr) -> Opened {
        let id = match bound {
            Some(id) => id,
            None => {
                let v6 = remote.is_ipv6();
                let mut connection = Connection::new(socket::tcp(v6)?, if v6 { Kind::Tcp6 } else { Kind::Tcp4 });
                connection.idle = true;
                self.insert(Handle::Connection(connection))?
            }
        };
        self.start(id, bound.is_none(), |fd| socket::connect(fd, remote))
    }

    pub fn connect_path(&mut self, path: &[u8]) -> Opened {
        let remote = address::parse_path(path)?;
        let mut connection = Connection::new(socket::unix()?, Kind::Unix);
        connection.idle = true;
        let id = self.insert(Handle::Connection(connection))?;
        self.start(id, true, |fd| socket::connect_path(fd, &remote))
    }

    /// Lets an idle connection connect; one that was made just for this goes away when it can't.
    fn start(&mut self, id: Id, fresh: bool, connect: impl FnOnce(BorrowedFd<'_>) -> Result<()>) -> Opened {
        let connection = self.connection(id)?;
        if !connection.idle {
            return Err(Errno::ISCONN);
        }
        let answer = connect(connection.fd.as_fd());
        if answer.is_ok() {
            connection.idle = false;
            connection.connecting = true;
        }
        match answer.and_then(|()| self.update(id)) {
            Ok(()) => Ok(id),
            Err(error) => {
                if fresh {
                    drop(self.handles.remove(id));
                }
                Err(error)
            }
        }
    }

    /// Takes a descriptor over; see `sys::socket::adopt`.
    pub fn adopt(&mut self, fd: RawFd) -> Opened {
        let (fd, kind) = socket::adopt(fd)?;
        let mut connection = Connection::new(fd, kind);
        connection.adopted = true;
        self.insert(Handle::Connection(connection))
    }

    /// Binds and listens. EADDRINUSE may come from binding or from listening.
    pub fn listen(
        &mut self,
        local: &SocketAddr,
        backlog: i32,
        ipv6_only: bool,
        reuse_port: bool,
        paused: bool,
    ) -> Opened {
        let v6 = local.is_ipv6();
        let fd = socket::tcp(v6)?;
        socket::prepare_listener(fd.as_fd(), v6, ipv6_only, reuse_port)?;
        socket::bind(fd.as_fd(), local)?;
        socket::listen(fd.as_fd(), backlog)?;
        let mut listener = Listener::new(fd, if v6 { Kind::Tcp6 } else { Kind::Tcp4 });
        listener.paused = paused;
        self.open_listener(listener)
    }

    /// As `listen`, on a Unix socket whose file may be opened to everybody.
    pub fn listen_path(&mut self, path: &[u8], backlog: i32, readable: bool, writable: bool, paused: bool) -> Opened {
        let local = address::parse_path(path)?;
        let fd = socket::unix()?;
        socket::bind_path(fd.as_fd(), &local)?;
        let mut listener = Listener::new(fd, Kind::Unix);
        listener.paused = paused;
        let in_file_system = path.first() != Some(&0);
        if in_file_system {
            listener.path = Some(path.to_vec());
        }
        let mut answer = socket::listen(listener.fd.as_fd(), backlog);
        if answer.is_ok() && in_file_system && (readable || writable) {
            answer = socket::open_to_all(path, readable, writable);
        }
        match answer {
            Ok(()) => self.open_listener(listener),
            Err(error) => {
                listener.unlink();
                Err(error)
            }
        }
    }

    /// Listens on a descriptor that is bound already.
    pub fn listen_fd(&mut self, fd: RawFd, backlog: i32, paused: bool) -> Opened {
        let (fd, kind) = socket::adopt(fd)?;
        let mut listener = Listener::new(fd, kind);
        if kind == Kind::Pipe {
            std::mem::forget(listener.fd);
            return Err(Errno::INVAL);
        }
        if let Err(error) = socket::listen(listener.fd.as_fd(), backlog) {
            // It stays the embedder's.
            std::mem::forget(listener.fd);
            return Err(error);
        }
        listener.adopted = true;
        listener.paused = paused;
        self.open_listener(listener)
    }

    fn open_listener(&mut self, listener: Listener) -> Opened {
        let id = self.insert(Handle::Listener(listener))?;
        let Some(Handle::Listener(listener)) = self.handles.get(id) else {
            return Err(Errno::BADF);
        };
        if let Err(error) = self.selector.change(listener.fd.as_fd(), id, 0, selector::READ) {
            if let Some(Handle::Listener(mut listener)) = self.handles.remove(id) {
                listener.unlink();
            }
            return Err(error);
        }
        self.recount(id);
        Ok(id)
    }

    fn insert(&mut self, handle: Handle) -> Opened {
        self.handles.insert(handle).map_err(|_| Errno::NFILE)
    }

    // ── Down: what the embedder wants.

    /// Keeps a chunk for the submission being built; the number is for one WRITE_KEPT record of it.
    pub fn keep(&mut self, chunk: Box<dyn Bytes>) -> usize {
        self.kept.push(Some(chunk));
        self.kept.len() - 1
    }

    /// Does what the records `from..to` ask for and answers each in its status word. All that one connection writes is
    /// offered to the kernel together. Kept chunks that no record asked for are dropped.
    pub fn submit(&mut self, words: &[Cell<i32>], arena: &[Cell<u8>], from: usize, to: usize) {
        let to = to.min(words.len() / records::WORDS);
        let count = to.saturating_sub(from);
        let mut kept = std::mem::take(&mut self.kept);
        let mut chain = std::mem::take(&mut self.chain);
        chain.clear();
        chain.resize(count, NONE);
        for index in 0..count {
            let Some(record) = Record::at(words, from + index) else {
                break;
            };
            let id = Id {
                slot: record.get(records::SLOT).cast_unsigned(),
                generation: record.get(records::GENERATION).cast_unsigned(),
            };
            let operation = record.get(records::OPERATION);
            if operation == records::WRITE || operation == records::WRITE_KEPT {
                if !self.link(id, &mut chain, index as u32) {
                    record.set(records::STATUS, Errno::BADF.raw_os_error().wrapping_neg());
                }
                continue;
            }
            // Whatever else is asked for comes behind what was written before.
            self.send(
                id,
                &mut Sources {
                    records: words,
                    arena,
                    kept: &mut kept,
                    chain: &chain,
                    base: from,
                },
            );
            let status = match operation {
                records::SHUTDOWN => self.shutdown(id),
                records::CLOSE => self.close(id).map(|()| 0),
                records::RESET => self.reset(id).map(|()| 0),
                _ => Err(Errno::INVAL),
            };
            record.set(
                records::STATUS,
                status.unwrap_or_else(|error| error.raw_os_error().wrapping_neg()),
            );
        }
        let mut touched = std::mem::take(&mut self.touched);
        for id in touched.drain(..) {
            self.send(
                id,
                &mut Sources {
                    records: words,
                    arena,
                    kept: &mut kept,
                    chain: &chain,
                    base: from,
                },
            );
        }
        self.touched = touched;
        self.chain = chain;
        kept.clear();
        self.kept = kept;
    }

    /// Adds a record to its connection's chain.
    fn link(&mut self, id: Id, chain: &mut [u32], index: u32) -> bool {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else {
            return false;
        };
        if connection.first == NONE {
            connection.first = index;
            self.touched.push(id);
        } else if let Some(next) = chain.get_mut(connection.last as usize) {
            *next = index;
        }
        connection.last = index;
        true
    }

    fn send(&mut self, id: Id, sources: &mut Sources<'_>) {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else {
            return;
        };
        if connection.first == NONE {
            return;
        }
        connection.send_chain(sources);
        if !connection.backlog.is_empty() || connection.unfinished > 0 {
            // A socket that can't be waited for fails at its next use.
            let _ = self.update(id);
        }
    }

    fn shutdown(&mut self, id: Id) -> Result<i32> {
        let connection = self.connection(id)?;
        if !connection.backlog.is_empty() || connection.connecting {
            connection.shutdown_wanted = true;
            self.recount(id);
            return Ok(records::PENDING);
        }
        if connection.kind == Kind::Pipe {
            return Ok(0);
        }
        socket::shutdown(connection.fd.as_fd()).map(|()| 0)
    }

    pub fn set_reading(&mut self, id: Id, on: bool) -> Result<()> {
        self.connection(id)?.reading = on;
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

    /// Closes the descriptor at once; CLOSED follows from `collect_closed`.
    pub fn close(&mut self, id: Id) -> Result<()> {
        let Some(handle) = self.handles.get_mut(id) else {
            return Err(Errno::BADF);
        };
        match std::mem::replace(handle, Handle::Closing) {
            Handle::Closing => return Err(Errno::BADF),
            Handle::Connection(connection) => {
                if connection.counted {
                    self.alive -= 1;
                }
                // Others may hold an adopted descriptor, and would keep it in the selector.
                if connection.adopted {
                    let _ = self
                        .selector
                        .change(connection.fd.as_fd(), id, connection.registered, 0);
                }
            }
            Handle::Listener(mut listener) => {
                if listener.counted {
                    self.alive -= 1;
                }
                if listener.adopted {
                    let _ = self.selector.change(listener.fd.as_fd(), id, selector::READ, 0);
                }
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
            if let Handle::Listener(mut listener) = handle {
                listener.unlink();
            }
        }
        self.closed.clear();
        self.kept.clear();
        self.alive = 0;
    }

    // ── Up: what happened.

    /// Takes what happened from the kernel: receives into `space`, accepts, sends what waited, and writes one completion
    /// each. Call it again while it answers true: then there was more than fitted.
    pub fn collect(&mut self, space: &[&[Cell<u8>]], completions: &mut Completions<'_>) -> Result<bool> {
        self.selector.refill()?;
        let mut position = Position { buffer: 0, offset: 0 };
        while let Some((id, events)) = self.selector.next() {
            if completions.room() < ROOM_AN_EVENT || !position.settle(space) {
                self.selector.put_back();
                return Ok(true);
            }
            match self.handles.get_mut(id) {
                Some(Handle::Listener(_)) => self.accept(id, completions),
                Some(Handle::Connection(connection)) => {
                    let failed = events & selector::FAILED != 0;
                    let writable =
                        events & selector::WRITE != 0 || (failed && connection.interest() & selector::WRITE != 0);
                    let readable = events & selector::READ != 0 || failed;
                    if readable && connection.interest() & selector::READ != 0 {
                        receive(connection, id, space, &mut position, completions);
                    }
                    if writable {
                        progress(connection, id, completions);
                    }
                    if connection.interest() != connection.registered || connection.counted != connection.active() {
                        let _ = self.update(id);
                    }
                }
                // An event of a handle that was closed after the kernel was asked.
                _ => {}
            }
        }
        Ok(false)
    }

    /// Tells which handles are closed, and frees their slots. Call it again while it answers true.
    pub fn collect_closed(&mut self, completions: &mut Completions<'_>) -> bool {
        while completions.room() > 0 {
            let Some(id) = self.closed.pop() else { return false };
            drop(self.handles.remove(id));
            completions.push(records::CLOSED, id, [0; 3]);
        }
        !self.closed.is_empty()
    }

    fn accept(&mut self, id: Id, completions: &mut Completions<'_>) {
        for _ in 0..MAX_ACCEPTS.min(completions.room()) {
            let Some(Handle::Listener(listener)) = self.handles.get(id) else {
                return;
            };
            let (kind, paused) = (listener.kind, listener.paused);
            let fd = match listener.accept(&mut self.spare) {
                Ok(Some(fd)) => fd,
                Ok(None) => return,
                Err(error) => {
                    completions.push(records::ACCEPT_FAILED, id, [error.raw_os_error().wrapping_neg(), 0, 0]);
                    return;
                }
            };
            let mut connection = Connection::new(fd, kind);
            connection.reading = !paused;
            let opened = self.insert(Handle::Connection(connection)).and_then(|accepted| {
                self.update(accepted)
                    .map(|()| accepted)
                    .inspect_err(|_| drop(self.handles.remove(accepted)))
            });
            match opened {
                Ok(accepted) => completions.push(
                    records::ACCEPTED,
                    id,
                    [accepted.slot.cast_signed(), accepted.generation.cast_signed(), 0],
                ),
                Err(error) => {
                    completions.push(records::ACCEPT_FAILED, id, [error.raw_os_error().wrapping_neg(), 0, 0]);
                    return;
                }
            }
        }
    }

    /// Brings the selector and the count of the living in line with a connection's state.
    fn update(&mut self, id: Id) -> Result<()> {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else {
            return Err(Errno::BADF);
        };
        let wanted = connection.interest();
        let answer = self
            .selector
            .change(connection.fd.as_fd(), id, connection.registered, wanted);
        if answer.is_ok() {
            connection.registered = wanted;
        }
        self.recount(id);
        answer
    }

    fn recount(&mut self, id: Id) {
        let (counted, now) = match self.handles.get_mut(id) {
            Some(Handle::Connection(connection)) => {
                let now = connection.referenced && connection.active();
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

    // ── Facts and settings.

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

/// Where the next bytes go.
struct Position {
    buffer: usize,
    offset: usize,
}

impl Position {
    /// Moves on to a buffer with decent room; false when there is none left.
    fn settle(&mut self, space: &[&[Cell<u8>]]) -> bool {
        while let Some(buffer) = space.get(self.buffer) {
            if self.offset == 0 || buffer.len().saturating_sub(self.offset) >= LEAST_SPACE {
                return !buffer.is_empty();
            }
            self.buffer += 1;
            self.offset = 0;
        }
        false
    }
}

fn receive(
    connection: &mut Connection,
    id: Id,
    space: &[&[Cell<u8>]],
    position: &mut Position,
    completions: &mut Completions<'_>,
) {
    let Some(room) = space
        .get(position.buffer)
        .and_then(|buffer| buffer.get(position.offset..))
    else {
        return;
    };
    match socket::receive(connection.fd.as_fd(), connection.kind, room) {
        Ok(None) => {}
        Ok(Some(0)) => {
            connection.ended = true;
            completions.push(records::END, id, [0; 3]);
        }
        Ok(Some(count)) => {
            let whole = position.offset == 0 && count >= WHOLE_FROM;
            let number = position.buffer as i32 + if whole { records::WHOLE } else { 0 };
            completions.push(records::DATA, id, [number, position.offset as i32, count as i32]);
            if whole {
                position.buffer += 1;
                position.offset = 0;
            } else {
                position.offset += count;
            }
        }
        Err(error) => {
            connection.ended = true;
            completions.push(records::END, id, [error.raw_os_error().wrapping_neg(), 0, 0]);
        }
    }
}

/// A connection turned writable: it is connected, or more of its backlog can leave.
fn progress(connection: &mut Connection, id: Id, completions: &mut Completions<'_>) {
    if connection.connecting {
        let status = connection
            .finish_connect()
            .map_or_else(|error| error.raw_os_error().wrapping_neg(), |()| 0);
        completions.push(records::CONNECTED, id, [status, 0, 0]);
        return;
    }
    let status = connection.send_backlog().map_or_else(
        |error| {
            connection.backlog.clear();
            error.raw_os_error().wrapping_neg()
        },
        |()| 0,
    );
    if !connection.backlog.is_empty() {
        return;
    }
    if connection.unfinished > 0 {
        let count = std::mem::take(&mut connection.unfinished);
        completions.push(records::WRITTEN, id, [status, count.cast_signed(), 0]);
    }
    if std::mem::take(&mut connection.shutdown_wanted) {
        let answer = if connection.kind == Kind::Pipe {
            Ok(())
        } else {
            socket::shutdown(connection.fd.as_fd())
        };
        completions.push(
            records::SHUT,
            id,
            [
                answer.map_or_else(|error| error.raw_os_error().wrapping_neg(), |()| 0),
                0,
                0,
            ],
        );
    }
}
