//! The event loop of `@net/loop`: sockets in, completion records out. It knows nothing of Node-API and calls nobody
//! back; whoever embeds it waits for [`Engine::selector_fd`] to turn readable and calls [`Engine::collect`].
//!
//! Reading order: `records` (what is shared with the embedder), `slab` (handles), `connection` and `listener` (their
//! state), `engine` (the loop), `sys` (every system call, behind safe functions).

mod backlog;
mod connection;
mod engine;
mod listener;
pub mod records;
mod selector;
mod slab;
pub mod sys;

pub use backlog::{Bytes, Chunks};
/// The kernel's error numbers.
pub use rustix::io::Errno;

pub use engine::{Engine, Opened};
pub use slab::{Id, Slab};
