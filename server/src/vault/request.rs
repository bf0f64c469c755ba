//! From an agent's request to a kept order: checked, written down, then tried at once.

use obscura_auction::admissible::{Inadmissible, MarketRules, admissible};
use obscura_auction::lock::Lock;
use obscura_auction::order::{MarketTag, Order, Side};
use obscura_auction::units::{DurationSeconds, Gpus, OutOfRange, PriceMicro};
use obscura_client::sealing::Terms;
use obscura_client::vault::{Attempt, AttemptState, Caps, KeptOrder, KeptTerms, OverBudget};
use solana_sdk::pubkey::Pubkey;
use uuid::Uuid;

use super::view::own_terms;
use super::{Keeper, unusable};
use crate::service::{
    Caller, CommitPreview, MarketView, OrderView, PreviewInput, ServiceError, SideInput, TermsInput,
};

/// Orders that one owner may have kept at a time.
const MAX_LIVE_ORDERS: usize = 64;

/// An order as it was asked for.
struct Asked {
    terms: Terms,
    caps: Caps,
    client_tag: Option<String>,
    order_id: Option<Uuid>,
}

impl Keeper {
    pub(super) async fn keep_terms(
        &self,
        caller: &Caller,
        input: TermsInput,
    ) -> Result<OrderView, ServiceError> {
        let market = self.market(&input.gpu_type).await?;
        let asked = Asked::read(input, &market.gpu_type)?;
        asked.check(&market)?;
        let order = asked.drawn(caller, self.chain_time(&market.gpu_type).await?)?;
        let at_work = self.lock_of(order.handle).await;
        let held = at_work.lock().await;
        if self.vault.find(order.handle).await.map_err(unusable)?.is_some() {
            drop(held);
            return self.kept_before(caller, &order).await;
        }
        self.check_room(caller).await?;
        self.check_money(caller, &order).await?;
        if !self.vault.keep(&order).await.map_err(unusable)? {
            drop(held);
            return self.kept_before(caller, &order).await;
        }
        match self.step_in_time(order.handle).await {
            Err(error) if is_final(&error) => self.give_up(order.handle).await.and(Err(error))?,
            Err(error) => {
                tracing::info!(order = %order.handle, code = error.code(), "the order is kept, and tried again");
            }
            Ok(()) => {}
        }
        drop(held);
        self.wake.notify_one();
        self.view_of(order.handle).await
    }

    /// Nobody may have so many orders kept that others' reveals have to wait for them.
    async fn check_room(&self, caller: &Caller) -> Result<(), ServiceError> {
        let kept = self.live_orders_of(caller).await?.len();
        if kept < MAX_LIVE_ORDERS {
            return Ok(());
        }
        Err(ServiceError::Unavailable {
            detail: format!(
                "the vault keeps {kept} orders of yours that are not over, the most at a time: wait for one to end, or \
                 end one with `refund`"
            ),
        })
    }

    /// The same checks, and nothing kept.
    pub(super) async fn preview(
        &self,
        caller: &Caller,
        input: TermsInput,
    ) -> Result<CommitPreview, ServiceError> {
        let market = self.market(&input.gpu_type).await?;
        let asked = Asked::read(input, &market.gpu_type)?;
        asked.check(&market)?;
        let order = asked.drawn(caller, 0)?;
        let mut preview = self.check_money(caller, &order).await?;
        preview.terms = Some(own_terms(&order.terms));
        Ok(preview)
    }

    /// What the money would refuse is refused before anything is kept.
    async fn check_money(&self, caller: &Caller, order: &KeptOrder) -> Result<CommitPreview, ServiceError> {
        let lock = order.caps.next_lock(&order_of(order)?, 0).map_err(over_budget)?;
        let (max_total_micro, lock_gpus) = locked_as(lock);
        let preview = PreviewInput {
            gpu_type: order.terms.gpu_type.clone(),
            side: Some(lock.side.into()),
            max_total_micro,
            lock_gpus,
        };
        self.pool.preview_commit(caller, preview).await
    }

