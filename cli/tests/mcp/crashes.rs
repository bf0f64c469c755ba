//! `kill -9` at the two moments that matter: before a commit is sent, and between commit and reveal.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use obscura_client::vault::{KeptOrder, Vault, vault_key};
use serde_json::json;

use crate::host::Host;
use crate::world::{CLEAR_AT, REVEAL_AT, World, bid};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_commit_and_reveal_it_reveals_when_it_is_back() {
    let world = World::start().await;
    let host = Host::start(&world).await;
    let handle = host.call("commit", &bid()).await["orderId"].as_str().unwrap().to_owned();
    host.kill().await;
    let kept = kept_in(&world.vault()).await.pop().unwrap();
    let secret = kept.opening().unwrap().secret;

    world.clock.advance(REVEAL_AT);
    let host = Host::start(&world).await;
    let revealed = host.until(&handle, "revealed").await;
    assert!(revealed["acknowledgement"].is_object());
    assert_eq!(world.locked().await, 3_010_000);
    world.clock.advance(CLEAR_AT - REVEAL_AT);
    let over = host.until(&handle, "refunded").await;
    assert_eq!(over["reason"], "unmatched");
    assert_eq!(world.locked().await, 0);
    host.close().await;
    assert!(kept_in(&world.vault()).await.is_empty());
    for hidden in [secret.to_hex().as_bytes(), secret.reduced().as_slice(), world.api_key().as_bytes()] {
        assert!(!is_in(&std::fs::read(world.log()).unwrap(), hidden), "in the log");
        for file in std::fs::read_dir(world.vault()).unwrap() {
            assert!(!is_in(&std::fs::read(file.unwrap().path()).unwrap(), hidden), "in the vault's folder");
        }
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_intent_it_commits_once_when_it_is_back() {
    let world = World::start().await;
    let line = Line::to(&world).await;
    let host = Host::over(&world, &line.url).await;
    host.ask("commit", &bid());
    line.until_a_commit_hangs().await;
    host.kill().await;
    assert_eq!(kept_in(&world.vault()).await.len(), 1);
    assert_eq!(world.locked().await, 0);

    let host = Host::start(&world).await;
    let kept = loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if world.locked().await > 0 {
            break world.locked().await;
        }
    };
    assert_eq!(kept, 3_010_000);
    world.clock.advance(REVEAL_AT);
    let orders = host.call("orders", &json!({})).await;
    let order = orders["orders"][0]["orderId"].as_str().unwrap().to_owned();
    host.until(&order, "revealed").await;
    assert_eq!(orders["orders"].as_array().unwrap().len(), 1);
    assert_eq!(world.locked().await, 3_010_000);
    host.close().await;
    world.stop().await;
}

/// What the vault of a process that is gone keeps.
async fn kept_in(folder: &Path) -> Vec<KeptOrder> {
    let vault = Vault::open(folder, &vault_key(folder).unwrap()).await.unwrap();
    let mut kept = Vec::new();
    for handle in vault.live().await.unwrap() {
        kept.push(vault.find(handle).await.unwrap().unwrap());
    }
    vault.close().await;
    kept
}

fn is_in(content: &[u8], hidden: &[u8]) -> bool {
    content.windows(hidden.len()).any(|window| window == hidden)
}

/// A way to the pool on which commits get lost, and everything else gets through.
struct Line {
    url: String,
    hangs: Arc<AtomicBool>,
}

#[derive(Clone)]
struct Passing {
    to: String,
    client: reqwest::Client,
    hangs: Arc<AtomicBool>,
}

impl Line {
    async fn to(world: &World) -> Self {
        let hangs = Arc::new(AtomicBool::new(false));
        let passing = Passing { to: world.url(), client: reqwest::Client::new(), hangs: hangs.clone() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(pass).with_state(passing);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, hangs }
    }

    async fn until_a_commit_hangs(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.hangs.load(Ordering::SeqCst) {
            assert!(tokio::time::Instant::now() < deadline, "nothing was committed");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn pass(State(passing): State<Passing>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.uri.path() == "/v1/orders/commit" {
        passing.hangs.store(true, Ordering::SeqCst);
        std::future::pending::<()>().await;
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("{}{}", passing.to, parts.uri.path_and_query().unwrap());
    let mut headers = parts.headers;
    headers.remove("host");
    let answer = passing.client.request(parts.method, url).headers(headers).body(body).send().await.unwrap();
    let status = answer.status();
    Response::builder().status(status).body(Body::from(answer.bytes().await.unwrap())).unwrap()
}
