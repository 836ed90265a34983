//! The engine against a plain model: what goes in at one end of a connection comes out at the other, in order, and each
//! submission is answered once.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::os::unix::net::UnixStream;

use net_loop_core::records::{self, PENDING};
use net_loop_core::{Errno, Id};
use proptest::prelude::*;
use support::{Bench, Completion, read_now, write_now};

const CONNECTIONS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    Write(usize, usize),
    WriteKept(usize, usize),
    Shutdown(usize),
    Submit,
    Collect,
    PeerReads(usize, usize),
    PeerWrites(usize, usize),
    Read(usize, bool),
    Close(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..CONNECTIONS;
    prop_oneof![
        6 => (which.clone(), 0..3000_usize).prop_map(|(n, length)| Step::Write(n, length)),
        3 => (which.clone(), 0..300_000_usize).prop_map(|(n, length)| Step::WriteKept(n, length)),
        1 => which.clone().prop_map(Step::Shutdown),
        6 => Just(Step::Submit),
        6 => Just(Step::Collect),
        4 => (which.clone(), 1..200_000_usize).prop_map(|(n, length)| Step::PeerReads(n, length)),
        4 => (which.clone(), 0..50_000_usize).prop_map(|(n, length)| Step::PeerWrites(n, length)),
        2 => (which.clone(), any::<bool>()).prop_map(|(n, on)| Step::Read(n, on)),
        1 => which.prop_map(Step::Close),
    ]
}

/// One connection as the model sees it.
struct Line {
    id: Id,
    peer: UnixStream,
    /// Bytes asked to be written, and those that the peer has read.
    written: Vec<u8>,
    arrived: Vec<u8>,
    /// Bytes that the peer wrote, and those that were completed.
    sent: Vec<u8>,
    received: Vec<u8>,
    /// Writes answered PENDING and not completed yet.
    pending: i32,
    shutdown_asked: bool,
    shutdowns_pending: i32,
    closed: bool,
}

struct World {
    bench: Bench,
    lines: Vec<Line>,
    /// What each record of the submission being built was.
    asked: Vec<(usize, i32)>,
    counter: u8,
}

impl World {
    fn new() -> Self {
        let mut bench = Bench::new(4096, 1 << 20, 30_000, 8);
        let lines = (0..CONNECTIONS).map(|_| Line::new(&mut bench)).collect();
        Self { bench, lines, asked: Vec::new(), counter: 0 }
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        self.counter = self.counter.wrapping_add(31);
        (0..length).map(|index| (index as u8).wrapping_mul(7) ^ self.counter).collect()
    }

    fn submit(&mut self) {
        let statuses = self.bench.submit();
        for ((n, operation), status) in std::mem::take(&mut self.asked).into_iter().zip(statuses) {
            let line = &mut self.lines[n];
            match operation {
                records::WRITE | records::WRITE_KEPT => match status {
                    PENDING => line.pending += 1,
                    status => assert!(status == 0 || line.shutdown_asked, "write answered {status}"),
                },
                records::SHUTDOWN if status == PENDING => line.shutdowns_pending += 1,
                records::SHUTDOWN => assert_eq!(status, 0),
                _ => assert_eq!(status, 0),
            }
        }
    }

    fn collect(&mut self) {
        for (completion, bytes) in self.bench.collect() {
            let line = self.line_of(&completion);
            match completion[0] {
                records::DATA => line.received.extend(bytes),
                records::WRITTEN => {
                    assert_eq!(completion[3], 0);
                    assert_eq!(completion[4], line.pending, "one completion for all that was pending");
                    line.pending = 0;
                }
                records::SHUT => {
                    assert_eq!((completion[3], line.pending), (0, 0), "a shutdown comes behind the writes");
                    line.shutdowns_pending = 0;
                }
                other => panic!("unexpected completion {other}"),
            }
        }
    }

