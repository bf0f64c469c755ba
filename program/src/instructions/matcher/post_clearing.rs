//! Takes the price, the bitmaps and the leases root of a batch, if a proof shows that they follow from
//! exactly the committed orders. The statement must never hold a value that the matcher supplies and the
//! chain knows: only price, root and bitmaps are the matcher's. Source: SPEC
//! sections 6, 9 and 11.

use anchor_lang::prelude::*;
use obscura_auction::encoding::{Bitmap, BITMAP_BYTES};
use obscura_auction::hashing;
use obscura_auction::units::PriceMicro;

use crate::clock::now;
use crate::errors::ObscuraError;
use crate::events::BatchCleared;
use crate::poseidon::SyscallPoseidon;
use crate::state::batch::Clearing;
use crate::state::verifying_key::Proof;
use crate::state::{Batch, Moment, VerifyingKey};

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct PostClearingArgs {
    /// Micro-USDC per GPU-hour; 0 exactly when nothing is filled.
    pub price_micro: u64,
    pub leases_root: [u8; 32],
    pub proof: Proof,
    /// One bit per slot of the key's size; bit `i % 8` of byte `i / 8` is order `i`.
    pub included: Vec<u8>,
    pub filled: Vec<u8>,
}

/// CAN: the matcher recorded by the batch's first commit, once, inside the clearing window. CANNOT: leave
/// out a publicly revealed order, clear under another or a disabled key, or post what the proof does not show.
#[derive(Accounts)]
pub struct PostClearing<'info> {
    pub matcher: Signer<'info>,
    #[account(mut, has_one = matcher @ ObscuraError::WrongMatcher)]
    pub batch: Box<Account<'info, Batch>>,
    /// Of any size that holds the orders; the matcher takes the smallest.
    pub verifying_key: Box<Account<'info, VerifyingKey>>,
}

impl PostClearing<'_> {
    pub fn run(ctx: Context<PostClearing>, args: PostClearingArgs) -> Result<()> {
        let now = now()?;
        let clearing = ctx.accounts.decode(&args)?;
        ctx.accounts.validate(&clearing, now)?;
        ctx.accounts.validate_proof(&clearing, &args.proof)?;
        let batch = &mut ctx.accounts.batch;
        batch.record(&clearing, now)?;
        emit!(BatchCleared { batch: batch.key(), price_micro: batch.price_micro });
        Ok(())
    }

    fn decode(&self, args: &PostClearingArgs) -> Result<Clearing> {
        let size = self.verifying_key.size;
        Ok(Clearing {
            size,
            price: price(args.price_micro)?,
            leases_root: args.leases_root,
            included: bitmap(&args.included, size)?,
            filled: bitmap(&args.filled, size)?,
        })
    }

    fn validate(&self, clearing: &Clearing, now: Moment) -> Result<()> {
        require!(!self.batch.cleared, ObscuraError::AlreadyCleared);
        require!(self.batch.accepts_clearing(now)?, ObscuraError::NotClearingPhase);
        let holds = (self.batch.order_count..=self.batch.params.max_orders).contains(&clearing.size);
        require!(holds, ObscuraError::WrongVerifyingKey);
        self.verifying_key.require_usable()?;
        self.validate_bitmaps(clearing)?;
        let traded = clearing.filled != Bitmap::EMPTY;
        require!(traded == clearing.price.is_some(), ObscuraError::PriceWithoutVolume);
        Ok(())
    }

    /// The circuit proves the second and third of these too; here they get errors of their own.
    fn validate_bitmaps(&self, clearing: &Clearing) -> Result<()> {
        let Clearing { size: _, price: _, leases_root: _, included, filled } = clearing;
        let forced = Bitmap::from_bytes(self.batch.forced);
        require!(included.fits(usize::from(self.batch.order_count)), ObscuraError::BitPastLastOrder);
        require!(filled.is_subset_of(included), ObscuraError::FilledNotIncluded);
        require!(forced.is_subset_of(included), ObscuraError::ForcedOrderLeftOut);
        Ok(())
    }

    #[inline(never)]
    fn validate_proof(&self, clearing: &Clearing, proof: &Proof) -> Result<()> {
        let elements = self.batch.statement(clearing)?.elements();
        let statement = hashing::statement_hash::<SyscallPoseidon>(&elements)?;
        self.verifying_key.verify(proof, &statement)
    }
}

/// Zero stands for no price.
fn price(micro: u64) -> Result<Option<PriceMicro>> {
    if micro == 0 {
        return Ok(None);
    }
    let price = PriceMicro::new(micro).map_err(|_| ObscuraError::PriceOutOfRange)?;
    Ok(Some(price))
}

fn bitmap(bytes: &[u8], size: u16) -> Result<Bitmap> {
    require!(bytes.len() == usize::from(size) / 8, ObscuraError::BitmapLength);
    let mut bits = [0; BITMAP_BYTES];
    let used = bits.get_mut(..bytes.len()).ok_or(ObscuraError::BitmapLength)?;
    used.copy_from_slice(bytes);
    Ok(Bitmap::from_bytes(bits))
}
