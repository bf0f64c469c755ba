//! Resources and skills.

use serde_json::{Value, json};

use crate::harness::{H100, TestOrder, TestPool};
use crate::wire::{Modern, Session};

async fn read(client: &Modern, uri: &str) -> Value {
    let answer = client.ask("resources/read", json!({ "uri": uri })).await;
    let contents = &answer["result"]["contents"][0];
    assert_eq!(contents["uri"], uri, "{answer}");
    contents["text"].clone()
}

async fn read_json(client: &Modern, uri: &str) -> Value {
    serde_json::from_str(read(client, uri).await.as_str().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_listed_can_be_read() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    let listed = client.ask("resources/list", json!({})).await["result"]["resources"].clone();
    let uris: Vec<&str> = listed.as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    for expected in
        ["obscura://markets", "obscura://orders", "obscura://docs/spec", "skill://lease-a-gpu/SKILL.md"]
    {
        assert!(uris.contains(&expected), "{uris:?}");
    }
    for uri in uris {
        assert!(read(&client, uri).await.as_str().unwrap().len() > 20, "{uri}");
    }
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_shows_what_the_routes_show() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let batch = read_json(&client, "obscura://batches/H100%2080GB/current").await;
    assert_eq!((&batch["gpuType"], &batch["orderCount"]), (&json!(H100), &json!(1)));
    assert_eq!(batch, pool.get(&pool.buyer, "/v1/batches/current").await.1);
    assert_eq!(read_json(&client, "obscura://batches/H100%2080GB/0").await["phase"], "open");
    assert_eq!(read_json(&client, &format!("obscura://orders/{id}")).await["orderId"], json!(id));
    assert_eq!(read_json(&client, "obscura://orders").await["orders"][0]["orderId"], json!(id));
    assert_eq!(read_json(&client, &format!("obscura://privacy-reports/{id}")).await["ordersInBatch"], 1);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_somebody_else_is_no_resource() {
    let pool = TestPool::start().await;
    let id = pool.commit(&pool.buyer, &TestOrder::bid(&pool.buyer, 2_000_000, 1)).await;
    let stranger = Modern::of(&pool, &pool.provider);
    for uri in
        [format!("obscura://orders/{id}"), "obscura://nothing".to_owned(), "file:///etc/passwd".to_owned()]
    {
        let answer = stranger.ask("resources/read", json!({ "uri": uri })).await;
        assert_eq!(
            (&answer["error"]["code"], &answer["error"]["data"]["uri"]),
            (&json!(-32602), &json!(uri))
        );
    }
    let session = Session::open(&pool, &pool.provider, json!({})).await;
    let answer = session.ask(1, "resources/read", json!({ "uri": "obscura://nothing" })).await;
    assert_eq!(answer["error"]["code"], -32002);
    pool.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_skill_says_how_to_lease_a_gpu() {
    let pool = TestPool::start().await;
    let client = Modern::of(&pool, &pool.buyer);
    let skills = client.ask("skills/list", json!({})).await["result"]["skills"].clone();
    assert_eq!(skills[0]["frontmatter"]["name"], "lease-a-gpu");
    let uri = skills[0]["uri"].as_str().unwrap();
    let got = client.ask("skills/get", json!({ "uri": uri })).await["result"]["skill"].clone();
    assert_eq!(got, skills[0]);
    let text = read(&client, uri).await;
    assert_eq!(json!(text.as_str().unwrap().len()), got["resources"][0]["size"]);
    let found = reqwest::get(format!("{}/llms.txt", pool.http_url())).await.unwrap();
    assert!(found.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert!(found.text().await.unwrap().contains("skill://lease-a-gpu/SKILL.md"));
    pool.stop().await;
}
