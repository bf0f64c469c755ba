//! Writes the golden vectors that every implementation reads: Rust, program, Python, TypeScript.
//!
//! `cargo run -p obscura-circuits --example write_vectors` rewrites `circuits/vectors/`; never edit
//! those files by hand. A test holds them to what this writes.

mod files;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    std::fs::create_dir_all(&folder)?;
    for (name, content) in files::all()? {
        std::fs::write(folder.join(name), content)?;
        println!("vectors/{name}");
    }
    Ok(())
}
