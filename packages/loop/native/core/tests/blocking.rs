//! Sockets that somebody else who has them made blocking: no call of the engine waits.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::net::TcpStream;
use std::os::fd::BorrowedFd;
use std::sync::mpsc;
use std::time::Duration;

use net_loop_core::Id;
use net_loop_core::records::{self, PENDING};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use support::{Bench, read_now, write_now};

/// As whoever shares the open file may do at any time.
fn make_blocking(bench: &Bench, id: Id) {
    let raw = bench.engine.fd(id).expect("it is open");
    // SAFETY: the engine has it open, and nothing is closed before this function returns.
    let fd = unsafe { BorrowedFd::borrow_raw(raw) };
    let flags = fcntl_getfl(fd).expect("it is open");
    fcntl_setfl(fd, flags - OFlags::NONBLOCK).expect("flags can be set");
}

/// Runs it, and ends the process when that takes long: nobody could stop a system call that waits for ever.
fn without_waiting(run: impl FnOnce()) {
    let (done, wait) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if wait.recv_timeout(Duration::from_secs(20)) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("a system call waits");
            std::process::exit(101);
        }
    });
    run();
    drop(done);
    watch.join().expect("the watch ends");
}

#[test]
fn accepting_from_a_blocking_listener_takes_who_is_there_and_returns() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let local = "127.0.0.1:0".parse().expect("an address");
    let listener = bench.engine.listen(&local, 8, false, false, false).expect("it listens");
    let raw = bench.engine.fd(listener).expect("it listens");
    // SAFETY: the engine has it open for as long as this borrow lasts.
    let fd = unsafe { BorrowedFd::borrow_raw(raw) };
    let address = rustix::net::getsockname(fd).expect("it is bound").try_into().expect("an IP address");
    make_blocking(&bench, listener);
    let address: std::net::SocketAddr = address;
    let _clients = [TcpStream::connect(address), TcpStream::connect(address)].map(|client| client.expect("it listens"));
    without_waiting(|| {
        let kinds: Vec<i32> = bench.collect().iter().map(|(completion, _)| completion[0]).collect();
        assert_eq!(kinds, vec![records::ACCEPTED; 2]);
    });
}

#[test]
fn sending_and_receiving_on_a_blocking_socket_return() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    make_blocking(&bench, id);
    without_waiting(|| {
        bench.write_kept(id, &vec![1; 8 << 20]);
        assert_eq!(bench.submit(), vec![PENDING]);
        assert!(bench.engine.backlog(id) > 0);
        assert_eq!(write_now(&mut peer, b"answer"), 6);
        let data: Vec<Vec<u8>> = bench.collect().into_iter().map(|(_, bytes)| bytes).collect();
        assert_eq!(data, vec![b"answer".to_vec()]);
        // Room for some more of it, not for the rest.
        assert!(!read_now(&mut peer, 100_000).is_empty());
        assert!(bench.collect().is_empty());
        assert!(bench.engine.backlog(id) > 0);
    });
}
