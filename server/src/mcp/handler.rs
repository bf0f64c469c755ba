//! rmcp's server handler over a tool surface.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CancelTaskParams, CompleteRequestParams,
    CompleteResult, GetPromptRequestParams, GetPromptResponse, GetSkillRequestParams, GetSkillResult,
    GetTaskParams, GetTaskResult, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListSkillsResult, ListToolsResult, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
    SubscribeRequestParams, SubscriptionFilter, Tool, ToolAnnotations, UnsubscribeRequestParams,
    UpdateTaskParams,
};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};

use super::confirmation::Confirmations;
use super::tasks::{self, CancelledTasks};
use super::watch::{self, Watches};
use super::{McpConfig, completion, prompts, resources, skills};
use crate::service::Caller;
use crate::tools::{ToolDefinition, ToolSurface, commit, lease};

/// Revisions served: SPEC section 13.
const REVISIONS: [ProtocolVersion; 2] = [ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];

/// What changes only with a restart may be kept for five minutes.
const LIST_TTL_MS: u64 = 300_000;

const FOR_SEALED_ORDERS: &str = "Obscura is a dark pool for GPU leases. To buy: `markets` and `quote` show \
what there is and what it cost lately; `account` shows your owner key. Seal an order on your own machine \
with `obscura seal --owner OWNER --json` and keep what it prints. Send its commitBody, and for a bid \
maxTotalMicro, with `commit`; wait with `lease-status`; when nextActions say `reveal`, send the whole \
revealBody; wait with `lease-status` for the lease or the refund. Nothing blocks for a whole batch: call \
`lease-status` again to go on waiting. Amounts are micro-USDC.";

const FOR_A_VAULT: &str = "Obscura is a dark pool for GPU leases. To buy: `quote` says what it costs, `account` \
what you may spend, `lease` takes a budget (maxTotalMicro) and does the rest: it seals, reveals and takes back \
what is left. Follow its handle with `lease-status`, waitSeconds 40, and do what nextActions say. `commit` \
takes terms of your own. Amounts are micro-USDC.";

const FOR_LOOKING: &str = "Obscura is a dark pool for GPU leases. These tools look and change nothing: `quote` \
says what GPU-hours cost, `orders` and `lease-status` where your orders stand, `verify-receipt` what was proven. \
Amounts are micro-USDC.";

type Context = RequestContext<RoleServer>;
type Page = Option<PaginatedRequestParams>;

/// What all handlers of one face share.
pub struct Face {
    pub surface: ToolSurface,
    /// The surface's tools, in MCP's words; made once, because every call looks its tool up.
    tools: Vec<Tool>,
    pub confirmations: Option<Confirmations>,
    pub cancelled_tasks: CancelledTasks,
}

impl Face {
    pub fn new(surface: ToolSurface, config: McpConfig) -> Arc<Self> {
        let confirmations = config.confirm_above_micro.map(Confirmations::above);
        let tools = surface.definitions().iter().map(to_rmcp_tool).collect();
        Arc::new(Self { surface, tools, confirmations, cancelled_tasks: CancelledTasks::default() })
    }
}

/// One session's handler, or one request's.
#[derive(Clone)]
pub struct McpHandler {
    face: Arc<Face>,
    /// None: each request carries its own.
    caller: Option<Caller>,
    watches: Arc<Watches>,
}

impl McpHandler {
    /// For requests whose API key was checked in front, by HTTP.
    pub(super) fn for_checked_requests(face: Arc<Face>) -> Self {
        Self { face, caller: None, watches: Arc::default() }
    }

    /// For the one caller of a connection.
    pub(super) fn for_caller(face: Arc<Face>, caller: Caller) -> Self {
        Self { face, caller: Some(caller), watches: Arc::default() }
    }

    pub(super) fn face(&self) -> &Face {
        &self.face
    }

    pub(super) fn caller(&self, context: &Context) -> Result<Caller, ErrorData> {
        let of_request = || {
            let parts = context.extensions.get::<axum::http::request::Parts>()?;
            parts.extensions.get::<Caller>().cloned()
        };
        self.caller
            .clone()
            .or_else(of_request)
            .ok_or_else(|| ErrorData::internal_error("the request carries no checked API key", None))
    }

