//! The slab against a map that never forgets an id.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashMap;

use net_loop_core::{Id, Slab};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Insert(u32),
    /// Removes the nth id ever given out, whether it is still there or not.
    Remove(usize),
    Change(usize, u32),
    /// Looks an id up that nobody gave out.
    Forge(u32, u32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<u32>().prop_map(Step::Insert),
        2 => any::<usize>().prop_map(Step::Remove),
        1 => (any::<usize>(), any::<u32>()).prop_map(|(nth, value)| Step::Change(nth, value)),
        1 => (0..40_u32, 0..40_u32).prop_map(|(slot, generation)| Step::Forge(slot, generation)),
    ]
}

proptest! {
    #[test]
    fn an_id_finds_its_own_value_and_no_later_one(steps in prop::collection::vec(step(), 1..400)) {
        let mut slab = Slab::default();
        let mut given: Vec<Id> = Vec::new();
        let mut model: HashMap<Id, u32> = HashMap::new();
        for step in steps {
            match step {
                Step::Insert(value) => {
                    let id = slab.insert(value).expect("there are slots left");
                    prop_assert!(!given.contains(&id), "an id was given out twice");
                    given.push(id);
                    model.insert(id, value);
                }
                Step::Remove(nth) => {
                    if let Some(id) = given.get(nth % given.len().max(1)) {
                        prop_assert_eq!(slab.remove(*id), model.remove(id));
                    }
                }
                Step::Change(nth, value) => {
                    if let Some(id) = given.get(nth % given.len().max(1)) {
                        let found = slab.get_mut(*id);
                        prop_assert_eq!(found.is_some(), model.contains_key(id));
                        if let Some(place) = found {
                            *place = value;
                            model.insert(*id, value);
                        }
                    }
                }
                Step::Forge(slot, generation) => {
                    let id = Id { slot, generation };
                    prop_assert_eq!(slab.get(id), model.get(&id));
                }
            }
            prop_assert_eq!(slab.len(), model.len());
            for id in &given {
                prop_assert_eq!(slab.get(*id), model.get(id));
            }
        }
        let mut left: Vec<u32> = slab.drain().collect();
        let mut expected: Vec<u32> = model.into_values().collect();
        left.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(left, expected);
        prop_assert!(slab.is_empty());
    }
}
