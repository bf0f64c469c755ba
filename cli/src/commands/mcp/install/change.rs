//! One host's file, before and after.
//!
//! Read with its comments and written with them. Must never leave half a file, nor change one that it cannot
//! read as a whole.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use jsonc_parser::ParseOptions;
use jsonc_parser::cst::CstRootNode;
use similar::TextDiff;
use tempfile::NamedTempFile;

use super::entry::Entry;
use super::host::Host;

/// What became of a file, or would.
pub enum Outcome {
    Planned {
        diff: String,
    },
    Written {
        kept: Option<PathBuf>,
    },
    Unchanged,
    /// The host is not on this machine.
    Absent,
}

impl Outcome {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Written { .. } => "written",
            Self::Unchanged => "unchanged",
            Self::Absent => "absent",
        }
    }
}

/// A file and what it is to become.
pub struct Change {
    path: PathBuf,
    before: Option<String>,
    after: String,
}

impl Change {
    /// The entry `name` in the file at `path` becomes `entry`, or goes where that is none.
    pub fn plan(path: &Path, host: Host, name: &str, entry: Option<&Entry>) -> anyhow::Result<Self> {
        let before = match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let text = before.clone().unwrap_or_default();
        let after =
            edited(&text, host, name, entry).with_context(|| format!("{} stays as it is", path.display()))?;
        Ok(Self { path: path.to_owned(), before, after })
    }

    fn changes_nothing(&self) -> bool {
        self.before.as_deref().unwrap_or_default() == self.after
    }

    /// What would be written.
    pub fn shown(&self) -> Outcome {
        if self.changes_nothing() {
            return Outcome::Unchanged;
        }
        let name = self.path.display().to_string();
        let diff = TextDiff::from_lines(self.before.as_deref().unwrap_or_default(), &self.after);
        Outcome::Planned { diff: diff.unified_diff().header(&name, &name).to_string() }
    }

    /// Writes it, and keeps what was there beside it.
    pub fn make(&self) -> anyhow::Result<Outcome> {
        if self.changes_nothing() {
            return Ok(Outcome::Unchanged);
        }
        let cannot = || format!("cannot write {}", self.path.display());
        let folder = self.path.parent().context("a host's file is in a folder")?;
        fs::create_dir_all(folder).with_context(cannot)?;
        // A file that is a link into somebody's collection of settings stays one.
        let target = if self.before.is_some() {
            self.path.canonicalize().with_context(cannot)?
        } else {
            self.path.clone()
        };
        let kept = match &self.before {
            Some(before) => Some(keep(&target, before).with_context(cannot)?),
            None => None,
        };
        replace(&target, &self.after).with_context(cannot)?;
        Ok(Outcome::Written { kept })
    }
}

fn edited(text: &str, host: Host, name: &str, entry: Option<&Entry>) -> anyhow::Result<String> {
    let root = CstRootNode::parse(text, &ParseOptions::default())
        .map_err(|error| anyhow!("it is not JSON as its host reads it: {error}"))?;
    let Some(entry) = entry else {
        if let Some(list) = root.object_value().and_then(|object| object.object_value(host.list()))
            && let Some(found) = list.get(name)
        {
            found.remove();
        }
        return Ok(root.to_string());
    };
    let Some(object) = root.object_value_or_create() else { bail!("it holds no JSON object") };
    let Some(list) = object.object_value_or_create(host.list()) else {
        bail!("its {} is no JSON object", host.list())
    };
    match list.get(name) {
        Some(found) => found.set_value(entry.value(host)),
        None => drop(list.append(name, entry.value(host))),
    }
    let text = root.to_string();
    Ok(if text.ends_with('\n') { text } else { text + "\n" })
}

/// The file as it was before the first change; a later one does not take its place.
fn keep(path: &Path, before: &str) -> std::io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(".before-obscura");
    let beside = PathBuf::from(name);
    if beside.exists() {
        return Ok(beside);
    }
    replace_as(&beside, before, path)?;
    Ok(beside)
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    replace_as(path, text, path)
}

/// Whole or not at all, with the permissions of `like`; a new file is its owner's alone.
fn replace_as(path: &Path, text: &str, like: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(like) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
