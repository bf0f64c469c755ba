//! `obscura account show`: what an owner has in the program and outside it.

use std::process::ExitCode;

use clap::Args;
use obscura_client::accounts::{Ended, Lease, LeaseState, Order, Trader, filter};
use obscura_client::figures::{Figure, Figures, Quantity};
use obscura_client::pubkey::Pubkey;
use obscura_client::{address, wallet};
use serde_json::{Value, json};

use crate::chain::options::Looking;
use crate::chain::session::{self, get, pool_mints};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
  Your own:
    obscura account show --keypair owner.json
  Anybody's, as JSON:
    obscura account show --owner 9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin --json";

const ORDER_COLUMNS: [&str; 5] = ["orderId", "side", "lock", "lockGpus", "openLeases"];
const LEASE_COLUMNS: [&str; 4] = ["state", "buyer", "provider", "acceptBy"];

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    looking: Looking,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { looking } = arguments;
    let owner = looking.owner()?;
    chain::run(async {
        let (ledger, node) = (looking.node.ledger(), &looking.node);
        let mints = pool_mints(&ledger, node).await?;
        let address = address::trader(&owner);
        let hint = "its owner opens it with `obscura account open`";
        let trader: Trader = get(&ledger, node, &address, hint).await?;
        let mut figures = trader.figures();
        for (name, mint, currency) in [
            ("walletUsdc", mints.usdc, Quantity::Usdc as fn(u64) -> Quantity),
            ("walletObsc", mints.obsc, Quantity::Obsc),
        ] {
            let held = wallet::tokens(&ledger, &owner, &mint).await?.unwrap_or(0);
            figures.push(Figure { name: name.to_owned(), value: currency(held) });
        }
        let orders = session::list::<Order>(&ledger, node, [filter::orders_of_owner(&owner)]).await?;
        let orders = told(orders.into_iter().filter(|(_, order)| matches!(order.ended, Ended::Live)));
        let mut leases = session::list::<Lease>(&ledger, node, [filter::leases_of_buyer(&owner)]).await?;
        leases.extend(session::list::<Lease>(&ledger, node, [filter::leases_of_provider(&owner)]).await?);
        let leases = told(leases.into_iter().filter(|(_, lease)| !matches!(lease.state, LeaseState::Closed)));
        Ok(Answer::done(if node.json {
            let mut document = show::object(&address, &figures);
            document.insert("orders".to_owned(), objects(&orders));
            document.insert("leases".to_owned(), objects(&leases));
            Value::Object(document).to_string()
        } else {
            format!(
                "{}\n\n{}\n\n{}",
                show::card("trader", &address, &figures),
                show::rows("live orders", &ORDER_COLUMNS, &orders),
                show::rows("open leases", &LEASE_COLUMNS, &leases)
            )
        }))
    })
}

fn told<T: Figures>(accounts: impl Iterator<Item = (Pubkey, T)>) -> Vec<(Pubkey, Vec<Figure>)> {
    accounts.map(|(address, account)| (address, account.figures())).collect()
}

fn objects(accounts: &[(Pubkey, Vec<Figure>)]) -> Value {
    accounts.iter().map(|(address, figures)| json!(show::object(address, figures))).collect()
}
