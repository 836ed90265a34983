//! What the engine answers: to records and descriptors, good and bad, and when a peer, a slot or an open file is gone.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::cell::Cell;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use net_loop_core::Errno;
use net_loop_core::records::{self, Completions, PENDING};
use net_loop_core::sys::address::Endpoint;
use proptest::prelude::*;
use support::{Bench, read_now};

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn records_that_no_honest_caller_writes_do_no_harm(
        garbage in prop::collection::vec(prop_oneof![
            prop::array::uniform6(-3..12_i32),
            prop::array::uniform6(any::<i32>()),
            // Nearly right ones: a living slot, and a range that ends outside.
            (1..6_i32, 0..3_i32, 0..3_i32, any::<i32>(), any::<i32>()).prop_map(|(a, b, c, d, e)| [a, b, c, d, e, 0]),
        ], 1..60),
        from in 0..80_usize,
        to in 0..200_usize,
    ) {
        let mut bench = Bench::new(64, 4096, 30_000, 8);
        let (first, mut peer) = bench.pair();
        let (second, _other) = bench.pair();
        for words in garbage {
            bench.push(words);
        }
        bench.submit_from(from, to);
        bench.end = 0;
        bench.collect();
        bench.collect_closed();
        read_now(&mut peer, 1 << 16);
        // Whoever was not closed by a record that happened to say so still works.
        for id in [first, second] {
            let index = bench.write(id, b"");
            let status = bench.submit()[index];
            prop_assert!(bench.engine.fd(id).is_err() == (status == -Errno::BADF.raw_os_error()));
        }
        let (honest, mut peer) = bench.pair();
        bench.write(honest, b"still here");
        prop_assert_eq!(bench.submit(), vec![0]);
        prop_assert_eq!(read_now(&mut peer, 100), b"still here".to_vec());
    }
}

#[test]
fn a_late_record_never_reaches_the_next_tenant_of_a_slot() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (old, _peer) = bench.pair();
    bench.engine.close(old).expect("it is open");
    assert_eq!(bench.collect_closed().len(), 1);
    let (new, mut peer) = bench.pair();
    assert_eq!((new.slot, new.generation), (old.slot, old.generation + 1));
    bench.write(old, b"late");
    bench.ask(records::CLOSE, old);
    assert_eq!(bench.submit(), vec![-Errno::BADF.raw_os_error(); 2]);
    assert_eq!(read_now(&mut peer, 10), b"");
    assert!(bench.engine.fd(new).is_ok());
}

#[test]
fn a_slot_is_free_only_when_the_embedder_has_heard_of_the_close() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (old, _peer) = bench.pair();
    bench.engine.close(old).expect("it is open");
    let words: Vec<Cell<i32>> = vec![Cell::new(0); 8 * records::WORDS];
    assert!(!bench.engine.collect_closed(&mut Completions::new(&words)));
    let (meanwhile, _peer) = bench.pair();
    assert_ne!(meanwhile.slot, old.slot);
    bench.engine.free_closed();
    let (later, _peer) = bench.pair();
    assert_eq!(later.slot, old.slot);
}

#[test]
fn all_writes_of_a_turn_are_one_system_call() {
    let mut bench = Bench::new(64, 4096, 30_000, 8);
    // Pipes, because the kernel counts their writes for each thread; sockets take the same way.
    let (mut first_end, first) = bench.pipe();
    let (mut second_end, second) = bench.pipe();
    for number in 0..16_u8 {
        bench.write(first, &[number]);
        bench.write(second, &[number, number]);
    }
    let before = writing_system_calls();
    let statuses = bench.submit();
    let after = writing_system_calls();
    assert_eq!(statuses, vec![0; 32]);
    assert_eq!(after - before, 2, "one for each connection");
    let mut bytes = [0; 100];
    assert_eq!(first_end.read(&mut bytes).ok(), Some(16));
    assert_eq!(bytes[..16], std::array::from_fn::<u8, 16, _>(|index| index as u8));
    assert_eq!(second_end.read(&mut bytes).ok(), Some(32));
}

