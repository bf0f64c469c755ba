//! What these tests need beyond Rust, installed once and by one test process at a time.
//!
//! Where a language is missing, or its registry out of reach, a test says that it was skipped, and why, past the
//! test harness. With `OBSCURA_REQUIRE_NODE=1` or `OBSCURA_REQUIRE_PYTHON=1` it fails instead.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TMP: &str = env!("CARGO_TARGET_TMPDIR");

/// Something to install.
pub struct Prerequisite {
    pub name: &'static str,
    /// The variable that makes it a must.
    pub require: &'static str,
    /// What is installed: a change of this file installs it anew.
    pub lock: PathBuf,
    pub install: fn(&Path) -> Result<(), String>,
}

impl Prerequisite {
    /// The folder it is installed in; none where it cannot be, after saying that `test` is skipped.
    pub fn find(&self, test: &str) -> Option<PathBuf> {
        let missing = match self.installed() {
            Ok(folder) => return Some(folder),
            Err(missing) => missing,
        };
        let required = std::env::var_os(self.require).is_some_and(|value| value != "0");
        assert!(!required, "{} is set, but {missing}", self.require);
        // Not through a macro: the harness would keep it to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {missing}");
        None
    }

    fn installed(&self) -> Result<PathBuf, String> {
        let folder = Path::new(TMP).join(self.name);
        let _one_at_a_time = lock(&Path::new(TMP).join(format!("{}.lock", self.name)));
        let wanted = fs::read(&self.lock).map_err(|error| format!("{}: {error}", self.lock.display()))?;
        let mark = folder.join("installed");
        if fs::read(&mark).is_ok_and(|there| there == wanted) {
            return Ok(folder);
        }
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        (self.install)(&folder)?;
        fs::write(mark, wanted).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }
}

/// Held until the file is closed.
fn lock(path: &Path) -> File {
    let file = File::create(path).unwrap();
    file.lock().unwrap();
    file
}

/// Runs what must succeed, and says what it said where it does not.
pub fn run(what: &str, command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what}: {}", text.lines().rev().take(4).collect::<Vec<_>>().join(" | ")))
}

/// The repository's root.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate stands in the repository")
}
