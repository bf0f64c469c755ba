//! Every prompt's file is read, and what it names exists.

use std::collections::BTreeSet;

use minijinja::context;

use super::{FILES, Kind, PROMPTS, PromptFile, render};

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

#[test]
fn a_text_speaks_of_the_hash_or_of_the_vault_but_never_of_both() {
    for prompt in PROMPTS.values() {
        let sample = |kind: Kind| match kind {
            Kind::GpuType => "H100 80GB".into(),
            Kind::Usdc => context! { text => "1.500000", micro => 1_500_000 },
            Kind::Hours => context! { text => "2", seconds => 7_200 },
            Kind::Integer => 4.into(),
            Kind::OrderId => "146d6c1d-9bfa-8828-804f-4ea8eb5b6cc4".into(),
        };
        let values = prompt.arguments.iter().map(|argument| (argument.name.clone(), sample(argument.kind)));
        let values: std::collections::BTreeMap<_, _> = values.collect();
        let for_vault = render(prompt, values.clone(), true).unwrap();
        let for_hash = render(prompt, values, false).unwrap();
        assert!(!for_vault.contains("revealBody") && !for_vault.contains("obscura seal"), "{for_vault}");
        assert!(!for_hash.contains("`lease`") && !for_hash.contains("goodForBatches"), "{for_hash}");
    }
}
