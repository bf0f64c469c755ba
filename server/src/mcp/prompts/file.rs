//! One prompt's file: YAML front matter between two lines of `---`, then the template.

use rmcp::model::{Prompt, PromptArgument};
use serde::Deserialize;
use thiserror::Error;

use super::argument::Argument;
use crate::tools::ToolSurface;

/// Why a file is no prompt.
#[derive(Debug, Error)]
pub enum PromptFileError {
    #[error("it does not begin with front matter between two lines of `---`")]
    NoFrontMatter,
    #[error("its front matter: {0}")]
    FrontMatter(#[from] yaml_serde::Error),
}

/// A prompt as its author wrote it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromptFile {
    pub name: String,
    pub title: String,
    pub description: String,
    /// Tools without which its text cannot be followed.
    pub tools: Vec<String>,
    #[serde(default)]
    pub arguments: Vec<Argument>,
    #[serde(skip)]
    pub template: String,
}

impl PromptFile {
    pub fn parse(text: &str) -> Result<Self, PromptFileError> {
        let (front_matter, template) = split_front_matter(text).ok_or(PromptFileError::NoFrontMatter)?;
        let mut prompt: Self = yaml_serde::from_str(front_matter)?;
        prompt.template = template.to_owned();
        Ok(prompt)
    }

    pub fn fits(&self, surface: &ToolSurface) -> bool {
        let shown = |name: &String| surface.shows(name);
        self.tools.iter().all(shown)
    }

    pub fn listed(&self) -> Prompt {
        let arguments = self.arguments.iter().map(|argument| {
            PromptArgument::new(&argument.name)
                .with_title(&argument.title)
                .with_description(&argument.description)
                .with_required(argument.required)
        });
        Prompt::new(&self.name, Some(self.description.clone()), Some(arguments.collect()))
            .with_title(&self.title)
    }

    pub fn argument_names(&self) -> String {
        self.arguments.iter().map(|argument| argument.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Front matter, and what follows it.
pub fn split_front_matter(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("---\n")?.split_once("\n---\n")
}