    fn surface(&self) -> &ToolSurface {
        &self.face.surface
    }

    fn instructions(&self) -> &'static str {
        if self.surface().shows(lease::NAME) {
            FOR_A_VAULT
        } else if self.surface().shows(commit::NAME) {
            FOR_SEALED_ORDERS
        } else {
            FOR_LOOKING
        }
    }
}

impl ServerHandler for McpHandler {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_completions()
            .enable_tasks()
            .enable_skills()
            .build();
        let mut info = ServerConfig::new(capabilities).with_instructions(self.instructions());
        info.server_info = Implementation::new("obscura", env!("CARGO_PKG_VERSION"))
            .with_title("Obscura pool")
            .with_description("Dark pool for GPU leases on Solana");
        info
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(&REVISIONS)
    }

    async fn list_tools(&self, _page: Page, _context: Context) -> Result<ListToolsResult, ErrorData> {
        let list = ListToolsResult::with_all_items(self.face.tools.clone());
        Ok(list.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Public))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.face.tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        self.run_tool(request, context).await
    }

    async fn list_prompts(&self, _page: Page, _context: Context) -> Result<ListPromptsResult, ErrorData> {
        let list = ListPromptsResult::with_all_items(prompts::listed(self.surface()));
        Ok(list.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Public))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompts::get(self.surface(), &request.name, request.arguments).await.map(Into::into)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        completion::complete(self.surface(), &request).await
    }

    async fn list_resources(&self, _page: Page, _context: Context) -> Result<ListResourcesResult, ErrorData> {
        let list = ListResourcesResult::with_all_items(resources::listed(self.surface().pool()).await?);
        Ok(list.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Public))
    }

    async fn list_resource_templates(
        &self,
        _page: Page,
        _context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let list = ListResourceTemplatesResult::with_all_items(resources::templates());
        Ok(list.with_ttl_ms(LIST_TTL_MS).with_cache_scope(CacheScope::Public))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = self.caller(&context)?;
        let read = resources::read(self.surface(), &caller, &request.uri).await?;
        Ok(ReadResourceResponse::Complete(read))
    }

    #[allow(deprecated, reason = "2025-11-25 has no other way to subscribe")]
    async fn subscribe(&self, request: SubscribeRequestParams, context: Context) -> Result<(), ErrorData> {
        let caller = self.caller(&context)?;
        self.watches.open(self.face.clone(), caller, request.uri, &context).await
    }

    #[allow(deprecated, reason = "2025-11-25 has no other way to unsubscribe")]
    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: Context,
    ) -> Result<(), ErrorData> {
        self.watches.close(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(watch::accepted(requested))
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let caller = self.caller(subscription.request_context())?;
        watch::tell_until_cancelled(self.surface(), &caller, &subscription).await;
        Ok(())
    }

    async fn get_task(&self, request: GetTaskParams, context: Context) -> Result<GetTaskResult, ErrorData> {
        tasks::get(&self.face, &self.caller(&context)?, &request.task_id).await
    }

    async fn update_task(&self, request: UpdateTaskParams, _context: Context) -> Result<(), ErrorData> {
        tasks::known(&request.task_id).map(|_| ())
    }

    async fn cancel_task(&self, request: CancelTaskParams, context: Context) -> Result<(), ErrorData> {
        tasks::cancel(&self.face, &self.caller(&context)?, &request.task_id)
    }

    async fn list_skills(&self, _page: Page, _context: Context) -> Result<ListSkillsResult, ErrorData> {
        Ok(ListSkillsResult::with_all_items(skills::listed()))
    }

    async fn get_skill(
        &self,
        request: GetSkillRequestParams,
        _context: Context,
    ) -> Result<GetSkillResult, ErrorData> {
        skills::get(&request.uri)
    }
}

fn to_rmcp_tool(definition: &ToolDefinition) -> Tool {
    let hints = definition.annotations;
    Tool::new(definition.name, definition.description, Arc::new(definition.input_schema.clone()))
        .with_title(definition.title)
        .with_raw_output_schema(Arc::new(definition.output_schema.clone()))
        .with_annotations(
            ToolAnnotations::with_title(definition.title)
                .read_only(hints.read_only)
                .destructive(hints.destructive)
                .idempotent(hints.idempotent)
                .open_world(false),
        )
}
