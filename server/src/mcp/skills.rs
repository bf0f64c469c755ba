//! The Skills extension: the folders of `skills/`, compiled in.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use rmcp::ErrorData;
use rmcp::model::{GetSkillResult, Resource, Skill, SkillFrontmatter, SkillResource, SkillResources};

use super::prompts::split_front_matter;

static FOLDERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../skills");

/// A skill of one file.
struct OneFile {
    skill: Skill,
    text: &'static str,
}

static SKILLS: LazyLock<Vec<OneFile>> = LazyLock::new(|| {
    FOLDERS
        .dirs()
        .filter_map(|folder| {
            let file = folder.get_file(folder.path().join("SKILL.md"))?;
            let text = file.contents_utf8()?;
            let (front_matter, _) = split_front_matter(text)?;
            let front_matter: SkillFrontmatter = yaml_serde::from_str(front_matter)
                .expect("a skill's front matter is well-formed; a test reads it");
            let uri = format!("skill://{}/SKILL.md", front_matter.name);
            let files = vec![SkillResource::from_bytes(&uri, text.as_bytes())];
            Some(OneFile { skill: Skill::new(uri, front_matter, SkillResources::Files(files)), text })
        })
        .collect()
});

pub fn listed() -> Vec<Skill> {
    SKILLS.iter().map(|one| one.skill.clone()).collect()
}

pub fn get(uri: &str) -> Result<GetSkillResult, ErrorData> {
    let found = SKILLS.iter().find(|one| one.skill.uri == uri);
    found.map(|one| GetSkillResult::new(one.skill.clone())).ok_or_else(|| {
        ErrorData::invalid_params(format!("there is no skill {uri}: `skills/list` names them"), None)
    })
}

/// The skills as resources.
pub fn resources() -> Vec<Resource> {
    let resource = |one: &OneFile| {
        let SkillFrontmatter { name, description, .. } = &one.skill.frontmatter;
        Resource::new(&one.skill.uri, name).with_description(description).with_mime_type("text/markdown")
    };
    SKILLS.iter().map(resource).collect()
}

/// The text of the skill at `uri`, where it is one.
pub fn read(uri: &str) -> Option<&'static str> {
    SKILLS.iter().find(|one| one.skill.uri == uri).map(|one| one.text)
}

#[cfg(test)]
mod tests {
    use rmcp::model::validate_skills;

    use super::*;

    #[test]
    fn every_folder_holds_a_skill_of_its_name() {
        let skills = listed();
        validate_skills(&skills).unwrap();
        assert_eq!(skills.len(), FOLDERS.dirs().count());
        for (skill, folder) in skills.iter().zip(FOLDERS.dirs()) {
            assert_eq!(folder.path().to_str().unwrap(), skill.frontmatter.name);
            assert_eq!(folder.entries().len(), 1, "a skill of several files needs a longer manifest");
        }
    }
}
