//! The memory that native.ts made for the traffic, and who may do what with its words.

use std::cell::{Cell, RefCell};

use crate::shared::SharedMemory;

// Words of `turn`, shared with turn.ts and native.ts; the first one is JavaScript's own.
/// Completions are being delivered: Rust begins, JavaScript ends it when the last one ran.
const IN_WAKE_UP: usize = 1;
/// Number of the completion to deliver next: Rust begins, JavaScript counts on.
const CURSOR: usize = 2;
/// Rust: how many completions the round has.
const COUNT: usize = 3;

pub(crate) struct Traffic {
    turn: SharedMemory,
    pub(crate) completions: SharedMemory,
    pub(crate) arena: SharedMemory,
    /// Submissions; replaced by a larger one when they do not fit.
    pub(crate) records: RefCell<SharedMemory>,
    /// Each one is replaced when it is handed out.
    receive: RefCell<Vec<SharedMemory>>,
}

impl Traffic {
    pub(crate) fn new(
        turn: SharedMemory,
        completions: SharedMemory,
        records: SharedMemory,
        arena: SharedMemory,
    ) -> Self {
        Self { turn, completions, arena, records: RefCell::new(records), receive: RefCell::new(Vec::new()) }
    }

    /// Puts memory in the place of receive buffer `index`, or adds it where it is the next one.
    pub(crate) fn set_receive_buffer(&self, index: usize, memory: SharedMemory) {
        let mut receive = self.receive.borrow_mut();
        if let Some(place) = receive.get_mut(index) {
            *place = memory;
        } else if index == receive.len() && index < RECEIVE_BUFFERS {
            receive.push(memory);
        }
    }

    pub(crate) fn with_receive_buffers<T>(&self, run: impl FnOnce(&[&[Cell<u8>]]) -> T) -> T {
        let receive = self.receive.borrow();
        let mut space = [&[] as &[Cell<u8>]; RECEIVE_BUFFERS];
        for (slice, buffer) in space.iter_mut().zip(receive.iter()) {
            *slice = buffer.bytes();
        }
        run(&space)
    }

    pub(crate) fn drop_receive_buffers(&self) {
        self.receive.borrow_mut().clear();
    }

    /// Whether a round of completions has begun, and JavaScript has not run the last of them.
    pub(crate) fn delivering(&self) -> bool {
        self.turn.words().get(IN_WAKE_UP).is_some_and(|word| word.get() != 0)
    }

    /// Begins a round of so many completions. False where the memory is too short to say so.
    pub(crate) fn begin(&self, count: usize) -> bool {
        let [in_wake_up, cursor, end] = [IN_WAKE_UP, CURSOR, COUNT].map(|index| self.turn.words().get(index));
        let (Some(in_wake_up), Some(cursor), Some(end)) = (in_wake_up, cursor, end) else {
            return false;
        };
        in_wake_up.set(1);
        cursor.set(0);
        end.set(count as i32);
        true
    }

    /// Ends the round, wherever JavaScript has got to.
    pub(crate) fn finish(&self) {
        if let Some(word) = self.turn.words().get(IN_WAKE_UP) {
            word.set(0);
        }
    }
}

/// Buffers to receive into; each is one that a large chunk can be handed over in.
const RECEIVE_BUFFERS: usize = 4;
