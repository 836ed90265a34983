//! What JavaScript (native.ts) calls.
//!
//! Handles are numbers: generation * 2^22 + slot. What can fail answers with a negative errno instead.

use std::cell::RefCell;
use std::rc::Rc;

use napi::bindgen_prelude::{Either, Result, Uint8Array, Unknown};
use napi::{Env, Error, JsValue, Status};
use napi_derive::napi;
use net_loop_core::sys::address::{self, Endpoint};
use net_loop_core::{Errno, Id, Opened};

use crate::embedding::{Embedding, RECEIVE_BUFFERS, Traffic};
use crate::shared::{HeldBuffer, SharedMemory};

/// Counted up whenever binding and native.ts no longer fit the one before.
const ABI: u32 = 5;
const SLOT_BITS: u32 = 22;

// Flags, as in driver.ts; PAUSED is native.ts' own.
const IPV6_ONLY: u32 = 1;
const REUSE_PORT: u32 = 2;
const READABLE_ALL: u32 = 4;
const WRITABLE_ALL: u32 = 8;
const PAUSED: u32 = 16;

/// An end of a TCP connection.
#[napi(object)]
pub struct Address {
    pub address: String,
    pub family: String,
    pub port: u32,
}

/// The loop of one environment.
#[napi]
pub struct NativeLoop {
    embedding: Rc<Embedding>,
}

fn id(handle: f64) -> Id {
    // A number that no handle has, NaN included, becomes one that finds nothing.
    let number = handle as u64;
    Id { slot: (number & ((1 << SLOT_BITS) - 1)) as u32, generation: (number >> SLOT_BITS) as u32 }
}

fn opened(answer: Opened) -> f64 {
    match answer {
        Ok(id) => (u64::from(id.generation) << SLOT_BITS | u64::from(id.slot)) as f64,
        Err(error) => -f64::from(error.raw_os_error()),
    }
}

fn status(answer: std::result::Result<(), Errno>) -> i32 {
    answer.map_or_else(|error| -error.raw_os_error(), |()| 0)
}

#[napi]
impl NativeLoop {
    #[napi]
    pub fn abi() -> u32 {
        ABI
    }

