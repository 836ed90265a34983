//! Slots with generations: an index into a vector, and a number that tells this tenant from the one before.

/// A handle: its slot, and which tenant of the slot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    pub slot: u32,
    pub generation: u32,
}

/// Slots stay below 2^22, so that slot and generation fit together into the 53 bits of a JavaScript number.
const MAX_SLOTS: usize = 1 << 22;
const MAX_GENERATION: u32 = (1 << 31) - 1;

struct Entry<T> {
    generation: u32,
    value: Option<T>,
}

/// Values under [`Id`]s; a removed value's id finds nothing, whoever uses its slot later.
pub struct Slab<T> {
    entries: Vec<Entry<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    /// The id that the value was stored under; gives it back when all slots are taken.
    pub fn insert(&mut self, value: T) -> Result<Id, T> {
        if let Some(slot) = self.free.pop()
            && let Some(entry) = self.entries.get_mut(slot as usize)
        {
            entry.value = Some(value);
            return Ok(Id { slot, generation: entry.generation });
        }
        let slot = self.entries.len();
        if slot >= MAX_SLOTS {
            return Err(value);
        }
        self.entries.push(Entry { generation: 0, value: Some(value) });
        Ok(Id { slot: slot as u32, generation: 0 })
    }

    /// True when `insert` would give its value back.
    pub fn is_full(&self) -> bool {
        self.free.is_empty() && self.entries.len() >= MAX_SLOTS
    }

    pub fn get(&self, id: Id) -> Option<&T> {
        let entry = self.entries.get(id.slot as usize)?;
        if entry.generation == id.generation { entry.value.as_ref() } else { None }
    }

    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        let entry = self.entries.get_mut(id.slot as usize)?;
        if entry.generation == id.generation { entry.value.as_mut() } else { None }
    }

    /// Takes the value out; its slot goes to a later tenant with the next generation.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        let entry = self.entries.get_mut(id.slot as usize)?;
        if entry.generation != id.generation {
            return None;
        }
        let value = entry.value.take()?;
        // After the last generation the slot retires: a wrapped number could let an old id in again.
        if entry.generation < MAX_GENERATION {
            entry.generation += 1;
            self.free.push(id.slot);
        }
        Some(value)
    }

    /// All values, in the order of their slots.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|entry| entry.value.as_ref())
    }

    pub fn len(&self) -> usize {
        self.values().count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all values out.
    pub fn drain(&mut self) -> impl Iterator<Item = T> + '_ {
        self.free.clear();
        self.entries.drain(..).filter_map(|entry| entry.value)
    }
}
