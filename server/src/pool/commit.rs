//! `commit`: a sealed order into the batch that is open now.
//!
//! What does not depend on the moment is refused first (money, caps), then what
//! does (phase, room), so that a caller fixes a request once. The order's address
//! is the idempotency key: the same order sent again locks nothing.

use obscura_auction::field::FieldBytes;
use obscura_auction::lock::Lock;
use obscura_auction::order::Side;
use obscura_circuits::opening::{CommitHashError, parse_commit_hash};
use obscura_client::accounts::{self, Batch, MarketTerms, Order};
use obscura_client::instructions::trade::{self, Commit};
use obscura_client::ledger::LedgerError;
use obscura_client::sealing::order_id_of;
use obscura_client::transactions::Submission;
use obscura_client::{address, idl};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use uuid::Uuid;

use super::batches::RunningBatch;
use super::commit_checks::{budget, lock_field, named_amount};
use super::{Market, Pool, chain_error, owner_of};
use crate::service::{
    BatchPhase, Caller, CommitInput, CurrentBatch, NextAction, OrderView, ServiceError, SideInput, plain,
};

/// Longest name that an owner can give an order.
const MAX_TAG_CHARS: usize = 64;

/// An order as its caller describes it. Two with the same id are the same order
/// only where nothing in here differs.
struct Described<'a> {
    /// As it came, to be sent again.
    input: &'a CommitInput,
    market: &'a Market,
    id: Uuid,
    commit_hash: FieldBytes,
    side: Side,
    /// What to lock; `None` leaves it to the key's cap, whatever that is.
    amount: Option<u64>,
}

/// The first field in which two orders of one id differ.
struct Difference {
    field: &'static str,
    existing: String,
    got: String,
}

/// A commit that was checked and can be sent.
struct SealedOrder<'a> {
    described: Described<'a>,
    lock: Lock,
    /// Of the batch that runs.
    terms: MarketTerms,
}

impl Pool {
    pub(super) async fn commit_order(
        &self,
        caller: &Caller,
        input: CommitInput,
    ) -> Result<OrderView, ServiceError> {
        let market = self.markets.find(Some(&input.gpu_type))?;
        let described = Described::new(market, &input)?;
        if let Some(view) = self.earlier_commit(caller, &described).await? {
            return Ok(view);
        }
        let id = described.id;
        let trader = self.trader_of(caller).await?;
        let lock = self.lock_of(&trader, described.side, described.amount)?;
        let RunningBatch { batch, terms } = self.running_batch(described.market).await?;
        let sealed = SealedOrder { described, lock, terms };
        self.check_money(&trader, sealed.lock, &sealed.terms.params)?;
        check_open(&sealed.described, &batch)?;
        self.keep_tag(&owner_of(caller), id, &input).await?;
        match self.send_commit(caller, &sealed, batch.index).await {
            Ok(()) => {}
            Err(error) => return self.explain_refusal(caller, &sealed, error).await,
        }
        let found = self.find_order(caller, &id.to_string()).await?;
        self.with_budget(caller, self.order_view(&found).await?).await
    }

    /// Before the order is sent: a crash in between must not lose the name.
    async fn keep_tag(&self, owner: &Pubkey, id: Uuid, input: &CommitInput) -> Result<(), ServiceError> {
        let Some(tag) = &input.client_tag else {
            return Ok(());
        };
        let order = address::order(owner, id).to_bytes();
        Ok(self.storage.put_client_tag(&order, &owner.to_bytes(), &plain(tag, MAX_TAG_CHARS)).await?)
    }

    async fn with_budget(&self, caller: &Caller, mut view: OrderView) -> Result<OrderView, ServiceError> {
        let trader = self.trader_of(caller).await?;
        view.budget = self.delegate_of(&trader).map(|delegate| budget(&trader, delegate));
        Ok(view)
    }

