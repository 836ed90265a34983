//! Up: what happened is taken from the kernel and written down.

use std::cell::Cell;
use std::os::fd::AsFd;

use rustix::io::Result;

use super::{Engine, Handle};
use crate::connection::Connection;
use crate::listener::Accepted;
use crate::records::{self, Completions};
use crate::selector;
use crate::slab::Id;
use crate::sys::socket;

/// Connections accepted at one event of a listener; more wait for the next round, so that others get their turn.
const MAX_ACCEPTS: usize = 32;
/// Completions that one event can lead to, accepting apart: bytes or end, and written and shut.
const ROOM_AN_EVENT: usize = 4;
/// From this many bytes on, the embedder may take a receive buffer whole instead of copying: half of one, so that a peer
/// can't make it hold more than twice what was sent.
const WHOLE_FROM: usize = 32_768;
/// A receive buffer with less room than this is left, to offer the kernel a decent size.
const LEAST_SPACE: usize = 16_384;

impl Engine {
    /// Takes what happened from the kernel: receives into `space`, accepts, sends what waited, and writes one completion
    /// each. Call it again while it answers true: then there was more than fitted, or a read filled its buffer. What that
    /// brought is to be told first, for the embedder may want no more of it; then the same socket is read again.
    pub fn collect(&mut self, space: &[&[Cell<u8>]], completions: &mut Completions<'_>) -> Result<bool> {
        self.selector.refill()?;
        let mut position = Position { buffer: 0, offset: 0 };
        while let Some((id, events)) = self.selector.peek() {
            if completions.room() < ROOM_AN_EVENT || !position.settle(space) {
                return Ok(true);
            }
            match self.handles.get_mut(id) {
                Some(Handle::Listener(_)) => self.accept(id, completions),
                Some(Handle::Connection(connection)) => {
                    let failed = events & selector::FAILED != 0;
                    let writable =
                        events & selector::WRITE != 0 || (failed && connection.interest() & selector::WRITE != 0);
                    let readable = events & selector::READ != 0 || failed;
                    if readable && connection.interest() & selector::READ != 0 {
                        let full = receive(connection, id, space, &mut position, completions);
                        if full && self.selector.look_again() {
                            return Ok(true);
                        }
                    }
                    if writable {
                        progress(connection, id, completions);
                    }
                    if connection.interest() != connection.registered || connection.counted != connection.keeps_alive()
                    {
                        let _ = self.update(id);
                    }
                }
                // An event of a handle that was closed after the kernel was asked.
                _ => {}
            }
            self.selector.advance();
        }
        Ok(false)
    }

    /// Tells which handles are closed. Call it again while it answers true, and `free_closed` once the embedder has heard.
    pub fn collect_closed(&mut self, completions: &mut Completions<'_>) -> bool {
        while completions.room() > 0 {
            let Some(id) = self.closed.pop() else { return false };
            self.told.push(id);
            completions.push(records::CLOSED, id, [0; 3]);
        }
        !self.closed.is_empty()
    }

    /// Frees the slots of the handles that `collect_closed` told about: until then none of them gets a new tenant.
    pub fn free_closed(&mut self) {
        for id in self.told.drain(..) {
            drop(self.handles.remove(id));
        }
    }

    fn accept(&mut self, id: Id, completions: &mut Completions<'_>) {
        let Some(Handle::Listener(listener)) = self.handles.get(id) else { return };
        listener.prepare_accepting();
        for _ in 0..MAX_ACCEPTS.min(completions.room()) {
            let Some(Handle::Listener(listener)) = self.handles.get(id) else { return };
            let (kind, paused) = (listener.kind, listener.paused);
            let opened = match listener.accept(&mut self.spare) {
                Ok(Accepted::Nothing) => return,
                Ok(Accepted::Dropped) => continue,
                Ok(Accepted::Connection(fd)) => {
                    let mut connection = Connection::new(fd, kind);
                    connection.reading = !paused;
                    self.insert(Handle::Connection(connection))
                }
                Err(error) => Err(error),
            };
            let opened = opened.and_then(|accepted| {
                self.update(accepted).map_or_else(
                    |error| {
                        drop(self.handles.remove(accepted));
                        Err(error)
                    },
                    |()| Ok(accepted),
                )
            });
            match opened {
                Ok(accepted) => {
                    let words = [accepted.slot.cast_signed(), accepted.generation.cast_signed(), 0];
                    completions.push(records::ACCEPTED, id, words);
                }
                Err(error) => {
                    completions.push(records::ACCEPT_FAILED, id, [records::status(Err(error)), 0, 0]);
                    return;
                }
            }
        }
    }
}

/// Where the next bytes go.
struct Position {
    buffer: usize,
    offset: usize,
}

impl Position {
    /// Moves on to a buffer with decent room; false when there is none left.
    fn settle(&mut self, space: &[&[Cell<u8>]]) -> bool {
        while let Some(buffer) = space.get(self.buffer) {
            if self.offset == 0 || buffer.len().saturating_sub(self.offset) >= LEAST_SPACE {
                return !buffer.is_empty();
            }
            self.buffer += 1;
            self.offset = 0;
        }
        false
    }
}

/// Receives once; true when the kernel had as much as there was room for, and so probably has more.
fn receive(
    connection: &mut Connection,
    id: Id,
    space: &[&[Cell<u8>]],
    position: &mut Position,
    completions: &mut Completions<'_>,
) -> bool {
    let Some(room) = space.get(position.buffer).and_then(|buffer| buffer.get(position.offset..)) else {
        return false;
    };
    match socket::receive(connection.fd.as_fd(), connection.kind, room) {
        Ok(None) => {}
        Ok(Some(0)) => {
            connection.ended = true;
            completions.push(records::END, id, [0; 3]);
        }
        Ok(Some(count)) => {
            let whole = position.offset == 0 && count >= WHOLE_FROM;
            let number = position.buffer as i32 + if whole { records::WHOLE } else { 0 };
            completions.push(records::DATA, id, [number, position.offset as i32, count as i32]);
            if whole {
                position.buffer += 1;
                position.offset = 0;
            } else {
                position.offset += count;
            }
            return count == room.len();
        }
        Err(error) => {
            connection.ended = true;
            completions.push(records::END, id, [records::status(Err(error)), 0, 0]);
        }
    }
    false
}

/// A connection turned writable: it is connected, or more of its backlog can leave.
fn progress(connection: &mut Connection, id: Id, completions: &mut Completions<'_>) {
    let mut answer = Ok(());
    if connection.connecting {
        answer = connection.finish_connect();
        completions.push(records::CONNECTED, id, [records::status(answer), 0, 0]);
        // There will be nothing to read.
        connection.ended |= answer.is_err();
    }
    let answer = answer.and_then(|()| connection.send_backlog());
    if answer.is_err() {
        connection.backlog.clear();
    }
    if !connection.backlog.is_empty() {
        return;
    }
    if connection.unfinished > 0 {
        let count = std::mem::take(&mut connection.unfinished);
        completions.push(records::WRITTEN, id, [records::status(answer), count.cast_signed(), 0]);
    }
    if std::mem::take(&mut connection.shutdown_wanted) {
        let answer = answer.and_then(|()| socket::shutdown(connection.fd.as_fd(), connection.kind));
        completions.push(records::SHUT, id, [records::status(answer), 0, 0]);
    }
}
