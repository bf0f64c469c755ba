//! Subscriptions: telling a client that a batch or an order of its has changed.
//!
//! A change is a new state, phase or count; the seconds that run down are none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{ResourceUpdatedNotificationParam, SubscriptionFilter};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};
use tokio::time::interval;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::handler::Face;
use super::resources::Address;
use super::{order_news, sessions};
use crate::service::{Caller, LeaseStatusInput};
use crate::tools::ToolSurface;

/// How often a watched resource is looked at. The chain's clock ticks in seconds.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Resources that one session or one subscription may watch.
const MAX_WATCHED: usize = 32;

/// What of a requested filter is served: resources that change.
pub fn accepted(requested: &SubscriptionFilter) -> SubscriptionFilter {
    let watched = requested.resource_subscriptions.iter().flatten();
    let served: Vec<&String> = watched.filter(|uri| address(uri).is_some()).take(MAX_WATCHED).collect();
    if served.is_empty() {
        return SubscriptionFilter::new();
    }
    SubscriptionFilter::builder().resource_subscriptions(served).build()
}

/// Serves a subscription of 2026-07-28 for as long as its request lasts.
pub async fn tell_until_cancelled(
    surface: &ToolSurface,
    caller: &Caller,
    subscription: &SubscriptionContext,
) {
    let uris = subscription.accepted().resource_subscriptions.clone().unwrap_or_default();
    let mut watched: Vec<Watched> = uris.into_iter().filter_map(Watched::new).collect();
    let mut ticks = interval(LOOK_EVERY);
    loop {
        tokio::select! {
            () = subscription.cancelled() => return,
            _ = ticks.tick() => {}
        }
        for watched in &mut watched {
            if watched.has_changed(surface, caller).await
                && subscription.sink().notify_resource_updated(&watched.uri).await.is_err()
            {
                return;
            }
        }
    }
}

/// What a session of 2025-11-25 has subscribed to. Ends with the session.
#[derive(Default)]
pub struct Watches(Mutex<HashMap<String, DropGuard>>);

impl Watches {
    /// Watches `uri` for the session of this request.
    ///
    /// Errors: where there is no session to tell, nothing that changes, or too much already.
    pub async fn open(
        &self,
        face: Arc<Face>,
        caller: Caller,
        uri: String,
        context: &RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if !sessions::is_kept(context) {
            return Err(ErrorData::invalid_request(
                "only a session can be told of changes: send the Mcp-Session-Id that `initialize` returned",
                None,
            ));
        }
        let mut watched = Watched::new(uri.clone()).ok_or_else(|| not_watchable(&uri))?;
        watched.has_changed(&face.surface, &caller).await;
        if watched.last.is_none() {
            return Err(not_watchable(&uri));
        }
        let stop = CancellationToken::new();
        if !self.keep(uri, stop.clone()) {
            return Err(ErrorData::invalid_params(
                format!("a session may watch {MAX_WATCHED} resources: unsubscribe from some"),
                None,
            ));
        }
        tokio::spawn(tell_session(face, caller, watched, context.peer.clone(), stop));
        Ok(())
    }

    /// Stops watching `uri`, if it was watched.
    pub fn close(&self, uri: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }

    fn keep(&self, uri: String, stop: CancellationToken) -> bool {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MAX_WATCHED && !open.contains_key(&uri) {
            return false;
        }
        open.insert(uri, stop.drop_guard());
        true
    }
}

async fn tell_session(
    face: Arc<Face>,
    caller: Caller,
    mut watched: Watched,
    peer: rmcp::Peer<RoleServer>,
    stop: CancellationToken,
) {
    let mut ticks = interval(LOOK_EVERY);
    while !peer.is_transport_closed() {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if watched.has_changed(&face.surface, &caller).await {
            let update = ResourceUpdatedNotificationParam::new(&watched.uri);
            if peer.notify_resource_updated(update).await.is_err() {
                return;
            }
        }
    }
}

/// A resource with what was last seen of it.
struct Watched {
    uri: String,
    address: Address,
    last: Option<String>,
}

impl Watched {
    fn new(uri: String) -> Option<Self> {
        address(&uri).map(|address| Self { uri, address, last: None })
    }

    /// The first look is none: there is nothing to compare with.
    async fn has_changed(&mut self, surface: &ToolSurface, caller: &Caller) -> bool {
        let Some(now) = mark(surface, caller, &self.address).await else { return false };
        let before = self.last.replace(now.clone());
        before.is_some_and(|before| before != now)
    }
}

async fn mark(surface: &ToolSurface, caller: &Caller, address: &Address) -> Option<String> {
    let pool = surface.pool();
    match address {
        Address::CurrentBatch { gpu_type } => {
            let batch = pool.current_batch(Some(gpu_type)).await.ok()?;
            Some(format!("{} {:?} {}", batch.index, batch.phase, batch.order_count))
        }
        Address::Batch { gpu_type, index } => {
            let batch = pool.batch(Some(gpu_type), *index).await.ok()?;
            Some(format!("{:?} {} {}", batch.phase, batch.order_count, batch.lease_count))
        }
        Address::Order { order_id } => {
            let input = LeaseStatusInput { order_id: order_id.clone(), wait_seconds: None };
            let order = surface.desk().order_status(caller, input).await.ok()?;
            Some(format!("{} {:?}", order_news::mark(&order), order.batch_phase))
        }
        _ => None,
    }
}

fn address(uri: &str) -> Option<Address> {
    Address::parse(uri).filter(Address::can_be_watched)
}

fn not_watchable(uri: &str) -> ErrorData {
    ErrorData::invalid_params(
        format!("{uri} does not exist or does not change: batches and your own orders can be subscribed to"),
        None,
    )
}
