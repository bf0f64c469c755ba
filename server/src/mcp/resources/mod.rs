//! Resources: markets, batches, the caller's orders and receipts, documents, skills.
//!
//! They show what the tools and routes show, to whom these show it.

mod address;
mod documents;

use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde::Serialize;
use serde_json::json;

use super::skills;
use crate::service::{
    Caller, LeaseStatusInput, OrdersInput, PoolService, PrivacyInput, ReceiptInput, ServiceError,
};
use crate::tools::ToolSurface;

pub use address::Address;

const JSON: &str = "application/json";
const MARKDOWN: &str = "text/markdown";

/// What never changes while a server runs.
const STATIC_TTL_MS: u64 = 3_600_000;
/// A second: what the chain's clock moves.
const LIVE_TTL_MS: u64 = 1_000;

/// What there is to read without knowing an order's handle.
pub async fn listed(pool: &dyn PoolService) -> Result<Vec<Resource>, ErrorData> {
    let markets = Resource::new("obscura://markets", "markets")
        .with_title("Markets")
        .with_description("Every market with its parameters and the window that is open.")
        .with_mime_type(JSON);
    let orders = Resource::new("obscura://orders", "orders")
        .with_title("Your open orders")
        .with_description("What `orders` answers: handle and state of each, the latest first.")
        .with_mime_type(JSON);
    let mut all = vec![markets, orders];
    for market in pool.markets().await.map_err(|error| refused(&error, "obscura://markets"))?.markets {
        let name = format!("current-batch-{}", market.market_tag);
        let batch = Resource::new(address::of_current_batch(&market.gpu_type), name)
            .with_title(format!("Current batch of {}", market.gpu_type))
            .with_description("The batch that takes orders now: phase, seconds left, orders so far.")
            .with_mime_type(JSON);
        all.push(batch);
    }
    all.extend(documents::DOCUMENTS.iter().map(|document| {
        Resource::new(format!("obscura://docs/{}", document.name), document.name)
            .with_title(document.title)
            .with_description(document.description)
            .with_mime_type(MARKDOWN)
    }));
    all.extend(skills::resources());
    Ok(all)
}

/// What can be read, for whoever knows a market, a batch or an order's handle.
pub fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, title: &str, description: &str| {
        ResourceTemplate::new(uri, name).with_title(title).with_description(description).with_mime_type(JSON)
    };
    vec![
        template(
            "obscura://batches/{gpuType}/current",
            "current-batch",
            "Current batch of a market",
            "The batch that takes orders now: phase, seconds left, orders so far. Can be subscribed to.",
        ),
        template(
            "obscura://batches/{gpuType}/{index}",
            "batch",
            "A batch by its index",
            "Where it is in its life and, once it is cleared, its price and counts. Can be subscribed to.",
        ),
        template(
            "obscura://orders/{orderId}",
            "order",
            "One of your orders",
            "What `lease-status` answers, without waiting. Can be subscribed to.",
        ),
        template(
            "obscura://receipts/{orderId}",
            "receipt",
            "Receipt of an order",
            "What the clearing made of one of your orders, with its proof: `obscura verify` checks it without a \
             network and says what was proven. There once the order's batch is cleared.",
        ),
        template(
            "obscura://privacy-reports/{orderId}",
            "privacy-report",
            "What an order told to whom",
            "Who can know what of one of your orders so far, and among how many it hides.",
        ),
    ]
}

/// The resource at `uri`.
pub async fn read(
    surface: &ToolSurface,
    caller: &Caller,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    if let Some(skill) = skills::read(uri) {
        return Ok(fixed(ResourceContents::text(skill, uri).with_mime_type(MARKDOWN)));
    }
    let address = Address::parse(uri).ok_or_else(|| no_such(uri))?;
    if let Address::Document { name } = &address {
        let document = documents::find(name).ok_or_else(|| no_such(uri))?;
        return Ok(fixed(ResourceContents::text(document.text, uri).with_mime_type(MARKDOWN)));
    }
    let text = live(surface, caller, &address).await.map_err(|error| refused(&error, uri))?;
    let contents = ResourceContents::text(text, uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]).with_ttl_ms(LIVE_TTL_MS).with_cache_scope(CacheScope::Private))
}

fn fixed(contents: ResourceContents) -> ReadResourceResult {
    ReadResourceResult::new(vec![contents]).with_ttl_ms(STATIC_TTL_MS).with_cache_scope(CacheScope::Public)
}

async fn live(surface: &ToolSurface, caller: &Caller, address: &Address) -> Result<String, ServiceError> {
    let pool = surface.pool();
    match address {
        Address::Markets => to_text(&pool.markets().await?),
        Address::CurrentBatch { gpu_type } => to_text(&pool.current_batch(Some(gpu_type)).await?),
        Address::Batch { gpu_type, index } => to_text(&pool.batch(Some(gpu_type), *index).await?),
        Address::Order { order_id } => {
            let input = LeaseStatusInput { order_id: order_id.clone(), wait_seconds: None };
            to_text(&surface.desk().order_status(caller, input).await?)
        }
        Address::Orders => to_text(&surface.desk().orders(caller, OrdersInput::default()).await?),
        Address::PrivacyReport { order_id } => {
            let order_id = surface.desk().pool_order_id(caller, order_id.clone()).await?;
            let input = PrivacyInput { order_id };
            to_text(&pool.privacy_report(caller, input).await?)
        }
        Address::Receipt { order_id } => {
            let order_id = surface.desk().pool_order_id(caller, order_id.clone()).await?;
            let input = ReceiptInput { order_id };
            to_text(&pool.receipt(caller, input).await?)
        }
        Address::Document { .. } => Err(ServiceError::Internal),
    }
}

fn to_text(view: &impl Serialize) -> Result<String, ServiceError> {
    serde_json::to_string(view).map_err(|_| ServiceError::Internal)
}

fn no_such(uri: &str) -> ErrorData {
    let known: Vec<String> = templates().into_iter().map(|template| template.uri_template).collect();
    let text = format!(
        "there is no such resource; `resources/list` names those that are always there, and there are {}",
        known.join(", ")
    );
    ErrorData::resource_not_found(text, Some(json!({ "uri": uri })))
}

/// The problem as data, for programs; its text says the same.
fn refused(error: &ServiceError, uri: &str) -> ErrorData {
    let problem = error.to_problem();
    let text = format!("{}: {}", problem.code, problem.detail);
    let data = serde_json::to_value(&problem).ok().map(|mut data| {
        data["uri"] = uri.into();
        data
    });
    match problem.status {
        404 => ErrorData::resource_not_found(text, data),
        500.. => ErrorData::internal_error(text, data),
        _ => ErrorData::invalid_params(text, data),
    }
}
