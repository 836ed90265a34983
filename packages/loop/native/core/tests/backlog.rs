//! What the kernel did not take: how much of it there is, also when chunks change their length while they wait.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::os::unix::net::UnixStream;

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

#[test]
fn a_chunk_that_shrinks_behind_what_was_sent_takes_nothing_from_the_next() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    let shown = bench.write_resizable(id, &vec![1; LARGE], LARGE);
    bench.write(id, &[2; 3000]);
    assert_eq!(bench.submit(), vec![PENDING; 2]);
    let mut arrived = Vec::new();
    drain(&mut peer, &mut arrived);
    let taken = arrived.len();
    assert!(taken > 10 && taken < LARGE);
    shown.set(10);
    assert!(bench.engine.backlog(id) >= 3000, "the second chunk waits whole");
    assert_eq!(finish(&mut bench, &mut peer, &mut arrived), 2);
    assert_eq!(bench.engine.backlog(id), 0);
    assert_eq!((count(&arrived, 1), count(&arrived, 2)), (taken, 3000));
}

#[test]
fn a_waiting_chunk_that_shrinks_sends_what_it_has_left() {
    let mut bench = Bench::new(16, 4096, 30_000, 8);
    let (id, mut peer) = bench.pair();
    bench.write_kept(id, &vec![1; LARGE]);
    let second = bench.write_resizable(id, &vec![2; LARGE], LARGE);
    let third = bench.write_resizable(id, &vec![3; LARGE], LARGE);
    bench.write(id, &[4; 3000]);
    assert_eq!(bench.submit(), vec![PENDING; 4]);
    second.set(100_000);
    third.set(0);
    let mut arrived = Vec::new();
    assert_eq!(finish(&mut bench, &mut peer, &mut arrived), 4);
    assert_eq!(bench.engine.backlog(id), 0);
    let counts: Vec<usize> = (1..=4).map(|fill| count(&arrived, fill)).collect();
    assert_eq!(counts, vec![LARGE, 100_000, 0, 3000]);
    assert!(arrived.is_sorted(), "in order");
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
