//! The golden vectors are what the code writes today.
#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

#[path = "../examples/write_vectors/files.rs"]
mod files;

use std::path::Path;

#[test]
fn the_golden_vectors_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let files = files::all().unwrap();
    for (name, content) in &files {
        let stored = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        let command = "cargo run -p obscura-circuits --example write_vectors";
        assert!(stored == *content, "vectors/{name} is stale: {command}");
    }
    let on_disk = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(on_disk, files.len(), "a file in vectors/ that nothing writes");
}
