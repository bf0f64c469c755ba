//! `reveal`, the private way: the opening is checked, kept encrypted for the
//! matcher, and acknowledged with the matcher's signature.
//!
//! Nothing of an opening is looked at before the chain's clock is inside the
//! reveal window, and the first opening of an order stands.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use obscura_auction::admissible::{Inadmissible, admissible};
use obscura_auction::batch_clock::Phase;
use obscura_auction::encoding::Bitmap;
use obscura_auction::order::Order;
use obscura_auction::units::{DurationSeconds, Gpus, PriceMicro};
use obscura_circuits::opening::Opening;
use obscura_circuits::secret::Secret;
use obscura_client::sealed_opening::{OpenedTerms, open_opening};
use obscura_client::sealing::{default_duration, default_min_qty};
use solana_sdk::signer::Signer;
use zeroize::Zeroizing;

use super::Pool;
use super::commit::side_name;
use super::order_lookup::FoundOrder;
use crate::service::{Caller, NextAction, OrderView, RevealInput, SealedRevealInput, ServiceError};
use crate::storage::{Kept, StoredOpening};

impl Pool {
    pub(super) async fn reveal_order(
        &self,
        caller: &Caller,
        input: RevealInput,
    ) -> Result<OrderView, ServiceError> {
        let found = self.find_revealable(caller, &input.order_id).await?;
        self.take_opening(&found, &input).await
    }

    /// The same, where only the matcher can read what came.
    pub(super) async fn reveal_sealed_order(
        &self,
        caller: &Caller,
        input: SealedRevealInput,
    ) -> Result<OrderView, ServiceError> {
        let SealedRevealInput { order_id, sealed_opening } = input;
        let found = self.find_revealable(caller, &order_id).await?;
        let opened = self.open_sealed(&found, order_id, &sealed_opening)?;
        self.take_opening(&found, &opened).await
    }

    /// The caller's order, where its opening may be looked at now.
    async fn find_revealable(&self, caller: &Caller, order_id: &str) -> Result<FoundOrder<'_>, ServiceError> {
        let found = self.find_order(caller, order_id).await?;
        self.check_not_revealed(&found).await?;
        check_window(&found, self.now().await?)?;
        self.check_matcher(&found)?;
        Ok(found)
    }

    fn open_sealed(
        &self,
        found: &FoundOrder<'_>,
        order_id: String,
        sealed: &str,
    ) -> Result<RevealInput, ServiceError> {
        let malformed = |reason: String| ServiceError::SealedOpeningMalformed { reason };
        let sealed = BASE64_STANDARD.decode(sealed).map_err(|_| malformed("is not base64".into()))?;
        let terms = open_opening(&self.matcher, &found.address, &sealed)
            .map_err(|error| malformed(format!("cannot be opened: {error}")))?;
        let OpenedTerms { price_micro, qty, min_qty, duration_seconds, secret } = terms;
        Ok(RevealInput {
            order_id,
            price_micro,
            qty,
            min_qty: Some(min_qty),
            duration_seconds: Some(duration_seconds),
            secret: secret.to_hex().to_string(),
        })
    }

    async fn take_opening(
        &self,
        found: &FoundOrder<'_>,
        input: &RevealInput,
    ) -> Result<OrderView, ServiceError> {
        let opening = read_opening(found, input)?;
        check_hash(found, &opening, input)?;
        admissible(&opening.order, &found.rules()?, found.lock()).map_err(explain)?;
        self.keep_opening(found, &opening).await?;
        tracing::info!(order = %found.id, batch = found.batch.index, "order revealed to the matcher");
        self.order_view(found).await
    }

    async fn check_not_revealed(&self, found: &FoundOrder<'_>) -> Result<(), ServiceError> {
        let index = usize::from(found.order.index);
        let forced = Bitmap::from_bytes(found.batch.forced).get(index);
        let included = found.batch.cleared && Bitmap::from_bytes(found.batch.included).get(index);
        if forced || included || self.storage.has_opening(&found.address.to_bytes()).await? {
            return Err(ServiceError::AlreadyRevealed { order_id: found.id.to_string() });
        }
        Ok(())
    }

    /// An opening must reach nobody but the matcher that the batch's first commit recorded.
    fn check_matcher(&self, found: &FoundOrder<'_>) -> Result<(), ServiceError> {
        let recorded = found.batch.matcher;
        if recorded == self.matcher.pubkey() {
            return Ok(());
        }
        Err(ServiceError::Unavailable {
            detail: format!(
                "batch {} is cleared by another matcher, {recorded}: reveal to that one, or in public",
                found.batch.index
            ),
        })
    }

    async fn keep_opening(&self, found: &FoundOrder<'_>, opening: &Opening) -> Result<(), ServiceError> {
        let Order { side: _, market: _, price, qty, min_qty, duration } = opening.order;
        let stored = StoredOpening {
            price_micro: price.get(),
            qty: qty.get(),
            min_qty: min_qty.get(),
            duration_seconds: duration.get(),
            secret: Zeroizing::new(*opening.secret.reduced()),
        };
        let (order, batch) = (found.address.to_bytes(), found.order.batch.to_bytes());
        match self.storage.put_opening(&order, &batch, &stored).await? {
            Kept::Now => Ok(()),
            Kept::Before => Err(ServiceError::AlreadyRevealed { order_id: found.id.to_string() }),
            Kept::TooLate => Err(ServiceError::WrongPhase {
                detail: format!(
                    "the reveal window of batch {} closed while this was on its way, so this order cannot trade. \
                     Its lock comes back by itself, its reveal deposit does not",
                    found.batch.index
                ),
                next: vec![NextAction::wait(&found.id.to_string(), 40, "answers when the batch has decided")],
            }),
        }
    }
}