    /// The answer to an order that is already there; an error where its id names
    /// another one.
    async fn earlier_commit(
        &self,
        caller: &Caller,
        described: &Described<'_>,
    ) -> Result<Option<OrderView>, ServiceError> {
        let id = described.id;
        let address = address::order(&owner_of(caller), id);
        let Some(order) = accounts::find::<Order>(self.ledger.as_ref(), &address).await? else {
            return Ok(None);
        };
        if let Some(Difference { field, existing, got }) = self.difference(described, &order) {
            return Err(ServiceError::OrderIdReused { order_id: id.to_string(), field, existing, got });
        }
        let found = self.find_order(caller, &id.to_string()).await?;
        let mut view = self.order_view(&found).await?;
        view.already_committed = Some(true);
        Ok(Some(self.with_budget(caller, view).await?))
    }

    /// What makes `order` another one than the one described.
    fn difference(&self, described: &Described<'_>, order: &Order) -> Option<Difference> {
        let Described { input: _, market, id: _, commit_hash, side, amount } = described;
        let name = |address| self.markets.at(address).map_or("of another pool", |market| &market.gpu_type);
        let stored_side = Side::try_from(order.side).map_or("unknown", side_name);
        let (lock, _) = lock_field(*side);
        let amount = amount.unwrap_or(order.lock);
        let rows = [
            ("commitHash", hex::encode(order.commit_hash), hex::encode(commit_hash)),
            ("gpuType", name(&order.market).to_owned(), market.gpu_type.clone()),
            ("side", stored_side.to_owned(), side_name(*side).to_owned()),
            (lock, order.lock.to_string(), amount.to_string()),
        ];
        let differing = rows.into_iter().find(|(_, existing, got)| existing != got);
        differing.map(|(field, existing, got)| Difference { field, existing, got })
    }

    async fn send_commit(
        &self,
        caller: &Caller,
        sealed: &SealedOrder<'_>,
        batch_index: u64,
    ) -> Result<(), LedgerError> {
        let relayer = self.relayer.pubkey();
        let Described { market, id, commit_hash, .. } = sealed.described;
        let instruction = trade::commit(&Commit {
            payer: relayer,
            authority: relayer,
            owner: owner_of(caller),
            market: market.address,
            matcher: sealed.terms.matcher,
            batch_index,
            order_id: id,
            commit_hash,
            lock: sealed.lock,
            max_charges: sealed.terms.params.order_fee.saturating_add(sealed.terms.params.reveal_deposit),
        });
        let landed = Submission::new(&self.relayer, [instruction]).send(self.ledger.as_ref()).await?;
        tracing::info!(order = %id, batch = batch_index, compute_units = landed.compute_units, "order committed");
        Ok(())
    }

    /// What was true at the check may have changed before the transaction: another
    /// order took the last place or the money, the clock moved on, or the same
    /// order was sent twice at once.
    async fn explain_refusal(
        &self,
        caller: &Caller,
        sealed: &SealedOrder<'_>,
        error: LedgerError,
    ) -> Result<OrderView, ServiceError> {
        if let Some(view) = self.earlier_commit(caller, &sealed.described).await? {
            return Ok(view);
        }
        let trader = self.trader_of(caller).await?;
        self.check_money(&trader, sealed.lock, &sealed.terms.params)?;
        check_open(&sealed.described, &self.view_current_batch(sealed.described.market).await?)?;
        Err(match error.program_error() {
            Some("NotCommitPhase" | "BatchFull") => ServiceError::Unavailable {
                detail: "the batch changed while the order was on its way; nothing was locked".into(),
            },
            Some("ChargesTooHigh" | "WrongMatcher") => ServiceError::Unavailable {
                detail: "the market's terms changed while the order was on its way; nothing was locked. Look at \
                         `markets` and commit again"
                    .into(),
            },
            Some("TooManyMarkets") => ServiceError::Unavailable {
                detail: "this owner has orders in eight markets' running batches, the most at a time; nothing was \
                         locked. Commit again when one of them takes no more commits"
                    .into(),
            },
            Some("TooManyOrders") => ServiceError::Unavailable {
                detail: format!(
                    "this owner already has {} orders in the running batch, the most one owner may have; \
                     nothing was locked. Commit again when the next batch opens",
                    idl::constants::MAX_ORDERS_OF_OWNER
                ),
            },
            Some("MatcherNotBonded" | "MatcherRetired" | "BondTooSmall") => ServiceError::Unavailable {
                detail:
                    "the matcher's bond does not cover another lock of this size now; nothing was locked. \
                         Lock less, or commit again in some minutes, when earlier batches are over"
                        .into(),
            },
            _ => chain_error::refused(error),
        })
    }

