//! An epoll that takes no more (ENOSPC, ENOMEM). Here it refuses because it has the descriptor already.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixListener;

use net_loop_core::Errno;
use net_loop_core::records;
use rustix::event::epoll::{self, EventData, EventFlags};
use support::Bench;

#[test]
fn a_refusal_that_could_not_be_told_is_none_of_the_next_connect() {
    let folder = std::env::temp_dir().join(format!("net-loop-places-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder of its own");
    let path = |name: &str| folder.join(name).into_os_string().into_encoded_bytes();
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let client = bench.engine.bind_path(&path("client")).expect("it is bound");
    let [epoll, fd] = [bench.engine.selector_fd(), bench.engine.fd(client).expect("it is open")].map(|raw| {
        // SAFETY: the engine has both open until the end of this test.
        unsafe { BorrowedFd::borrow_raw(raw) }
    });
    epoll::add(epoll, fd, EventData::new_u64(u64::MAX), EventFlags::empty()).expect("it has a place yet");
    assert_eq!(bench.engine.connect_path(Some(client), &path("nobody")), Err(Errno::EXIST));
    epoll::delete(epoll, fd).expect("it was added");
    let server = UnixListener::bind(folder.join("server")).expect("it listens");
    assert_eq!(bench.engine.connect_path(Some(client), &path("server")), Ok(client));
    let told: Vec<_> = bench.collect().iter().map(|(completion, _)| (completion[0], completion[3])).collect();
    assert_eq!(told, vec![(records::CONNECTED, 0)]);
    drop((bench, server));
    std::fs::remove_dir_all(&folder).expect("it was made above");
}
