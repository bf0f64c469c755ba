//! The ledger, its clock, and the cast every test starts with: an authority, a bonded matcher, one market
//! whose batch 0 is open. It must never move a clock or an account that a test did not ask for.

use anchor_lang::prelude::{Clock, Pubkey};
use anchor_lang::{AccountDeserialize, AnchorSerialize, Discriminator, InstructionData, ToAccountMetas};
use litesvm::LiteSVM;
use obscura_auction::order::MarketTag;
use obscura_circuits::size::BatchSize;
use solana_sdk::account::Account;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::Message;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use solana_sdk::transaction::Transaction;

use crate::accounts::{Books, Market, Trader};
use crate::actor::keypair;
use crate::outcome::{Landed, Outcome, Refused};
use crate::trapdoor::TrapdoorKey;
use crate::types::{CreateMarketArgs, KeyPoints, MarketParams, MarketTerms};
use crate::{Actor, ID, address, laws, tokens};

pub const GPU_TYPE: &str = "H100 80GB";
/// Start of batch 0, and the time when a world begins.
pub const GENESIS: i64 = 1_000_000_000;
pub const BATCH_SECONDS: u32 = 45;
pub const CLEAR_SECONDS: u32 = 45;
/// 10,000 OBSC.
pub const MATCHER_BOND: u64 = 10_000_000_000;
/// What `trader` deposits of each currency: 1,000 USDC and 100,000 OBSC.
pub const DEPOSIT_USDC: u64 = 1_000_000_000;
pub const DEPOSIT_OBSC: u64 = 100_000_000_000;

const PROGRAM: &[u8] = include_bytes!("../../artifacts/obscura_program.so");

pub struct World {
    pub svm: LiteSVM,
    pub payer: Keypair,
    pub authority: Keypair,
    pub matcher: Actor,
    pub usdc: Pubkey,
    pub obsc: Pubkey,
    pub market: Pubkey,
    /// The last transaction, whatever came of it.
    pub sent: Sent,
}

/// What a transaction was made of, beside the payer and its signature.
#[derive(Default)]
pub struct Sent {
    pub instructions: Vec<Instruction>,
    pub signers: Vec<Keypair>,
}

impl World {
    /// Program, mints and an airdrop: nothing initialised.
    pub fn bare() -> Self {
        let mut svm = LiteSVM::new();
        svm.add_program(ID, PROGRAM).expect("the committed program loads");
        let (payer, authority) = (keypair(101), keypair(102));
        svm.airdrop(&payer.pubkey(), 1_000_000_000_000).expect("an airdrop");
        svm.airdrop(&authority.pubkey(), 1_000_000_000_000).expect("an airdrop");
        let (usdc, obsc) = (keypair(103).pubkey(), keypair(104).pubkey());
        tokens::put_mint(&mut svm, usdc, 6);
        tokens::put_mint(&mut svm, obsc, 6);
        let market = address::market(MarketTag::of(GPU_TYPE).get());
        let matcher = Actor::numbered(100);
        let sent = Sent::default();
        let mut world = Self { svm, payer, authority, matcher, usdc, obsc, market, sent };
        world.at(GENESIS);
        world
    }

    /// A bare world with settings and a frozen verifying key whose trapdoor is known.
    pub fn initialized() -> Self {
        Self::bare().set_up(TrapdoorKey::points(), 16)
    }

    /// Adds settings, and these points as the key of every size up to `max_orders`.
    pub fn set_up(mut self, points: KeyPoints, max_orders: u16) -> Self {
        self.initialize(true).expect("initialize");
        for size in BatchSize::ALL.map(BatchSize::get).into_iter().filter(|size| *size <= max_orders) {
            self.register_key(size, points).expect("register the key");
            self.freeze_key(size).expect("freeze the key");
        }
        self
    }

    /// With the market open and its matcher bonded.
    pub fn new() -> Self {
        Self::with_params(default_params())
    }

    pub fn with_params(params: MarketParams) -> Self {
        Self::bare().set_up(TrapdoorKey::points(), params.max_orders).open(params)
    }

    /// With the market open under a key that only a real proof satisfies.
    pub fn proving_with(points: KeyPoints) -> Self {
        Self::bare().set_up(points, 16).open(default_params())
    }

    /// Adds the market and its bonded matcher.
    pub fn open(mut self, params: MarketParams) -> Self {
        self.create_market(market_args(params)).expect("create the market");
        let matcher = self.trader(100);
        self.bond(&matcher, MATCHER_BOND).expect("bond the matcher");
        self
    }

    /// Opens the account of actor `number` and deposits into it.
    pub fn trader(&mut self, number: u8) -> Actor {
        let actor = Actor::numbered(number);
        self.open_trader(&actor).expect("open the trader");
        for (mint, amount) in [(self.usdc, DEPOSIT_USDC), (self.obsc, DEPOSIT_OBSC)] {
            self.give_tokens(&actor, mint, amount);
            self.deposit(&actor, mint, amount).expect("deposit");
        }
        actor
    }

    /// Tokens in the actor's own token account.
    pub fn give_tokens(&mut self, actor: &Actor, mint: Pubkey, amount: u64) {
        tokens::put_tokens(&mut self.svm, actor.tokens(&mint), actor.owner(), mint, amount);
    }

