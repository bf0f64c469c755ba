//! Both revisions over raw HTTP.

use std::collections::VecDeque;

use obscura_server::local::DemoAccount;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::harness::TestPool;

pub const MODERN: &str = "2026-07-28";
pub const LEGACY: &str = "2025-11-25";

/// A client of 2026-07-28: every request stands alone.
#[derive(Clone)]
pub struct Modern {
    http: reqwest::Client,
    url: String,
    api_key: String,
    capabilities: Value,
}

impl Modern {
    pub fn of(pool: &TestPool, account: &DemoAccount) -> Self {
        let url = format!("{}/mcp", pool.http_url());
        let http = reqwest::Client::new();
        Self { http, url, api_key: account.api_key.clone(), capabilities: json!({}) }
    }

    /// The same client with these capabilities.
    pub fn able(mut self, capabilities: Value) -> Self {
        self.capabilities = capabilities;
        self
    }

    pub fn request(&self, method: &str, mut params: Value) -> RequestBuilder {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": self.capabilities,
        });
        for (key, value) in meta.as_object().unwrap() {
            params["_meta"][key] = value.clone();
        }
        let name = ["name", "uri", "taskId"].iter().find_map(|key| params[*key].as_str()).map(str::to_owned);
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let request = self
            .http
            .post(&self.url)
            .bearer_auth(&self.api_key)
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("MCP-Protocol-Version", MODERN)
            .header("Mcp-Method", method)
            .body(body.to_string());
        match name {
            Some(name) => request.header("Mcp-Name", name),
            None => request,
        }
    }

    /// The whole answer, which is plain JSON.
    pub async fn ask(&self, method: &str, params: Value) -> Value {
        let response = self.request(method, params).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
        response.json().await.unwrap()
    }

    pub async fn call(&self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await["result"].clone()
    }
}

/// A client of 2025-11-25 with a session.
pub struct Session {
    http: reqwest::Client,
    url: String,
    api_key: String,
    pub id: String,
}

impl Session {
    pub async fn open(pool: &TestPool, account: &DemoAccount, capabilities: Value) -> Self {
        let url = format!("{}/mcp", pool.http_url());
        let mut session =
            Self { http: reqwest::Client::new(), url, api_key: account.api_key.clone(), id: String::new() };
        let response = session.post(&initialize(capabilities)).send().await.unwrap();
        session.id = response.headers()["mcp-session-id"].to_str().unwrap().to_owned();
        let answer = Stream::of(response).next().await.unwrap();
        assert_eq!(answer["result"]["protocolVersion"], LEGACY);
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        assert_eq!(session.post(&ready).send().await.unwrap().status().as_u16(), 202);
        session
    }

    /// A message as this session's client sends it.
    pub fn post(&self, message: &Value) -> RequestBuilder {
        let request = self
            .http
            .post(&self.url)
            .bearer_auth(&self.api_key)
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("MCP-Protocol-Version", LEGACY)
            .body(message.to_string());
        if self.id.is_empty() { request } else { request.header("Mcp-Session-Id", &self.id) }
    }

    /// The stream of what comes of a request.
    pub async fn stream(&self, id: u32, method: &str, params: Value) -> Stream {
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        let response = self.post(&message).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Stream::of(response)
    }

    /// What the server says unasked.
    pub async fn listen(&self) -> Stream {
        let request = self.http.get(&self.url).bearer_auth(&self.api_key);
        let request = request.header("Accept", "text/event-stream").header("Mcp-Session-Id", &self.id);
        Stream::of(request.header("MCP-Protocol-Version", LEGACY).send().await.unwrap())
    }

    /// The answer to a request that nothing comes before.
    pub async fn ask(&self, id: u32, method: &str, params: Value) -> Value {
        self.stream(id, method, params).await.next().await.unwrap()
    }
}

pub fn initialize(capabilities: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": LEGACY, "capabilities": capabilities,
        "clientInfo": {"name": "test", "version": "1"}}})
}

/// Messages of a stream of events, as they come.
pub struct Stream {
    response: Response,
    text: String,
    messages: VecDeque<Value>,
}

impl Stream {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new(), messages: VecDeque::new() }
    }

    /// None once the stream has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Some(message);
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let data: String = event.lines().filter_map(|line| line.strip_prefix("data:")).collect();
                // The first event of a stream of 2025-11-25 is empty: it says where to resume.
                self.messages.extend(serde_json::from_str::<Value>(&data).ok());
                self.text = rest.to_owned();
            }
        }
    }
}
