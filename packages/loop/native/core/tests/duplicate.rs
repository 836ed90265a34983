//! A second descriptor of the same open file. Alone in its process: the number of a closed one must not be taken again.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::os::fd::AsRawFd;

use net_loop_core::Errno;
use net_loop_core::sys::descriptor;
use rustix::io::{FdFlags, fcntl_getfd};
use rustix::net::sockopt;

#[test]
fn it_has_an_owner_of_its_own_and_is_closed_on_exec() {
    let first = TcpListener::bind("127.0.0.1:0").expect("a port");
    let fd = first.as_raw_fd();
    let second = descriptor::duplicate(fd).expect("a second");
    assert!(second.as_raw_fd() > 2 && second.as_raw_fd() != fd);
    assert!(fcntl_getfd(&second).expect("open").contains(FdFlags::CLOEXEC));
    drop(first);
    // The first is closed, the second is not: the socket still listens.
    assert_eq!(descriptor::duplicate(fd).err(), Some(Errno::BADF));
    assert_eq!(sockopt::socket_acceptconn(&second), Ok(true));
}

#[test]
fn what_is_no_descriptor_is_answered_by_ebadf() {
    for fd in [-1, i32::MIN, i32::MAX] {
        assert_eq!(descriptor::duplicate(fd).err(), Some(Errno::BADF));
    }
}
