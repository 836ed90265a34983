//! A connection's state, and how its bytes leave.

use std::cell::Cell;
use std::io::IoSlice;
use std::os::fd::AsFd;

use rustix::io::{Errno, Result};

use crate::backlog::{Backlog, Chunks};
use crate::records::{self, Record};
use crate::selector;
use crate::sys::descriptor::Descriptor;
use crate::sys::socket::{self, Kind};
use crate::sys::{as_bytes, options};

/// Pieces a system call; the kernel takes 1,024 (UIO_MAXIOV), more than this gains nothing.
const MAX_PIECES: usize = 64;
/// The end of a chain of records.
pub(crate) const NONE: u32 = u32::MAX;

pub(crate) struct Connection {
    pub(crate) fd: Descriptor,
    pub(crate) kind: Kind,
    /// The file of a Unix socket that we bound, to be removed at close.
    pub(crate) path: Option<Vec<u8>>,
    /// Made, perhaps bound, but not asked to connect yet.
    pub(crate) idle: bool,
    pub(crate) connecting: bool,
    /// What the kernel answered at once to the connect; it is told as if it had come later.
    pub(crate) refusal: Option<Errno>,
    pub(crate) reading: bool,
    /// The peer ended, or reading failed: there is nothing more to read.
    pub(crate) ended: bool,
    /// What the selector waits for on our behalf.
    pub(crate) registered: u32,
    pub(crate) referenced: bool,
    /// Counted among those that keep the embedder alive.
    pub(crate) counted: bool,
    pub(crate) backlog: Backlog,
    /// Submissions whose bytes are in the backlog.
    pub(crate) unfinished: u32,
    pub(crate) shutdown_wanted: bool,
    /// Records of the submission that is being worked on: first and last of a chain.
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// The memory that a submission refers to.
pub(crate) struct Sources<'a> {
    pub(crate) records: &'a [Cell<i32>],
    pub(crate) arena: &'a [Cell<u8>],
    pub(crate) chunks: &'a dyn Chunks,
    /// For the record at `index`, the next one of the same connection.
    pub(crate) chain: &'a [Cell<u32>],
    /// Index of the record that `chain` begins with.
    pub(crate) base: usize,
}

impl Sources<'_> {
    fn record(&self, index: u32) -> Option<Record<'_>> {
        Record::at(self.records, self.base + index as usize)
    }

    fn next(&self, index: u32) -> u32 {
        self.chain.get(index as usize).map_or(NONE, Cell::get)
    }

    fn answer(&self, index: u32, status: i32) {
        if let Some(record) = self.record(index) {
            record.set(records::STATUS, status);
        }
    }

    /// The bytes that a write record means; None when they do not exist, or not all of them any more.
    fn bytes(&self, index: u32) -> Option<&[u8]> {
        let record = self.record(index)?;
        let offset = usize::try_from(record.get(records::OFFSET)).ok()?;
        let length = record.get(records::LENGTH).cast_unsigned();
        if record.get(records::OPERATION) == records::WRITE {
            return self.arena.get(offset..offset.checked_add(length as usize)?).map(as_bytes);
        }
        let bytes = self.chunks.bytes(offset)?;
        let written = bytes.get(..length as usize)?;
        Some(if length == records::ALL { bytes } else { written })
    }

    /// Puts the bytes of the chain from `index` on into `pieces`; how many there are before the first that do not exist.
    fn pieces<'a>(&'a self, mut index: u32, pieces: &mut [IoSlice<'a>]) -> usize {
        let mut count = 0;
        for piece in pieces {
            let Some(bytes) = self.bytes(index) else { break };
            *piece = IoSlice::new(bytes);
            count += 1;
            index = self.next(index);
        }
        count
    }

    /// Answers the rest of a chain.
    fn fail(&self, mut index: u32, error: Errno) {
        while index != NONE {
            self.answer(index, records::status(Err(error)));
            index = self.next(index);
        }
    }

    /// Answers those records of the chain that were answered with PENDING.
    pub(crate) fn fail_pending(&self, mut index: u32, error: Errno) {
        while index != NONE {
            if self.record(index).is_some_and(|record| record.get(records::STATUS) == records::PENDING) {
                self.answer(index, records::status(Err(error)));
            }
            index = self.next(index);
        }
    }

    /// Moves what is unsent of a record into the backlog; None when its bytes do not exist.
    fn store(&self, index: u32, sent: usize, backlog: &mut Backlog) -> Option<()> {
        let record = self.record(index)?;
        let bytes = self.bytes(index)?;
        if record.get(records::OPERATION) == records::WRITE {
            backlog.copy(bytes.get(sent..).unwrap_or_default());
        } else {
            let number = usize::try_from(record.get(records::OFFSET)).ok()?;
            backlog.keep(self.chunks.keep(number)?, bytes.len(), sent);
        }
        Some(())
    }
}

