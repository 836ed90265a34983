//! The Node-API binding of net-loop-core: it translates and decides nothing.
//!
//! `binding` and `quick` are what JavaScript calls, `embedding` what libuv calls, `callback` how it gets from there into JavaScript,
//! `descriptor` what Node's own handles come and go by, `shared` the memory that both sides see, `traffic` what lies in it,
//! `guard` where panics end, `uv` libuv itself, looked up at run time.

pub mod binding;
mod callback;
pub mod descriptor;
mod embedding;
mod guard;
pub mod quick;
mod shared;
mod traffic;
mod uv;
