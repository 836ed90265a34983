//! Sockets, pipes and what is done with them.

use std::cell::Cell;
use std::io::IoSlice;
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, Result};
use rustix::net::addr::SocketAddrArg;
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendFlags, Shutdown, SocketAddrAny, SocketAddrUnix, SocketFlags,
    SocketType, sockopt,
};

use super::descriptor::Descriptor;
use super::{fill, options};

/// What a file descriptor is; decides which system calls move its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Tcp4,
    Tcp6,
    Unix,
    /// A FIFO or a terminal: read(2) and write(2), no shutdown.
    Pipe,
}

/// Never waits, not even where whoever shares the socket made it blocking.
const SEND_FLAGS: SendFlags = SendFlags::NOSIGNAL.union(SendFlags::DONTWAIT);
const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

fn retry<T>(mut call: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            answer => return answer,
        }
    }
}

pub fn tcp(v6: bool) -> Result<OwnedFd> {
    let family = if v6 { AddressFamily::INET6 } else { AddressFamily::INET };
    rustix::net::socket_with(family, SocketType::STREAM, FLAGS, None)
}

pub fn unix() -> Result<OwnedFd> {
    rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, FLAGS, None)
}

pub fn bind(fd: BorrowedFd<'_>, address: &SocketAddr) -> Result<()> {
    rustix::net::bind(fd, address)
}

/// A folder that does not exist is answered by EACCES, which is what libuv makes of it.
pub fn bind_path(fd: BorrowedFd<'_>, address: &SocketAddrUnix) -> Result<()> {
    match rustix::net::bind(fd, address) {
        Err(Errno::NOENT) => Err(Errno::ACCESS),
        answer => answer,
    }
}

pub fn listen(fd: BorrowedFd<'_>, backlog: i32) -> Result<()> {
    rustix::net::listen(fd, backlog)
}

