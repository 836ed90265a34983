//! Addresses between text and the kernel's form.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::slice;

use rustix::io::{Errno, Result};
use rustix::net::{AddressFamily, SocketAddrAny, SocketAddrUnix};

/// An end of a connection, in the form that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    Ip {
        address: String,
        v6: bool,
        port: u16,
    },
    /// The path; empty for an unnamed socket. An abstract name begins with NUL.
    Path(Vec<u8>),
}

/// Parses `127.0.0.1`, `::1` or `fe80::1%eth0`; EINVAL for anything else. A zone that is no interface's name counts as none.
pub fn parse(address: &str, port: u16) -> Result<SocketAddr> {
    if let Ok(v4) = address.parse::<Ipv4Addr>() {
        return Ok(SocketAddr::V4(SocketAddrV4::new(v4, port)));
    }
    let (numbers, zone) = match address.split_once('%') {
        Some((numbers, zone)) => (numbers, Some(zone)),
        None => (address, None),
    };
    let v6: Ipv6Addr = numbers.parse().map_err(|_| Errno::INVAL)?;
    let scope = zone.and_then(|zone| interface_number(zone).ok()).unwrap_or(0);
    Ok(SocketAddr::V6(SocketAddrV6::new(v6, port, 0, scope)))
}

/// A Unix socket's address. EINVAL when the path is empty, too long for the kernel (108 bytes) or holds a NUL, except that
/// a leading NUL names Linux' abstract space (unix(7)).
pub fn parse_path(path: &[u8]) -> Result<SocketAddrUnix> {
    match path.split_first() {
        None => Err(Errno::INVAL),
        Some((0, name)) => SocketAddrUnix::new_abstract_name(name).map_err(|_| Errno::INVAL),
        Some(_) => SocketAddrUnix::new(path).map_err(|_| Errno::INVAL),
    }
}

/// What getsockname(2) and getpeername(2) answer; EAFNOSUPPORT for families that are neither IP nor Unix.
pub fn format(any: &SocketAddrAny) -> Result<Endpoint> {
    match any.address_family() {
        AddressFamily::INET => {
            let v4 = SocketAddrV4::try_from(any.clone())?;
            Ok(Endpoint::Ip { address: v4.ip().to_string(), v6: false, port: v4.port() })
        }
        AddressFamily::INET6 => {
            let v6 = SocketAddrV6::try_from(any.clone())?;
            let mut address = format_v6(v6.ip());
            if v6.ip().is_unicast_link_local() && v6.scope_id() > 0 {
                address.push('%');
                address.push_str(&interface_name(v6.scope_id()));
            }
            Ok(Endpoint::Ip { address, v6: true, port: v6.port() })
        }
        AddressFamily::UNIX => Ok(Endpoint::Path(unix_name(any).to_vec())),
        _ => Err(Errno::AFNOSUPPORT),
    }
}

/// A path, or an abstract name with its leading NUL; empty for an unnamed socket. rustix panics where a path fills all 108
/// bytes of `sun_path`: the kernel then answers with its NUL behind them (unix(7), "BUGS").
fn unix_name(any: &SocketAddrAny) -> &[u8] {
    // SAFETY: the kernel filled `addr_len` bytes of the storage, which lives as long as `any`.
    let bytes = unsafe { slice::from_raw_parts(any.as_ptr().cast::<u8>(), any.addr_len() as usize) };
    match bytes.get(SUN_PATH..).unwrap_or_default() {
        [0] => &[],
        name @ [0, ..] => name,
        path => path.split(|byte| *byte == 0).next().unwrap_or_default(),
    }
}

/// Where `sun_path` begins, behind the family.
const SUN_PATH: usize = size_of::<u16>();

/// RFC 5952, with the dotted form that inet_ntop(3) also gives to `::a.b.c.d`.
fn format_v6(ip: &Ipv6Addr) -> String {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            format!("::{}", Ipv4Addr::new(a, b, c, d))
        }
        _ => ip.to_string(),
    }
}

/// The interface's index, as netdevice(7) gives it.
fn interface_number(name: &str) -> Result<u32> {
    let socket = rustix::net::socket_with(
        AddressFamily::UNIX,
        rustix::net::SocketType::DGRAM,
        rustix::net::SocketFlags::CLOEXEC,
        None,
    )?;
    rustix::net::netdevice::name_to_index(&socket, name)
}

fn interface_name(index: u32) -> String {
    let socket = rustix::net::socket_with(
        AddressFamily::UNIX,
        rustix::net::SocketType::DGRAM,
        rustix::net::SocketFlags::CLOEXEC,
        None,
    );
    match socket.and_then(|socket| rustix::net::netdevice::index_to_name(&socket, index)) {
        Ok(name) => name,
        Err(_) => index.to_string(),
    }
}