    async fn chain_time(&self, gpu_type: &str) -> Result<i64, ServiceError> {
        Ok(self.pool.current_batch(Some(gpu_type)).await?.chain_time)
    }

    /// The request's first answer again, where it is the same request.
    async fn kept_before(&self, caller: &Caller, again: &KeptOrder) -> Result<OrderView, ServiceError> {
        let handle = again.handle;
        let reused = |field| ServiceError::OrderIdReused {
            order_id: handle.to_string(),
            field,
            existing: "as it was first sent".into(),
            got: "another one".into(),
        };
        let order = self.kept(caller, &handle.to_string()).await?.ok_or_else(|| reused("owner"))?;
        if let Some(field) = difference(&order, again) {
            return Err(reused(field));
        }
        let mut view = self.view(&order).await?;
        view.already_committed = Some(true);
        Ok(view)
    }

    /// Nothing of the order was sent that could have acted: it is as if it had never been asked for.
    /// The caller holds its lock.
    async fn give_up(&self, handle: Uuid) -> Result<(), ServiceError> {
        let order = self.vault.find(handle).await.map_err(unusable)?;
        if let Some(order) = order.filter(|order| order.latest().state == AttemptState::Drawn) {
            self.vault.drop_order(handle).await.map_err(unusable)?;
            self.forget(&order).await;
        }
        Ok(())
    }
}

/// Whether asking again, as it is, would be refused again.
pub fn is_final(error: &ServiceError) -> bool {
    !matches!(
        error.code(),
        "unavailable"
            | "internal"
            | "batch_too_small"
            | "wrong_phase"
            | "batch_full"
            | "not_found"
            | "rate_limited"
    ) && error.status() < 500
        && error.status() != 429
}

impl Asked {
    fn read(input: TermsInput, gpu_type: &str) -> Result<Self, ServiceError> {
        let TermsInput {
            gpu_type: _,
            side,
            price_micro,
            qty,
            min_qty,
            duration_seconds,
            max_total_micro,
            lock_gpus,
            good_for_batches,
            min_batch_orders,
            client_tag,
            order_id,
            dry_run: _,
        } = input;
        let terms = Terms {
            gpu_type: gpu_type.to_owned(),
            side: side.unwrap_or(SideInput::Bid).into(),
            price: PriceMicro::new(price_micro).map_err(out_of_range("priceMicro"))?,
            qty: Gpus::new(qty).map_err(out_of_range("qty"))?,
            min_qty: min_qty.map(Gpus::new).transpose().map_err(out_of_range("minQty"))?,
            duration: duration_seconds
                .map(DurationSeconds::new)
                .transpose()
                .map_err(out_of_range("durationSeconds"))?,
        };
        let caps = Caps {
            max_total_micro: max_total_micro.unwrap_or(0),
            lock_gpus: lock_gpus.unwrap_or(qty),
            good_for_batches: good_for_batches.unwrap_or(1).max(1),
            min_batch_orders: min_batch_orders.unwrap_or(1).max(1),
        };
        let order_id = order_id
            .map(|text| Uuid::parse_str(&text))
            .transpose()
            .map_err(|_| ServiceError::invalid_field("orderId", "orderId must be a UUID, or left out"))?;
        Ok(Self { terms, caps, client_tag, order_id })
    }

    /// Whether the market could include it, and its cap covers it.
    fn check(&self, market: &MarketView) -> Result<(), ServiceError> {
        let order = self.terms.order();
        if u32::from(self.caps.min_batch_orders) > market.max_orders {
            return Err(ServiceError::invalid_field(
                "minBatchOrders",
                format!("a batch of this market holds {} orders at most", market.max_orders),
            ));
        }
        let lock = self.caps.next_lock(&order, 0).map_err(over_budget)?;
        admissible(&order, &rules(market)?, lock).map_err(explained)
    }

