//! Runs snarkjs, the ceremony tool of circom's ecosystem, for tests that hold our files to it.
//!
//! The package is installed on first use, where npm can reach a registry. Must never pass for a run that did
//! not happen: where Node or the package is missing a test says that it was skipped, and why, past the test
//! harness; with `OBSCURA_REQUIRE_NODE=1` it fails instead.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder of its `package.json`, from the repository's root.
const PROJECT: &str = "circuits/tests/snarkjs";
/// The one version that the formats were taken from.
pub const VERSION: &str = "0.7.6";
const REQUIRE: &str = "OBSCURA_REQUIRE_NODE";
const NODE: &str = "node";

/// snarkjs in a folder of files.
pub struct Snarkjs {
    cli: PathBuf,
    folder: PathBuf,
}

/// What came of a command.
pub struct Run {
    pub succeeded: bool,
    pub output: String,
}

impl Snarkjs {
    /// snarkjs, working in `folder`; none where it is not installed, after saying that `test` is skipped.
    pub fn find(test: &str, folder: &Path) -> Option<Self> {
        static CLI: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        let missing = match CLI.get_or_init(command_line) {
            Ok(cli) => {
                std::fs::create_dir_all(folder).expect("the test's folder can be made");
                return Some(Self { cli: cli.clone(), folder: folder.to_owned() });
            }
            Err(missing) => missing,
        };
        let required = std::env::var_os(REQUIRE).is_some_and(|value| value != "0");
        assert!(!required, "{REQUIRE} is set, but {missing}");
        // Not through a macro: the harness would keep it to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {missing}");
        None
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs `snarkjs` with these words, split at spaces.
    pub fn run(&self, words: &str) -> Run {
        let mut command = Command::new(NODE);
        command.arg(&self.cli).args(words.split(' ')).current_dir(&self.folder).stdin(Stdio::null());
        let output = command.output().expect("Node ran a moment ago");
        let text = [output.stdout, output.stderr].concat();
        Run { succeeded: output.status.success(), output: String::from_utf8_lossy(&text).into_owned() }
    }

    /// Runs what must succeed.
    #[track_caller]
    pub fn must(&self, words: &str) -> String {
        let Run { succeeded, output } = self.run(words);
        assert!(succeeded, "snarkjs {words}:\n{output}");
        output
    }
}

/// The script of snarkjs' command line, or what is missing for it.
fn command_line() -> Result<PathBuf, String> {
    if !succeeds(Command::new(NODE).arg("--version")) {
        return Err("there is no Node: install Node 18 or newer".to_owned());
    }
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let project = above.find_map(|folder| Some(folder.join(PROJECT)).filter(|project| project.exists()));
    let project = project.ok_or(format!("there is no {PROJECT}"))?;
    if !is_installed(&project) && !(succeeds(Command::new("npm").arg("ci").current_dir(&project))) {
        return Err(format!("snarkjs cannot be installed: see what `npm ci --prefix {PROJECT}` says"));
    }
    Ok(project.join("node_modules/snarkjs/build/cli.cjs"))
}

fn is_installed(project: &Path) -> bool {
    let manifest = std::fs::read_to_string(project.join("node_modules/snarkjs/package.json"));
    manifest.is_ok_and(|manifest| manifest.contains(&format!("\"version\": \"{VERSION}\"")))
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