    fn line_of(&mut self, completion: &Completion) -> &mut Line {
        let id = Id { slot: completion[1] as u32, generation: completion[2] as u32 };
        let line = self.lines.iter_mut().find(|line| line.id == id).expect("a completion of a living handle");
        assert!(!line.closed, "a closed handle completes nothing but its close");
        line
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Write(n, length) if !self.lines[n].shutdown_asked => {
                if self.bench.used + length > self.bench.arena.len() {
                    self.submit();
                }
                let bytes = self.bytes(length);
                self.bench.write(self.lines[n].id, &bytes);
                self.asked.push((n, records::WRITE));
                self.lines[n].written.extend(bytes);
            }
            Step::WriteKept(n, length) if !self.lines[n].shutdown_asked => {
                let bytes = self.bytes(length);
                self.bench.write_kept(self.lines[n].id, &bytes);
                self.asked.push((n, records::WRITE_KEPT));
                self.lines[n].written.extend(bytes);
            }
            Step::Shutdown(n) if !self.lines[n].shutdown_asked => {
                self.bench.ask(records::SHUTDOWN, self.lines[n].id);
                self.asked.push((n, records::SHUTDOWN));
                self.lines[n].shutdown_asked = true;
            }
            Step::Submit => self.submit(),
            Step::Collect => self.collect(),
            Step::PeerReads(n, most) => {
                let bytes = read_now(&mut self.lines[n].peer, most);
                self.lines[n].arrived.extend(bytes);
            }
            Step::PeerWrites(n, length) => {
                let bytes = self.bytes(length);
                let count = write_now(&mut self.lines[n].peer, &bytes);
                self.lines[n].sent.extend_from_slice(&bytes[..count]);
            }
            Step::Read(n, on) => self.bench.engine.set_reading(self.lines[n].id, on).expect("it is open"),
            Step::Close(n) => {
                self.submit();
                self.lines[n].finish(&mut self.bench);
                self.lines[n] = Line::new(&mut self.bench);
            }
            _ => {}
        }
    }

    /// Lets everything that is under way arrive.
    fn settle(&mut self) {
        self.submit();
        for n in 0..CONNECTIONS {
            self.bench.engine.set_reading(self.lines[n].id, true).expect("it is open");
        }
        for _ in 0..1000 {
            for line in &mut self.lines {
                let bytes = read_now(&mut line.peer, 1 << 20);
                line.arrived.extend(bytes);
            }
            self.collect();
        }
    }
}

impl Line {
    fn new(bench: &mut Bench) -> Self {
        let (id, peer) = bench.pair();
        Self {
            id,
            peer,
            written: Vec::new(),
            arrived: Vec::new(),
            sent: Vec::new(),
            received: Vec::new(),
            pending: 0,
            shutdown_asked: false,
            shutdowns_pending: 0,
            closed: false,
        }
    }

    /// Closes: one CLOSED follows, and the id finds nothing any more.
    fn finish(&mut self, bench: &mut Bench) {
        let index = bench.ask(records::CLOSE, self.id);
        assert_eq!(bench.submit().get(index), Some(&0));
        self.closed = true;
        assert_eq!(bench.engine.fd(self.id), Err(Errno::BADF));
        let closed = bench.collect_closed();
        assert_eq!(closed.len(), 1);
        assert_eq!(closed[0][..3], [records::CLOSED, self.id.slot as i32, self.id.generation as i32]);
        assert!(self.written.starts_with(&self.arrived), "what arrived was written, in this order");
        assert!(self.sent.starts_with(&self.received));
    }
}

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn bytes_arrive_in_order_and_each_submission_is_answered_once(steps in prop::collection::vec(step(), 1..120)) {
        let mut world = World::new();
        for step in steps {
            world.run(step);
        }
        world.settle();
        for line in &world.lines {
            prop_assert!(line.arrived == line.written, "the peer read what was written");
            prop_assert!(line.received == line.sent, "all that the peer wrote was completed");
            prop_assert_eq!(line.pending, 0);
            prop_assert_eq!(line.shutdowns_pending, 0);
        }
        prop_assert!(world.bench.engine.alive(), "connections that read keep the embedder alive");
    }
}
