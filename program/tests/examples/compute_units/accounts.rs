//! Sizes and rents of accounts, and what a lease costs its network users, from a lease that was run.

use std::fmt::Write as _;

use obscura_program_tests::world::GENESIS;
use obscura_program_tests::{Clearing, Sealed, World, address};
use solana_sdk::pubkey::Pubkey;

const LAMPORTS_PER_SOL: f64 = 1_000_000_000.0;

/// One bid and one ask in a batch of their own, from commit to refund.
struct Run {
    world: World,
    bid: Sealed,
    ask: Sealed,
    clearing: Clearing,
    /// Lamports that went out: to rent, and to fees.
    spent: u64,
}

impl Run {
    fn new() -> Self {
        let mut world = World::new();
        let (buyer, provider) = (world.trader(1), world.trader(2));
        let (bid, ask) = (Sealed::bid(1, &buyer, 2_000_000, 4), Sealed::ask(2, &provider, 1_500_000, 4));
        let before = lamports(&world);
        world.commit(&buyer.key, &bid).unwrap();
        world.commit(&provider.key, &ask).unwrap();
        let clearing = Clearing::of(&[&bid, &ask]).at_price(1_750_000).row(0, 1, 4);
        world.at(GENESIS + 45).clear(&clearing).unwrap();
        world.open_lease(&clearing, 0).unwrap();
        world.complete_settlement(&clearing, 1).unwrap();
        world.accept_lease(&provider.key, &clearing, 0).unwrap();
        world.release_lease(&buyer.key, &clearing, 0).unwrap();
        world.refund(&bid).unwrap();
        world.refund(&ask).unwrap();
        world.at(GENESIS + 45 + 180 + 600).discharge_batch(0).unwrap();
        let spent = before - lamports(&world);
        Self { world, bid, ask, clearing, spent }
    }

    fn rent(&self, account: &Pubkey) -> u64 {
        let size = self.world.svm.get_account(account).unwrap().data.len();
        self.world.svm.minimum_balance_for_rent_exemption(size)
    }
}

fn lamports(world: &World) -> u64 {
    use solana_sdk::signer::Signer as _;
    world.svm.get_balance(&world.payer.pubkey()).unwrap()
}

fn sol(lamports: u64) -> String {
    format!("{:.6}", lamports as f64 / LAMPORTS_PER_SOL)
}

pub fn render() -> String {
    let run = Run::new();
    let batch = address::batch(&run.world.market, 0);
    let lease = run.clearing.lease(&run.world, 0);
    let rows = [
        ("Settings", address::settings()),
        ("Books", address::books()),
        ("VerifyingKey", address::verifying_key(16)),
        ("Market", run.world.market),
        ("Matcher", address::matcher(&run.world.matcher.owner())),
        ("Trader", run.bid.trader()),
        ("Batch", batch),
        ("Order", run.bid.address()),
        ("Lease", lease),
    ];
    let mut text = String::from(
        "\n## Accounts\n\nRent is what an account of this size must hold to live, in SOL; orders, batches and \
         leases are never closed in this version, so it is spent.\n\n| account | bytes | rent, SOL |\n\
         |---|---:|---:|\n",
    );
    for (name, address) in rows {
        let size = run.world.svm.get_account(&address).unwrap().data.len();
        writeln!(text, "| `{name}` | {size} | {} |", sol(run.rent(&address))).unwrap();
    }
    let rents = [("both orders", run.rent(&run.bid.address()) + run.rent(&run.ask.address()))];
    let rents = [rents[0], ("the lease", run.rent(&lease)), ("the batch", run.rent(&batch))];
    let rent: u64 = rents.iter().map(|(_, rent)| rent).sum();
    text += "\n## One lease\n\nA batch of one bid and one ask, from both commits to both refunds and the \
             discharge, without priority fees. The batch is shared by all its orders.\n\n| what | SOL |\n|---|---:|\n";
    for (what, rent) in rents {
        writeln!(text, "| rent of {what} | {} |", sol(rent)).unwrap();
    }
    writeln!(text, "| signatures | {} |", sol(run.spent - rent)).unwrap();
    writeln!(text, "| all | {} |", sol(run.spent)).unwrap();
    text
}
