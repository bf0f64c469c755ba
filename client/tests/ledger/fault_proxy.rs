//! Stands between a client and its node, and loses or repeats what it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;

/// What happens to a `sendTransaction`.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The node never sees the first so many, and the client is told that all is well.
    Swallowed(u32),
    /// The node takes it, and the client gets no answer, so often.
    Unanswered(u32),
    /// The node gets every one three times.
    Repeated,
    /// Every request of any kind fails so often.
    Away(u32),
    /// From the transaction after so many on nothing is answered any more; that one is lost on its way.
    CutBefore(u32),
    /// The same, but the node has taken that one.
    CutAfter(u32),
}

pub struct FaultProxy {
    pub url: String,
    /// How many `sendTransaction` the client has sent.
    pub sent: Arc<AtomicU32>,
    /// Whether a cut has come.
    pub cut: Arc<AtomicBool>,
}

#[derive(Clone)]
struct Upstream {
    url: String,
    fault: Fault,
    left: Arc<AtomicU32>,
    sent: Arc<AtomicU32>,
    cut: Arc<AtomicBool>,
    client: reqwest::Client,
}

impl FaultProxy {
    pub async fn start(node: &str, fault: Fault) -> Self {
        let left = match fault {
            Fault::Swallowed(times)
            | Fault::Unanswered(times)
            | Fault::Away(times)
            | Fault::CutBefore(times)
            | Fault::CutAfter(times) => times,
            Fault::Repeated => 0,
        };
        let sent = Arc::new(AtomicU32::new(0));
        let cut = Arc::new(AtomicBool::new(false));
        let upstream = Upstream {
            url: node.to_owned(),
            fault,
            left: Arc::new(AtomicU32::new(left)),
            sent: sent.clone(),
            cut: cut.clone(),
            client: reqwest::Client::new(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(pass)).with_state(upstream);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, sent, cut }
    }
}

async fn pass(State(upstream): State<Upstream>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let sends = request["method"] == "sendTransaction";
    if sends {
        upstream.sent.fetch_add(1, Ordering::SeqCst);
    }
    if upstream.cut.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match upstream.fault {
        Fault::CutBefore(_) if sends && !upstream.takes_one() => {
            upstream.cut.store(true, Ordering::SeqCst);
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Fault::CutAfter(_) if sends && !upstream.takes_one() => {
            upstream.cut.store(true, Ordering::SeqCst);
            upstream.forward(&body).await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Fault::Swallowed(_) if sends && upstream.takes_one() => accepted(&request),
        Fault::Unanswered(_) if sends && upstream.takes_one() => {
            upstream.forward(&body).await;
            StatusCode::BAD_GATEWAY.into_response()
        }
        Fault::Repeated if sends => {
            upstream.forward(&body).await;
            upstream.forward(&body).await;
            upstream.forward(&body).await
        }
        Fault::Away(_) if upstream.takes_one() => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => upstream.forward(&body).await,
    }
}

impl Upstream {
    fn takes_one(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok()
    }

    async fn forward(&self, body: &Bytes) -> Response {
        let request = self.client.post(&self.url).header(header::CONTENT_TYPE, "application/json");
        // A node that is away is away for the client too.
        let Ok(answer) = request.body(body.clone()).send().await else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        let answer = answer.bytes().await.unwrap();
        ([(header::CONTENT_TYPE, "application/json")], answer).into_response()
    }
}

/// The node's answer to a transaction that it took: its first signature.
fn accepted(request: &Value) -> Response {
    use base64::Engine as _;
    let transaction = request["params"][0].as_str().unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(transaction).unwrap();
    // One byte counts the signatures.
    let signature: [u8; 64] = bytes[1..65].try_into().unwrap();
    let signature = solana_sdk::signature::Signature::from(signature).to_string();
    let answer = serde_json::json!({ "jsonrpc": "2.0", "id": request["id"], "result": signature });
    axum::Json(answer).into_response()
}
