//! Down: what the embedder wants is done, and answered in place.

use std::cell::Cell;
use std::os::fd::AsFd;

use rustix::io::Errno;

use super::{Engine, Handle};
use crate::backlog::Chunks;
use crate::connection::{NONE, Sources};
use crate::records::{self, Record};
use crate::slab::Id;
use crate::sys::socket;

impl Engine {
    /// Does what the records `from..to` ask for and answers each in its status word. All that one connection writes is
    /// offered to the kernel together.
    pub fn submit(&mut self, words: &[Cell<i32>], arena: &[Cell<u8>], chunks: &dyn Chunks, from: usize, to: usize) {
        let to = to.min(words.len() / records::WORDS);
        let count = to.saturating_sub(from);
        let mut chain = std::mem::take(&mut self.chain);
        chain.clear();
        chain.resize(count, Cell::new(NONE));
        let sources = Sources { records: words, arena, chunks, chain: &chain, base: from };
        for index in 0..count {
            let Some(record) = Record::at(words, from + index) else { break };
            let id = Id {
                slot: record.get(records::SLOT).cast_unsigned(),
                generation: record.get(records::GENERATION).cast_unsigned(),
            };
            let operation = record.get(records::OPERATION);
            if operation == records::WRITE || operation == records::WRITE_KEPT {
                if !self.link(id, &chain, index as u32) {
                    record.set(records::STATUS, records::status(Err(Errno::BADF)));
                }
                continue;
            }
            // Whatever else is asked for comes behind what was written before, on other connections as well.
            self.send_touched(&sources);
            let status = match operation {
                records::SHUTDOWN => self.shutdown(id),
                records::CLOSE => records::status(self.close(id)),
                records::RESET => records::status(self.reset(id)),
                _ => records::status(Err(Errno::INVAL)),
            };
            record.set(records::STATUS, status);
        }
        self.send_touched(&sources);
        self.chain = chain;
    }

    /// Adds a record to its connection's chain.
    fn link(&mut self, id: Id, chain: &[Cell<u32>], index: u32) -> bool {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else { return false };
        if connection.first == NONE {
            connection.first = index;
            self.touched.push(id);
        } else if let Some(next) = chain.get(connection.last as usize) {
            next.set(index);
        }
        connection.last = index;
        true
    }

    fn send_touched(&mut self, sources: &Sources<'_>) {
        let mut touched = std::mem::take(&mut self.touched);
        for id in touched.drain(..) {
            self.send(id, sources);
        }
        self.touched = touched;
    }

    fn send(&mut self, id: Id, sources: &Sources<'_>) {
        let Some(Handle::Connection(connection)) = self.handles.get_mut(id) else { return };
        let first = connection.first;
        if first == NONE {
            return;
        }
        connection.send_chain(sources);
        if connection.unfinished == 0 {
            return;
        }
        if let Err(error) = self.update(id)
            && let Some(Handle::Connection(connection)) = self.handles.get_mut(id)
        {
            // A socket that can't be waited for would keep its backlog for ever.
            connection.backlog.clear();
            connection.unfinished = 0;
            sources.fail_pending(first, error);
            self.recount(id);
        }
    }

    fn shutdown(&mut self, id: Id) -> i32 {
        let connection = match self.connection(id) {
            Ok(connection) => connection,
            Err(error) => return records::status(Err(error)),
        };
        if !connection.backlog.is_empty() || connection.connecting {
            connection.shutdown_wanted = true;
            self.recount(id);
            return records::PENDING;
        }
        records::status(socket::shutdown(connection.fd.as_fd(), connection.kind))
    }
}
