//! What the kernel did not take: how much of it there is, also when chunks change their length while they wait.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::os::unix::net::UnixStream;

use net_loop_core::Errno;
use net_loop_core::records::{self, PENDING};
use support::{Bench, read_now};

/// More than a socket's buffer takes at once.
const LARGE: usize = 2 << 20;

/// All that the kernel has for the peer.
fn drain(peer: &mut UnixStream, arrived: &mut Vec<u8>) {
    loop {
        let bytes = read_now(peer, 1 << 16);
        if bytes.is_empty() {
            return;
        }
        arrived.extend(bytes);
    }
}

/// Lets the rest arrive; how many writes were told, each by 0.
fn finish(bench: &mut Bench, peer: &mut UnixStream, arrived: &mut Vec<u8>) -> i32 {
    let mut told = 0;
    for _ in 0..1000 {
        for (completion, _) in bench.collect() {
            assert_eq!((completion[0], completion[3]), (records::WRITTEN, 0));
            told += completion[4];
        }
        drain(peer, arrived);
    }
    told
}

fn count(bytes: &[u8], fill: u8) -> usize {
    bytes.iter().filter(|byte| **byte == fill).count()
}

#[test]
fn what_waits_is_what_was_written_less_what_the_kernel_took() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    bench.write_kept(id, &vec![1; LARGE]);
    bench.write(id, &[2; 1000]);
    bench.write_kept(id, &vec![3; 70_000]);
    bench.write(id, &[4; 500]);
    bench.write(id, &[5; 500]);
    let total = LARGE + 72_000;
    assert_eq!(bench.submit(), vec![PENDING; 5]);
    let mut arrived = Vec::new();
    let mut steps = 0;
    let mut told = 0;
    while bench.engine.backlog(id) > 0 {
        // The peer took all that the kernel has, so the rest is what waits here.
        drain(&mut peer, &mut arrived);
        assert_eq!(bench.engine.backlog(id), total - arrived.len());
        told += bench.collect().iter().map(|(completion, _)| completion[4]).sum::<i32>();
        steps += 1;
    }
    assert!(steps > 2, "it left in parts");
    assert_eq!(told, 5);
    drain(&mut peer, &mut arrived);
    let expected = [vec![1; LARGE], vec![2; 1000], vec![3; 70_000], vec![4; 500], vec![5; 500]].concat();
    assert!(arrived == expected, "all of it arrived in order");
}

/// Lets the rest arrive; what the one completion says: how the writes ended, and how many there were.
fn fail(bench: &mut Bench, peer: &mut UnixStream, arrived: &mut Vec<u8>) -> (i32, i32) {
    let told = (0..1000).find_map(|_| {
        drain(peer, arrived);
        bench.collect().first().map(|(completion, _)| *completion)
    });
    drain(peer, arrived);
    let completion = told.expect("the failure is told");
    assert_eq!(completion[0], records::WRITTEN);
    (completion[3], completion[4])
}

#[test]
fn a_chunk_that_shrinks_while_it_is_sent_fails_and_nothing_goes_in_its_place() {
    for left in [LARGE - 1, 10, 0] {
        let mut bench = Bench::new(16, 4096, 30_000, 8);
        let (id, mut peer) = bench.pair();
        let shown = bench.write_resizable(id, &vec![1; LARGE], LARGE);
        bench.write(id, &[2; 3000]);
        assert_eq!(bench.submit(), vec![PENDING; 2]);
        let mut arrived = Vec::new();
        drain(&mut peer, &mut arrived);
        let taken = arrived.len();
        assert!(taken > 10 && taken < LARGE);
        shown.set(left);
        assert_eq!(fail(&mut bench, &mut peer, &mut arrived), (-Errno::FAULT.raw_os_error(), 2));
        assert_eq!(bench.engine.backlog(id), 0);
        assert_eq!((count(&arrived, 1), count(&arrived, 2)), (taken, 0));
    }
}

#[test]
fn what_waits_before_a_chunk_that_shrinks_is_sent() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    bench.write_kept(id, &vec![1; LARGE]);
    bench.write(id, &[2; 1000]);
    let third = bench.write_resizable(id, &vec![3; LARGE], LARGE);
    bench.write(id, &[4; 1000]);
    assert_eq!(bench.submit(), vec![PENDING; 4]);
    third.set(100_000);
    let mut arrived = Vec::new();
    assert_eq!(fail(&mut bench, &mut peer, &mut arrived), (-Errno::FAULT.raw_os_error(), 4));
    let counts: Vec<usize> = (1..=4).map(|fill| count(&arrived, fill)).collect();
    assert_eq!(counts, vec![LARGE, 1000, 0, 0]);
}

#[test]
fn a_chunk_that_shrank_before_it_was_submitted_fails_and_what_is_behind_it() {
    let fault = -Errno::FAULT.raw_os_error();
    for full in [false, true] {
        let mut bench = Bench::new(16, 4096, 30_000, 8);
        let (id, mut peer) = bench.pair();
        let mut expected = 1000;
        if full {
            bench.write_kept(id, &vec![1; LARGE]);
            expected += LARGE;
        }
        bench.write(id, &[1; 1000]);
        bench.write_resizable(id, &[2; 70_000], 70_000).set(69_999);
        bench.write(id, &[3; 1000]);
        let answers = bench.submit();
        assert_eq!(answers, if full { vec![PENDING, PENDING, fault, fault] } else { vec![0, fault, fault] });
        let mut arrived = Vec::new();
        assert_eq!(finish(&mut bench, &mut peer, &mut arrived), if full { 2 } else { 0 });
        assert!(arrived == vec![1; expected], "what was before it, and no more");
    }
}

#[test]
fn a_chunk_that_grows_sends_no_more_than_was_written() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    let first = bench.write_resizable(id, &vec![1; 2 * LARGE], LARGE);
    let second = bench.write_resizable(id, &vec![2; LARGE], 5000);
    assert_eq!(bench.submit(), vec![PENDING; 2]);
    first.set(2 * LARGE);
    second.set(LARGE);
    let mut arrived = Vec::new();
    drain(&mut peer, &mut arrived);
    assert_eq!(bench.engine.backlog(id), LARGE + 5000 - arrived.len());
    assert_eq!(finish(&mut bench, &mut peer, &mut arrived), 2);
    assert_eq!(bench.engine.backlog(id), 0);
    assert_eq!((count(&arrived, 1), count(&arrived, 2)), (LARGE, 5000));
}
