//! An engine, its shared memory and the other ends of its connections, for the tests of this folder.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::Cell;
use std::io::{PipeReader, Read, Write};
use std::os::fd::{IntoRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::rc::Rc;

use net_loop_core::records::{self, Completions, Record};
use net_loop_core::{Bytes, Chunks, Engine, Id};

/// How often a property is tried; PROPTEST_CASES says otherwise, e.g. for a run under valgrind.
pub(crate) fn cases(usual: u32) -> proptest::test_runner::Config {
    let mut config = proptest::test_runner::Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = usual;
    }
    config
}

/// A chunk whose owner may change its length at any time, as a view over a resizable buffer does.
#[derive(Clone)]
pub(crate) struct Chunk {
    bytes: Rc<[u8]>,
    length: Rc<Cell<usize>>,
}

impl Bytes for Chunk {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length.get()]
    }
}

/// The large chunks of a submission.
#[derive(Default)]
pub(crate) struct Kept(Vec<Chunk>);

impl Chunks for Kept {
    fn bytes(&self, number: usize) -> Option<&[u8]> {
        self.0.get(number).map(Bytes::bytes)
    }

    fn keep(&self, number: usize) -> Option<Box<dyn Bytes>> {
        self.0.get(number).map(|chunk| Box::new(chunk.clone()) as Box<dyn Bytes>)
    }
}

/// A completion, its words as the embedder reads them.
pub(crate) type Completion = [i32; records::WORDS];

/// What one call of `collect` brought, and whether there is more.
pub(crate) struct Round {
    pub(crate) completions: Vec<(Completion, Vec<u8>)>,
    pub(crate) more: bool,
}

pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) records: Vec<Cell<i32>>,
    pub(crate) arena: Vec<Cell<u8>>,
    pub(crate) used: usize,
    pub(crate) end: usize,
    kept: Kept,
    space: Vec<Vec<Cell<u8>>>,
    completions: Vec<Cell<i32>>,
}

impl Bench {
    pub(crate) fn new(records: usize, arena: usize, receive: usize, completions: usize) -> Self {
        Self {
            engine: Engine::new().expect("an epoll can be made"),
            records: vec![Cell::new(0); records * records::WORDS],
            arena: vec![Cell::new(0); arena],
            used: 0,
            end: 0,
            kept: Kept::default(),
            space: vec![vec![Cell::new(0); receive]; 2],
            completions: vec![Cell::new(0); completions * records::WORDS],
        }
    }

    /// A connection of the engine and its peer, which does not block.
    pub(crate) fn pair(&mut self) -> (Id, UnixStream) {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        theirs.set_nonblocking(true).expect("non-blocking");
        let id = self.engine.adopt(ours.into_raw_fd()).expect("a stream socket is adopted");
        self.engine.set_reading(id, true).expect("it reads");
        (id, theirs)
    }

    /// A pipe: its end that the test reads, and the engine's handle on the other.
    pub(crate) fn pipe(&mut self) -> (PipeReader, Id) {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        let id = self.engine.adopt(OwnedFd::from(writer).into_raw_fd()).expect("a pipe is adopted");
        (reader, id)
    }

    pub(crate) fn push(&mut self, words: [i32; records::WORDS]) -> usize {
        let index = self.end;
        let record = Record::at(&self.records, index).expect("the test stays within its records");
        for (word, value) in words.into_iter().enumerate() {
            record.set(word, value);
        }
        self.end += 1;
        index
    }

    pub(crate) fn write(&mut self, id: Id, bytes: &[u8]) -> usize {
        let offset = self.used;
        for (cell, byte) in self.arena[offset..].iter().zip(bytes) {
            cell.set(*byte);
        }
        self.used += bytes.len();
        self.push([records::WRITE, id.slot as i32, id.generation as i32, offset as i32, bytes.len() as i32, 77])
    }

    pub(crate) fn write_kept(&mut self, id: Id, bytes: &[u8]) -> usize {
        self.write_resizable(id, bytes, bytes.len());
        self.end - 1
    }

    /// A chunk that shows its first `length` bytes for now.
    pub(crate) fn write_resizable(&mut self, id: Id, bytes: &[u8], length: usize) -> Rc<Cell<usize>> {
        let shown = Rc::new(Cell::new(length));
        let number = self.kept.0.len() as i32;
        self.kept.0.push(Chunk { bytes: bytes.into(), length: Rc::clone(&shown) });
        self.push([records::WRITE_KEPT, id.slot as i32, id.generation as i32, number, length as i32, 77]);
        shown
    }

    pub(crate) fn ask(&mut self, operation: i32, id: Id) -> usize {
        self.push([operation, id.slot as i32, id.generation as i32, 0, 0, 77])
    }

    pub(crate) fn status(&self, index: usize) -> i32 {
        Record::at(&self.records, index).expect("an index that push gave").get(records::STATUS)
    }

    /// Submits all; the statuses in order.
    pub(crate) fn submit(&mut self) -> Vec<i32> {
        self.submit_from(0, self.end);
        let statuses = (0..self.end).map(|index| self.status(index)).collect();
        (self.end, self.used) = (0, 0);
        statuses
    }

    /// Submits these records, and nothing that stands elsewhere.
    pub(crate) fn submit_from(&mut self, from: usize, to: usize) {
        self.engine.submit(&self.records, &self.arena, &std::mem::take(&mut self.kept), from, to);
    }

    /// A wake-up: what happened, and with each DATA its bytes.
    pub(crate) fn collect(&mut self) -> Vec<(Completion, Vec<u8>)> {
        let mut all = Vec::new();
        loop {
            let Round { completions, more } = self.collect_once();
            let more = more && !completions.is_empty();
            all.extend(completions);
            if !more {
                return all;
            }
        }
    }

    /// A round of a wake-up.
    pub(crate) fn collect_once(&mut self) -> Round {
        let space: Vec<&[Cell<u8>]> = self.space.iter().map(Vec::as_slice).collect();
        let mut completions = Completions::new(&self.completions);
        let more = self.engine.collect(&space, &mut completions).expect("epoll answers");
        let count = completions.count();
        Round { completions: (0..count).map(|index| self.read(index)).collect(), more }
    }

    pub(crate) fn collect_closed(&mut self) -> Vec<Completion> {
        let mut all = Vec::new();
        loop {
            let mut completions = Completions::new(&self.completions);
            let more = self.engine.collect_closed(&mut completions);
            let count = completions.count();
            all.extend((0..count).map(|index| self.read(index).0));
            self.engine.free_closed();
            if !more {
                return all;
            }
        }
    }

    fn read(&self, index: usize) -> (Completion, Vec<u8>) {
        let record = Record::at(&self.completions, index).expect("count is right");
        let completion = std::array::from_fn(|word| record.get(word));
        let mut bytes = Vec::new();
        if completion[0] == records::DATA {
            let buffer = &self.space[(completion[3] % records::WHOLE) as usize];
            let offset = completion[4] as usize;
            bytes.extend(buffer[offset..offset + completion[5] as usize].iter().map(Cell::get));
        }
        (completion, bytes)
    }
}

/// What the peer can read now.
pub(crate) fn read_now(peer: &mut UnixStream, most: usize) -> Vec<u8> {
    let mut bytes = vec![0; most];
    match peer.read(&mut bytes) {
        Ok(count) => bytes.truncate(count),
        Err(_) => bytes.clear(),
    }
    bytes
}

/// How many bytes the peer could write now.
pub(crate) fn write_now(peer: &mut UnixStream, bytes: &[u8]) -> usize {
    peer.write(bytes).unwrap_or(0)
}
