//! Serves the fixtures until it is stopped: `obscura-conformance [ADDRESS]`.

use std::net::SocketAddr;

use anyhow::Context;
use obscura_conformance::Server;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let address: SocketAddr =
        address.parse().with_context(|| format!("{address} is no address: send 127.0.0.1:PORT"))?;
    let server = Server::start(address).await?;
    println!("{}", server.url());
    tokio::signal::ctrl_c().await?;
    server.stop().await
}
