//! In which order, and how much at a time, is received where much has come.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use net_loop_core::Id;
use net_loop_core::records;
use support::{Bench, Round, write_now};

/// Of each of the two receive buffers.
const BUFFER: usize = 30_000;

/// Whose bytes a round brought, how many, and whether there is more to collect.
fn receive(bench: &mut Bench) -> (Vec<(u32, usize)>, bool) {
    let Round { completions, more } = bench.collect_once();
    let data = completions.iter().map(|(completion, bytes)| {
        assert_eq!(completion[0], records::DATA);
        (completion[1].cast_unsigned(), bytes.len())
    });
    (data.collect(), more)
}

#[test]
fn a_socket_that_fills_the_buffer_is_read_again_before_the_next_one() {
    let mut bench = Bench::new(16, 4096, BUFFER, 8);
    let (first, mut full) = bench.pair();
    let (second, mut few) = bench.pair();
    assert_eq!(write_now(&mut full, &vec![1; BUFFER + 5]), BUFFER + 5);
    assert_eq!(write_now(&mut few, &[2; 7]), 7);
    assert_eq!(receive(&mut bench), (vec![(first.slot, BUFFER)], true));
    assert_eq!(receive(&mut bench), (vec![(first.slot, 5), (second.slot, 7)], false));
    assert_eq!(receive(&mut bench), (vec![], false));
}

#[test]
fn nothing_more_is_read_of_a_socket_that_was_paused_or_closed_in_between() {
    let pause: fn(&mut Bench, Id) = |bench, id| bench.engine.set_reading(id, false).expect("it is open");
    let close: fn(&mut Bench, Id) = |bench, id| bench.engine.close(id).expect("it is open");
    for stop in [pause, close] {
        let mut bench = Bench::new(16, 4096, BUFFER, 8);
        let (first, mut full) = bench.pair();
        let (second, mut few) = bench.pair();
        write_now(&mut full, &vec![1; BUFFER + 5]);
        write_now(&mut few, &[2; 7]);
        assert_eq!(receive(&mut bench), (vec![(first.slot, BUFFER)], true));
        stop(&mut bench, first);
        assert_eq!(receive(&mut bench), (vec![(second.slot, 7)], false));
    }
}

#[test]
fn others_have_their_turn_however_much_one_socket_sends() {
    let mut bench = Bench::new(16, 4096, BUFFER, 8);
    let (greedy, mut full) = bench.pair();
    let (modest, mut few) = bench.pair();
    write_now(&mut full, &vec![1; BUFFER + 1]);
    write_now(&mut few, &[2; 7]);
    let mut rounds = 0;
    loop {
        let (data, _) = receive(&mut bench);
        if data.iter().any(|(slot, _)| *slot == modest.slot) {
            break;
        }
        assert_eq!(data, vec![(greedy.slot, BUFFER)]);
        write_now(&mut full, &vec![1; BUFFER]);
        rounds += 1;
        assert!(rounds < 100, "the other one waits for ever");
    }
    assert!(rounds > 8, "it is read again and again");
}
