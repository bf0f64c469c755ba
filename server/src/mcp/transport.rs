//! Streamable HTTP at `/mcp`, for any MCP handler.
//!
//! One endpoint speaks both revisions. A request of 2026-07-28 stands alone. An
//! `initialize` of 2025-11-25 opens a session, so that its client can be asked
//! something in the middle of a call, can cancel one, and hears of changes; a
//! client that leaves the session's id away is answered all the same, one request
//! at a time. Answers outside of a session are plain JSON, and become a stream of
//! events only where the handler has something to say before the result.
//!
//! Must never let a page from elsewhere in (DNS rebinding), nor one caller into
//! another's session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use rmcp::model::JsonRpcError;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, ServerHandler};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use super::sessions::{SESSION_HEADER, Sessions};
use crate::http::MAX_BODY_BYTES;
use crate::service::Caller;

/// Pages that may call this server from a browser: those served from the same
/// machine. Anything else with an `Origin` is refused, which stops DNS rebinding.
const LOOPBACK_ORIGINS: [&str; 3] = ["http://127.0.0.1:*", "http://localhost:*", "http://[::1]:*"];
/// What a request is routed by, in front of this server or in it.
const ROUTING_HEADERS: [&str; 4] = ["mcp-protocol-version", "mcp-method", "mcp-name", SESSION_HEADER];
/// A session without a request for this long is closed; its client opens another.
const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);

/// Where an endpoint listens, and until when.
#[derive(Clone)]
pub struct Endpoint {
    pub listen: SocketAddr,
    pub stop: CancellationToken,
}

/// A router that answers `/mcp`; `handler` makes the handler of a session or of a request outside of one.
pub fn router<H, F>(handler: F, endpoint: Endpoint) -> Router
where
    H: ServerHandler + Clone,
    F: Fn() -> H + Clone + Send + Sync + 'static,
{
    let sessions = Arc::new(Sessions::new(SESSION_IDLE));
    let config = config(endpoint);
    let in_sessions = {
        let handler = handler.clone();
        let config = config.clone().with_legacy_session_mode(true);
        StreamableHttpService::new(move || Ok(handler()), sessions.manager(), config)
    };
    let alone = StreamableHttpService::new(
        move || Ok(handler()),
        Arc::new(NeverSessionManager::default()),
        config.with_legacy_session_mode(false),
    );
    Router::new().route("/mcp", any(answer::<H>)).with_state(Transport { sessions, in_sessions, alone })
}

fn config(endpoint: Endpoint) -> StreamableHttpServerConfig {
    let Endpoint { listen, stop } = endpoint;
    let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    hosts.push(listen.ip().to_string());
    let config = StreamableHttpServerConfig::default();
    // Bound to every address it is meant to be reached under names unknown here; every request needs
    // an API key, and one that comes from a web page is still refused by its Origin.
    let config = if listen.ip().is_unspecified() {
        config.disable_allowed_hosts()
    } else {
        config.with_allowed_hosts(hosts)
    };
    config
        .with_json_response(true)
        .with_max_request_body_bytes(MAX_BODY_BYTES)
        .with_allowed_origins(LOOPBACK_ORIGINS)
        .with_cancellation_token(stop)
}

struct Transport<H> {
    sessions: Arc<Sessions>,
    in_sessions: StreamableHttpService<H, LocalSessionManager>,
    alone: StreamableHttpService<H, NeverSessionManager>,
}

impl<H> Clone for Transport<H> {
    fn clone(&self) -> Self {
        let Self { sessions, in_sessions, alone } = self;
        Self { sessions: sessions.clone(), in_sessions: in_sessions.clone(), alone: alone.clone() }
    }
}

async fn answer<H: ServerHandler + Clone>(
    State(transport): State<Transport<H>>,
    request: Request,
) -> Response {
    if let Some(twice) = sent_twice(request.headers()) {
        return ambiguous(twice);
    }
    let caller = request.extensions().get::<Caller>().cloned();
    if let Some(id) = request.headers().get(SESSION_HEADER) {
        let known = id.to_str().is_ok_and(|id| transport.sessions.belongs_to(id, caller.as_ref()));
        return if known {
            transport.in_sessions.handle(request).await.into_response()
        } else {
            (StatusCode::NOT_FOUND, "there is no such session: send `initialize` for a new one")
                .into_response()
        };
    }
    let (parts, body) = match read(request).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    if parts.method == Method::POST && !opens_session(&body) {
        return transport.alone.handle(whole(parts, body)).await.into_response();
    }
    let response = transport.in_sessions.handle(whole(parts, body)).await;
    if let Some(id) = response.headers().get(SESSION_HEADER).and_then(|id| id.to_str().ok()) {
        transport.sessions.admit(id, caller).await;
    }
    response.into_response()
}

/// A proxy may go by one value and the handler by the other.
fn sent_twice(headers: &HeaderMap) -> Option<&'static str> {
    ROUTING_HEADERS.into_iter().find(|name| headers.get_all(*name).iter().nth(1).is_some())
}

fn ambiguous(header: &str) -> Response {
    let error = ErrorData::header_mismatch(format!("{header} was sent twice: send it once"), None);
    (StatusCode::BAD_REQUEST, Json(JsonRpcError::new(None, error))).into_response()
}

async fn read(request: Request) -> Result<(request::Parts, Bytes), Response> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(body) => Ok((parts, body)),
        Err(_) => Err((
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is larger than {MAX_BODY_BYTES} bytes, or broke off"),
        )
            .into_response()),
    }
}

fn whole(parts: request::Parts, body: Bytes) -> Request {
    Request::from_parts(parts, Body::from(body))
}

/// The one message that says which way to go; everything else about it is rmcp's to judge.
fn opens_session(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Message {
        method: Option<String>,
    }
    serde_json::from_slice::<Message>(body)
        .is_ok_and(|message| message.method.as_deref() == Some("initialize"))
}
