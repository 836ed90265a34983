//! What the kernel did not take yet, in order.

use std::collections::VecDeque;
use std::io::IoSlice;

use rustix::io::{Errno, Result};

/// A chunk that lives elsewhere, e.g. in JavaScript's heap, and is not copied.
pub trait Bytes {
    /// The bytes as they are now; fewer, or none, when whoever owned them took them away.
    fn bytes(&self) -> &[u8];
}

/// The large chunks of one submission, by number.
pub trait Chunks {
    /// The bytes of one as they are now; None when there is none of this number.
    fn bytes(&self, number: usize) -> Option<&[u8]>;

    /// Holds on to one beyond the submission.
    fn keep(&self, number: usize) -> Option<Box<dyn Bytes>>;
}

enum Chunk {
    Copied(Vec<u8>),
    /// With the length that it had when it was written, all of which is to be sent, and no more.
    Kept(Box<dyn Bytes>, usize),
}

impl Chunk {
    /// EFAULT where fewer are left than were written: to send those would leave a hole that nobody sees.
    fn bytes(&self) -> Result<&[u8]> {
        match self {
            Chunk::Copied(bytes) => Ok(bytes),
            Chunk::Kept(chunk, length) => chunk.bytes().get(..*length).ok_or(Errno::FAULT),
        }
    }

    fn length(&self) -> usize {
        match self {
            Chunk::Copied(bytes) => bytes.len(),
            Chunk::Kept(_, length) => *length,
        }
    }
}

/// Below this, a chunk is copied behind the one before it: many small leftovers are one buffer, not one each.
const MERGE_BELOW: usize = 65_536;

#[derive(Default)]
pub(crate) struct Backlog {
    chunks: VecDeque<Chunk>,
    /// Bytes of the first chunk that have been sent.
    sent: usize,
    /// Bytes of all chunks that have not.
    unsent: usize,
}

impl Backlog {
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.unsent
    }

    pub(crate) fn copy(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.unsent += bytes.len();
        if let Some(Chunk::Copied(last)) = self.chunks.back_mut()
            && last.len() + bytes.len() <= MERGE_BELOW
        {
            last.extend_from_slice(bytes);
        } else {
            self.chunks.push_back(Chunk::Copied(bytes.to_vec()));
        }
    }

    /// Adds the first `length` bytes of a kept chunk, `sent` of which are gone already; only the first chunk may be begun.
    pub(crate) fn keep(&mut self, bytes: Box<dyn Bytes>, length: usize, sent: usize) {
        debug_assert!(sent == 0 || self.chunks.is_empty());
        if self.chunks.is_empty() {
            self.sent = sent;
        }
        self.unsent += length.saturating_sub(sent);
        self.chunks.push_back(Chunk::Kept(bytes, length));
    }

    /// The unsent bytes, as many pieces as fit. EFAULT when those of the first chunk are gone; later ones are left out then.
    pub(crate) fn slices<'a>(&'a self, out: &mut [IoSlice<'a>]) -> Result<usize> {
        let mut count = 0;
        for (slot, chunk) in out.iter_mut().zip(&self.chunks) {
            let bytes = match chunk.bytes() {
                Err(error) if count == 0 => return Err(error),
                Err(_) => break,
                Ok(bytes) => bytes,
            };
            let sent = if count == 0 { self.sent } else { 0 };
            *slot = IoSlice::new(bytes.get(sent..).unwrap_or_default());
            count += 1;
        }
        Ok(count)
    }

    /// Forgets `count` bytes that were sent, and chunks that have none left.
    pub(crate) fn advance(&mut self, mut count: usize) {
        while let Some(first) = self.chunks.front() {
            let left = first.length().saturating_sub(self.sent);
            if count < left {
                self.sent += count;
                self.unsent -= count;
                return;
            }
            count -= left;
            self.unsent -= left;
            self.sent = 0;
            self.chunks.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
