//! What JavaScript (native.ts) calls: functions that are told which loop is meant. Methods of a class would do the same, but
//! before each call of one napi-rs asks V8 for the object's tag and takes a lock, which is ten times the price of the call.
//!
//! Loops are numbers, handles, too: generation * 2^22 + slot. What can fail answers with a negative errno instead.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use napi::bindgen_prelude::{Either, Uint8Array, Unknown};
use napi::{Env, Error, JsValue, Status};
use napi_derive::napi;
use net_loop_core::sys::address::{self, Endpoint};
use net_loop_core::{Engine, Errno, Id, Opened};

use crate::embedding::Embedding;
use crate::shared::SharedMemory;
use crate::traffic::Traffic;

/// Counted up whenever binding and native.ts no longer fit the one before.
const ABI: u32 = 6;
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

thread_local! {
    /// The loops of this thread by number. Each lives as long as its environment.
    static LOOPS: RefCell<Vec<Weak<Embedding>>> = const { RefCell::new(Vec::new()) };
}

/// None for a loop that has ended, or a number that is none of this thread's.
pub(crate) fn embedding(number: u32) -> Option<Rc<Embedding>> {
    LOOPS.with_borrow(|loops| loops.get(number as usize)?.upgrade())
}

fn id(handle: f64) -> Id {
    // A number that no handle has, NaN included, becomes one that finds nothing.
    let number = if handle >= 0.0 { handle as u64 } else { u64::MAX };
    let slot = (number & ((1 << SLOT_BITS) - 1)) as u32;
    Id { slot, generation: u32::try_from(number >> SLOT_BITS).unwrap_or(u32::MAX) }
}

/// Asks the engine of a loop; EBADF where that has ended.
fn ask<T>(number: u32, question: impl FnOnce(&Engine) -> Result<T, Errno>) -> Result<T, Errno> {
    let embedding = embedding(number).ok_or(Errno::BADF)?;
    question(&embedding.engine.borrow())
}

/// As `ask`, for what may change what the engine waits for.
fn act<T>(number: u32, action: impl FnOnce(&mut Engine) -> Result<T, Errno>) -> Result<T, Errno> {
    let embedding = embedding(number).ok_or(Errno::BADF)?;
    let answer = action(&mut embedding.engine.borrow_mut());
    embedding.settle();
    answer
}

fn opened(answer: Opened) -> f64 {
    match answer {
        Ok(id) => (u64::from(id.generation) << SLOT_BITS | u64::from(id.slot)) as f64,
        Err(error) => -f64::from(error.raw_os_error()),
    }
}

fn status(answer: Result<(), Errno>) -> i32 {
    answer.map_or_else(|error| -error.raw_os_error(), |()| 0)
}

#[napi]
pub fn abi() -> u32 {
    ABI
}

/// Starts the loop of this environment, which lives as long as that. Takes memory that nobody else knows, that is never
/// detached and never resized.
///
/// @param complete - called when completions are to be run
/// @param turn - 4 words, see turn.ts and traffic.rs
/// @param completions, records - words of completions and submissions, see records.rs
/// @param arena - bytes of small writes
/// @returns the loop's number
#[napi(catch_unwind)]
pub fn start(
    env: Env,
    complete: Unknown<'_>,
    turn: Unknown<'_>,
    completions: Unknown<'_>,
    records: Unknown<'_>,
    arena: Unknown<'_>,
) -> napi::Result<u32> {
    let traffic = Traffic::new(
        SharedMemory::new(&env, turn.raw())?,
        SharedMemory::new(&env, completions.raw())?,
        SharedMemory::new(&env, records.raw())?,
        SharedMemory::new(&env, arena.raw())?,
    );
    let embedding = Embedding::start(env.raw(), complete.raw(), traffic)
        .map_err(|reason| Error::new(Status::GenericFailure, reason))?;
    Ok(LOOPS.with_borrow_mut(|loops| {
        loops.push(Rc::downgrade(&embedding));
        (loops.len() - 1) as u32
    }))
}

/// Replaces the submission records by a larger copy.
#[napi(catch_unwind)]
pub fn set_records(number: u32, env: Env, records: Unknown<'_>) -> napi::Result<()> {
    if let Some(embedding) = embedding(number) {
        *embedding.traffic.records.borrow_mut() = SharedMemory::new(&env, records.raw())?;
    }
    Ok(())
}

#[napi(catch_unwind)]
pub fn bind_tcp(number: u32, local: String, port: u16, flags: u32) -> f64 {
    opened(act(number, |engine| {
        engine.bind(&address::parse(&local, port)?, flags & IPV6_ONLY != 0, flags & REUSE_PORT != 0)
    }))
}

#[napi(catch_unwind)]
pub fn bind_path(number: u32, path: Uint8Array) -> f64 {
    opened(act(number, |engine| engine.bind_path(&path)))
}

