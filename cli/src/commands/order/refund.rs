//! `obscura order refund`: ends an order that is over.

use std::process::ExitCode;

use clap::Args;
use obscura_client::accounts::{self, Batch, Order, Trader};
use obscura_client::address;
use obscura_client::instructions::anyone::refund;

use crate::chain;
use crate::chain::arguments::OrderName;
use crate::chain::options::Acting;
use crate::chain::session::{Session, Step};

const EXAMPLES: &str = "Examples:
    obscura order refund ORDER_ID --keypair owner.json --dry-run
    obscura order refund ORDER_ID --owner OWNER --keypair anyone.json --json

Anyone may: half of the order's fee pays whoever does it for another, if that key has a trader account. All
the rest goes back to the order's own trader account, and nowhere else.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The order's id, or its address.
    order: OrderName,

    #[command(flatten)]
    acting: Acting,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { order: name, acting } = arguments;
    chain::run(async {
        let session = Session::open(&acting.signing).await?;
        let owner = acting.owner.unwrap_or(session.key());
        let address = name.address(&owner);
        let hint = "`obscura order list` shows yours; --owner says whose id it is";
        let order: Order = session.get(&address, hint).await?;
        let batch: Batch = session.get(&order.batch, "the order names no batch").await?;
        let own = address::trader(&session.key());
        let paid = accounts::find::<Trader>(&session.ledger, &own).await?.map(|_| own);
        let step = refund(session.key(), address, &order, &batch, paid);
        session.submit(Step::new("refund", [step]).naming("order", address.to_string())).await
    })
}