    fn drawn(self, caller: &Caller, kept_at: i64) -> Result<KeptOrder, ServiceError> {
        let Self { terms, caps, client_tag, order_id } = self;
        let owner = Pubkey::new_from_array(caller.owner);
        let attempt = Attempt::draw(&terms, &owner, order_id)
            .map_err(|error| ServiceError::InvalidArguments { field: None, detail: error.to_string() })?;
        Ok(KeptOrder {
            handle: attempt.order_id,
            owner,
            terms: KeptTerms::of(&terms.gpu_type, &terms.order()),
            caps,
            client_tag,
            kept_at,
            attempts: vec![attempt],
            batches_used: 0,
            last_batch: None,
            stopped: false,
            outcome: None,
        })
    }
}

/// The first field in which two requests differ.
fn difference(kept: &KeptOrder, again: &KeptOrder) -> Option<&'static str> {
    let (old, new) = (&kept.terms, &again.terms);
    let rows = [
        ("gpuType", old.gpu_type == new.gpu_type),
        ("side", old.ask == new.ask),
        ("priceMicro", old.price_micro == new.price_micro),
        ("qty", old.qty == new.qty),
        ("minQty", old.min_qty == new.min_qty),
        ("durationSeconds", old.duration_seconds == new.duration_seconds),
        ("maxTotalMicro", kept.caps.max_total_micro == again.caps.max_total_micro),
        ("lockGpus", kept.caps.lock_gpus == again.caps.lock_gpus),
        ("goodForBatches", kept.caps.good_for_batches == again.caps.good_for_batches),
        ("minBatchOrders", kept.caps.min_batch_orders == again.caps.min_batch_orders),
        ("clientTag", kept.client_tag == again.client_tag),
    ];
    rows.into_iter().find(|(_, same)| !same).map(|(field, _)| field)
}

fn rules(market: &MarketView) -> Result<MarketRules, ServiceError> {
    let duration = |seconds| DurationSeconds::new(seconds).map_err(|_| ServiceError::Internal);
    Ok(MarketRules {
        tag: MarketTag::of(&market.gpu_type),
        min_duration: duration(market.min_duration_seconds)?,
        max_duration: duration(market.max_duration_seconds)?,
    })
}

/// The least that an order of these terms must be able to lock.
pub fn over_budget(error: OverBudget) -> ServiceError {
    let OverBudget { needed, left } = error;
    ServiceError::invalid_field(
        "maxTotalMicro",
        format!(
            "this bid can cost {needed} micro-USDC and {left} may be locked for it: raise maxTotalMicro to {needed}, \
             or bid for less"
        ),
    )
}

fn out_of_range(field: &'static str) -> impl Fn(OutOfRange) -> ServiceError {
    move |error| ServiceError::invalid_field(field, error.to_string())
}

fn explained(inadmissible: Inadmissible) -> ServiceError {
    let field = match inadmissible {
        Inadmissible::MinQtyAboveQty { .. } | Inadmissible::AskNotDivisible { .. } => "minQty",
        Inadmissible::BidTooShort { .. }
        | Inadmissible::BidTooLong { .. }
        | Inadmissible::AskTooShort { .. } => "durationSeconds",
        Inadmissible::CollateralTooSmall { .. } => "maxTotalMicro",
        Inadmissible::CapacityTooSmall { .. } => "lockGpus",
        Inadmissible::OtherMarket { .. } => "gpuType",
        Inadmissible::OtherSide { .. } => "side",
    };
    ServiceError::invalid_field(field, format!("no batch could include this order: {inadmissible}"))
}

/// A lock in the two fields that a request has for it.
pub fn locked_as(lock: Lock) -> (Option<u64>, Option<u16>) {
    match lock.side {
        Side::Bid => (Some(lock.amount), None),
        Side::Ask => (None, u16::try_from(lock.amount).ok()),
    }
}

/// The order in the market's own terms.
pub fn order_of(order: &KeptOrder) -> Result<Order, ServiceError> {
    order.terms.terms().map(|terms| terms.order()).map_err(|_| ServiceError::Internal)
}
