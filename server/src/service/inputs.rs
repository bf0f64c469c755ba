//! What callers send, one type per operation. The JSON Schema of each type is
//! its contract over MCP and over HTTP.
//!
//! Ranges are written in the schema and checked against the raw JSON before a
//! value of these types exists (see `tools::arguments`). Unknown fields are
//! refused: a misspelt `maxTotalMicro` must not silently become a default.

use std::fmt;

use obscura_auction::order::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest wait of one status call: hosts give up after about a minute.
pub const MAX_WAIT_SECONDS: u32 = 40;

/// Which side of the market an order is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum SideInput {
    /// Buys GPU-hours, locks USDC.
    Bid,
    /// Sells GPU-hours, locks GPUs' worth of stake.
    Ask,
}

impl From<Side> for SideInput {
    fn from(side: Side) -> Self {
        match side {
            Side::Bid => Self::Bid,
            Side::Ask => Self::Ask,
        }
    }
}

impl From<SideInput> for Side {
    fn from(side: SideInput) -> Self {
        match side {
            SideInput::Bid => Self::Bid,
            SideInput::Ask => Self::Ask,
        }
    }
}

/// Asks for the caller's owner key, balances and caps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountInput {}

/// Asks for every market.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MarketsInput {}

/// Asks what a market paid lately and what an order would lock.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuoteInput {
    /// Market, for example "H100 80GB"; close spellings such as "h100" are understood.
    #[schemars(length(min = 1, max = 64), example = "H100 80GB")]
    pub gpu_type: String,
    /// GPUs, for the estimate. Default 1.
    #[schemars(range(min = 1, max = 4096), example = 4)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<u16>,
    /// Seconds each GPU is leased for, for the estimate. Default 3600.
    #[schemars(range(min = 60, max = 2_592_000), example = 3600)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
    /// Percent: how likely a bid should fill in one batch. Default 80.
    #[schemars(range(min = 1, max = 99), example = 80)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_probability: Option<u8>,
}

/// Commits a sealed order: only its hash leaves the caller.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitInput {
    /// Market, exactly as `markets` spells it: the name is sealed into the hash.
    #[schemars(length(min = 1, max = 64), example = "H100 80GB")]
    pub gpu_type: String,
    /// Poseidon commitment of the order, 64 lower-case hex digits, as `obscura seal` prints it.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub commit_hash: String,
    /// `bid` buys, `ask` sells. Default `bid`; it must be the side that was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<SideInput>,
    /// Bids: micro-USDC to lock, and the most this order can ever cost. It must
    /// cover `ceil(priceMicro*qty*durationSeconds/3600) + qty - 1`. Required over MCP; over HTTP
    /// the default is the key's per-order cap. Order fee and reveal deposit come on top.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991u64), example = 8_000_000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total_micro: Option<u64>,
    /// Asks: GPUs to lock, at least the sealed `qty`. Default: the key's per-ask cap.
    #[schemars(range(min = 1, max = 4096), example = 8)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_gpus: Option<u16>,
    /// UUID, the idempotency key: the same order again returns the same handle and locks
    /// nothing. Default: made from commitHash.
    #[schemars(extend("format" = "uuid"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// Commit only into a batch that holds at least this many orders, this one included; else nothing is locked.
    #[schemars(range(min = 1, max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_batch_orders: Option<u16>,
    /// Commit only into the batch of this index; else nothing is locked.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991u64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_index: Option<u64>,
    /// Your own name for what this is for; stays off the chain, `account` sums spending by it.
    #[schemars(length(min = 1, max = 64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_tag: Option<String>,
    /// True: lock nothing, show what would be locked, the worst cost, the batch and the budget left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
}

/// Opens a committed order to the matcher, in the batch's reveal window.
///
/// `Debug` shows no term of the order: they are what the market keeps dark.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevealInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
    /// Micro-USDC per GPU-hour: the most a bid pays, the least an ask accepts.
    #[schemars(range(min = 1, max = 1_099_511_627_775u64))]
    pub price_micro: u64,
    /// GPUs asked for or offered.
    #[schemars(range(min = 1, max = 4096))]
    pub qty: u16,
    /// Least GPUs a bid accepts. Default: `qty` for a bid (all or none), 1 for an ask.
    #[schemars(range(min = 1, max = 4096))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_qty: Option<u16>,
    /// Seconds each GPU is leased for. Default: 3600 for a bid, 2592000 for an ask.
    #[schemars(range(min = 60, max = 2_592_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
    /// The secret the order was sealed with, 64 hex digits.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub secret: String,
}

/// Opens a committed order to the matcher through a pool server that learns nothing of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedRevealInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
    /// The opening, sealed to the matcher's key and for this order: base64 of 146 bytes.
    #[schemars(length(min = 196, max = 196))]
    pub sealed_opening: String,
}

impl fmt::Debug for RevealInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevealInput").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

/// Asks for one order and its leases.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeaseStatusInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
    /// Seconds to wait for news before answering, at most 40. Default 0. Answers
    /// as soon as the state changes or the next action becomes possible.
    #[schemars(range(min = 0, max = 40))]
    pub wait_seconds: Option<u32>,
}

/// Asks for an ended order's money back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundInput {
    /// The handle that `commit` returned, a UUID.
    #[schemars(length(min = 1, max = 64))]
    pub order_id: String,
}

/// Asks for the receipt of an order whose batch is cleared.
#[derive(Clone, Debug)]
pub struct ReceiptInput {
    /// The handle that `commit` returned, a UUID.
    pub order_id: String,
}

/// Ends a running lease.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseInput {
    /// Address of the lease, base58, as `leases[].leaseId` shows it.
    #[schemars(length(min = 32, max = 44))]
    pub lease_id: String,
}
