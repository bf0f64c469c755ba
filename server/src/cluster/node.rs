//! Waiting for a node that is away: a pool goes on by itself when it is back.

use obscura_client::ledger::rpc::RpcLedger;

/// Returns once the node answers; says why it does not, once for each reason.
pub async fn wait_for_node(node: &RpcLedger) {
    let mut said = None;
    node.wait_until_ready(|error| {
        let reason = error.to_string();
        if said.as_ref() != Some(&reason) {
            tracing::warn!(reason, "waiting for the node; this goes on by itself when it is back");
            said = Some(reason);
        }
    })
    .await;
    if said.is_some() {
        tracing::info!("the node is back");
    }
}
