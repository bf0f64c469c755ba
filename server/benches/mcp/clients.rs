//! The process that the clients run in: started, told to go, asked what it saw.

use std::process::Stdio;

use anyhow::{Context, ensure};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::load::{Load, Seen};

/// Clients that are connected and wait for the word.
pub struct Clients {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Clients {
    pub async fn connect(load: &Load) -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("load")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting the clients")?;
        let input = process.stdin.take().context("the clients have no standard input")?;
        let output = process.stdout.take().context("the clients have no standard output")?;
        let mut clients = Self { process, input, output: BufReader::new(output).lines() };
        clients.say(&serde_json::to_string(load)?).await?;
        let ready = clients.hear().await?;
        ensure!(ready == "ready", "the clients said {ready:?}");
        Ok(clients)
    }

    /// Lets them go, and waits until they are done.
    pub async fn go(mut self) -> anyhow::Result<Seen> {
        self.say("go").await?;
        let seen = serde_json::from_str(&self.hear().await?)?;
        self.process.wait().await?;
        Ok(seen)
    }

    async fn say(&mut self, line: &str) -> anyhow::Result<()> {
        self.input.write_all(line.as_bytes()).await?;
        self.input.write_all(b"\n").await?;
        Ok(self.input.flush().await?)
    }

    async fn hear(&mut self) -> anyhow::Result<String> {
        self.output.next_line().await?.context("the clients ended early: their error is above")
    }
}
