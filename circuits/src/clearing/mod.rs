//! The clearing circuit: one batch was cleared by the rules, for exactly the committed orders.
//!
//! One public input, the statement hash (SPEC section 6). What is proven is SPEC section 9, one
//! file per sentence, in that order. Native twin: [`crate::batch::Clearance`]; property tests hold
//! the two together. The circuit does not check what the chain vouches for: that the orders root is
//! the batch's, and that the market's own bounds make sense.

mod admission;
mod lease_root;
mod lease_rows;
mod orders_root;
mod price;
mod ranking;
mod runs;
mod statement;
mod walk;
mod witness;

pub use witness::{ClearingWitness, ListWitness, RowWitness, SlotWitness};

use crate::gadgets::{Builder, Groups, Synth};
use ark_bn254::Fr;
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystemRef, Variable};

/// What a synthesis tells besides the constraints themselves.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Which constraint belongs to which rule.
    pub groups: Groups,
    /// Variables that a valid witness may leave open (inverse hints of zero tests).
    pub may_be_free: Vec<Variable>,
}

/// The circuit with a witness; its constraints depend on the witness's size only.
#[derive(Clone, Debug)]
pub struct ClearingCircuit<'a> {
    witness: &'a ClearingWitness,
}

impl<'a> ClearingCircuit<'a> {
    pub fn new(witness: &'a ClearingWitness) -> Self {
        Self { witness }
    }

    /// Adds every variable and constraint to `cs`.
    pub fn synthesize(&self, cs: ConstraintSystemRef<Fr>) -> Synth<Layout> {
        let witness = self.witness;
        let mut builder = Builder::new(cs);
        let statement_hash = builder.input(witness.statement_hash)?;

        let market = statement::Market::allocate(&mut builder, witness)?;
        let slots = admission::admit(&mut builder, witness, &market)?;
        let orders_root = orders_root::absorb(&mut builder, &slots, &market)?;
        let ranked = ranking::rank(&mut builder, &slots, &witness.ranking_switches)?;
        let walked = walk::walk(&mut builder, &slots, &ranked)?;
        let price = price::clearing_price(&mut builder, &walked)?;
        let rows = lease_rows::bind_rows(&mut builder, &slots, witness)?;
        let leases_root = lease_root::root(&mut builder, &rows)?;

        let claim = statement::Claim { market, orders_root, price, leases_root };
        statement::bind(&mut builder, &slots, claim, &statement_hash)?;
        let (groups, may_be_free) = builder.finish();
        Ok(Layout { groups, may_be_free })
    }
}

impl ConstraintSynthesizer<Fr> for ClearingCircuit<'_> {
    fn generate_constraints(self, cs: ConstraintSystemRef<Fr>) -> Synth<()> {
        self.synthesize(cs).map(drop)
    }
}
