//! What the statement says about the market and its batch, in the ranges its packed elements need.

use super::witness::ClearingWitness;
use crate::gadgets::{Builder, Synth, Wire};

/// Parameters that every order of the batch has in common.
pub(super) struct Market {
    pub program: Wire,
    pub address: Wire,
    pub tag: Wire,
    pub batch_index: Wire,
    pub fee_bps: Wire,
    pub min_duration: Wire,
    pub max_duration: Wire,
}

impl Market {
    pub fn allocate(builder: &mut Builder, witness: &ClearingWitness) -> Synth<Self> {
        builder.group("market parameters");
        Ok(Self {
            program: builder.witness(witness.program)?,
            address: builder.witness(witness.market)?,
            tag: builder.number(witness.market_tag, 64)?,
            batch_index: builder.number(witness.batch_index, 64)?,
            fee_bps: builder.number(witness.fee_bps, 16)?,
            min_duration: builder.number(witness.min_duration, 22)?,
            max_duration: builder.number(witness.max_duration, 22)?,
        })
    }
}
