//! `obscura order status` and `list`.

use std::process::ExitCode;

use clap::Args;
use obscura_client::accounts::{Batch, Ended, Lease, Order, filter};
use obscura_client::figures::{Figure, Figures, Quantity};
use obscura_client::ledger::Ledger;
use obscura_client::ledger::rpc::RpcLedger;
use obscura_client::order_standing;
use obscura_client::pubkey::Pubkey;
use serde_json::{Value, json};

use crate::chain::arguments::OrderName;
use crate::chain::options::{Looking, Node};
use crate::chain::session::{self, get, told};
use crate::chain::{self, Answer, show};

const EXAMPLES: &str = "Examples:
    obscura order list --keypair owner.json
    obscura order list --owner OWNER --all --json
    obscura order status ORDER_ID --keypair owner.json

The chain does not show whether an order was revealed in private; the pool does (tool `lease-status`).";

const ORDER_COLUMNS: [&str; 6] = ["orderId", "side", "ended", "lock", "lockGpus", "openLeases"];
const LEASE_COLUMNS: [&str; 4] = ["state", "reason", "provider", "acceptBy"];

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct StatusArguments {
    /// The order's id, or its address.
    order: OrderName,

    #[command(flatten)]
    looking: Looking,
}

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArguments {
    /// Those that have ended too.
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    looking: Looking,
}

pub fn status(arguments: &StatusArguments) -> anyhow::Result<ExitCode> {
    let StatusArguments { order: name, looking } = arguments;
    let address = match name {
        OrderName::Address(address) => *address,
        OrderName::Id(_) => name.address(&looking.owner()?),
    };
    chain::run(async {
        let (ledger, node) = (looking.node.ledger(), &looking.node);
        let hint = "`obscura order list` shows an owner's orders";
        let order: Order = get(&ledger, node, &address, hint).await?;
        let batch: Batch = get(&ledger, node, &order.batch, "the order names no batch").await?;
        let leases = leases_of(&ledger, node, &address, &order).await?;
        let now = ledger.clock().await.map_err(|error| told(node, error))?;
        let states: Vec<Lease> = leases.iter().map(|(_, lease)| *lease).collect();
        let standing = serde_json::to_value(order_standing::of(&order, &batch, &states, now)?)?;
        let standing = standing.as_str().unwrap_or_default().to_owned();
        let mut figures = vec![Figure { name: "standing".to_owned(), value: Quantity::Text(standing) }];
        figures.extend(order.figures());
        let leases: Vec<(Pubkey, Vec<Figure>)> =
            leases.iter().map(|(address, lease)| (*address, lease.figures())).collect();
        Ok(Answer::done(if node.json {
            let mut document = show::object(&address, &figures);
            let objects = leases.iter().map(|(address, figures)| json!(show::object(address, figures)));
            document.insert("leasesOpened".to_owned(), objects.collect());
            Value::Object(document).to_string()
        } else {
            let order = show::card("order", &address, &figures);
            format!("{order}\n\n{}", show::rows("leases", &LEASE_COLUMNS, &leases))
        }))
    })
}

async fn leases_of(
    ledger: &RpcLedger,
    node: &Node,
    address: &Pubkey,
    order: &Order,
) -> anyhow::Result<Vec<(Pubkey, Lease)>> {
    let filter = match order.side {
        0 => filter::leases_of_bid(address),
        _ => filter::leases_of_ask(address),
    };
    session::list(ledger, node, [filter]).await
}

pub fn list(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let ListArguments { all, looking } = arguments;
    let owner = looking.owner()?;
    chain::run(async {
        let (ledger, node) = (looking.node.ledger(), &looking.node);
        let mut orders = session::list::<Order>(&ledger, node, [filter::orders_of_owner(&owner)]).await?;
        orders.retain(|(_, order)| *all || matches!(order.ended, Ended::Live));
        orders.sort_by_key(|(_, order)| order.committed_at);
        let orders: Vec<(Pubkey, Vec<Figure>)> =
            orders.into_iter().map(|(address, order)| (address, order.figures())).collect();
        Ok(Answer::done(show::many(looking.node.json, "orders", &ORDER_COLUMNS, &orders)))
    })
}
