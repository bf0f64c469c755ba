//! Which program this crate is for: the committed one, or the build whose folder `OBSCURA_PROGRAM` names, as
//! `program/build --program-id ID` wrote it.
//!
//! Must never let a build pass whose interface differs in more than its address: the types come from the
//! committed one.

use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;

const VARIABLE: &str = "OBSCURA_PROGRAM";

fn main() -> Result<(), Box<dyn Error>> {
    let crate_folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let repository = crate_folder.parent().ok_or("the crate stands in no folder")?.to_path_buf();
    let committed = read(&crate_folder.join("idls/obscura_program.json"))?;
    println!("cargo:rerun-if-env-changed={VARIABLE}");
    let (interface, elf) = match std::env::var_os(VARIABLE) {
        None => (committed, repository.join("program/artifacts/obscura_program.so")),
        Some(folder) => {
            let folder = repository.join(folder);
            let other = read(&folder.join("obscura_program.json"))?;
            if without_address(&other) != without_address(&committed) {
                return Err(format!(
                    "{}: built from other sources: run program/build again",
                    folder.display()
                )
                .into());
            }
            (other, folder.join("obscura_program.so"))
        }
    };
    let address = interface["address"].as_str().ok_or("the interface names no address")?;
    if !elf.is_file() {
        return Err(format!("{} is missing: run program/build", elf.display()).into());
    }
    println!("cargo:rerun-if-changed={}", elf.display());
    println!("cargo:rustc-env=OBSCURA_PROGRAM_ID={address}");
    println!("cargo:rustc-env=OBSCURA_PROGRAM_ELF={}", elf.display());
    Ok(())
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn without_address(interface: &Value) -> Value {
    let mut rest = interface.clone();
    if let Some(fields) = rest.as_object_mut() {
        fields.remove("address");
    }
    rest
}
