//! The records that the engine and its embedder exchange through shared memory.
//!
//! Both directions use the same layout, [`WORDS`] signed 32-bit words a record. The embedder appends submissions and the
//! engine answers each in its status word; the engine writes completions. The memory is trusted in nothing: every slot,
//! generation, offset and length is checked before use, since whoever embeds may write any word at any time in between.

use std::cell::Cell;

/// Words a record.
pub const WORDS: usize = 6;

// Words of a submission.
pub const OPERATION: usize = 0;
pub const SLOT: usize = 1;
pub const GENERATION: usize = 2;
/// Write: where the bytes begin in the arena. Write by reference: the chunk's number in the submission.
pub const OFFSET: usize = 3;
/// Write: how many bytes, unsigned; [`ALL`] is all that a chunk has. EFAULT when a chunk has become shorter.
pub const LENGTH: usize = 4;
/// The answer: 0, a negative errno, or [`PENDING`].
pub const STATUS: usize = 5;

/// The length of a chunk that is as long as this or longer.
pub const ALL: u32 = u32::MAX;

// Operations.
/// Sends bytes of the arena.
pub const WRITE: i32 = 1;
/// Sends a chunk that is not copied.
pub const WRITE_KEPT: i32 = 2;
/// Half-closes behind what was written.
pub const SHUTDOWN: i32 = 3;
pub const CLOSE: i32 = 4;
/// Closes with RST.
pub const RESET: i32 = 5;

/// The status of a submission whose completion follows as a record of its own.
pub const PENDING: i32 = 1;

// Kinds of completion (word 0); words 1 and 2 are slot and generation as in submissions.
/// Bytes came. Word 3: number of the receive buffer, plus [`WHOLE`]; word 4: offset; word 5: length.
pub const DATA: i32 = 1;
/// The peer ended (word 3 is 0), or reading failed (word 3 is a negative errno).
pub const END: i32 = 2;
/// Word 3: 0 or a negative errno.
pub const CONNECTED: i32 = 3;
/// Pending writes ended. Word 3: 0 or a negative errno; word 4: how many records.
pub const WRITTEN: i32 = 4;
/// A pending shutdown ended. Word 3: 0 or a negative errno.
pub const SHUT: i32 = 5;
/// A listener accepted. Words 3 and 4: slot and generation of the connection.
pub const ACCEPTED: i32 = 6;
/// Accepting failed. Word 3: a negative errno.
pub const ACCEPT_FAILED: i32 = 7;
/// A handle is closed; its slot is free from here on.
pub const CLOSED: i32 = 8;

/// Flag in word 3 of [`DATA`]: nothing else was received into this buffer, the embedder may take it whole.
pub const WHOLE: i32 = 256;

/// 0, or the error as a negative errno.
pub(crate) fn status(answer: rustix::io::Result<()>) -> i32 {
    answer.map_or_else(|error| -error.raw_os_error(), |()| 0)
}

/// One record in shared memory.
#[derive(Clone, Copy)]
pub struct Record<'a>(&'a [Cell<i32>]);

impl<'a> Record<'a> {
    /// The record at `index`, if the memory reaches that far.
    pub fn at(words: &'a [Cell<i32>], index: usize) -> Option<Self> {
        let start = index.checked_mul(WORDS)?;
        words.get(start..start.checked_add(WORDS)?).map(Self)
    }

    pub fn get(&self, word: usize) -> i32 {
        self.0.get(word).map_or(0, Cell::get)
    }

    pub fn set(&self, word: usize, value: i32) {
        if let Some(cell) = self.0.get(word) {
            cell.set(value);
        }
    }
}

/// Completions of one round, written into memory that the embedder reads.
pub struct Completions<'a> {
    words: &'a [Cell<i32>],
    count: usize,
}

impl<'a> Completions<'a> {
    pub fn new(words: &'a [Cell<i32>]) -> Self {
        Self { words, count: 0 }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// How many more fit.
    pub fn room(&self) -> usize {
        (self.words.len() / WORDS).saturating_sub(self.count)
    }

    /// Adds one; the caller has asked for `room`. Without room it is dropped, which loses an event but no memory.
    pub(crate) fn push(&mut self, kind: i32, id: crate::slab::Id, rest: [i32; 3]) {
        debug_assert!(self.room() > 0);
        if let Some(record) = Record::at(self.words, self.count) {
            let [a, b, c] = rest;
            record.set(0, kind);
            record.set(SLOT, id.slot.cast_signed());
            record.set(GENERATION, id.generation.cast_signed());
            record.set(3, a);
            record.set(4, b);
            record.set(5, c);
            self.count += 1;
        }
    }
}
