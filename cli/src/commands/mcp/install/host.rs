//! The hosts: where each keeps its list of MCP servers, and what it calls that list.

use std::path::PathBuf;

use anyhow::Context;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    ClaudeDesktop,
    ClaudeCode,
    Cursor,
    Vscode,
}

impl Host {
    pub const ALL: [Self; 4] = [Self::ClaudeDesktop, Self::ClaudeCode, Self::Cursor, Self::Vscode];

    /// As `--host` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => "claude-desktop",
            Self::ClaudeCode => "claude-code",
            Self::Cursor => "cursor",
            Self::Vscode => "vscode",
        }
    }

    /// The field that lists the servers.
    pub fn list(self) -> &'static str {
        match self {
            Self::ClaudeDesktop | Self::ClaudeCode | Self::Cursor => "mcpServers",
            Self::Vscode => "servers",
        }
    }

    /// Whether an entry names its transport.
    pub fn names_transport(self) -> bool {
        matches!(self, Self::ClaudeCode | Self::Vscode)
    }
}

/// How a machine lays out its users' files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Linux,
    MacOs,
    Windows,
}

/// One user's folders.
pub struct Places {
    home: PathBuf,
    /// Where programs keep their settings.
    settings: PathBuf,
}

impl Places {
    pub fn of_this_machine() -> anyhow::Result<Self> {
        let system = match std::env::consts::OS {
            "macos" => System::MacOs,
            "windows" => System::Windows,
            _ => System::Linux,
        };
        let folder =
            |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = match system {
            System::Windows => folder("USERPROFILE"),
            System::Linux | System::MacOs => folder("HOME"),
        };
        let home = home.context("the home folder is not known: set HOME")?;
        let settings = match system {
            System::Linux => folder("XDG_CONFIG_HOME"),
            System::Windows => folder("APPDATA"),
            System::MacOs => None,
        };
        Ok(Self::new(system, home, settings))
    }

    fn new(system: System, home: PathBuf, settings: Option<PathBuf>) -> Self {
        let usual = match system {
            System::Linux => home.join(".config"),
            System::MacOs => home.join("Library").join("Application Support"),
            System::Windows => home.join("AppData").join("Roaming"),
        };
        Self { home, settings: settings.unwrap_or(usual) }
    }

    /// The file in which the host lists its servers for this user.
    pub fn file_of(&self, host: Host) -> PathBuf {
        match host {
            Host::ClaudeDesktop => self.settings.join("Claude").join("claude_desktop_config.json"),
            Host::ClaudeCode => self.home.join(".claude.json"),
            Host::Cursor => self.home.join(".cursor").join("mcp.json"),
            Host::Vscode => self.settings.join("Code").join("User").join("mcp.json"),
        }
    }

    /// Whether the host has been here.
    pub fn has(&self, host: Host) -> bool {
        let trace = match host {
            Host::ClaudeDesktop => self.settings.join("Claude"),
            Host::ClaudeCode => return self.file_of(host).exists() || self.home.join(".claude").exists(),
            Host::Cursor => self.home.join(".cursor"),
            Host::Vscode => self.settings.join("Code"),
        };
        trace.exists()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(system: System) -> Vec<String> {
        let places = Places::new(system, PathBuf::from("home"), None);
        Host::ALL.iter().map(|host| places.file_of(*host).display().to_string().replace('\\', "/")).collect()
    }

    #[test]
    fn every_host_has_its_file_on_every_system() {
        assert_eq!(
            files(System::Linux),
            [
                "home/.config/Claude/claude_desktop_config.json",
                "home/.claude.json",
                "home/.cursor/mcp.json",
                "home/.config/Code/User/mcp.json"
            ]
        );
        assert_eq!(
            files(System::MacOs),
            [
                "home/Library/Application Support/Claude/claude_desktop_config.json",
                "home/.claude.json",
                "home/.cursor/mcp.json",
                "home/Library/Application Support/Code/User/mcp.json"
            ]
        );
        assert_eq!(
            files(System::Windows),
            [
                "home/AppData/Roaming/Claude/claude_desktop_config.json",
                "home/.claude.json",
                "home/.cursor/mcp.json",
                "home/AppData/Roaming/Code/User/mcp.json"
            ]
        );
    }
}
