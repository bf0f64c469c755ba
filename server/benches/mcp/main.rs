//! What the pool's MCP face carries: quotes per second next to a tool that does nothing, a thousand commits
//! in one window, the memory of an idle connection. Each prints its table.
//!
//! `cargo bench -p obscura-server --bench mcp -- quote`, `-- commits --agents 1000`,
//! `-- idle --connections 2000`; none of them means `quote`. The load comes from a process of its own, so that
//! the server's processor time and memory are the server's alone.

mod clients;
mod commits;
mod idle;
mod load;
mod nothing;
mod pool;
mod process;
mod quote;
mod wire;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "mcp", about = "Benches of the pool's MCP face")]
struct Cli {
    #[command(subcommand)]
    bench: Option<Bench>,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Requests per second and latency of `quote`, next to a tool that does nothing
    Quote(quote::QuoteArgs),
    /// As many commits as fit one commit window
    Commits(commits::CommitArgs),
    /// Memory of the server for each connection that waits
    Idle(idle::IdleArgs),
    /// The clients, in a process of their own: told what to do on standard input
    #[command(hide = true)]
    Load,
}

fn main() -> anyhow::Result<()> {
    // What cargo adds by itself.
    let arguments = std::env::args().filter(|argument| argument != "--bench");
    let bench = Cli::parse_from(arguments).bench.unwrap_or(Bench::Quote(quote::QuoteArgs::default()));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match bench {
            Bench::Quote(args) => quote::run(args).await,
            Bench::Commits(args) => commits::run(args).await,
            Bench::Idle(args) => idle::run(args).await,
            Bench::Load => load::run().await,
        }
    })
}