/// Starts to connect; EINPROGRESS is the usual success.
pub fn connect(fd: BorrowedFd<'_>, address: &impl SocketAddrArg) -> Result<()> {
    match rustix::net::connect(fd, address) {
        // An interrupted connect goes on by itself (connect(2)).
        Err(Errno::INPROGRESS | Errno::INTR) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

pub fn accept(fd: BorrowedFd<'_>) -> Result<OwnedFd> {
    retry(|| rustix::net::accept_with(fd, FLAGS))
}

/// Half-closes; a pipe can't, and need not.
pub fn shutdown(fd: BorrowedFd<'_>, kind: Kind) -> Result<()> {
    if kind == Kind::Pipe { Ok(()) } else { rustix::net::shutdown(fd, Shutdown::Write) }
}

pub fn set_non_blocking(fd: BorrowedFd<'_>) -> Result<()> {
    let flags = fcntl_getfl(fd)?;
    if flags.contains(OFlags::NONBLOCK) { Ok(()) } else { fcntl_setfl(fd, flags | OFlags::NONBLOCK) }
}

/// Receives into shared memory; 0 is the end. `None`: there is nothing now.
pub fn receive(fd: BorrowedFd<'_>, kind: Kind, space: &[Cell<u8>]) -> Result<Option<usize>> {
    let answer = retry(|| match kind {
        Kind::Pipe => fill(space, |buffer| rustix::io::read(fd, buffer).map(|(bytes, _)| bytes.len())),
        _ => fill(space, |buffer| rustix::net::recv(fd, buffer, RecvFlags::DONTWAIT).map(|(_, count)| count)),
    });
    match answer {
        Ok(count) => Ok(Some(count)),
        Err(Errno::AGAIN) => Ok(None),
        // A pseudo-terminal whose other side is gone answers EIO; that is its end.
        Err(Errno::IO) if kind == Kind::Pipe => Ok(Some(0)),
        Err(error) => Err(error),
    }
}

/// Sends the pieces, as many bytes as the kernel takes now: 0 when it takes none.
pub fn send(fd: BorrowedFd<'_>, kind: Kind, pieces: &[IoSlice<'_>]) -> Result<usize> {
    let answer = retry(|| match (kind, pieces) {
        // The embedder ignores SIGPIPE, as Node does; sockets do not raise it here anyway.
        (Kind::Pipe, _) => rustix::io::writev(fd, pieces),
        (_, [one]) => rustix::net::send(fd, one, SEND_FLAGS),
        _ => rustix::net::sendmsg(fd, pieces, &mut SendAncillaryBuffer::default(), SEND_FLAGS),
    });
    match answer {
        Err(Errno::AGAIN) => Ok(0),
        // The end of a pipe that is for reading: libuv calls that EPIPE.
        Err(Errno::BADF) if kind == Kind::Pipe => Err(Errno::PIPE),
        answer => answer,
    }
}

pub fn local_address(fd: BorrowedFd<'_>) -> Result<SocketAddrAny> {
    rustix::net::getsockname(fd)
}

pub fn remote_address(fd: BorrowedFd<'_>) -> Result<SocketAddrAny> {
    rustix::net::getpeername(fd)?.ok_or(Errno::NOTCONN)
}

/// What a descriptor of the embedder's is: EBADF when it is not open, EINVAL when it is not something that streams bytes.
pub fn kind_of(raw: RawFd) -> Result<Kind> {
    let fd = borrow(raw)?;
    match sockopt::socket_type(fd) {
        Ok(SocketType::STREAM) => match sockopt::socket_domain(fd)? {
            AddressFamily::INET => Ok(Kind::Tcp4),
            AddressFamily::INET6 => Ok(Kind::Tcp6),
            AddressFamily::UNIX => Ok(Kind::Unix),
            _ => Err(Errno::INVAL),
        },
        Ok(_) => Err(Errno::INVAL),
        Err(Errno::NOTSOCK) => match FileType::from_raw_mode(rustix::fs::fstat(fd)?.st_mode) {
            FileType::Fifo => Ok(Kind::Pipe),
            // Of the character devices only terminals can be waited for.
            FileType::CharacterDevice if rustix::termios::isatty(fd) => Ok(Kind::Pipe),
            _ => Err(Errno::INVAL),
        },
        Err(error) => Err(error),
    }
}

/// Takes a descriptor over from the embedder, and makes it non-blocking; see `Descriptor`. On an error it stays the embedder's.
pub fn adopt(raw: RawFd) -> Result<Descriptor> {
    let fd = borrow(raw)?;
    set_non_blocking(fd)?;
    Descriptor::adopt(fd)
}

/// Listens on a descriptor of the embedder's, which stays that.
pub fn listen_raw(raw: RawFd, backlog: i32) -> Result<()> {
    listen(borrow(raw)?, backlog)
}

/// The borrow lasts for one system call or a few; a number that is no open descriptor is answered by EBADF then.
fn borrow<'a>(raw: RawFd) -> Result<BorrowedFd<'a>> {
    if raw < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: it is only handed to system calls of this module, before anything else on this thread runs.
    Ok(unsafe { BorrowedFd::borrow_raw(raw) })
}

/// False where only writing is possible: the one end of a pipe. Sockets go both ways.
pub fn can_read(fd: BorrowedFd<'_>, kind: Kind) -> bool {
    kind != Kind::Pipe || fcntl_getfl(fd).is_ok_and(|flags| flags & OFlags::ACCMODE != OFlags::WRONLY)
}

/// Prepares a socket that listens: TCP with SO_REUSEADDR, as every listener on Node has it.
pub fn prepare_listener(fd: BorrowedFd<'_>, v6: bool, ipv6_only: bool, reuse_port: bool) -> Result<()> {
    options::set_reuse_address(fd)?;
    if v6 {
        options::set_ipv6_only(fd, ipv6_only)?;
    }
    if reuse_port {
        options::set_reuse_port(fd)?;
    }
    Ok(())
}

/// Gives a Unix socket's file the permissions for everybody that are named, and no others.
pub fn open_to_all(path: &[u8], readable: bool, writable: bool) -> Result<()> {
    let mut mode = Mode::empty();
    if readable {
        mode |= Mode::RUSR | Mode::RGRP | Mode::ROTH;
    }
    if writable {
        mode |= Mode::WUSR | Mode::WGRP | Mode::WOTH;
    }
    rustix::fs::chmod(Path::new(std::ffi::OsStr::from_bytes(path)), mode)
}

/// The file that a socket bound to this has; none in the abstract space.
pub fn file_of(path: &[u8]) -> Option<Vec<u8>> {
    (!path.is_empty() && path.first() != Some(&0)).then(|| path.to_vec())
}

pub fn unlink(path: &[u8]) -> Result<()> {
    rustix::fs::unlink(Path::new(std::ffi::OsStr::from_bytes(path)))
}

/// A descriptor to spare, given up for a moment when the process has no other left.
pub fn spare() -> Option<OwnedFd> {
    rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()
}
