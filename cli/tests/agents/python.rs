//! Python with what the examples import, in a virtual environment below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::prerequisites::{Prerequisite, repository, run};

/// Exact versions with their hashes.
const REQUIREMENTS: &str = "examples/requirements.txt";

/// An interpreter that has them.
pub struct Python(PathBuf);

impl Python {
    /// None where there is no Python, after saying that `test` is skipped.
    pub fn find(test: &str) -> Option<Self> {
        let environment = Prerequisite {
            name: "agents-python",
            require: "OBSCURA_REQUIRE_PYTHON",
            lock: repository().join(REQUIREMENTS),
            install,
        };
        environment.find(test).map(|folder| Self(folder.join("bin/python")))
    }

    /// Runs a script or, after `-m`, a module; the examples' own packages are found.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.0);
        let packages = ["python-agent", "eval"].map(|name| repository().join("examples").join(name));
        command
            .env("PYTHONPATH", std::env::join_paths(packages).unwrap())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1");
        command
    }

    /// `obscura-agent`.
    pub fn agent(&self) -> Command {
        let mut command = self.command();
        command.args(["-m", "obscura_agent", "--json"]);
        command
    }

    /// An example's script.
    pub fn example(&self, script: &str) -> Command {
        let mut command = self.command();
        command.arg(repository().join("examples").join(script));
        command
    }
}

fn install(folder: &Path) -> Result<(), String> {
    let mut python = Command::new("python3");
    run("there is no Python 3.11 or newer with `venv`", python.args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary=:all:",
    ]);
    run("the Python packages cannot be installed", pip.arg("-r").arg(repository().join(REQUIREMENTS)))
}
