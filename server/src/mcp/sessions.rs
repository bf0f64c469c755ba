//! Sessions of 2025-11-25, each bound to the caller that opened it.
//!
//! A session's id is no key: it is worth nothing without the API key of its
//! caller. How many one caller may hold is bounded; one more closes its oldest,
//! whose client then opens a new one.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::streamable_http_server::SessionManager;
use rmcp::transport::streamable_http_server::session::local::{LocalSessionManager, SessionConfig};

use crate::service::Caller;

pub const SESSION_HEADER: &str = "mcp-session-id";

/// Sessions of one caller: more agents than that behind one key would be better served without sessions.
const MAX_SESSIONS_PER_CALLER: usize = 64;

/// Whether the client can be told or asked something besides the answer: in a session, or on stdio, which is
/// one long session. Elsewhere a request is answered and forgotten.
pub fn is_kept(context: &RequestContext<RoleServer>) -> bool {
    let parts = context.extensions.get::<axum::http::request::Parts>();
    parts.is_none_or(|parts| parts.headers.contains_key(SESSION_HEADER))
}

/// The sessions of an endpoint.
pub struct Sessions {
    manager: Arc<LocalSessionManager>,
    owned: Mutex<HashMap<String, Owned>>,
}

struct Owned {
    /// None where the endpoint asks for no API key.
    caller: Option<Caller>,
    /// Position in the order of opening.
    opened: u64,
}

impl Sessions {
    pub fn new(idle: Duration) -> Self {
        let mut session_config = SessionConfig::default();
        session_config.keep_alive = Some(idle);
        let mut manager = LocalSessionManager::default();
        manager.session_config = session_config;
        Self { manager: Arc::new(manager), owned: Mutex::default() }
    }

    pub fn manager(&self) -> Arc<LocalSessionManager> {
        self.manager.clone()
    }

    /// Whether the session is this caller's.
    pub fn belongs_to(&self, id: &str, caller: Option<&Caller>) -> bool {
        let owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner);
        owned.get(id).is_some_and(|owned| owned.caller.as_ref() == caller)
    }

    /// Notes whose the new session is, and closes the caller's oldest where it has too many.
    pub async fn admit(&self, id: &str, caller: Option<Caller>) {
        let live: HashSet<String> =
            self.manager.sessions.read().await.keys().map(|id| id.as_ref().to_owned()).collect();
        for id in self.note(id, caller, &live) {
            // It may have ended by itself in between.
            let _ = self.manager.close_session(&id.into()).await;
        }
    }

    /// Forgets sessions that ended and returns those to close.
    fn note(&self, id: &str, caller: Option<Caller>, live: &HashSet<String>) -> Vec<String> {
        let mut owned = self.owned.lock().unwrap_or_else(PoisonError::into_inner);
        owned.retain(|id, _| live.contains(id));
        let mut of_caller: Vec<(u64, String)> = owned
            .iter()
            .filter(|(_, session)| session.caller == caller)
            .map(|(id, session)| (session.opened, id.clone()))
            .collect();
        of_caller.sort_unstable();
        let surplus = (of_caller.len() + 1).saturating_sub(MAX_SESSIONS_PER_CALLER);
        let too_many: Vec<String> = of_caller.into_iter().take(surplus).map(|(_, id)| id).collect();
        for id in &too_many {
            owned.remove(id);
        }
        let opened = owned.values().map(|session| session.opened + 1).max().unwrap_or(0);
        owned.insert(id.to_owned(), Owned { caller, opened });
        too_many
    }
}