    /// Lamports sent by nobody, to an address without an account.
    pub fn dust(&mut self, address: &Pubkey, lamports: u64) {
        let dust = Account { lamports, ..Account::default() };
        self.svm.set_account(*address, dust).expect("lamports can be anywhere");
    }

    /// Sets the chain's clock.
    pub fn at(&mut self, seconds: i64) -> &mut Self {
        let mut clock: Clock = self.svm.get_sysvar();
        let passed = seconds.saturating_sub(clock.unix_timestamp);
        // Two in a second and one more: a cluster that keeps up. A clock set back makes no slots.
        clock.slot = clock.slot.saturating_add_signed(passed.clamp(0, 1 << 40) * 2 + 1);
        clock.unix_timestamp = seconds;
        self.svm.set_sysvar(&clock);
        self
    }

    /// Lets seconds pass in which the cluster makes no slots.
    pub fn halted_until(&mut self, seconds: i64) -> &mut Self {
        let mut clock: Clock = self.svm.get_sysvar();
        clock.unix_timestamp = seconds;
        self.svm.set_sysvar(&clock);
        self
    }

    /// Sends one instruction, paid by the world's payer, and checks the laws if it lands.
    pub fn send(&mut self, instruction: Instruction, signers: &[&Keypair]) -> Outcome {
        self.send_all(&[instruction], signers)
    }

    /// Like `send`, several in one transaction.
    pub fn send_all(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        let outcome = self.send_all_unchecked(instructions, signers);
        if outcome.is_ok() {
            laws::check(&self.svm);
        }
        outcome
    }

    /// Like `send`, where planted accounts break the laws from the start.
    pub fn send_unchecked(&mut self, instruction: Instruction, signers: &[&Keypair]) -> Outcome {
        self.send_all_unchecked(&[instruction], signers)
    }

    /// Like `send_all`, where planted accounts break the laws from the start. Signs with those of `signers`
    /// whose signature the instructions ask for.
    pub fn send_all_unchecked(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        let signers = signers.iter().map(|signer| signer.insecure_clone()).collect();
        self.sent = Sent { instructions: instructions.to_vec(), signers };
        let asked: Vec<Pubkey> = instructions
            .iter()
            .flat_map(|instruction| &instruction.accounts)
            .filter(|account| account.is_signer && account.pubkey != self.payer.pubkey())
            .map(|account| account.pubkey)
            .collect();
        let mut all: Vec<&Keypair> = vec![&self.payer];
        all.extend(self.sent.signers.iter().filter(|signer| asked.contains(&signer.pubkey())));
        let message = Message::new(instructions, Some(&self.payer.pubkey()));
        let transaction = Transaction::new(&all, message, self.svm.latest_blockhash());
        let sent = self.svm.send_transaction(transaction);
        self.svm.expire_blockhash();
        let meta = sent.map_err(|failed| Refused { error: failed.err, logs: failed.meta.logs })?;
        Ok(Landed { compute_units: meta.compute_units_consumed, logs: meta.logs })
    }

    /// Decodes the account at `address`.
    #[track_caller]
    pub fn read<T: AccountDeserialize + Discriminator>(&self, address: &Pubkey) -> T {
        let account = self.svm.get_account(address).expect("the account exists");
        T::try_deserialize(&mut account.data.as_slice()).expect("the account is of its type")
    }

    pub fn books(&self) -> Books {
        self.read(&address::books())
    }

    pub fn trader_of(&self, actor: &Actor) -> Trader {
        self.read(&actor.trader)
    }

    pub fn market_account(&self) -> Market {
        self.read(&self.market)
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// An instruction of the program.
pub fn instruction(accounts: impl ToAccountMetas, args: impl InstructionData) -> Instruction {
    Instruction { program_id: ID, accounts: accounts.to_account_metas(None), data: args.data() }
}

/// A value as the program stores it, to compare generated types by.
pub fn stored(value: &impl AnchorSerialize) -> Vec<u8> {
    let mut bytes = vec![];
    value.serialize(&mut bytes).expect("memory takes any bytes");
    bytes
}

/// The defaults of SPEC section 11.
pub fn default_params() -> MarketParams {
    MarketParams {
        fee_bps: 100,
        max_orders: 16,
        min_duration: 60,
        max_duration: 2_592_000,
        min_collateral: 1,
        order_fee: 10_000,
        reveal_deposit: 1_000_000,
        stake_per_gpu: 100_000_000,
        accept_seconds: 60,
        settle_seconds: 120,
        cancel_seconds: 120,
        answer_seconds: 60,
        challenge_gap_seconds: 600,
        challenge_deposit: 1_000_000,
        no_show_slash_bps: 1_000,
        failure_slash_bps: 2_000,
        matcher_bond: MATCHER_BOND,
        bond_per_usdc: 1_000_000,
        bond_cover_bps: 1_000,
        void_penalty: 100_000_000,
        unopened_penalty: 10_000_000,
        omission_penalty: 100_000_000,
    }
}

pub fn market_args(params: MarketParams) -> CreateMarketArgs {
    CreateMarketArgs {
        gpu_type: GPU_TYPE.to_owned(),
        genesis: GENESIS,
        batch_seconds: BATCH_SECONDS,
        clear_seconds: CLEAR_SECONDS,
        terms: MarketTerms { matcher: Actor::numbered(100).owner(), params },
    }
}
