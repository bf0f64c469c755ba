//! The reveal of a committed order: sealed to the matcher first, in public where no acknowledgement comes.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use obscura_auction::batch_clock::Phase;
use obscura_auction::encoding::Bitmap;
use obscura_circuits::opening::parse_commit_hash;
use obscura_client::acknowledgement::{Acknowledgement, Subject};
use obscura_client::sealed_opening::seal_opening;
use obscura_client::vault::{AttemptState, KeptOrder, Revealed};
use serde_json::Value;
use std::time::Duration;

use super::placing::caller;
use super::window::{OrderWindow, unreadable};
use super::{ChainAccess, Keeper};
use crate::service::{NextAction, OrderView, SealedRevealInput, ServiceError};

/// Longest wait for one answer of the pool: the acknowledgement's time, in seconds of this machine.
const LONGEST_ANSWER: Duration = Duration::from_secs(4);

impl Keeper {
    /// Reveals the latest attempt where its window is open.
    pub(super) async fn reveal(&self, order: &mut KeptOrder) -> Result<(), ServiceError> {
        let Some(window) = self.window_of(order).await? else { return Ok(()) };
        match window.phase {
            Phase::NotOpen | Phase::Open => Ok(()),
            Phase::Revealing => self.reveal_in(order, &window).await,
            // Too late: what becomes of it is the batch's matter.
            Phase::Clearing | Phase::Void => self.settle(order).await,
        }
    }

    async fn reveal_in(&self, order: &mut KeptOrder, window: &OrderWindow) -> Result<(), ServiceError> {
        let id = order.latest().order_id;
        let refusal = match self.reveal_in_private(order, window).await {
            Ok(acknowledgement) => {
                return self.revealed(order, Revealed::Acknowledged { acknowledgement }).await;
            }
            Err(refusal) => refusal,
        };
        let first = self.remembered(id).await.first_reveal.unwrap_or(window.now);
        self.remember(id, |memory| memory.first_reveal = Some(first)).await;
        let waited = window.now - first >= window.grace || window.ends_at - window.now <= window.grace;
        match &self.chain {
            Some(chain) if chain.can_sign() && waited => {
                self.reveal_publicly(order, window, &chain.clone()).await
            }
            Some(chain) if chain.can_sign() => Err(refusal),
            _ => {
                if waited && !self.remembered(id).await.warned {
                    self.remember(id, |memory| memory.warned = true).await;
                    tracing::error!(order = %order.handle, "{}", NO_SIGNER);
                }
                Err(refusal)
            }
        }
    }