/// proc(5): `syscw` of /proc/thread-self/io.
fn writing_system_calls() -> u64 {
    let io = std::fs::read_to_string("/proc/thread-self/io").expect("procfs counts");
    io.lines().find_map(|line| line.strip_prefix("syscw: ")?.parse().ok()).expect("a count")
}

#[test]
fn a_peer_that_is_gone_ends_a_connection_and_fails_its_writes() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, peer) = bench.pair();
    drop(peer);
    let ends: Vec<i32> = bench.collect().iter().map(|(completion, _)| completion[0]).collect();
    assert_eq!(ends, vec![records::END]);
    assert!(bench.collect().is_empty(), "an ended connection is not reported again");
    assert!(!bench.engine.alive(), "nothing is left to wait for");
    bench.write(id, b"too late");
    assert_eq!(bench.submit(), vec![-Errno::PIPE.raw_os_error()]);
}

#[test]
fn a_half_close_and_an_empty_write_while_connecting_are_answered() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let local = "127.0.0.1:0".parse().expect("an address");
    let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let bound = bench.engine.bind(&local, false, false).expect("it is bound");
    let id = bench.engine.connect(Some(bound), &server.local_addr().expect("it is bound")).expect("it connects");
    bench.write(id, b"");
    bench.ask(records::SHUTDOWN, id);
    let (mut peer, _) = server.accept().expect("a connection");
    let statuses = bench.submit();
    let mut kinds: Vec<i32> = bench.collect().iter().map(|(completion, _)| completion[0]).collect();
    kinds.sort_unstable();
    // Whoever was quicker, the kernel or the submission: each was answered once, here or there.
    let pending = |index: usize, kind: i32| statuses[index] == PENDING && kinds.contains(&kind);
    assert!(statuses[0] == 0 || pending(0, records::WRITTEN), "{statuses:?} {kinds:?}");
    assert!(statuses[1] == 0 || pending(1, records::SHUT), "{statuses:?} {kinds:?}");
    assert!(kinds.contains(&records::CONNECTED));
    let mut rest = Vec::new();
    assert_eq!(peer.read_to_end(&mut rest).ok(), Some(0), "the peer sees the end");
}

#[test]
fn a_closed_connection_is_forgotten_although_its_open_file_lives_on() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (ours, mut theirs) = UnixStream::pair().expect("a socket pair");
    let twin = ours.try_clone().expect("a second descriptor of the same open file");
    let id = bench.engine.adopt(std::os::fd::IntoRawFd::into_raw_fd(ours)).expect("it is adopted");
    bench.engine.set_reading(id, true).expect("it reads");
    bench.engine.close(id).expect("it is open");
    bench.collect_closed();
    theirs.write_all(b"nobody reads this").expect("the twin keeps it open");
    let mut polled = [rustix::event::PollFd::from_borrowed_fd(
        // SAFETY: the engine lives on and does not close its selector.
        unsafe { std::os::fd::BorrowedFd::borrow_raw(bench.engine.selector_fd()) },
        rustix::event::PollFlags::IN,
    )];
    let now = rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 };
    assert_eq!(rustix::event::poll(&mut polled, Some(&now)), Ok(0), "the selector has nothing to report");
    drop(twin);
}

#[test]
fn a_descriptor_has_one_owner() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, _peer) = bench.pair();
    let fd = bench.engine.fd(id).expect("it is open");
    assert_eq!(bench.engine.adopt(fd), Err(Errno::EXIST));
    assert_eq!(bench.engine.listen_fd(fd, 1, false), Err(Errno::EXIST));
    let local = "127.0.0.1:0".parse().expect("an address");
    let listener = bench.engine.listen(&local, 1, false, false, false).expect("it listens");
    let fd = bench.engine.fd(listener).expect("it is open");
    assert_eq!(bench.engine.listen_fd(fd, 1, false), Err(Errno::EXIST));
    assert_eq!(bench.engine.fd(listener), Ok(fd), "nothing was closed");
    assert!(bench.engine.local_address(listener).is_ok());
}