fn check_window(found: &FoundOrder<'_>, now: i64) -> Result<(), ServiceError> {
    let (clock, index) = (&found.market.clock, found.batch.index);
    let id = found.id.to_string();
    match clock.phase(index, now) {
        Phase::Revealing => Ok(()),
        Phase::NotOpen | Phase::Open => {
            let opens_in = clock.reveal_opens_at(index).saturating_sub(now);
            Err(ServiceError::WrongPhase {
                detail: format!(
                    "batch {index} still takes commits; its reveal window opens in {opens_in} s. Keep the \
                     opening to yourself until then"
                ),
                next: vec![NextAction::wait(&id, 40, "answers when the reveal window opens")],
            })
        }
        Phase::Clearing | Phase::Void => Err(ServiceError::WrongPhase {
            detail: format!(
                "the reveal window of batch {index} is over, so this order can no longer trade. Its lock comes \
                 back by itself; its reveal deposit of {} micro-USDC comes back only if the batch goes void",
                found.order.reveal_deposit
            ),
            next: vec![NextAction::wait(&id, 0, "see what became of the order")],
        }),
    }
}

fn read_opening(found: &FoundOrder<'_>, input: &RevealInput) -> Result<Opening, ServiceError> {
    let RevealInput { order_id: _, price_micro, qty, min_qty, duration_seconds, secret } = input;
    let side = found.side;
    let qty = gpus("qty", *qty)?;
    let min_qty = min_qty.map(|count| gpus("minQty", count)).transpose()?;
    let duration = duration_seconds.map(duration_of).transpose()?;
    let order = Order {
        side,
        market: found.market.tag,
        price: price_of(*price_micro)?,
        qty,
        min_qty: min_qty.unwrap_or(default_min_qty(side, qty)),
        duration: duration.unwrap_or(default_duration(side)),
    };
    let secret = Secret::from_hex(secret).map_err(|_| ServiceError::SecretMalformed)?;
    Ok(Opening { order, owner: found.order.owner.to_bytes(), secret })
}

