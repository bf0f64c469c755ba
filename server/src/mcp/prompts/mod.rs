//! Prompts: the Markdown files of `prompts/`, compiled in.
//!
//! A prompt is its file: front matter with the arguments, then a template. What
//! goes into the template are checked arguments of the caller and the market's
//! own names; never a text of another user's.

mod argument;
mod file;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use minijinja::{Environment, UndefinedBehavior};
use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptMessage, Role};
use serde_json::Value;

use crate::service::PoolService;
use crate::tools::ToolSurface;

pub use argument::Kind;
use file::PromptFile;
pub use file::split_front_matter;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../prompts");

static PROMPTS: LazyLock<BTreeMap<String, PromptFile>> = LazyLock::new(|| {
    let files = FILES.files().filter(|file| file.path().extension().is_some_and(|kind| kind == "md"));
    files
        .map(|file| {
            let text = file.contents_utf8().expect("a prompt is UTF-8; a test reads each");
            let prompt = PromptFile::parse(text).expect("a prompt's file is well-formed; a test reads each");
            (prompt.name.clone(), prompt)
        })
        .collect()
});

/// The prompts that a surface can carry out: every tool that they name is shown.
pub fn listed(surface: &ToolSurface) -> Vec<Prompt> {
    PROMPTS.values().filter(|prompt| prompt.fits(surface)).map(PromptFile::listed).collect()
}

/// What an argument of a prompt is, where there are both.
pub fn kind_of(prompt: &str, argument: &str) -> Option<Kind> {
    PROMPTS.get(prompt)?.arguments.iter().find(|known| known.name == argument).map(|known| known.kind)
}

/// A prompt with its arguments filled in.
///
/// Errors: invalid params, for a prompt that is not listed and for arguments that do not fit.
pub async fn get(
    surface: &ToolSurface,
    name: &str,
    arguments: Option<JsonObject>,
) -> Result<GetPromptResult, ErrorData> {
    let prompt =
        PROMPTS.get(name).filter(|prompt| prompt.fits(surface)).ok_or_else(|| unknown(surface, name))?;
    let values = checked(surface.pool(), prompt, arguments.unwrap_or_default()).await?;
    let vault = surface.shows(crate::tools::lease::NAME);
    let text = render(prompt, values, vault)?;
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(prompt.description.clone()))
}

async fn checked(
    pool: &dyn PoolService,
    prompt: &PromptFile,
    mut given: JsonObject,
) -> Result<BTreeMap<String, minijinja::Value>, ErrorData> {
    let mut values = BTreeMap::new();
    for argument in &prompt.arguments {
        let value = given.remove(&argument.name).filter(|value| *value != Value::String(String::new()));
        match value {
            Some(value) => {
                values.insert(argument.name.clone(), argument.check(pool, &value).await?);
            }
            None if argument.required => return Err(argument.missing()),
            None => {}
        }
    }
    match given.keys().next() {
        Some(surplus) => Err(ErrorData::invalid_params(
            format!(
                "{surplus:?} is no argument of {}; its arguments are {}",
                prompt.name,
                prompt.argument_names()
            ),
            None,
        )),
        None => Ok(values),
    }
}

fn render(
    prompt: &PromptFile,
    mut values: BTreeMap<String, minijinja::Value>,
    vault: bool,
) -> Result<String, ErrorData> {
    values.insert("vault".into(), vault.into());
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.render_str(&prompt.template, values).map_err(|error| {
        tracing::error!(%error, prompt = prompt.name, "a prompt could not be rendered");
        ErrorData::internal_error("this prompt is broken: use the tools without it", None)
    })
}

fn unknown(surface: &ToolSurface, name: &str) -> ErrorData {
    let known: Vec<String> = listed(surface).into_iter().map(|prompt| prompt.name).collect();
    ErrorData::invalid_params(format!("there is no prompt {name:?}; there are {}", known.join(", ")), None)
}

#[cfg(test)]
mod tests;
