//! Socket options, by socket2.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::io::{Errno, Result};
use socket2::{SockRef, TcpKeepalive};

/// socket2 answers with std's error; what it makes up itself has no errno and means an argument out of range.
fn errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::INVAL)
}

pub fn set_no_delay(fd: BorrowedFd<'_>, on: bool) -> Result<()> {
    SockRef::from(&fd).set_tcp_nodelay(on).map_err(|error| errno(&error))
}

/// Times in seconds; 0 leaves a time or the count as it is. See tcp(7): TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT.
pub fn set_keep_alive(fd: BorrowedFd<'_>, on: bool, delay: u32, interval: u32, count: u32) -> Result<()> {
    let socket = SockRef::from(&fd);
    socket.set_keepalive(on).map_err(|error| errno(&error))?;
    if !on {
        return Ok(());
    }
    let mut keep_alive = TcpKeepalive::new();
    if delay > 0 {
        keep_alive = keep_alive.with_time(Duration::from_secs(delay.into()));
    }
    if interval > 0 {
        keep_alive = keep_alive.with_interval(Duration::from_secs(interval.into()));
    }
    if count > 0 {
        keep_alive = keep_alive.with_retries(count);
    }
    socket.set_tcp_keepalive(&keep_alive).map_err(|error| errno(&error))
}

/// IP_TOS on IPv4, IPV6_TCLASS on IPv6; RFC 2474 calls the byte the DS field.
pub fn set_type_of_service(fd: BorrowedFd<'_>, v6: bool, value: u32) -> Result<()> {
    let socket = SockRef::from(&fd);
    let answer = if v6 { socket.set_tclass_v6(value) } else { socket.set_tos_v4(value) };
    answer.map_err(|error| errno(&error))
}

pub fn type_of_service(fd: BorrowedFd<'_>, v6: bool) -> Result<u32> {
    let socket = SockRef::from(&fd);
    let answer = if v6 { socket.tclass_v6() } else { socket.tos_v4() };
    answer.map_err(|error| errno(&error))
}

/// The next close sends RST instead of FIN (socket(7): SO_LINGER with no time to linger).
pub fn set_reset_on_close(fd: BorrowedFd<'_>) -> Result<()> {
    SockRef::from(&fd).set_linger(Some(Duration::ZERO)).map_err(|error| errno(&error))
}

pub fn set_reuse_address(fd: BorrowedFd<'_>) -> Result<()> {
    SockRef::from(&fd).set_reuse_address(true).map_err(|error| errno(&error))
}

pub fn set_reuse_port(fd: BorrowedFd<'_>) -> Result<()> {
    SockRef::from(&fd).set_reuse_port(true).map_err(|error| errno(&error))
}

pub fn set_ipv6_only(fd: BorrowedFd<'_>, on: bool) -> Result<()> {
    SockRef::from(&fd).set_only_v6(on).map_err(|error| errno(&error))
}

/// The error that waits on the socket, and is cleared by being asked for: how a connect ended (connect(2)).
pub fn take_error(fd: BorrowedFd<'_>) -> Result<()> {
    match SockRef::from(&fd).take_error() {
        Ok(None) => Ok(()),
        Ok(Some(error)) | Err(error) => Err(errno(&error)),
    }
}
