//! What the kernel did not take yet, in order.

use std::collections::VecDeque;
use std::io::IoSlice;

/// A chunk that lives elsewhere, e.g. in JavaScript's heap, and is not copied.
pub trait Bytes {
    /// The bytes as they are now; empty when whoever owned them took them away.
    fn bytes(&self) -> &[u8];
}

enum Chunk {
    Copied(Vec<u8>),
    Kept(Box<dyn Bytes>),
}

impl Chunk {
    fn bytes(&self) -> &[u8] {
        match self {
            Chunk::Copied(bytes) => bytes,
            Chunk::Kept(bytes) => bytes.bytes(),
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
}

impl Backlog {
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        let all: usize = self.chunks.iter().map(|chunk| chunk.bytes().len()).sum();
        all.saturating_sub(self.sent)
    }

    pub(crate) fn copy(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(Chunk::Copied(last)) = self.chunks.back_mut()
            && last.len() + bytes.len() <= MERGE_BELOW
        {
            last.extend_from_slice(bytes);
        } else {
            self.chunks.push_back(Chunk::Copied(bytes.to_vec()));
        }
    }

    /// Adds a kept chunk of which `sent` bytes are gone already; only the first chunk may be begun.
    pub(crate) fn keep(&mut self, bytes: Box<dyn Bytes>, sent: usize) {
        debug_assert!(sent == 0 || self.chunks.is_empty());
        if self.chunks.is_empty() {
            self.sent = sent;
        }
        self.chunks.push_back(Chunk::Kept(bytes));
    }

    /// The unsent bytes, as many pieces as fit.
    pub(crate) fn slices<'a>(&'a self, out: &mut [IoSlice<'a>]) -> usize {
        let mut count = 0;
        for (index, chunk) in self.chunks.iter().enumerate() {
            let Some(slot) = out.get_mut(count) else { break };
            let bytes = chunk.bytes();
            // A chunk that shrank under us has nothing left to send.
            let unsent = if index == 0 {
                bytes.get(self.sent..).unwrap_or_default()
            } else {
                bytes
            };
            *slot = IoSlice::new(unsent);
            count += 1;
        }
        count
    }

    /// Forgets `count` bytes that were sent, and chunks that have none left.
    pub(crate) fn advance(&mut self, mut count: usize) {
        while let Some(first) = self.chunks.front() {
            let left = first.bytes().len().saturating_sub(self.sent);
            if count < left {
                self.sent += count;
                return;
            }
            count -= left;
            self.sent = 0;
            self.chunks.pop_front();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.chunks.clear();
        self.sent = 0;
    }
}