    /// The matcher's acknowledgement, checked as the chain would.
    async fn reveal_in_private(
        &self,
        order: &KeptOrder,
        window: &OrderWindow,
    ) -> Result<Value, ServiceError> {
        let attempt = order.latest();
        let opening = order.opening().ok_or(ServiceError::Internal)?;
        let sealed = seal_opening(&window.matcher, &attempt.address(&order.owner), &opening)
            .map_err(|error| ServiceError::Unavailable { detail: error.to_string() })?;
        let input = SealedRevealInput {
            order_id: attempt.order_id.to_string(),
            sealed_opening: BASE64_STANDARD.encode(sealed),
        };
        let caller = caller(order);
        let answer = tokio::time::timeout(LONGEST_ANSWER, self.pool.reveal_sealed(&caller, input)).await;
        let view = match answer {
            Ok(Ok(view)) => view,
            // An earlier answer was lost: the pool shows its acknowledgement again.
            Ok(Err(error)) if error.code() == "already_revealed" => self.ask(order, attempt).await?,
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                return Err(ServiceError::Unavailable { detail: "no acknowledgement came in time".into() });
            }
        };
        acknowledged(order, window, &view)
    }

    async fn reveal_publicly(
        &self,
        order: &mut KeptOrder,
        window: &OrderWindow,
        chain: &ChainAccess,
    ) -> Result<(), ServiceError> {
        tracing::warn!(order = %order.handle, "the matcher does not acknowledge it: revealing in public");
        match chain.reveal_in_public(order, window.batch).await {
            Ok(signature) => {
                let signature = signature.unwrap_or_default();
                self.revealed(order, Revealed::Public { signature }).await
            }
            Err(error) => {
                tracing::error!(order = %order.handle, %error, "the public reveal failed; trying again");
                if self.is_forced(chain, order).await? {
                    return self.revealed(order, Revealed::Public { signature: String::new() }).await;
                }
                Err(ServiceError::Unavailable { detail: "the public reveal has not landed".into() })
            }
        }
    }

    /// Whether the chain holds the opening already.
    async fn is_forced(&self, chain: &ChainAccess, order: &KeptOrder) -> Result<bool, ServiceError> {
        let found = chain.order(order).await.map_err(|error| unreadable(&error))?;
        Ok(found
            .is_some_and(|(account, batch)| Bitmap::from_bytes(batch.forced).get(usize::from(account.index))))
    }

    async fn revealed(&self, order: &mut KeptOrder, how: Revealed) -> Result<(), ServiceError> {
        let way = match &how {
            Revealed::Acknowledged { .. } => "to the matcher",
            Revealed::Public { .. } => "in public",
        };
        if let Revealed::Acknowledged { acknowledgement } = &how {
            order.latest_mut().acknowledgement = Some(acknowledgement.clone());
        }
        order.latest_mut().state = AttemptState::Revealed(how);
        self.save(order).await?;
        tracing::info!(order = %order.handle, way, "revealed");
        Ok(())
    }

    /// `reveal`: now, where the window is open.
    pub(super) async fn reveal_now(
        &self,
        caller: &crate::service::Caller,
        order_id: &str,
    ) -> Result<OrderView, ServiceError> {
        let not_found = || ServiceError::OrderNotFound { order_id: order_id.chars().take(40).collect() };
        let order = self.kept(caller, order_id).await?.ok_or_else(not_found)?;
        let at_work = self.lock_of(order.handle).await;
        let outcome = {
            let _held = at_work.lock().await;
            self.step(order.handle).await
        };
        let view = self.view_of(order.handle).await?;
        match (view.state, outcome) {
            (crate::service::OrderState::Committed | crate::service::OrderState::Queued, Err(error)) => {
                Err(error)
            }
            (crate::service::OrderState::Committed | crate::service::OrderState::Queued, Ok(())) => {
                Err(ServiceError::WrongPhase {
                    detail:
                        "the order's reveal window is not open; the vault reveals it by itself when it is"
                            .into(),
                    next: vec![NextAction::wait(&view.order_id, 40, "answers when it is revealed")],
                })
            }
            _ => Ok(view),
        }
    }
}

/// What a user without a key can do about a silent matcher.
pub const NO_SIGNER: &str = "the matcher does not acknowledge this order, and there is no key to reveal it in \
                             public with: start `obscura mcp` again with --keypair (the owner's) and --rpc-url \
                             before its reveal window closes, or its reveal deposit is lost";

fn acknowledged(order: &KeptOrder, window: &OrderWindow, view: &OrderView) -> Result<Value, ServiceError> {
    let unproven = |detail: String| ServiceError::Unavailable { detail };
    let Some(signed) = &view.acknowledgement else {
        return Err(unproven("the pool's answer to the reveal holds no acknowledgement".into()));
    };
    let attempt = order.latest();
    let subject = Subject {
        market: window.market,
        batch_index: window.batch_index,
        order: attempt.address(&order.owner),
        commit_hash: parse_commit_hash(&attempt.commit_hash).map_err(|_| ServiceError::Internal)?,
    };
    let signed = serde_json::to_value(signed).map_err(|_| ServiceError::Internal)?;
    Acknowledgement::read(&signed.to_string())
        .and_then(|acknowledgement| acknowledgement.check(&window.matcher, &subject))
        .map_err(|error| unproven(format!("the acknowledgement is worth nothing: {error}")))?;
    Ok(signed)
}
