//! The HTTP face: routes under `/v1`, `/healthz`, and the MCP endpoint mounted
//! beside them.
//!
//! A route reads the request, runs the tool or service method of the same name
//! and writes the answer; it decides nothing. Market data is public, because the
//! chain shows it to everybody; everything about an order needs the owner's key.

mod account;
mod auth;
mod body;
mod health;
mod leases;
mod llms;
mod market_data;
mod orders;
mod path;
mod problem_response;
mod query;
mod receipts;

use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, Request};
use axum::http::Method;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};

use crate::service::{Authenticator, PoolService, ServiceError, VaultService};
use crate::tools::Desk;

pub use body::bound_body;
pub use problem_response::problem_response;

/// Largest request body. A request needs less than a thousand bytes; this leaves
/// room for MCP envelopes and none for filling memory.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// What every route can reach.
#[derive(Clone)]
pub struct AppState {
    pub pool: Arc<dyn PoolService>,
    /// Keeps the orders that the pool seals for its callers, where it does.
    pub vault: Option<Arc<dyn VaultService>>,
    pub authenticator: Arc<dyn Authenticator>,
}

impl AppState {
    fn desk(&self) -> Desk<'_> {
        Desk { pool: self.pool.as_ref(), vault: self.vault.as_deref() }
    }
}

/// The whole application; `mcp` is served at `/mcp` behind the same API keys, and `node` beside it, where a
/// pool is its own chain's node.
pub fn router(state: AppState, mcp: Router, node: Option<Router>) -> Router {
    public_routes()
        .merge(private_routes(&state))
        .merge(guarded_mcp(&state, mcp))
        .merge(node.unwrap_or_default().with_state(()))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .with_state(state)
}

fn public_routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/llms.txt", get(llms::llms_txt))
        .route("/v1/quote", get(market_data::quote))
        .route("/v1/markets", get(market_data::markets))
        .route("/v1/batches/current", get(market_data::current_batch))
        .route("/v1/batches/{index}", get(market_data::batch))
}

fn private_routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/v1/orders", get(orders::list))
        .route("/v1/orders/preview", post(orders::preview))
        .route("/v1/orders/commit", post(orders::commit))
        .route("/v1/orders/reveal", post(orders::reveal))
        .route("/v1/orders/reveal-sealed", post(orders::reveal_sealed))
        .route("/v1/orders/{order_id}", get(orders::status))
        .route("/v1/orders/{order_id}/refund", post(orders::refund))
        .route("/v1/orders/{order_id}/privacy", get(orders::privacy))
        .route("/v1/receipts/{order_id}", get(receipts::receipt))
        .route("/v1/account", get(account::account))
        .route("/v1/leases/{lease_id}/release", post(leases::release))
        .route_layer(middleware::from_fn(body::bound_body))
        .route_layer(middleware::from_fn_with_state(state.clone(), auth::require_api_key))
}

/// The key is checked before the body is read, here as above.
fn guarded_mcp(state: &AppState, mcp: Router) -> Router<AppState> {
    mcp.layer(middleware::from_fn(body::bound_json))
        .layer(middleware::from_fn_with_state(state.clone(), auth::require_api_key))
        .with_state(())
}

async fn no_such_route(request: Request) -> Response {
    problem_response(&ServiceError::RouteNotFound {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
    })
}

async fn no_such_method(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    problem_response(&ServiceError::MethodNotAllowed {
        method: method.to_string(),
        path: uri.path().to_owned(),
    })
}
