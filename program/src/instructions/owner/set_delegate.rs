//! Names the one delegate of a trader, with a fresh budget. Source: SPEC section 11.

use anchor_lang::prelude::*;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::DelegateSet;
use crate::state::{Delegate, Trader};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug)]
pub struct SetDelegateArgs {
    pub delegate: Pubkey,
    /// TRADE = 1, LEASE = 2, or both.
    pub permissions: u8,
    /// Seconds since the epoch; the delegate may act before it.
    pub expires_at: i64,
    /// Micro-USDC over all its orders, counting what is locked and spent.
    pub spend_cap: u64,
    /// Micro-USDC that one bid may lock, GPUs that one ask may lock.
    pub max_order_micro: u64,
    pub max_order_gpus: u64,
    /// GPUs over all its running asks.
    pub gpu_cap: u64,
}

/// CAN: the owner; a delegate named before ends at once. CANNOT: a delegate; the owner as its own delegate.
#[derive(Accounts)]
pub struct SetDelegate<'info> {
    pub owner: Signer<'info>,
    #[account(mut, has_one = owner @ ObscuraError::WrongTrader)]
    pub trader: Box<Account<'info, Trader>>,
}

impl SetDelegate<'_> {
    pub fn run(ctx: Context<SetDelegate>, args: SetDelegateArgs) -> Result<()> {
        let delegate = Delegate::from(args);
        delegate.validate(&ctx.accounts.owner.key(), now()?.seconds)?;
        let trader = &mut ctx.accounts.trader;
        trader.replace_delegate(Some(delegate))?;
        emit!(DelegateSet { trader: trader.key(), delegate: delegate.key });
        Ok(())
    }
}

impl From<SetDelegateArgs> for Delegate {
    fn from(args: SetDelegateArgs) -> Self {
        let SetDelegateArgs {
            delegate,
            permissions,
            expires_at,
            spend_cap,
            max_order_micro,
            max_order_gpus,
            gpu_cap,
        } = args;
        Delegate {
            key: delegate,
            permissions,
            expires_at,
            spend_cap,
            spent: 0,
            max_order_micro,
            max_order_gpus,
            gpu_cap,
            gpus_locked: 0,
        }
    }
}
