//! epoll(7), level-triggered: which handles have something to do.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::io::{Errno, Result};
use rustix::time::Timespec;

use crate::slab::Id;

/// Events taken from the kernel at once. More wait for the next round: level-triggered, none is lost.
const MAX_EVENTS: usize = 256;
/// How often one event can be looked at: as often as libuv reads from one socket before it goes on to the next.
const MAX_LOOKS: u32 = 32;

pub(crate) const READ: u32 = EventFlags::IN.bits();
pub(crate) const WRITE: u32 = EventFlags::OUT.bits();
/// Reported by the kernel whether asked for or not.
pub(crate) const FAILED: u32 = EventFlags::ERR.bits() | EventFlags::HUP.bits();

pub(crate) struct Selector {
    epoll: OwnedFd,
    events: Vec<Event>,
    next: usize,
    /// How often the next event was looked at.
    looks: u32,
}

impl Selector {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            events: Vec::with_capacity(MAX_EVENTS),
            next: 0,
            looks: 0,
        })
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.epoll.as_raw_fd()
    }

    /// Changes what is waited for; `0` for `had` means not registered, for `wanted` not to be registered.
    pub(crate) fn change(&self, fd: BorrowedFd<'_>, id: Id, had: u32, wanted: u32) -> Result<()> {
        let data = EventData::new_u64(u64::from(id.generation) << 32 | u64::from(id.slot));
        let flags = EventFlags::from_bits_retain(wanted);
        if had == wanted {
            Ok(())
        } else if had == 0 {
            epoll::add(self.epoll.as_fd(), fd, data, flags)
        } else if wanted == 0 {
            epoll::delete(self.epoll.as_fd(), fd)
        } else {
            epoll::modify(self.epoll.as_fd(), fd, data, flags)
        }
    }

    /// Asks the kernel, without waiting, unless events of the last time are left.
    pub(crate) fn refill(&mut self) -> Result<()> {
        if self.next < self.events.len() {
            return Ok(());
        }
        self.next = 0;
        self.events.clear();
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        match epoll::wait(self.epoll.as_fd(), spare_capacity(&mut self.events), Some(&now)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The next event, to be done with by `advance`.
    pub(crate) fn peek(&self) -> Option<(Id, u32)> {
        let event = *self.events.get(self.next)?;
        // Copied out first: the kernel's struct is packed.
        let (data, flags) = (event.data, event.flags);
        let data = data.u64();
        Some((Id { slot: data as u32, generation: (data >> 32) as u32 }, flags.bits()))
    }

    pub(crate) fn advance(&mut self) {
        self.next += 1;
        self.looks = 0;
    }

    /// True while the next event may be looked at once more before others have their turn.
    pub(crate) fn look_again(&mut self) -> bool {
        self.looks += 1;
        self.looks < MAX_LOOKS
    }
}
