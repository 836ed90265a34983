//! Descriptors and files that are left behind. Alone in its process: other tests open descriptors too.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::HashMap;

use net_loop_core::{Errno, records};
use support::{Bench, Completion};

#[test]
fn close_all_leaves_no_descriptor_and_no_socket_file() {
    let path = std::env::temp_dir().join(format!("net-loop-core-{}", std::process::id()));
    let name = path.to_str().expect("a plain name").to_owned().into_bytes();
    let before = open_descriptors();
    let mut bench = Bench::new(16, 4096, 30_000, 64);
    let listener = bench.engine.listen_path(&name, 8, true, true, false).expect("it listens");
    assert_eq!(bench.engine.listen_path(&name, 8, false, false, false), Err(Errno::ADDRINUSE));
    let clients: Vec<_> = (0..5).map(|_| bench.engine.connect_path(None, &name).expect("it connects")).collect();
    let kinds = |completions: Vec<(Completion, Vec<u8>)>| {
        let mut count = HashMap::new();
        completions.iter().for_each(|(completion, _)| *count.entry(completion[0]).or_insert(0) += 1);
        count
    };
    assert_eq!(kinds(bench.collect()), HashMap::from([(records::ACCEPTED, 5), (records::CONNECTED, 5)]));
    assert_eq!(bench.engine.handles(), 11);
    assert!(bench.engine.fd(listener).is_ok() && clients.iter().all(|id| bench.engine.fd(*id).is_ok()));
    bench.engine.close_all();
    assert!(!path.exists());
    drop(bench);
    assert_eq!(open_descriptors(), before);
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs").count()
}