    /// Orders in a batch so far.
    pub(super) async fn order_count(&self, market: &Market, index: u64) -> Result<u32, ServiceError> {
        let address = address::batch(&market.address, index);
        let batch = accounts::find::<Batch>(self.ledger.as_ref(), &address).await?;
        Ok(batch.map_or(0, |batch| u32::from(batch.order_count)))
    }
}

/// The batch that runs takes commits, and has room.
fn check_open(described: &Described<'_>, current: &CurrentBatch) -> Result<(), ServiceError> {
    let Described { market, input, .. } = described;
    let (index, gpu_type) = (current.index, &market.gpu_type);
    let opens_in = u64::try_from(current.ends_at - current.chain_time).unwrap_or(0);
    let again =
        || vec![NextAction::commit_again(input, format!("in {opens_in} s, when batch {} opens", index + 1))];
    if input.batch_index.is_some_and(|wanted| wanted != index) {
        return Err(ServiceError::WrongPhase {
            detail: format!(
                "batch {index} of {gpu_type} takes orders now, not the one that batchIndex names; nothing was locked"
            ),
            next: vec![NextAction::quote(gpu_type, "see which batch takes orders")],
        });
    }
    if current.phase != BatchPhase::Open {
        return Err(ServiceError::WrongPhase {
            detail: format!(
                "batch {index} of {gpu_type} takes reveals now, not commits; the next batch opens in \
                 {opens_in} s. Commit then"
            ),
            next: again(),
        });
    }
    if current.order_count >= current.max_orders {
        return Err(ServiceError::BatchFull {
            detail: format!(
                "batch {index} of {gpu_type} already holds {} orders, the most that one proof covers. The \
                 next batch opens in {opens_in} s: commit again then",
                current.max_orders
            ),
            next: again(),
        });
    }
    check_company(described, current)
}

/// An order that wants to hide among others waits until they are there: more can join, and none can leave.
fn check_company(described: &Described<'_>, current: &CurrentBatch) -> Result<(), ServiceError> {
    let with_it = current.order_count.saturating_add(1);
    let wanted = u32::from(described.input.min_batch_orders.unwrap_or(1));
    if with_it >= wanted {
        return Ok(());
    }
    Err(ServiceError::BatchTooSmall {
        detail: format!(
            "batch {} of {} would hold {with_it} orders with this one, not {wanted} (minBatchOrders); nothing was \
             locked. It takes commits for {} s more: try again towards their end, or in a later batch",
            current.index, current.gpu_type, current.seconds_left
        ),
        next: vec![NextAction::commit_again(described.input, "when more orders have joined")],
    })
}

impl<'a> Described<'a> {
    fn new(market: &'a Market, input: &'a CommitInput) -> Result<Self, ServiceError> {
        let commit_hash = parse_commit_hash(&input.commit_hash).map_err(malformed)?;
        let side = input.side.unwrap_or(SideInput::Bid).into();
        let amount = named_amount(side, input.max_total_micro, input.lock_gpus);
        let id = order_id(input, &commit_hash)?;
        Ok(Self { input, market, id, commit_hash, side, amount })
    }
}

/// A side as it is sealed.
pub(super) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Bid => "bid",
        Side::Ask => "ask",
    }
}

/// An order sent again without an id must not lock twice, so its id follows from its commitment.
fn order_id(input: &CommitInput, commit_hash: &FieldBytes) -> Result<Uuid, ServiceError> {
    match &input.order_id {
        None => Ok(order_id_of(commit_hash)),
        Some(text) => Uuid::parse_str(text)
            .map_err(|_| ServiceError::invalid_field("orderId", "orderId must be a UUID, or left out")),
    }
}

fn malformed(error: CommitHashError) -> ServiceError {
    let reason = match error {
        CommitHashError::Malformed => "is not 64 lower-case hex digits",
        CommitHashError::Zero => "is zero, which no order hashes to",
        CommitHashError::NotCanonical => "is not below the field's modulus, so no order hashes to it",
    };
    ServiceError::HashMalformed { reason: reason.into() }
}
