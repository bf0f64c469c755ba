//! A node without a chain: it answers what its test has written down.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the node says to a question.
pub enum Answer {
    Result(Value),
    /// The fields of a JSON-RPC error.
    Refusal(Value),
    /// No JSON at all.
    Status(StatusCode),
}

/// A result that is true at a slot, as nodes wrap it.
pub fn at_a_slot(value: Value) -> Answer {
    Answer::Result(json!({ "context": { "slot": 1 }, "value": value }))
}

/// The methods that were asked for, this question's included.
#[derive(Clone, Default)]
pub struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    pub fn times(&self, method: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|asked| *asked == method).count()
    }
}

pub struct ScriptedNode {
    /// Whatever path is put behind it, the node answers.
    pub url: String,
    pub asked: Asked,
}

type Script = Arc<dyn Fn(&str, &Asked) -> Answer + Send + Sync>;

impl ScriptedNode {
    /// `script` gives the answer to a method.
    pub async fn start(script: impl Fn(&str, &Asked) -> Answer + Send + Sync + 'static) -> Self {
        let asked = Asked::default();
        let script: Script = Arc::new(script);
        let router = Router::new().fallback(answer).with_state((script, asked.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked }
    }
}

async fn answer(State((script, asked)): State<(Script, Asked)>, Json(request): Json<Value>) -> Response {
    let method = request["method"].as_str().unwrap();
    asked.0.lock().unwrap().push(method.to_owned());
    let of = |part: &str, value: Value| Json(json!({ "jsonrpc": "2.0", "id": request["id"], part: value }));
    match script(method, &asked) {
        Answer::Result(value) => of("result", value).into_response(),
        Answer::Refusal(error) => of("error", error).into_response(),
        Answer::Status(status) => status.into_response(),
    }
}
