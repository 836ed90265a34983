//! The Node-API binding of net-loop-core: it translates and decides nothing.
//!
//! `binding` is what JavaScript calls, `embedding` what libuv calls, `callbacks` how it gets from there into JavaScript,
//! `shared` the memory that both sides see, `uv` libuv itself, looked up at run time.

mod binding;
mod callbacks;
mod embedding;
mod shared;
mod uv;
