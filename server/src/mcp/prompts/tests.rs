//! Every prompt's file is read, and what it names exists.

use std::collections::BTreeSet;

use super::{FILES, PROMPTS, PromptFile};

#[test]
fn every_file_is_a_prompt_that_is_named_like_its_file() {
    let files: Vec<_> = FILES.files().collect();
    for file in &files {
        let prompt = PromptFile::parse(file.contents_utf8().unwrap()).unwrap();
        assert_eq!(file.path().to_str().unwrap(), format!("{}.md", prompt.name));
        assert!(prompt.description.len() > 40 && !prompt.title.is_empty(), "{}", prompt.name);
    }
    assert_eq!(PROMPTS.len(), files.len());
}

#[test]
fn a_template_uses_every_argument_and_no_other_name() {
    let environment = minijinja::Environment::new();
    for prompt in PROMPTS.values() {
        let template = environment.template_from_str(&prompt.template).unwrap();
        let mut used: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
        used.remove("vault");
        let declared: BTreeSet<String> =
            prompt.arguments.iter().map(|argument| argument.name.clone()).collect();
        assert_eq!(used, declared, "{}", prompt.name);
    }
}

#[test]
fn a_text_names_the_tools_that_it_needs() {
    for prompt in PROMPTS.values() {
        for tool in &prompt.tools {
            assert!(prompt.template.contains(&format!("`{tool}`")), "{} never says {tool}", prompt.name);
        }
    }
}