    /// Takes memory that nobody else knows, that is never detached and never resized.
    ///
    /// @param complete - called when completions are to be run
    /// @param turn - 4 words, see turn.ts and embedding.rs
    /// @param completions, records - words of completions and submissions, see records.rs
    /// @param arena - bytes of small writes
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        complete: Unknown<'_>,
        turn: Unknown<'_>,
        completions: Unknown<'_>,
        records: Unknown<'_>,
        arena: Unknown<'_>,
    ) -> Result<Self> {
        let traffic = Traffic {
            turn: SharedMemory::new(&env, turn.raw())?,
            completions: SharedMemory::new(&env, completions.raw())?,
            arena: SharedMemory::new(&env, arena.raw())?,
            records: RefCell::new(SharedMemory::new(&env, records.raw())?),
            receive: RefCell::new(Vec::new()),
        };
        let embedding = Embedding::start(env.raw(), complete.raw(), traffic)
            .map_err(|reason| Error::new(Status::GenericFailure, reason))?;
        Ok(Self { embedding })
    }

    /// Replaces the submission records by a larger copy.
    #[napi(catch_unwind)]
    pub fn set_records(&self, env: Env, records: Unknown<'_>) -> Result<()> {
        *self.embedding.traffic.records.borrow_mut() = SharedMemory::new(&env, records.raw())?;
        Ok(())
    }

    /// Puts a buffer in the place of receive buffer `index`. To be called before the one that was there is given away.
    #[napi(catch_unwind)]
    pub fn set_receive_buffer(&self, env: Env, index: u32, buffer: Unknown<'_>) -> Result<()> {
        let memory = SharedMemory::new(&env, buffer.raw())?;
        let mut receive = self.embedding.traffic.receive.borrow_mut();
        let (index, count) = (index as usize, receive.len());
        match receive.get_mut(index) {
            Some(place) => *place = memory,
            None if index == count && index < RECEIVE_BUFFERS => receive.push(memory),
            None => return Err(Error::new(Status::InvalidArg, "no such receive buffer")),
        }
        Ok(())
    }

    /// Keeps a large chunk for the submission being built; the number goes into its record.
    #[napi(catch_unwind)]
    pub fn keep(&self, env: Env, chunk: Unknown<'_>) -> Result<u32> {
        let held = HeldBuffer::new(&env, chunk.raw())?;
        Ok(self.embedding.engine.borrow_mut().keep(Box::new(held)) as u32)
    }

    /// Does what the records `from..to` ask for; the answers are in their status words.
    #[napi(catch_unwind)]
    pub fn submit(&self, from: u32, to: u32) {
        {
            let traffic = &self.embedding.traffic;
            let records = traffic.records.borrow();
            self.embedding.engine.borrow_mut().submit(
                records.words(),
                traffic.arena.bytes(),
                from as usize,
                to as usize,
            );
        }
        self.embedding.settle();
    }

    #[napi(catch_unwind)]
    pub fn bind_tcp(&self, local: String, port: u16, flags: u32) -> f64 {
        let mut engine = self.embedding.engine.borrow_mut();
        opened(
            address::parse(&local, port)
                .and_then(|local| engine.bind(&local, flags & IPV6_ONLY != 0, flags & REUSE_PORT != 0)),
        )
    }

    #[napi(catch_unwind)]
    pub fn bind_path(&self, path: Uint8Array) -> f64 {
        opened(self.embedding.engine.borrow_mut().bind_path(&path))
    }

    /// @param bound - what `bindTcp` answered, or -1
    #[napi(catch_unwind)]
    pub fn connect_tcp(&self, bound: f64, remote: String, port: u16) -> f64 {
        let bound = (bound >= 0.0).then(|| id(bound));
        let answer =
            address::parse(&remote, port).and_then(|remote| self.embedding.engine.borrow_mut().connect(bound, &remote));
        self.embedding.settle();
        opened(answer)
    }

    /// @param bound - what `bindPath` answered, or -1
    #[napi(catch_unwind)]
    pub fn connect_path(&self, bound: f64, path: Uint8Array) -> f64 {
        let bound = (bound >= 0.0).then(|| id(bound));
        let answer = self.embedding.engine.borrow_mut().connect_path(bound, &path);
        self.embedding.settle();
        opened(answer)
    }

    #[napi(catch_unwind)]
    pub fn adopt(&self, fd: i32) -> f64 {
        opened(self.embedding.engine.borrow_mut().adopt(fd))
    }

    #[napi(catch_unwind)]
    pub fn listen_tcp(&self, local: String, port: u16, backlog: i32, flags: u32) -> f64 {
        let answer = address::parse(&local, port).and_then(|local| {
            self.embedding.engine.borrow_mut().listen(
                &local,
                backlog,
                flags & IPV6_ONLY != 0,
                flags & REUSE_PORT != 0,
                flags & PAUSED != 0,
            )
        });
        self.embedding.settle();
        opened(answer)
    }

    #[napi(catch_unwind)]
    pub fn listen_path(&self, path: Uint8Array, backlog: i32, flags: u32) -> f64 {
        let answer = self.embedding.engine.borrow_mut().listen_path(
            &path,
            backlog,
            flags & READABLE_ALL != 0,
            flags & WRITABLE_ALL != 0,
            flags & PAUSED != 0,
        );
        self.embedding.settle();
        opened(answer)
    }

    #[napi(catch_unwind)]
    pub fn listen_fd(&self, fd: i32, backlog: i32, flags: u32) -> f64 {
        let answer = self.embedding.engine.borrow_mut().listen_fd(fd, backlog, flags & PAUSED != 0);
        self.embedding.settle();
        opened(answer)
    }

    /// @param bound - what `bindTcp` or `bindPath` answered; from here on it is a listener
    #[napi(catch_unwind)]
    pub fn listen_bound(&self, bound: f64, backlog: i32, flags: u32) -> f64 {
        let answer = self.embedding.engine.borrow_mut().listen_bound(id(bound), backlog, flags & PAUSED != 0);
        self.embedding.settle();
        opened(answer)
    }

    #[napi(catch_unwind)]
    pub fn set_reading(&self, handle: f64, on: bool) -> i32 {
        let answer = self.embedding.engine.borrow_mut().set_reading(id(handle), on);
        self.embedding.settle();
        status(answer)
    }

    #[napi(catch_unwind)]
    pub fn set_referenced(&self, handle: f64, on: bool) -> i32 {
        let answer = self.embedding.engine.borrow_mut().set_referenced(id(handle), on);
        self.embedding.settle();
        status(answer)
    }

    #[napi(catch_unwind)]
    pub fn close_unopened(&self) -> f64 {
        let answer = self.embedding.engine.borrow_mut().close_unopened();
        self.embedding.settle();
        opened(answer)
    }

    #[napi(catch_unwind)]
    pub fn close(&self, handle: f64) -> i32 {
        let answer = self.embedding.engine.borrow_mut().close(id(handle));
        self.embedding.settle();
        status(answer)
    }

    #[napi(catch_unwind)]
    pub fn fd(&self, handle: f64) -> i32 {
        self.embedding.engine.borrow().fd(id(handle)).unwrap_or(-1)
    }

    /// Bytes that the kernel has not taken yet although it was asked.
    #[napi(catch_unwind)]
    pub fn backlog(&self, handle: f64) -> f64 {
        self.embedding.engine.borrow().backlog(id(handle)) as f64
    }

    #[napi(catch_unwind)]
    pub fn local_address(&self, handle: f64) -> Option<Either<Address, String>> {
        self.embedding.engine.borrow().local_address(id(handle)).ok().map(endpoint)
    }

    #[napi(catch_unwind)]
    pub fn remote_address(&self, handle: f64) -> Option<Either<Address, String>> {
        self.embedding.engine.borrow().remote_address(id(handle)).ok().map(endpoint)
    }

    #[napi(catch_unwind)]
    pub fn set_no_delay(&self, handle: f64, on: bool) -> i32 {
        status(self.embedding.engine.borrow().set_no_delay(id(handle), on))
    }

    #[napi(catch_unwind)]
    pub fn set_keep_alive(&self, handle: f64, on: bool, delay: u32, interval: u32, count: u32) -> i32 {
        status(self.embedding.engine.borrow().set_keep_alive(id(handle), on, delay, interval, count))
    }

    #[napi(catch_unwind)]
    pub fn set_type_of_service(&self, handle: f64, value: u32) -> i32 {
        status(self.embedding.engine.borrow().set_type_of_service(id(handle), value))
    }

    #[napi(catch_unwind)]
    pub fn type_of_service(&self, handle: f64) -> i32 {
        match self.embedding.engine.borrow().type_of_service(id(handle)) {
            Ok(value) => value.cast_signed(),
            Err(error) => -error.raw_os_error(),
        }
    }
}

fn endpoint(endpoint: Endpoint) -> Either<Address, String> {
    match endpoint {
        Endpoint::Ip { address, v6, port } => {
            Either::A(Address { address, family: if v6 { "IPv6" } else { "IPv4" }.to_owned(), port: port.into() })
        }
        // A path that is no UTF-8 is shown as Node shows it, with replacement characters.
        Endpoint::Path(path) => Either::B(String::from_utf8_lossy(&path).into_owned()),
    }
}