impl Connection {
    pub(crate) fn new(fd: impl Into<Descriptor>, kind: Kind) -> Self {
        Self {
            fd: fd.into(),
            kind,
            path: None,
            idle: false,
            connecting: false,
            refusal: None,
            reading: false,
            ended: false,
            registered: 0,
            referenced: true,
            counted: false,
            backlog: Backlog::default(),
            unfinished: 0,
            shutdown_wanted: false,
            first: NONE,
            last: NONE,
        }
    }

    /// What the selector should wait for.
    pub(crate) fn interest(&self) -> u32 {
        let read = if self.reading && !self.ended && !self.idle && !self.connecting { selector::READ } else { 0 };
        let write = if self.connecting || (!self.idle && !self.backlog.is_empty()) { selector::WRITE } else { 0 };
        read | write
    }

    /// True when something is to be waited for.
    pub(crate) fn active(&self) -> bool {
        self.asked() || (self.reading && !self.ended && !self.idle)
    }

    /// True when the embedder should not end: what was asked for is to be answered, whether the connection is referenced or not.
    pub(crate) fn keeps_alive(&self) -> bool {
        self.asked() || (self.referenced && self.active())
    }

    fn asked(&self) -> bool {
        self.connecting || self.unfinished > 0 || self.shutdown_wanted
    }

    /// Sends the records of this connection's chain, in one system call where that suffices, and answers each.
    pub(crate) fn send_chain(&mut self, sources: &Sources<'_>) {
        let mut index = std::mem::replace(&mut self.first, NONE);
        self.last = NONE;
        if self.shutdown_wanted {
            // As the kernel would say if the half-close were not waiting behind the backlog.
            return sources.fail(index, Errno::PIPE);
        }
        if self.idle {
            // As the kernel says of a socket that nobody connected (send(2)).
            return sources.fail(index, Errno::PIPE);
        }
        let mut sent = 0;
        while index != NONE && sent == 0 && !self.connecting && self.backlog.is_empty() {
            let mut pieces = [IoSlice::new(&[]); MAX_PIECES];
            let count = sources.pieces(index, &mut pieces);
            if count == 0 {
                return sources.fail(index, Errno::FAULT);
            }
            let pieces = pieces.get(..count).unwrap_or_default();
            let offered: usize = pieces.iter().map(|piece| piece.len()).sum();
            let mut taken = 0;
            if offered > 0 {
                taken = match socket::send(self.fd.as_fd(), self.kind, pieces) {
                    Ok(taken) => taken,
                    Err(error) => return sources.fail(index, error),
                };
            }
            let all = taken == offered;
            for piece in pieces {
                if taken < piece.len() {
                    sent = taken;
                    break;
                }
                taken -= piece.len();
                sources.answer(index, 0);
                index = sources.next(index);
            }
            if !all {
                break;
            }
        }
        // What is left waits until the socket is writable, or connected.
        while index != NONE {
            if sources.store(index, sent, &mut self.backlog).is_none() {
                // Nothing that was written behind it may go in its place.
                return sources.fail(index, Errno::FAULT);
            }
            self.unfinished += 1;
            sources.answer(index, records::PENDING);
            sent = 0;
            index = sources.next(index);
        }
    }

    /// Sends what is in the backlog, as far as the kernel takes it.
    pub(crate) fn send_backlog(&mut self) -> Result<()> {
        while !self.backlog.is_empty() {
            let mut pieces = [IoSlice::new(&[]); MAX_PIECES];
            let count = self.backlog.slices(&mut pieces)?;
            let pieces = pieces.get(..count).unwrap_or_default();
            let offered: usize = pieces.iter().map(|piece| piece.len()).sum();
            let taken = if offered == 0 { 0 } else { socket::send(self.fd.as_fd(), self.kind, pieces)? };
            self.backlog.advance(taken);
            if taken < offered {
                break;
            }
        }
        Ok(())
    }

    /// Removes the socket's file. One that is gone already is no error.
    pub(crate) fn unlink(&mut self) {
        if let Some(path) = self.path.take() {
            let _ = socket::unlink(&path);
        }
    }

    /// How the connect ended.
    pub(crate) fn finish_connect(&mut self) -> Result<()> {
        self.connecting = false;
        match self.refusal.take() {
            Some(error) => Err(error),
            None => options::take_error(self.fd.as_fd()),
        }
    }
}
