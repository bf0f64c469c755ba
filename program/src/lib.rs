//! Obscura on chain: escrow, commitments, the proof check, leases, stake. This file only names the
//! instructions, grouped by who may call them; it must never hold a check or a move. The program must never
//! trust anything that a signature, a hash or a proof does not cover. Source: SPEC sections 10 and 11.

// Anchor's macros expand to code that trips these.
#![allow(unexpected_cfgs, clippy::diverging_sub_expression, clippy::result_large_err)]

use anchor_lang::prelude::*;

pub mod acknowledgement;
pub mod clock;
pub mod conservation;
pub mod constants;
pub mod custody;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod poseidon;
pub mod site;
pub mod state;

pub use instructions::*;
pub use state::lease::LeaseTerms;
pub use state::verifying_key::{KeyPoints, Proof};
pub use state::{Delegate, MarketTerms, ProviderArgs, PublicOpening};

declare_id!("obscuraDarkPooL1111111111111111111111111111");

#[program]
pub mod obscura_program {
    use super::*;

    // The authority.

    pub fn initialize(ctx: Context<Initialize>, allow_dev_keys: bool) -> Result<()> {
        Initialize::run(ctx, allow_dev_keys)
    }

    pub fn register_verifying_key(
        ctx: Context<RegisterVerifyingKey>,
        size: u16,
        points: KeyPoints,
    ) -> Result<()> {
        RegisterVerifyingKey::run(ctx, size, points)
    }

    pub fn freeze_verifying_key(ctx: Context<FreezeVerifyingKey>) -> Result<()> {
        FreezeVerifyingKey::run(ctx)
    }

    pub fn disable_verifying_key(ctx: Context<DisableVerifyingKey>) -> Result<()> {
        DisableVerifyingKey::run(ctx)
    }

    pub fn create_market<'info>(
        ctx: Context<'info, CreateMarket<'info>>,
        args: CreateMarketArgs,
    ) -> Result<()> {
        CreateMarket::run(ctx, args)
    }

    pub fn schedule_market<'info>(
        ctx: Context<'info, ScheduleMarket<'info>>,
        args: ScheduleMarketArgs,
    ) -> Result<()> {
        ScheduleMarket::run(ctx, args)
    }

    pub fn propose_authority(ctx: Context<ProposeAuthority>, proposed: Option<Pubkey>) -> Result<()> {
        ProposeAuthority::run(ctx, proposed)
    }

    /// Signed by the proposed authority.
    pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
        AcceptAuthority::run(ctx)
    }

    pub fn set_paused(ctx: Context<SetPaused>, paused: bool) -> Result<()> {
        SetPaused::run(ctx, paused)
    }

    pub fn withdraw_treasury(ctx: Context<WithdrawTreasury>, amount: u64) -> Result<()> {
        WithdrawTreasury::run(ctx, amount)
    }

    // A trader's owner.

    pub fn open_trader(ctx: Context<OpenTrader>) -> Result<()> {
        OpenTrader::run(ctx)
    }

    pub fn deposit(ctx: Context<Deposit>, amount: u64) -> Result<()> {
        Deposit::run(ctx, amount)
    }

    pub fn withdraw(ctx: Context<Withdraw>, amount: u64) -> Result<()> {
        Withdraw::run(ctx, amount)
    }

    pub fn set_delegate(ctx: Context<SetDelegate>, args: SetDelegateArgs) -> Result<()> {
        SetDelegate::run(ctx, args)
    }

    pub fn revoke_delegate(ctx: Context<RevokeDelegate>) -> Result<()> {
        RevokeDelegate::run(ctx)
    }

    pub fn begin_unstake(ctx: Context<BeginUnstake>, amount: u64) -> Result<()> {
        BeginUnstake::run(ctx, amount)
    }

    pub fn withdraw_stake(ctx: Context<Withdraw>) -> Result<()> {
        withdraw_stake::run(ctx)
    }

    pub fn register_provider(ctx: Context<RegisterProvider>, args: ProviderArgs) -> Result<()> {
        RegisterProvider::run(ctx, args)
    }

    pub fn update_provider(ctx: Context<UpdateProvider>, args: ProviderArgs) -> Result<()> {
        UpdateProvider::run(ctx, args)
    }

    // The owner, or a delegate with TRADE.

    pub fn commit(ctx: Context<Commit>, args: CommitArgs) -> Result<()> {
        Commit::run(ctx, args)
    }

    pub fn reveal(ctx: Context<Reveal>, opening: PublicOpening) -> Result<()> {
        Reveal::run(ctx, opening)
    }

    // A matcher.

    pub fn bond_matcher(ctx: Context<BondMatcher>, amount: u64) -> Result<()> {
        BondMatcher::run(ctx, amount)
    }

    pub fn unbond_matcher(ctx: Context<UnbondMatcher>, amount: u64) -> Result<()> {
        UnbondMatcher::run(ctx, amount)
    }

    pub fn retire_matcher(ctx: Context<RetireMatcher>, retired: bool) -> Result<()> {
        RetireMatcher::run(ctx, retired)
    }

    pub fn post_clearing(ctx: Context<PostClearing>, args: PostClearingArgs) -> Result<()> {
        PostClearing::run(ctx, args)
    }

    // A party of a lease: the owner, or a delegate with LEASE.

    pub fn accept_lease(ctx: Context<LeaseParties>) -> Result<()> {
        accept_lease::run(ctx)
    }

    pub fn release_lease(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
        release_lease::run(ctx, terms)
    }

    pub fn claim_lease(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
        claim_lease::run(ctx, terms)
    }

    pub fn cancel_lease(ctx: Context<LeaseParties>) -> Result<()> {
        cancel_lease::run(ctx)
    }

    /// The matcher too.
    pub fn show_terms(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
        show_terms::run(ctx, terms)
    }

    pub fn challenge_lease(ctx: Context<LeaseParties>, terms: LeaseTerms) -> Result<()> {
        challenge_lease::run(ctx, terms)
    }

    pub fn answer_challenge(ctx: Context<LeaseParties>) -> Result<()> {
        answer_challenge::run(ctx)
    }

    // Anyone.

    pub fn open_lease(ctx: Context<OpenLease>, args: OpenLeaseArgs) -> Result<()> {
        OpenLease::run(ctx, args)
    }

    pub fn complete_settlement(
        ctx: Context<CompleteSettlement>,
        row: u16,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        CompleteSettlement::run(ctx, row, path)
    }

    pub fn expire_lease(ctx: Context<LeaseParties>) -> Result<()> {
        expire_lease::run(ctx)
    }

    pub fn fail_lease(ctx: Context<LeaseParties>) -> Result<()> {
        fail_lease::run(ctx)
    }

    pub fn free_surplus(ctx: Context<FreeSurplus>) -> Result<()> {
        FreeSurplus::run(ctx)
    }

    pub fn refund(ctx: Context<Refund>) -> Result<()> {
        Refund::run(ctx)
    }

    pub fn discharge_batch(ctx: Context<DischargeBatch>) -> Result<()> {
        DischargeBatch::run(ctx)
    }

    pub fn slash_matcher(ctx: Context<SlashMatcher>) -> Result<()> {
        SlashMatcher::run(ctx)
    }

    pub fn sweep_donations(ctx: Context<SweepDonations>, mint: Pubkey) -> Result<()> {
        SweepDonations::run(ctx, mint)
    }
}