/// @param bound - what `bindTcp` answered, or -1
#[napi(catch_unwind)]
pub fn connect_tcp(number: u32, bound: f64, remote: String, port: u16) -> f64 {
    let bound = (bound >= 0.0).then(|| id(bound));
    opened(act(number, |engine| engine.connect(bound, &address::parse(&remote, port)?)))
}

/// @param bound - what `bindPath` answered, or -1
#[napi(catch_unwind)]
pub fn connect_path(number: u32, bound: f64, path: Uint8Array) -> f64 {
    let bound = (bound >= 0.0).then(|| id(bound));
    opened(act(number, |engine| engine.connect_path(bound, &path)))
}

#[napi(catch_unwind)]
pub fn adopt(number: u32, fd: i32) -> f64 {
    opened(act(number, |engine| engine.adopt(fd)))
}

#[napi(catch_unwind)]
pub fn listen_tcp(number: u32, local: String, port: u16, backlog: i32, flags: u32) -> f64 {
    let [ipv6_only, reuse_port, paused] = [IPV6_ONLY, REUSE_PORT, PAUSED].map(|flag| flags & flag != 0);
    opened(act(number, |engine| engine.listen(&address::parse(&local, port)?, backlog, ipv6_only, reuse_port, paused)))
}

#[napi(catch_unwind)]
pub fn listen_path(number: u32, path: Uint8Array, backlog: i32, flags: u32) -> f64 {
    let [readable, writable, paused] = [READABLE_ALL, WRITABLE_ALL, PAUSED].map(|flag| flags & flag != 0);
    opened(act(number, |engine| engine.listen_path(&path, backlog, readable, writable, paused)))
}

#[napi(catch_unwind)]
pub fn listen_fd(number: u32, fd: i32, backlog: i32, flags: u32) -> f64 {
    opened(act(number, |engine| engine.listen_fd(fd, backlog, flags & PAUSED != 0)))
}

/// @param bound - what `bindTcp` or `bindPath` answered; from here on it is a listener
#[napi(catch_unwind)]
pub fn listen_bound(number: u32, bound: f64, backlog: i32, flags: u32) -> f64 {
    opened(act(number, |engine| engine.listen_bound(id(bound), backlog, flags & PAUSED != 0)))
}

#[napi(catch_unwind)]
pub fn set_reading(number: u32, handle: f64, on: bool) -> i32 {
    status(act(number, |engine| engine.set_reading(id(handle), on)))
}

#[napi(catch_unwind)]
pub fn set_referenced(number: u32, handle: f64, on: bool) -> i32 {
    status(act(number, |engine| engine.set_referenced(id(handle), on)))
}

#[napi(catch_unwind)]
pub fn close_unopened(number: u32) -> f64 {
    opened(act(number, Engine::close_unopened))
}

#[napi(catch_unwind)]
pub fn close(number: u32, handle: f64) -> i32 {
    status(act(number, |engine| engine.close(id(handle))))
}

#[napi(catch_unwind)]
pub fn fd(number: u32, handle: f64) -> i32 {
    ask(number, |engine| engine.fd(id(handle))).unwrap_or(-1)
}

/// Bytes that the kernel has not taken yet although it was asked.
#[napi(catch_unwind)]
pub fn backlog(number: u32, handle: f64) -> f64 {
    ask(number, |engine| Ok(engine.backlog(id(handle)))).unwrap_or(0) as f64
}

#[napi(catch_unwind)]
pub fn local_address(number: u32, handle: f64) -> Option<Either<Address, String>> {
    ask(number, |engine| engine.local_address(id(handle))).ok().map(endpoint)
}

#[napi(catch_unwind)]
pub fn remote_address(number: u32, handle: f64) -> Option<Either<Address, String>> {
    ask(number, |engine| engine.remote_address(id(handle))).ok().map(endpoint)
}

#[napi(catch_unwind)]
pub fn set_no_delay(number: u32, handle: f64, on: bool) -> i32 {
    status(ask(number, |engine| engine.set_no_delay(id(handle), on)))
}

#[napi(catch_unwind)]
pub fn set_keep_alive(number: u32, handle: f64, on: bool, delay: u32, interval: u32, count: u32) -> i32 {
    status(ask(number, |engine| engine.set_keep_alive(id(handle), on, delay, interval, count)))
}

#[napi(catch_unwind)]
pub fn set_type_of_service(number: u32, handle: f64, value: u32) -> i32 {
    status(ask(number, |engine| engine.set_type_of_service(id(handle), value)))
}

#[napi(catch_unwind)]
pub fn type_of_service(number: u32, handle: f64) -> i32 {
    ask(number, |engine| engine.type_of_service(id(handle)))
        .map_or_else(|error| -error.raw_os_error(), u32::cast_signed)
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
