//! How files must look, as far as a machine can tell; CONTRIBUTING.md has the rest.
//!
//! Formatting and lints are rustfmt's and clippy's business (`unwrap` outside tests among them).

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 400;
const SKIPPED_FOLDERS: [&str; 3] = ["target", ".git", "node_modules"];
const TEXT_EXTENSIONS: [&str; 8] = ["rs", "md", "toml", "c", "cpp", "h", "sql", "sh"];

/// Work that is announced in a comment instead of done. Written in halves, or this file would match.
const UNFINISHED: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];

/// Folders that exist on one machine only.
const MACHINE_PATHS: [&str; 3] = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

struct SourceFile {
    path: PathBuf,
    text: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate stands in the repository").to_owned()
}

/// Every file with one of these extensions, in path order.
fn files(extensions: &[&str]) -> Vec<SourceFile> {
    let mut found = Vec::new();
    collect(&repository(), extensions, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

fn collect(folder: &Path, extensions: &[&str], found: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            if !SKIPPED_FOLDERS.contains(&name) {
                collect(&path, extensions, found);
            }
        } else if extensions.contains(&extension) {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.push(SourceFile { path, text });
        }
    }
}

/// Fails with every offender at once.
fn require_none(rule: &str, offenders: Vec<String>) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

fn lines_with(needles: &[&str]) -> Vec<String> {
    let mut offenders = Vec::new();
    for file in files(&TEXT_EXTENSIONS) {
        for (number, line) in file.text.lines().enumerate() {
            if needles.iter().any(|needle| line.contains(needle)) {
                offenders.push(format!("{}:{}: {}", file.path.display(), number + 1, line.trim()));
            }
        }
    }
    offenders
}

#[test]
fn the_repository_has_rust_files() {
    assert!(files(&["rs"]).len() > 100, "the search does not look at the repository");
}

#[test]
fn no_rust_file_is_longer_than_400_lines() {
    let long = files(&["rs"]).into_iter().filter(|file| file.text.lines().count() > MAX_LINES);
    require_none("split these", long.map(|file| file.path.display().to_string()).collect());
}

#[test]
fn every_rust_file_opens_by_saying_what_it_is() {
    let silent = files(&["rs"]).into_iter().filter(|file| !file.text.starts_with("//!"));
    require_none("open these with `//!`", silent.map(|file| file.path.display().to_string()).collect());
}

#[test]
fn nothing_is_left_unfinished_in_a_comment() {
    require_none("finish these", lines_with(&UNFINISHED));
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    require_none("write these without a machine's path", lines_with(&MACHINE_PATHS));
}
