//! Shows with one empty row that a batch has no more leases, so that its orders can end before the deadline.
//! Used rows come first, so row `k` being empty leaves at most `k` of them. Source: SPEC sections 8 and 11.

use anchor_lang::prelude::*;
use obscura_auction::encoding::EMPTY_ROW;

use crate::errors::ObscuraError;
use crate::events::SettlementCompleted;
use crate::state::Batch;

/// CAN: anyone, once the batch is cleared. CANNOT: raise the number of rows, or pass a used row off as empty.
#[derive(Accounts)]
pub struct CompleteSettlement<'info> {
    #[account(mut)]
    pub batch: Box<Account<'info, Batch>>,
}

impl CompleteSettlement<'_> {
    pub fn run(ctx: Context<CompleteSettlement>, row: u16, path: Vec<[u8; 32]>) -> Result<()> {
        let batch = &mut ctx.accounts.batch;
        require!(batch.cleared, ObscuraError::NotCleared);
        require_gt!(batch.row_count, row, ObscuraError::RowOutOfRange);
        batch.require_row(row, EMPTY_ROW, &path)?;
        batch.row_count = row;
        emit!(SettlementCompleted { batch: batch.key(), rows: row });
        Ok(())
    }
}
