//! A file that is there whole or not at all, and that everybody may read.
//!
//! Must never replace another file: what is written here took a ceremony, or minutes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

const BUFFER_BYTES: usize = 1 << 20;

/// A place for a file, which is empty until it is filled.
pub struct NewFile {
    path: PathBuf,
    /// Beside its place, and gone where it is not kept.
    beside: NamedTempFile,
}

impl NewFile {
    /// Fails where there is something already, or where no file can be made.
    pub fn at(path: &Path) -> anyhow::Result<Self> {
        if path.symlink_metadata().is_ok() {
            bail!("{} is there already: name another file, or remove it first", path.display());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let beside = NamedTempFile::new_in(folder)
            .with_context(|| format!("cannot make a file in {}", folder.display()))?;
        Ok(Self { path: path.to_owned(), beside })
    }

    /// Writes what `fill` writes, and gives the file its name.
    pub fn fill(mut self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, self.beside.as_file_mut());
        let filled = fill(&mut out).and_then(|()| out.flush());
        drop(out);
        let Self { path, beside } = self;
        filled
            .and_then(|()| publish(beside, &path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

fn publish(beside: NamedTempFile, path: &Path) -> io::Result<()> {
    make_readable(beside.as_file())?;
    beside.as_file().sync_all()?;
    beside.persist_noclobber(path)?;
    Ok(())
}

#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_file: &File) -> io::Result<()> {
    Ok(())
}
