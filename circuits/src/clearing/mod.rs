//! The clearing circuit: one batch was cleared by the rules, for exactly the committed orders.
//!
//! One public input, the statement hash (SPEC section 6). What is proven is SPEC section 9, one
//! file per sentence, in that order. Native twin: [`crate::batch::Clearance`]; property tests hold
//! the two together. The circuit does not check what the chain vouches for: that the orders root is
//! the batch's, that locks are below `2^64`, and that the market's own bounds make sense.

mod asks;
mod bids;
mod lease_root;
mod lease_rows;
mod locks;
mod market;
mod orders;
mod orders_root;
mod price;
mod ranking;
mod row_sums;
mod statement;
mod terms;
mod witness;

pub use witness::{ClearingWitness, OrderWitness, RankWitness, RowWitness, fill_up};

use crate::gadgets::{Builder, Evaluation, Groups, Synth};
use ark_bn254::Fr;
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, SynthesisError};

/// The circuit with a witness; its constraints depend on the witness's size only.
#[derive(Clone, Debug)]
pub struct ClearingCircuit<'a> {
    witness: &'a ClearingWitness,
}

impl<'a> ClearingCircuit<'a> {
    pub fn new(witness: &'a ClearingWitness) -> Self {
        Self { witness }
    }

    /// Adds every variable and constraint to `cs`; says which constraint belongs to which rule.
    pub fn lay_out(&self, cs: ConstraintSystemRef<Fr>) -> Synth<Groups> {
        let mut builder = Builder::layout(cs);
        self.build(&mut builder)?;
        Ok(builder.into_groups())
    }

    /// Works out every value without a constraint system.
    pub fn evaluate(&self) -> Synth<(Groups, Evaluation)> {
        let mut builder = Builder::evaluation();
        self.build(&mut builder)?;
        let (groups, evaluation) = builder.into_evaluation();
        Ok((groups, evaluation.ok_or(SynthesisError::AssignmentMissing)?))
    }

    fn build(&self, builder: &mut Builder) -> Synth<()> {
        let witness = self.witness;
        let statement_hash = builder.input(witness.statement_hash)?;

        let market = market::Market::allocate(builder, witness)?;
        let orders = orders::open(builder, witness)?;
        let orders_root = orders_root::absorb(builder, &orders, &market)?;
        let arrived = ranking::arrange(builder, &orders, &witness.ranking_switches)?;
        let ranks = terms::decode(builder, &market, &orders, arrived, &witness.ranks)?;
        let walked = bids::walk(builder, &ranks, &witness.ranks)?;
        let served = asks::serve(builder, &ranks, &walked, &witness.ranks)?;
        let price = price::clearing_price(builder, &ranks, &walked, &served)?;
        locks::suffice(builder, &orders, &ranks, &walked.bids, &served.asks)?;
        let rows = lease_rows::list(builder, witness)?;
        let leases_root = lease_root::root(builder, &rows)?;

        let claim = statement::Claim { market: &market, orders: &orders, orders_root, price, leases_root };
        statement::bind(builder, claim, &statement_hash)?;
        let fills =
            row_sums::Fills { orders: &orders, ranks: &ranks, bids: &walked.bids, asks: &served.asks };
        row_sums::bind(builder, &rows, fills, &statement_hash)
    }
}

impl ConstraintSynthesizer<Fr> for ClearingCircuit<'_> {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Synth<()> {
        self.lay_out(cs).map(drop)
    }
}
