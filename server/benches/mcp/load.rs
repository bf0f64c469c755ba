//! The clients: a connection each, kept alive, one request after the other. Runs in a process of its own and
//! is told what to do on standard input, so that API keys are in no argument list.

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bytes::Bytes;
use futures::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

use super::wire::{Revision, ToolCall};

/// What the clients do once they are told to go.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Doing {
    /// Call again and again for so long.
    Repeat(Duration),
    /// Call once, all at the same time.
    Once,
    /// Call once while connecting, and then nothing.
    Idle,
}

/// One client for each call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Load {
    pub host: String,
    pub revision: Revision,
    pub doing: Doing,
    pub calls: Vec<ToolCall>,
}

/// What the clients saw.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    /// How long each answer took, ascending.
    pub micros: Vec<u32>,
    /// From the word to go to the last answer.
    pub elapsed: Duration,
    pub errors: usize,
    pub first_error: Option<String>,
}

impl Seen {
    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Milliseconds that so many of a hundred answers took at most.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        f64::from(self.micros.get(at).copied().unwrap_or_default()) / 1e3
    }
}

/// Connects, says `ready`, waits for a line, and answers with what it saw.
pub async fn run() -> anyhow::Result<()> {
    let load: Load = serde_json::from_str(&line()?).context("the load to make")?;
    let mut clients = try_join_all(load.calls.iter().map(|call| Client::connect(&load, call))).await?;
    match load.doing {
        Doing::Repeat(_) | Doing::Idle => {
            for seen in try_join_all(clients.iter_mut().map(Client::call)).await? {
                if let Some(error) = seen.error {
                    bail!("the first call of a client failed: {error}");
                }
            }
        }
        Doing::Once => {}
    }
    say("ready")?;
    line()?;
    let seen = match load.doing {
        Doing::Repeat(time) => all_at_once(clients, Some(time)).await?,
        Doing::Once => all_at_once(clients, None).await?,
        Doing::Idle => Seen::default(),
    };
    say(&serde_json::to_string(&seen)?)
}

async fn all_at_once(clients: Vec<Client>, time: Option<Duration>) -> anyhow::Result<Seen> {
    let started = Instant::now();
    let tasks = clients.into_iter().map(|client| tokio::spawn(client.work(started, time)));
    let mut seen = Seen::default();
    for task in tasks.collect::<Vec<_>>() {
        for Answer { micros, error } in task.await?? {
            seen.micros.push(micros);
            seen.errors += usize::from(error.is_some());
            seen.first_error = seen.first_error.take().or(error);
        }
    }
    seen.elapsed = started.elapsed();
    seen.micros.sort_unstable();
    Ok(seen)
}

struct Client {
    connection: SendRequest<Full<Bytes>>,
    request: Arc<Request<Full<Bytes>>>,
}

struct Answer {
    micros: u32,
    error: Option<String>,
}

impl Client {
    async fn connect(load: &Load, call: &ToolCall) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&load.host).await.context("connecting a client")?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        let request = Arc::new(call.request(&load.host, load.revision)?);
        Ok(Self { connection, request })
    }

    async fn work(mut self, started: Instant, time: Option<Duration>) -> anyhow::Result<Vec<Answer>> {
        let mut answers = Vec::new();
        loop {
            answers.push(self.call().await?);
            if time.is_none_or(|time| started.elapsed() >= time) {
                return Ok(answers);
            }
        }
    }

    async fn call(&mut self) -> anyhow::Result<Answer> {
        let request = self.request.as_ref().clone();
        let started = Instant::now();
        self.connection.ready().await?;
        let response = self.connection.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
        let fine = status.is_success() && holds(&body, b"\"isError\":false");
        let error = (!fine).then(|| format!("{status}: {}", String::from_utf8_lossy(&body)));
        Ok(Answer { micros, error })
    }
}

/// The last bytes of a result say whether it is an error; only the end is searched.
fn holds(body: &[u8], text: &[u8]) -> bool {
    const END: usize = 200;
    let end = &body[body.len().saturating_sub(END)..];
    end.windows(text.len()).any(|window| window == text)
}

fn line() -> anyhow::Result<String> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    Ok(line)
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(stdout(), "{line}")?;
    Ok(stdout().flush()?)
}
