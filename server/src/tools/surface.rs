//! The tools that one server shows, and where their calls go.
//!
//! Which tools there are depends on where secrets are kept ([`Sealing`]), on whom they are for
//! ([`Toolset`]) and on whether anything may change. What is not shown cannot be called.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::{
    Audience, Desk, ToolDefinition, account, commit, lease, lease_status, markets, next_steps, orders,
    privacy_report, quote, refund, release, reveal, verify_receipt,
};
use crate::service::{Caller, NextAction, PoolService, ServiceError, VaultService};

/// Where a request came in. The one difference: over MCP a bid must name its
/// `maxTotalMicro`, because an agent should decide what it may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Http,
    Mcp,
}

/// What `commit` and `reveal` take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// The caller seals: a hash, and later the opening.
    Sealed,
    /// The vault seals: terms, and later no more than the handle.
    Terms,
}

/// Whom the tools are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Toolset {
    Buyer,
    Provider,
    #[default]
    All,
}

impl Toolset {
    fn shows(self, audience: Audience) -> bool {
        match (self, audience) {
            (Self::All | Self::Buyer, _) | (Self::Provider, Audience::Everyone) => true,
            (Self::Provider, Audience::Buyer) => false,
        }
    }
}

/// How much of the surface is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SurfaceOptions {
    pub toolset: Toolset,
    /// Only tools that change nothing.
    pub read_only: bool,
}

/// The tools of one server.
#[derive(Clone)]
pub struct ToolSurface {
    pool: Arc<dyn PoolService>,
    vault: Option<Arc<dyn VaultService>>,
    sealing: Sealing,
    definitions: Arc<[ToolDefinition]>,
}

impl ToolSurface {
    pub fn new(
        pool: Arc<dyn PoolService>,
        vault: Option<Arc<dyn VaultService>>,
        sealing: Sealing,
        options: SurfaceOptions,
    ) -> Self {
        let shown = |tool: &ToolDefinition| {
            options.toolset.shows(tool.audience) && (tool.annotations.read_only || !options.read_only)
        };
        let definitions = inventory(sealing, vault.is_some()).into_iter().filter(shown).collect();
        Self { pool, vault, sealing, definitions }
    }

    /// The tools, in the order an agent uses them.
    pub fn definitions(&self) -> &[ToolDefinition] {
        &self.definitions
    }

    /// Whether there is a tool of that name here.
    pub fn shows(&self, name: &str) -> bool {
        self.definitions.iter().any(|tool| tool.name == name)
    }

    /// The pool that the tools are over.
    pub fn pool(&self) -> &dyn PoolService {
        self.pool.as_ref()
    }

    /// Where requests about orders go.
    pub fn desk(&self) -> Desk<'_> {
        Desk { pool: self.pool.as_ref(), vault: self.vault.as_deref() }
    }

    /// Runs the tool called `name`, or returns `None` where no such tool is shown.
    pub async fn call(
        &self,
        caller: &Caller,
        name: &str,
        arguments: Value,
    ) -> Option<Result<Value, ServiceError>> {
        let tool = self.definitions.iter().find(|tool| tool.name == name)?;
        let answer = match self.run(caller, tool.name, arguments).await {
            Ok(answer) => self.fitted(answer),
            Err(error) => Err(self.fitted_error(error)),
        };
        Some(answer)
    }

    async fn run(&self, caller: &Caller, name: &str, arguments: Value) -> Result<Value, ServiceError> {
        let desk = self.desk();
        match name {
            account::NAME => to_json(account::run(desk.pool, caller, arguments).await),
            markets::NAME => to_json(markets::run(desk.pool, arguments).await),
            quote::NAME => to_json(quote::run(desk.pool, arguments).await),
            lease::NAME => to_json(lease::run(desk, caller, arguments).await),
            commit::NAME => to_json(commit::run(desk, caller, arguments, self.sealing, Face::Mcp).await),
            reveal::NAME => to_json(reveal::run(desk, caller, arguments, self.sealing).await),
            lease_status::NAME => to_json(lease_status::run(desk, caller, arguments).await),
            orders::NAME => to_json(orders::run(desk, caller, arguments).await),
            release::NAME => to_json(release::run(desk.pool, caller, arguments).await),
            refund::NAME => to_json(refund::run(desk, caller, arguments).await),
            privacy_report::NAME => to_json(privacy_report::run(desk, caller, arguments).await),
            verify_receipt::NAME => to_json(verify_receipt::run(desk, caller, arguments).await),
            // The inventory names no other.
            _ => Err(ServiceError::Internal),
        }
    }

    /// The answer with the steps that these tools can take.
    fn fitted(&self, mut answer: Value) -> Result<Value, ServiceError> {
        let Some(steps) = answer.get_mut("nextActions") else { return Ok(answer) };
        if self.sealing == Sealing::Sealed {
            self.keep_shown(steps);
        } else if let Ok(all) = serde_json::from_value(steps.take()) {
            *steps = to_json(Ok(self.steps(all)))?;
        }
        Ok(answer)
    }

    /// Where nothing but the choice changes, the steps are not read: most answers go this way.
    fn keep_shown(&self, steps: &mut Value) {
        let is_shown = |step: &Value| self.definitions.iter().any(|tool| step["tool"] == tool.name);
        if let Some(steps) = steps.as_array_mut() {
            steps.retain(is_shown);
        }
    }

    fn fitted_error(&self, error: ServiceError) -> ServiceError {
        let mut problem = error.to_problem();
        problem.next_actions = self.steps(problem.next_actions);
        ServiceError::Explained(Box::new(problem))
    }

    fn steps(&self, steps: Vec<NextAction>) -> Vec<NextAction> {
        let shown: Vec<&str> = self.definitions.iter().map(|tool| tool.name).collect();
        next_steps::fitted(steps, &shown, self.sealing)
    }
}

/// Every tool there can be.
pub(super) fn inventory(sealing: Sealing, vault: bool) -> Vec<ToolDefinition> {
    let mut tools = vec![account::definition(), markets::definition(), quote::definition()];
    if sealing == Sealing::Terms && vault {
        tools.push(lease::definition());
    }
    tools.extend([
        commit::definition(sealing, vault),
        reveal::definition(sealing),
        lease_status::definition(),
        orders::definition(),
        release::definition(),
        refund::definition(sealing),
        privacy_report::definition(),
        verify_receipt::definition(),
    ]);
    tools
}

fn to_json<T: Serialize>(result: Result<T, ServiceError>) -> Result<Value, ServiceError> {
    serde_json::to_value(result?).map_err(|error| {
        tracing::error!(%error, "a tool result could not be written as JSON");
        ServiceError::Internal
    })
}
