//! `reveal`: hands the opening of a committed order to the matcher, in the
//! batch's reveal window and not a second earlier.

use std::sync::LazyLock;

use serde_json::Value;

use super::arguments::InputContract;
use super::{Annotations, Audience, Desk, Sealing, ToolDefinition, schema};
use crate::service::{Caller, OrderView, RevealInput, RevealKeptInput, ServiceError};

pub const NAME: &str = "reveal";

static INPUT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<RevealInput>(NAME, "POST /v1/orders/reveal"));
static KEPT: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<RevealKeptInput>(NAME, "POST /v1/orders/reveal"));

const SEALED: &str = "Opens a committed order to the matcher, in the last third of its batch. Send the whole \
                      revealBody that `obscura seal` printed, every value as it was sealed. The answer carries \
                      the matcher's signed acknowledgement. An order that is not revealed cannot trade and loses \
                      its reveal deposit.";

const TERMS: &str = "Opens a kept order to the matcher now, in the last third of its batch. The vault does this \
                     by itself when the window opens: call it only where nextActions says so.";

pub fn definition(sealing: Sealing) -> ToolDefinition {
    let (input, description) = match sealing {
        Sealing::Sealed => (&INPUT, SEALED),
        Sealing::Terms => (&KEPT, TERMS),
    };
    ToolDefinition {
        name: NAME,
        title: "Reveal a committed order to the matcher",
        description,
        input_schema: input.schema().clone(),
        output_schema: schema::order_answer::<OrderView>(),
        // What was disclosed cannot be taken back; a second reveal is refused.
        annotations: Annotations { read_only: false, destructive: true, idempotent: false },
        audience: Audience::Everyone,
    }
}

pub async fn run(
    desk: Desk<'_>,
    caller: &Caller,
    arguments: Value,
    sealing: Sealing,
) -> Result<OrderView, ServiceError> {
    match (sealing, desk.vault) {
        (Sealing::Terms, Some(vault)) => {
            let input: RevealKeptInput = KEPT.read(arguments)?;
            vault.reveal_kept(caller, input).await
        }
        _ => {
            let input: RevealInput = INPUT.read(arguments)?;
            desk.pool.reveal(caller, input).await
        }
    }
}
