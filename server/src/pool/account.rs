//! The caller's balances, and what this pool may do with them.

use obscura_client::accounts::{self, Delegate, Trader};
use obscura_client::address;
use obscura_client::idl::constants;

use super::{Pool, owner_of};
use crate::service::{AccountView, Caller, DelegateView, ServiceError};

impl Pool {
    pub(super) async fn account_of(&self, caller: &Caller) -> Result<AccountView, ServiceError> {
        let trader = self.trader_of(caller).await?;
        Ok(AccountView {
            owner: trader.owner.to_string(),
            trader: address::trader(&trader.owner).to_string(),
            available_micro: trader.usdc.available,
            locked_micro: trader.usdc.locked,
            obsc_available_micro: trader.obsc.available,
            obsc_locked_micro: trader.obsc.locked,
            delegate: self.delegate_of(&trader).map(view),
        })
    }

    /// The trader account of a caller; an API key without one is of no use.
    pub(super) async fn trader_of(&self, caller: &Caller) -> Result<Trader, ServiceError> {
        let address = address::trader(&owner_of(caller));
        accounts::find(self.ledger.as_ref(), &address)
            .await?
            .ok_or(ServiceError::Unauthorized("the API key's owner has no trader account"))
    }

    /// This pool's authority over a trader, where it has any.
    pub(super) fn delegate_of<'a>(&self, trader: &'a Trader) -> Option<&'a Delegate> {
        use solana_sdk::signer::Signer;
        trader.delegate.as_ref().filter(|delegate| delegate.key == self.relayer.pubkey())
    }
}

fn view(delegate: &Delegate) -> DelegateView {
    let Delegate {
        key,
        permissions,
        expires_at,
        spend_cap,
        spent,
        max_order_micro,
        max_order_gpus,
        gpu_cap,
        gpus_locked,
    } = *delegate;
    DelegateView {
        key: key.to_string(),
        spend_cap_micro: spend_cap,
        spent_micro: spent,
        order_cap_micro: max_order_micro,
        order_cap_gpus: max_order_gpus,
        gpu_cap,
        gpus_locked,
        expires_at,
        may_trade: permissions & constants::PERMISSION_TRADE != 0,
        may_lease: permissions & constants::PERMISSION_LEASE != 0,
    }
}
