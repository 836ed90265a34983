//! Opening: how handles come to be, those apart that are accepted.

use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use rustix::io::{Errno, Result};

use super::{Engine, Handle, Opened};
use crate::connection::Connection;
use crate::listener::Listener;
use crate::selector;
use crate::slab::Id;
use crate::sys::address;
use crate::sys::socket::{self, Kind};

impl Engine {
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

    /// A Unix socket bound to a path; the path goes with the handle.
    pub fn bind_path(&mut self, path: &[u8]) -> Opened {
        let local = address::parse_path(path)?;
        let fd = socket::unix()?;
        socket::bind_path(fd.as_fd(), &local)?;
        let mut connection = Connection::new(fd, Kind::Unix);
        connection.idle = true;
        connection.path = socket::file_of(path);
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

    /// As `connect`, to a path, with the socket that `bind_path` made or a new one.
    pub fn connect_path(&mut self, bound: Option<Id>, path: &[u8]) -> Opened {
        let remote = address::parse_path(path)?;
        let id = match bound {
            Some(id) => id,
            None => {
                let mut connection = Connection::new(socket::unix()?, Kind::Unix);
                connection.idle = true;
                self.insert(Handle::Connection(connection))?
            }
        };
        self.start(id, bound.is_none(), |fd| socket::connect(fd, &remote))
    }

    /// Lets an idle connection connect; one that was made just for this goes away when it can't. A refusal, and all that is wrong
    /// with a path, is told by CONNECTED.
    fn start(&mut self, id: Id, fresh: bool, connect: impl FnOnce(BorrowedFd<'_>) -> Result<()>) -> Opened {
        let connection = self.connection(id)?;
        if !connection.idle {
            return Err(Errno::ISCONN);
        }
        let answer = match connect(connection.fd.as_fd()) {
            // As libuv does. The selector tells of a socket that is not connected: it has hung up (epoll_ctl(2)).
            Err(error) if connection.kind == Kind::Unix || error == Errno::CONNREFUSED => {
                connection.refusal = Some(error);
                Ok(())
            }
            answer => answer,
        };
        let refused = connection.refusal.is_some();
        if answer.is_ok() {
            connection.idle = false;
            connection.connecting = true;
        }
        match answer.and_then(|()| self.update(id)) {
            Ok(()) => {
                self.refused |= refused;
                Ok(id)
            }
            Err(error) => {
                if fresh {
                    drop(self.handles.remove(id));
                } else if let Ok(connection) = self.connection(id) {
                    (connection.idle, connection.connecting, connection.refusal) = (true, false, None);
                }
                Err(error)
            }
        }
    }

    /// Takes a descriptor over; see `sys::socket::adopt`. EEXIST when a handle has it already.
    pub fn adopt(&mut self, fd: RawFd) -> Opened {
        let kind = self.adoptable(fd)?;
        self.insert(Handle::Connection(Connection::new(socket::adopt(fd)?, kind)))
    }

    /// Whether a descriptor can come under a handle. Nothing is done with it yet.
    fn adoptable(&self, fd: RawFd) -> Result<Kind> {
        if self.handles.is_full() {
            return Err(Errno::NFILE);
        }
        // Two owners would close it twice, the second time under somebody else. Adopting is rare: a scan will do.
        if self.handles.values().any(|handle| handle.fd().is_some_and(|ours| ours.as_raw_fd() == fd)) {
            return Err(Errno::EXIST);
        }
        socket::kind_of(fd)
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

    /// As `listen`, on a Unix socket whose file gets the permissions asked for, or those that the umask leaves.
    pub fn listen_path(&mut self, path: &[u8], backlog: i32, readable: bool, writable: bool, paused: bool) -> Opened {
        let local = address::parse_path(path)?;
        let fd = socket::unix()?;
        socket::bind_path(fd.as_fd(), &local)?;
        let mut listener = Listener::new(fd, Kind::Unix);
        listener.paused = paused;
        listener.path = socket::file_of(path);
        let mut answer = socket::listen(listener.fd.as_fd(), backlog);
        if answer.is_ok() && listener.path.is_some() && (readable || writable) {
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

    /// Listens on a descriptor that is bound already; on an error it stays the embedder's. EEXIST when a handle has it.
    pub fn listen_fd(&mut self, fd: RawFd, backlog: i32, paused: bool) -> Opened {
        let kind = self.adoptable(fd)?;
        if kind == Kind::Pipe {
            return Err(Errno::INVAL);
        }
        socket::listen_raw(fd, backlog)?;
        let mut listener = Listener::new(socket::adopt(fd)?, kind);
        listener.adopted = true;
        listener.paused = paused;
        self.open_listener(listener)
    }

    /// Listens with what `bind`, `bind_path` or `adopt` made; it keeps its id. On an error it is no listener, and to be closed:
    /// where only epoll refused, the kernel listens already.
    pub fn listen_bound(&mut self, id: Id, backlog: i32, paused: bool) -> Opened {
        let Some(handle) = self.handles.get_mut(id) else {
            return Err(Errno::BADF);
        };
        match handle {
            // What is connected already is refused by the kernel.
            Handle::Connection(bound) if bound.kind != Kind::Pipe && !bound.active() => {
                socket::listen(bound.fd.as_fd(), backlog)?;
                self.selector.change(bound.fd.as_fd(), id, bound.registered, selector::READ)?;
            }
            _ => return Err(Errno::INVAL),
        }
        if let Handle::Connection(bound) = std::mem::replace(handle, Handle::Closing) {
            let mut listener = Listener::new(bound.fd, bound.kind);
            (listener.paused, listener.referenced, listener.path) = (paused, bound.referenced, bound.path);
            *handle = Handle::Listener(listener);
        }
        self.recount(id);
        Ok(id)
    }

    /// Lets a listener accept; one that can't goes away.
    fn open_listener(&mut self, listener: Listener) -> Opened {
        let id = self.insert(Handle::Listener(listener))?;
        let Some(Handle::Listener(listener)) = self.handles.get(id) else {
            return Err(Errno::BADF);
        };
        if let Err(error) = self.selector.change(listener.fd.as_fd(), id, 0, selector::READ) {
            if let Some(Handle::Listener(mut listener)) = self.handles.remove(id) {
                listener.unlink();
                if listener.adopted {
                    std::mem::forget(listener.fd);
                }
            }
            return Err(error);
        }
        self.recount(id);
        Ok(id)
    }
}
