//! Why a chain cannot be brought to where a deployment says.

use solana_sdk::pubkey::Pubkey;

use crate::accounts::ReadError;
use crate::ledger::LedgerError;

#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(
        "this data directory's markets have batches of {stored} seconds, not {asked}: \
         ask for {stored}, or use another data directory"
    )]
    OtherBatchSeconds { stored: u32, asked: u32 },
    #[error(
        "this data directory's markets take {stored} orders a batch, not {asked}: \
         ask for {stored}, or use another data directory"
    )]
    OtherMaxOrders { stored: u16, asked: u16 },
    #[error(
        "the chain's key for {size} slots has fingerprint {stored}, the one at hand has {ours}: use the key that \
         is on chain, or another data directory"
    )]
    OtherCircuit { size: u16, stored: String, ours: String },
    #[error("this chain takes no development keys: name the folder of its keys with --proving-keys")]
    DevelopmentKeysRefused,
    #[error(
        "this chain was set up with development keys, under which anybody can forge proofs: imported keys \
         need a new one"
    )]
    DevelopmentKeysAllowed,
    #[error("the chain was set up with other keys than those at hand: {what} is {stored}, not {ours}")]
    OtherKeys { what: &'static str, stored: Pubkey, ours: Pubkey },
    #[error("there is no {currency} mint at {address}: name one with --{currency}-mint")]
    NoMint { currency: &'static str, address: Pubkey },
    #[error(
        "the {currency} mint {address} is not a mint of the classic token program with 6 decimals: name another"
    )]
    OtherMint { currency: &'static str, address: Pubkey },
    #[error("the market {gpu_type} has batches of {stored} seconds, not {asked}: they never change")]
    OtherMarketSeconds { gpu_type: String, stored: u32, asked: u32 },
    #[error(
        "the market {gpu_type} is cleared by {stored}, not by {ours}: schedule another matcher for it, or leave it out"
    )]
    OtherMatcher { gpu_type: String, stored: Pubkey, ours: Pubkey },
    #[error(
        "the matcher {matcher} has to bond {missing} micro-OBSC more and its token account {tokens} holds {held}: \
         send it the rest"
    )]
    NotEnoughObsc { matcher: Pubkey, tokens: Pubkey, missing: u64, held: u64 },
}
