//! `commit`: locks the collateral behind an order.
//!
//! Where the pool is remote only the hash reaches it; where a vault is at hand it takes the terms and
//! seals them. A pool that seals for its callers takes either, and says so in its schema.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::arguments::InputContract;
use super::{Annotations, Audience, CommitAnswer, Desk, Face, Sealing, ToolDefinition, schema};
use crate::service::{
    Caller, CommitInput, NextAction, PreviewInput, ServiceError, SideInput, TermsInput, VaultService,
    gpu_names,
};

pub const NAME: &str = "commit";

/// The field by which a caller asks the pool to seal, and its only value.
const SEALING: &str = "sealing";
const BY_POOL: &str = "pool";

static HASH: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<CommitInput>(NAME, "POST /v1/orders/commit"));
static TERMS: LazyLock<InputContract> =
    LazyLock::new(|| InputContract::of::<TermsInput>(NAME, "POST /v1/orders/commit"));

const OF_A_HASH: &str = "Locks money (a bid) or GPUs' worth of stake (an ask) behind a sealed order and returns its \
                         handle at once. Send the commitHash that `obscura seal` printed; price, quantity and \
                         secret stay with you until `reveal`. Open in the first two thirds of a batch. Next: \
                         `lease-status` until nextActions say `reveal`.";

const OF_EITHER: &str = "Locks money (a bid) or GPUs' worth of stake (an ask) behind an order and returns its handle at \
                         once. Either send the commitHash that `obscura seal` printed, and price, quantity and \
                         secret stay with you until `reveal`; or, if you cannot seal, send the terms with sealing \
                         \"pool\": the pool seals and reveals for you, and knows them from then on. Open in the \
                         first two thirds of a batch. Next: `lease-status`.";

const OF_TERMS: &str = "Seals an order in your vault, locks money (a bid) or stake (an ask) behind it, and returns \
                        its handle at once; it is revealed in time by itself. Outside a commit window it waits \
                        for the next one (`queued`). Next: `lease-status`.";

pub fn definition(sealing: Sealing, vault: bool) -> ToolDefinition {
    let (description, input_schema) = match (sealing, vault) {
        (Sealing::Terms, _) => (OF_TERMS, TERMS.schema().clone()),
        (Sealing::Sealed, false) => (OF_A_HASH, HASH.schema().clone()),
        (Sealing::Sealed, true) => (OF_EITHER, either()),
    };
    ToolDefinition {
        name: NAME,
        title: "Commit an order",
        description,
        input_schema,
        output_schema: schema::order_answer::<CommitAnswer>(),
        // An order fee is gone once the batch clears, so it is not free to undo.
        annotations: Annotations {
            read_only: false,
            destructive: true,
            idempotent: sealing == Sealing::Sealed,
        },
        audience: Audience::Everyone,
    }
}

/// A hash, or terms for the pool to seal.
fn either() -> Map<String, Value> {
    let mut schema = HASH.schema().clone();
    let mut properties = TERMS.schema()["properties"].as_object().cloned().unwrap_or_default();
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    properties.insert(
        SEALING.into(),
        json!({
            "const": BY_POOL,
            "description": "Send terms instead of commitHash: the pool seals and reveals for you, and knows the \
                            terms from now on.",
        }),
    );
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), json!(["gpuType"]));
    schema.insert(
        "anyOf".into(),
        json!([{ "required": ["commitHash"] }, { "required": [SEALING, "priceMicro", "qty"] }]),
    );
    schema
}

pub async fn run(
    desk: Desk<'_>,
    caller: &Caller,
    mut arguments: Value,
    sealing: Sealing,
    face: Face,
) -> Result<CommitAnswer, ServiceError> {
    let asked = arguments.as_object_mut().and_then(|object| object.remove(SEALING));
    match (sealing, desk.vault, asked) {
        (Sealing::Terms, Some(vault), None) => commit_terms(desk, vault, caller, arguments).await,
        (Sealing::Sealed, Some(vault), Some(by)) if by == BY_POOL => {
            commit_terms(desk, vault, caller, arguments).await
        }
        (Sealing::Sealed, _, None) => commit_hash(desk, caller, arguments, face).await,
        (_, vault, Some(_)) => Err(refuse_sealing(vault.is_some() && sealing == Sealing::Sealed)),
        (Sealing::Terms, None, None) => Err(ServiceError::Internal),
    }
}

async fn commit_hash(
    desk: Desk<'_>,
    caller: &Caller,
    arguments: Value,
    face: Face,
) -> Result<CommitAnswer, ServiceError> {
    let input: CommitInput = HASH.read(arguments)?;
    let side = input.side.unwrap_or(SideInput::Bid);
    fits_side(side, input.max_total_micro, input.lock_gpus)?;
    if side == SideInput::Bid && face == Face::Mcp && input.max_total_micro.is_none() {
        return Err(max_total_missing());
    }
    if input.dry_run == Some(true) {
        let CommitInput { gpu_type, max_total_micro, lock_gpus, .. } = input;
        let preview = PreviewInput { gpu_type, side: Some(side), max_total_micro, lock_gpus };
        return Ok(desk.pool.preview_commit(caller, preview).await?.into());
    }
    Ok(desk.pool.commit(caller, input).await?.into())
}

async fn commit_terms(
    desk: Desk<'_>,
    vault: &dyn VaultService,
    caller: &Caller,
    arguments: Value,
) -> Result<CommitAnswer, ServiceError> {
    let mut input: TermsInput = TERMS.read(arguments)?;
    let side = input.side.unwrap_or(SideInput::Bid);
    fits_side(side, input.max_total_micro, input.lock_gpus)?;
    if side == SideInput::Bid && input.max_total_micro.is_none() {
        return Err(max_total_missing());
    }
    input.gpu_type = gpu_names::in_full(desk.pool, &input.gpu_type).await?;
    if input.dry_run == Some(true) {
        let again = NextAction::in_earnest(NAME, &input);
        let mut preview = vault.preview_terms(caller, input).await?;
        preview.next_actions = vec![again];
        return Ok(preview.into());
    }
    Ok(vault.commit_terms(caller, input).await?.into())
}

fn fits_side(
    side: SideInput,
    max_total_micro: Option<u64>,
    lock_gpus: Option<u16>,
) -> Result<(), ServiceError> {
    match side {
        SideInput::Bid if lock_gpus.is_some() => Err(ServiceError::invalid_field(
            "lockGpus",
            "lockGpus is for asks; a bid locks money: send maxTotalMicro",
        )),
        SideInput::Ask if max_total_micro.is_some() => Err(ServiceError::invalid_field(
            "maxTotalMicro",
            "maxTotalMicro is for bids; an ask locks GPUs: send lockGpus",
        )),
        SideInput::Bid | SideInput::Ask => Ok(()),
    }
}

fn max_total_missing() -> ServiceError {
    ServiceError::invalid_field(
        "maxTotalMicro",
        "maxTotalMicro is missing: the most this bid may cost, in micro-USDC; it is \
         locked now. At least ceil(priceMicro*qty*durationSeconds/3600) + qty - 1",
    )
}

fn refuse_sealing(here: bool) -> ServiceError {
    let detail = if here {
        "sealing can only be \"pool\"; leave it out to send a commitHash"
    } else {
        "this pool does not seal for its callers: seal with `obscura seal` and send its commitBody, or run `obscura mcp`, which keeps your secrets on your own machine"
    };
    ServiceError::invalid_field(SEALING, detail)
}
