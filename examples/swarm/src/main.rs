//! `obscura-swarm`: parses, runs, prints. The exit code says whether the books balance and every agent went
//! without an error.

use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Parser;
use obscura_client::causes::in_one_line;
use obscura_swarm::options::Options;
use obscura_swarm::{report, run};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match swarm(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", in_one_line(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn swarm(options: &Options) -> anyhow::Result<()> {
    let report = run(options).await?;
    let text = if options.json { serde_json::to_string_pretty(&report)? } else { report::in_words(&report) };
    writeln!(stdout(), "{text}")?;
    report.check()
}
