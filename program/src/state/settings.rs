//! The one account of program-wide choices. It must never get a setter for `allow_dev_keys` or a mint: they
//! are what every later check rests on. Source: SPEC section 10.

use anchor_lang::prelude::*;

use crate::errors::ObscuraError;

#[account]
#[derive(InitSpace, Debug)]
pub struct Settings {
    /// Creates markets, registers and disables keys, pauses commits, takes the treasury. It can touch no
    /// trader's balance.
    pub authority: Pubkey,
    pub usdc_mint: Pubkey,
    pub obsc_mint: Pubkey,
    /// Fixed at creation: true only where money is play money.
    pub allow_dev_keys: bool,
    /// Stops commits and nothing else.
    pub paused: bool,
    pub bump: u8,
    /// Who becomes the authority by accepting it.
    pub proposed_authority: Option<Pubkey>,
}

/// The two mints, so that code names a currency and not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    Usdc,
    Obsc,
}

impl Settings {
    /// Which of the two currencies `mint` is.
    pub fn currency_of(&self, mint: &Pubkey) -> Result<Currency> {
        if *mint == self.usdc_mint {
            Ok(Currency::Usdc)
        } else if *mint == self.obsc_mint {
            Ok(Currency::Obsc)
        } else {
            err!(ObscuraError::WrongMint)
        }
    }
}
