//! What holds for every tool of every surface, and the contracts as they were published.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::surface::inventory;
use super::{Sealing, ToolDefinition, schema};

/// Most tools of one surface: docs/SPEC.md, section 13.
const MAX_TOOLS: usize = 14;

/// Every surface there is, by the folder of its contracts. Written by
/// `UPDATE_SNAPSHOTS=1 cargo test -p obscura-server contracts`.
fn surfaces() -> [(&'static str, Vec<ToolDefinition>); 3] {
    [
        ("sealed", inventory(Sealing::Sealed, false)),
        ("pool-seals", inventory(Sealing::Sealed, true)),
        ("vault", inventory(Sealing::Terms, true)),
    ]
}

fn every_tool() -> impl Iterator<Item = ToolDefinition> {
    surfaces().into_iter().flat_map(|(_, tools)| tools)
}

fn published(surface: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/tools").join(surface)
}

#[test]
fn the_tool_contracts_are_the_ones_that_were_published() {
    for (surface, tools) in surfaces() {
        let folder = published(surface);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            for tool in &tools {
                fs::write(folder.join(format!("{}.json", tool.name)), written(tool)).unwrap();
            }
        }
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name());
        let names: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
        assert_eq!(names, tools.iter().map(|tool| format!("{}.json", tool.name)).collect());
        for tool in &tools {
            let contract = fs::read_to_string(folder.join(format!("{}.json", tool.name))).unwrap();
            assert!(contract == written(tool), "{surface}/{} is not current: see `surfaces`", tool.name);
        }
    }
}

fn written(tool: &ToolDefinition) -> String {
    format!("{}\n", serde_json::to_string_pretty(tool).unwrap())
}

#[test]
fn tools_are_few_have_unique_names_and_say_what_they_do() {
    for (surface, tools) in surfaces() {
        let names: BTreeSet<_> = tools.iter().map(|tool| tool.name).collect();
        assert_eq!(names.len(), tools.len(), "{surface}");
        assert!(tools.len() <= MAX_TOOLS, "{surface}");
    }
    for tool in every_tool() {
        assert!(tool.description.len() > 60 && !tool.title.is_empty(), "{}", tool.name);
        assert!(!(tool.annotations.read_only && tool.annotations.destructive), "{}", tool.name);
    }
}

#[test]
fn schemas_are_closed_objects_with_described_and_bounded_fields() {
    for tool in every_tool() {
        let input = &tool.input_schema;
        assert_eq!(input["type"], "object", "{}", tool.name);
        assert_eq!(input["additionalProperties"], false, "{}", tool.name);
        for (name, field) in input["properties"].as_object().unwrap() {
            assert!(field.get("description").is_some(), "{}.{name}", tool.name);
        }
        for schema in [&tool.input_schema, &tool.output_schema] {
            jsonschema::draft202012::new(&Value::Object(schema.clone())).unwrap();
        }
        assert_bounded(&Value::Object(input.clone()), tool.name);
    }
}

fn assert_bounded(schema: &Value, path: &str) {
    match schema {
        Value::Object(object) => {
            let kind = object.get("type").map(ToString::to_string).unwrap_or_default();
            if kind.contains("integer") {
                let maximum = object["maximum"].as_u64().unwrap();
                assert!(maximum <= schema::MAX_SAFE_INTEGER, "{path}");
            }
            assert!(!object.contains_key("$ref"), "{path}");
            object.iter().for_each(|(name, inner)| assert_bounded(inner, &format!("{path}.{name}")));
        }
        Value::Array(items) => items.iter().for_each(|inner| assert_bounded(inner, path)),
        _ => {}
    }
}
