//! Both revisions on one endpoint, and who is kept out.

use serde_json::{Value, json};

use crate::harness::{H100, TestPool};
use crate::wire::{LEGACY, MODERN, Modern, Session, initialize};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_the_new_revision_stands_alone() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    let discovered = client.ask("server/discover", json!({})).await["result"].clone();
    assert_eq!(discovered["supportedVersions"], json!([LEGACY, MODERN]));
    let extensions = &discovered["capabilities"]["extensions"];
    assert!(extensions["io.modelcontextprotocol/tasks"].is_object(), "{discovered}");
    assert!(extensions["io.modelcontextprotocol/skills"].is_object(), "{discovered}");
    for (list, method) in
        [("tools", "tools/list"), ("prompts", "prompts/list"), ("resources", "resources/list")]
    {
        let result = client.ask(method, json!({})).await["result"].clone();
        assert_eq!(result["resultType"], "complete", "{method}");
        assert!(result["ttlMs"].as_u64().unwrap() > 0 && result["cacheScope"] == "public", "{method}");
        assert!(!result[list].as_array().unwrap().is_empty(), "{method}");
    }
    let quote = client.call("quote", json!({ "gpuType": H100 })).await;
    assert_eq!(quote["structuredContent"]["gpuType"], H100);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_contradicts_its_body_is_refused() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    for (header, value) in [
        ("Mcp-Method", "prompts/list"),
        ("Mcp-Name", "commit"),
        ("MCP-Protocol-Version", "2031-01-01"),
        ("MCP-Protocol-Version", LEGACY),
    ] {
        let request = || client.request("tools/call", json!({ "name": "account", "arguments": {} }));
        let instead = [(header.parse().unwrap(), value.parse().unwrap())].into_iter().collect();
        for contradicting in [request().headers(instead), request().header(header, value)] {
            let response = contradicting.send().await.unwrap();
            assert_eq!(response.status().as_u16(), 400, "{header}: {value}");
        }
    }
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_initialize_opens_a_session_of_its_caller_alone() {
    let pool = TestPool::start().await;
    let session = Session::open(&pool, &pool.buyer, json!({})).await;
    let tools = session.ask(1, "tools/list", json!({})).await;
    assert!(tools["result"]["tools"].is_array() && tools["result"]["resultType"].is_null(), "{tools}");
    let mut stranger = Session::open(&pool, &pool.provider, json!({})).await;
    stranger.id = session.id.clone();
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    assert_eq!(stranger.post(&list).send().await.unwrap().status().as_u16(), 404);
    assert_eq!(session.post(&list).send().await.unwrap().status().as_u16(), 200);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_is_gone() {
    let pool = TestPool::start().await;
    let session = Session::open(&pool, &pool.buyer, json!({})).await;
    let ended = reqwest::Client::new()
        .delete(format!("{}/mcp", pool.http_url()))
        .bearer_auth(&pool.buyer.api_key)
        .header("Mcp-Session-Id", &session.id)
        .send()
        .await
        .unwrap();
    assert!(ended.status().is_success());
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    assert_eq!(session.post(&list).send().await.unwrap().status().as_u16(), 404);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_its_session_is_answered_in_plain_json() {
    let pool = TestPool::start().await;
    let mut session = Session::open(&pool, &pool.buyer, json!({})).await;
    session.id.clear();
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    let response = session.post(&list).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let answer: Value = response.json().await.unwrap();
    assert!(answer["result"]["tools"].is_array());
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_sessions_of_one_key_are_kept() {
    let pool = TestPool::start().await;
    let first = Session::open(&pool, &pool.buyer, json!({})).await;
    for _ in 0..64 {
        Session::open(&pool, &pool.buyer, json!({})).await;
    }
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    assert_eq!(first.post(&list).send().await.unwrap().status().as_u16(), 404);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_or_a_name_from_elsewhere_is_refused() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    for (header, value) in [("Origin", "https://elsewhere.example"), ("Host", "elsewhere.example")] {
        let response = client.request("tools/list", json!({})).header(header, value).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 403, "{header}");
    }
    let own = client.request("tools/list", json!({})).header("Origin", "http://localhost:3000");
    assert_eq!(own.send().await.unwrap().status().as_u16(), 200);
    let without_key = reqwest::Client::new()
        .post(format!("{}/mcp", pool.http_url()))
        .header("Accept", "application/json, text/event-stream")
        .header("Content-Type", "application/json")
        .body(initialize(json!({})).to_string());
    assert_eq!(without_key.send().await.unwrap().status().as_u16(), 401);
    pool.stop().await;
}