#[test]
fn descriptors_of_another_kind_stay_the_embedders() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    assert_eq!(bench.engine.adopt(-1), Err(Errno::BADF));
    assert_eq!(bench.engine.adopt(1_000_000), Err(Errno::BADF));
    let file = std::fs::File::open("/proc/self/exe").expect("a regular file");
    let fd = std::os::fd::AsRawFd::as_raw_fd(&file);
    assert_eq!(bench.engine.adopt(fd), Err(Errno::INVAL));
    assert_eq!(bench.engine.listen_fd(fd, 1, false), Err(Errno::INVAL));
    assert!(file.metadata().is_ok(), "it is still open");
    let device = std::fs::File::open("/dev/null").expect("a character device that is no terminal");
    assert_eq!(bench.engine.adopt(std::os::fd::AsRawFd::as_raw_fd(&device)), Err(Errno::INVAL));
}

#[test]
fn what_is_bound_listens_or_connects_later() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let local = "127.0.0.1:0".parse().expect("an address");
    let bound = bench.engine.bind(&local, false, false).expect("it is bound");
    bench.write(bound, b"to nobody");
    assert_eq!(bench.submit(), vec![-Errno::PIPE.raw_os_error()]);
    let listening = bench.engine.listen_bound(bound, 5, false).expect("it listens");
    assert_eq!(listening, bound, "it keeps its id");
    assert!(bench.engine.alive(), "a listener is waited for");
    assert_eq!(bench.engine.listen_bound(bound, 5, false), Err(Errno::INVAL), "it listens already");
    let client = bench.engine.bind(&local, false, false).expect("it is bound");
    let Ok(Endpoint::Ip { port, .. }) = bench.engine.local_address(bound) else { panic!("it has no port") };
    let remote = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    bench.engine.connect(Some(client), &remote).expect("it connects");
    assert_eq!(bench.engine.listen_bound(client, 5, false), Err(Errno::INVAL), "it connects already");
    let kinds: Vec<i32> = bench.collect().iter().map(|(completion, _)| completion[0]).collect();
    assert!(kinds.contains(&records::ACCEPTED) && kinds.contains(&records::CONNECTED), "{kinds:?}");
    bench.engine.close(bound).expect("it is open");
    assert_eq!(bench.engine.listen_bound(bound, 5, false), Err(Errno::INVAL), "it is closing");
}

#[test]
fn the_file_of_a_bound_path_goes_with_whoever_has_it() {
    let folder = std::env::temp_dir().join(format!("net-loop-bound-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder of its own");
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    for listens in [false, true] {
        let path = folder.join(if listens { "listens" } else { "only bound" });
        let bytes = path.as_os_str().as_encoded_bytes();
        let id = bench.engine.bind_path(bytes).expect("it is bound");
        assert_eq!(bench.engine.bind_path(bytes), Err(Errno::ADDRINUSE));
        if listens {
            bench.engine.listen_bound(id, 5, true).expect("it listens");
        }
        assert!(path.exists());
        bench.engine.close(id).expect("it is open");
        assert!(!path.exists());
    }
    std::fs::remove_dir(&folder).expect("nothing is left");
}

#[test]
fn the_longest_path_and_the_longest_abstract_name_have_108_bytes() {
    let folder = std::env::temp_dir().join(format!("net-loop-longest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder of its own");
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let file = format!("{}/", folder.to_str().expect("a plain name"));
    for start in [file.as_str(), "\0"] {
        for length in [107, 108] {
            let name = format!("{start:x<length$}").into_bytes();
            let listener = bench.engine.listen_path(&name, 5, false, false, false).expect("it listens");
            // Its own name is as long, which the server's end is told.
            let from = format!("{start:y<length$}").into_bytes();
            let client = bench.engine.bind_path(&from).expect("it is bound");
            bench.engine.connect_path(Some(client), &name).expect("it connects");
            assert_eq!(bench.engine.local_address(listener), Ok(Endpoint::Path(name.clone())));
            assert_eq!(bench.engine.local_address(client), Ok(Endpoint::Path(from)));
            assert_eq!(bench.engine.remote_address(client), Ok(Endpoint::Path(name)));
        }
        let name = format!("{start:x<109}").into_bytes();
        assert_eq!(bench.engine.listen_path(&name, 5, false, false, false), Err(Errno::INVAL));
    }
    bench.engine.close_all();
    std::fs::remove_dir(&folder).expect("nothing is left");
}