fn check_hash(found: &FoundOrder<'_>, opening: &Opening, input: &RevealInput) -> Result<(), ServiceError> {
    if opening.opens(&found.order.commit_hash) {
        return Ok(());
    }
    Err(ServiceError::HashMismatch {
        order_id: found.id.to_string(),
        expected: hex::encode(found.order.commit_hash),
        hashed_with: format!(
            "side {}, gpuType \"{}\", owner {}, and {}",
            side_name(found.side),
            found.market.gpu_type,
            found.order.owner,
            defaults_used(&opening.order, input)
        ),
    })
}

/// What an opening left to its defaults, and what those are.
fn defaults_used(order: &Order, input: &RevealInput) -> String {
    let min_qty = input.min_qty.is_none().then(|| format!("minQty {}", order.min_qty));
    let duration = input.duration_seconds.is_none().then(|| format!("durationSeconds {}", order.duration));
    let used: Vec<String> = min_qty.into_iter().chain(duration).collect();
    if used.is_empty() { "no defaults".to_owned() } else { format!("the defaults {}", used.join(", ")) }
}

fn explain(inadmissible: Inadmissible) -> ServiceError {
    match inadmissible {
        Inadmissible::CollateralTooSmall { needed, locked } => ServiceError::CostExceedsLock {
            cost: needed.get(),
            locked: locked.get(),
            unit: "micro-USDC",
            field: "maxTotalMicro",
        },
        Inadmissible::CapacityTooSmall { needed, locked } => ServiceError::CostExceedsLock {
            cost: u64::from(needed.get()),
            locked,
            unit: "GPUs",
            field: "lockGpus",
        },
        Inadmissible::MinQtyAboveQty { qty, got } => ServiceError::QtyOutOfRange {
            field: "minQty".into(),
            got: got.to_string(),
            min: 1,
            max: u64::from(qty.get()),
            hint: ", at most qty".into(),
        },
        Inadmissible::AskNotDivisible { got } => ServiceError::QtyOutOfRange {
            field: "minQty".into(),
            got: got.to_string(),
            min: 1,
            max: 1,
            hint: ": an ask is always divisible".into(),
        },
        Inadmissible::BidTooShort { min, got } => duration_error(got, min, DurationSeconds::MAX),
        Inadmissible::BidTooLong { max, got } => duration_error(got, DurationSeconds::MIN, max),
        Inadmissible::AskTooShort { needed, got } => duration_error(got, needed, DurationSeconds::MAX),
        // Market and side are the committed order's own here.
        Inadmissible::OtherMarket { .. } | Inadmissible::OtherSide { .. } => ServiceError::Internal,
    }
}

fn duration_error(got: DurationSeconds, min: DurationSeconds, max: DurationSeconds) -> ServiceError {
    ServiceError::DurationOutOfRange {
        got: got.to_string(),
        min: u64::from(min.get()),
        max: u64::from(max.get()),
        hint:
            ". That is what was sealed, so this order cannot be revealed: its lock comes back by itself, its \
               reveal deposit does not. Seal another one for a later batch"
                .into(),
    }
}

fn price_of(micro: u64) -> Result<PriceMicro, ServiceError> {
    PriceMicro::new(micro).map_err(|error| ServiceError::PriceOutOfRange {
        got: error.got.to_string(),
        min: error.min,
        max: error.max,
    })
}

fn gpus(field: &str, count: u16) -> Result<Gpus, ServiceError> {
    Gpus::new(count).map_err(|error| ServiceError::QtyOutOfRange {
        field: field.into(),
        got: error.got.to_string(),
        min: error.min,
        max: error.max,
        hint: String::new(),
    })
}

fn duration_of(seconds: u32) -> Result<DurationSeconds, ServiceError> {
    DurationSeconds::new(seconds).map_err(|error| ServiceError::DurationOutOfRange {
        got: error.got.to_string(),
        min: error.min,
        max: error.max,
        hint: String::new(),
    })
}
