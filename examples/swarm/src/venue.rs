//! Where the swarm trades: a local pool that it starts itself, or one that runs already. Either is reached
//! over its network faces alone; what is held of a pool of its own is only to stop it and to check its books.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use obscura_auction::order::Side;
use obscura_circuits::size::BatchSize;
use obscura_client::books;
use obscura_client::ledger::local::ClockSource;
use obscura_server::demo::PoolHttp;
use obscura_server::local::{DataDir, DemoRole, LocalOptions, LocalPool, shared_circuit_cache};
use obscura_server::serve::Server;
use tempfile::TempDir;

use crate::options::Options;

/// Crumbs after the last order: the pool counts what it sent, then the books hold still.
const SETTLING: Duration = Duration::from_secs(2);

/// A place at the pool for one agent.
#[derive(Clone)]
pub struct Seat {
    pub name: String,
    pub side: Side,
    pub api_key: String,
}

/// A pool to trade at.
pub struct Venue {
    url: String,
    seats: Vec<Seat>,
    own: Option<OwnPool>,
}

struct OwnPool {
    pool: LocalPool,
    server: Server,
    _folder: TempDir,
}

impl Venue {
    pub async fn open(options: &Options) -> anyhow::Result<Self> {
        match (&options.pool, &options.keys) {
            (Some(url), Some(keys)) => Self::elsewhere(url, keys),
            _ => Self::start(options).await,
        }
    }

    fn elsewhere(url: &str, keys: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(keys).with_context(|| format!("cannot read {}", keys.display()))?;
        let seats = seats_of(&text).with_context(|| format!("in {}", keys.display()))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), seats, own: None })
    }

    async fn start(options: &Options) -> anyhow::Result<Self> {
        let size = BatchSize::holding(usize::from(options.agents) + usize::from(options.providers))
            .context("a batch holds at most 1024 orders: ask for fewer agents and providers")?;
        let folder = tempfile::tempdir().context("cannot make a temporary data directory")?;
        let pool = LocalPool::start(LocalOptions {
            data_dir: DataDir::new(folder.path()),
            batch_seconds: Some(options.batch_seconds),
            max_orders: Some(size.get()),
            clock: ClockSource::Machine,
            more_accounts: accounts(options),
            providers_act: true,
            circuit_cache: Some(shared_circuit_cache()),
            proving_keys: None,
        })
        .await?;
        let server = Server::start(&pool, ([127, 0, 0, 1], 0).into()).await?;
        let seat = |account: &obscura_server::local::DemoAccount| Seat {
            name: account.name.clone(),
            side: side_of(account.role),
            api_key: account.api_key.clone(),
        };
        let seats = pool.more_accounts.iter().map(seat).collect();
        let url = server.http_url();
        Ok(Self { url, seats, own: Some(OwnPool { pool, server, _folder: folder }) })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn mcp_url(&self) -> String {
        format!("{}/mcp", self.url)
    }

    pub fn http(&self) -> PoolHttp {
        PoolHttp::new(self.url.clone())
    }

    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// Stops a pool of its own, and says whether its program's books balance.
    pub async fn close(self) -> anyhow::Result<Option<bool>> {
        let Some(OwnPool { pool, server, _folder }) = self.own else {
            return Ok(None);
        };
        server.stop().await;
        tokio::time::sleep(SETTLING).await;
        let balance = books::balance(pool.ledger.as_ref()).await;
        pool.stop().await;
        Ok(Some(balance?.holds()))
    }
}

fn accounts(options: &Options) -> Vec<(String, DemoRole)> {
    let buyers = (1..=options.agents).map(|number| (format!("buyer-{number}"), DemoRole::Buyer));
    let providers = (1..=options.providers).map(|number| (format!("provider-{number}"), DemoRole::Provider));
    buyers.chain(providers).collect()
}

fn side_of(role: DemoRole) -> Side {
    match role {
        DemoRole::Buyer => Side::Bid,
        DemoRole::Provider => Side::Ask,
    }
}

/// A line that is wrong is named by its number: the key in it must not be shown.
fn seats_of(text: &str) -> anyhow::Result<Vec<Seat>> {
    let mut seats = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let (role, side) = match line.split_whitespace().next() {
            Some("buyer") => ("buyer", Side::Bid),
            Some("provider") => ("provider", Side::Ask),
            _ => bail!("line {number} is neither `buyer KEY` nor `provider KEY`"),
        };
        let mut words = line.split_whitespace().skip(1);
        let (Some(api_key), None) = (words.next(), words.next()) else {
            bail!("line {number} is not `{role} KEY`");
        };
        seats.push(Seat { name: format!("{role}-{number}"), side, api_key: api_key.to_owned() });
    }
    ensure!(!seats.is_empty(), "there is no key: write `buyer KEY` or `provider KEY`, one a line");
    Ok(seats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_names_a_side_and_a_key_a_line() {
        let seats = seats_of("buyer obk_1\n\nprovider obk_2\n").unwrap();
        let found: Vec<_> = seats.iter().map(|seat| (seat.name.as_str(), seat.side)).collect();
        assert_eq!(found, [("buyer-1", Side::Bid), ("provider-3", Side::Ask)]);
    }

    #[test]
    fn a_wrong_line_is_refused_without_showing_its_key() {
        for text in ["obk_secret", "buyer", "buyer obk_secret more", "seller obk_secret", ""] {
            let error = seats_of(text).err().unwrap().to_string();
            assert!(!error.contains("obk_secret"), "{error}");
        }
    }
}
