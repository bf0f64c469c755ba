//! What rustc passes to a linker of flavour `bpf`, as far as it matters here.
//!
//! Unknown flags are ignored, since rustc adds some with every release; a flag that takes a value
//! must be listed below, or its value would be taken for an input file.

use std::path::PathBuf;

use anyhow::{Context, Result};

const IGNORED_WITH_VALUE: [&str; 4] = ["-L", "--cpu", "--cpu-features", "--target"];

pub struct CommandLine {
    /// Object files and rlibs, in rustc's order.
    pub inputs: Vec<PathBuf>,
    pub output: PathBuf,
    symbol_list: Option<PathBuf>,
}

impl CommandLine {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let (mut inputs, mut output, mut symbol_list) = (Vec::new(), None, None);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "-o" => output = arguments.next().map(PathBuf::from),
                "--export-symbols" => symbol_list = arguments.next().map(PathBuf::from),
                flag if IGNORED_WITH_VALUE.contains(&flag) => drop(arguments.next()),
                flag if flag.starts_with('-') => {}
                _ => inputs.push(PathBuf::from(argument)),
            }
        }
        Ok(Self { inputs, output: output.context("no -o was given")?, symbol_list })
    }

    /// The symbols that rustc wants exported; none if it named no list.
    pub fn exported_symbols(&self) -> Result<Vec<String>> {
        let Some(path) = &self.symbol_list else { return Ok(vec![]) };
        let text = std::fs::read_to_string(path).context("reading the symbol list")?;
        Ok(text.lines().map(|line| line.trim().to_owned()).collect())
    }

    /// A file beside the output, for what the steps hand to each other.
    pub fn output_with(&self, extension: &str) -> PathBuf {
        let mut name = self.output.clone().into_os_string();
        name.push(".");
        name.push(extension);
        name.into()
    }
}
