//! The matcher's bond: what answers for its batches. OBSC comes from its own token account, or is play money.

use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};

use super::{DeployError, Deployer, Deployment, MintSource, mint_to_owner};
use crate::accounts::{self, Matcher, Trader};
use crate::instructions::matcher::bond_matcher;
use crate::instructions::owner::{deposit, open_trader};
use crate::{address, wallet};

impl Deployer<'_> {
    pub(super) async fn bond(&mut self, deployment: &Deployment<'_>) -> Result<(), DeployError> {
        let Some((matcher, wanted)) = deployment.bond else { return Ok(()) };
        let key = matcher.pubkey();
        let bonded = accounts::find::<Matcher>(self.ledger, &address::matcher(&key)).await?;
        let missing = wanted.saturating_sub(bonded.map_or(0, |matcher| matcher.bond));
        let steps =
            if missing > 0 { self.bonding(deployment.obsc, matcher, missing).await? } else { Vec::new() };
        let steps = if steps.is_empty() { steps } else { vec![steps.concat()] };
        self.ensure("bond of the matcher".to_owned(), address::matcher(&key), Some(matcher), steps).await
    }

    /// Everything in one transaction: an account that exists is one that was funded.
    async fn bonding(
        &self,
        obsc: MintSource<'_>,
        matcher: &Keypair,
        missing: u64,
    ) -> Result<Vec<Vec<solana_sdk::instruction::Instruction>>, DeployError> {
        let (payer, key, mint) = (self.payer.pubkey(), matcher.pubkey(), obsc.address());
        let mut steps = Vec::new();
        let trader = accounts::find::<Trader>(self.ledger, &address::trader(&key)).await?;
        if trader.is_none() {
            steps.push(vec![open_trader(payer, key)]);
        }
        let to_deposit = missing.saturating_sub(trader.map_or(0, |trader| trader.obsc.available));
        if to_deposit > 0 {
            match obsc {
                MintSource::Play(_) => steps.push(mint_to_owner(&payer, &mint, &key, to_deposit).to_vec()),
                MintSource::Given(_) => self.require_tokens(&mint, &key, to_deposit).await?,
            }
            steps.push(vec![deposit(key, &mint, to_deposit)]);
        }
        steps.push(vec![bond_matcher(payer, key, missing)]);
        Ok(steps)
    }

    async fn require_tokens(&self, mint: &Pubkey, matcher: &Pubkey, missing: u64) -> Result<(), DeployError> {
        let held = wallet::tokens(self.ledger, matcher, mint).await?.unwrap_or(0);
        if held < missing {
            let tokens = wallet::token_account(matcher, mint);
            return Err(DeployError::NotEnoughObsc { matcher: *matcher, tokens, missing, held });
        }
        Ok(())
    }
}
