//! `obscura mcp install`: what each host's file becomes, and what stays in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const KEY: &str = "obk_0123456789abcdef";

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write("api-key", KEY);
        fs::set_permissions(home.path("api-key"), fs::Permissions::from_mode(0o600)).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn install(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_obscura"))
            .args(["mcp", "install", "--api-key-file"])
            .arg(self.path("api-key"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .output()
            .unwrap()
    }

    /// Its output with the places that differ from machine to machine named.
    fn shown(&self, arguments: &[&str]) -> String {
        let output = self.install(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let home = self.0.path().canonicalize().unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_obscura")).canonicalize().unwrap();
        String::from_utf8(output.stdout)
            .unwrap()
            .replace(program.to_str().unwrap(), "PROGRAM")
            .replace(env!("CARGO_BIN_EXE_obscura"), "PROGRAM")
            .replace(home.to_str().unwrap(), "HOME")
            .replace(self.0.path().to_str().unwrap(), "HOME")
    }
}

/// Written by `UPDATE_SNAPSHOTS=1 cargo test -p obscura-cli --test mcp install`.
fn compare(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, shown).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(published == shown, "{} is not current:\n{shown}", path.display());
}

#[cfg(target_os = "linux")]
#[test]
fn a_dry_run_shows_each_host_its_own_entry_and_writes_nothing() {
    let home = Home::new();
    for host in ["claude-desktop", "claude-code", "cursor", "vscode"] {
        let shown = home.shown(&["--host", host, "--dry-run", "--toolset", "buyer", "--confirm-above", "25"]);
        compare(&format!("install-{host}.txt"), &shown);
    }
    let made: Vec<_> = fs::read_dir(home.0.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(made, ["api-key"]);
}

#[cfg(target_os = "linux")]
#[test]
fn other_entries_and_comments_stay_and_the_file_of_before_is_kept() {
    let home = Home::new();
    let before = "{\n  // what I had\n  \"theme\": \"dark\",\n  \"mcpServers\": {\n    \"other\": { \"command\": \"x\" }\n  }\n}\n";
    home.write(".cursor/mcp.json", before);
    let told: Value = serde_json::from_str(&home.shown(&["--json"])).unwrap();
    assert_eq!(told["hosts"][2]["outcome"], "written");
    assert_eq!(told["hosts"][0]["outcome"], "absent");
    let after = home.read(".cursor/mcp.json");
    assert!(
        after.contains("// what I had") && after.contains("\"other\": { \"command\": \"x\" }"),
        "{after}"
    );
    assert!(after.contains("\"obscura\"") && !after.contains(KEY), "{after}");
    assert_eq!(home.read(".cursor/mcp.json.before-obscura"), before);
    assert!(home.shown(&["--host", "cursor"]).contains("as it should be"));
    home.shown(&["--host", "cursor", "--uninstall"]);
    assert_eq!(
        home.read(".cursor/mcp.json").split_whitespace().collect::<String>(),
        before.split_whitespace().collect::<String>()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_no_json_stays_as_it_is() {
    let home = Home::new();
    home.write(".cursor/mcp.json", "{ \"mcpServers\": ");
    let output = home.install(&["--host", "cursor"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stays as it is"));
    assert_eq!(home.read(".cursor/mcp.json"), "{ \"mcpServers\": ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let home = Home::new();
    fs::set_permissions(home.path("api-key"), fs::Permissions::from_mode(0o644)).unwrap();
    let output = home.install(&["--host", "cursor"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!home.path(".cursor").exists());
}
