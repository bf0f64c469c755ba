//! Every way an instruction can fail, one variant per cause. Numbers are part of the interface: a released
//! number never changes its meaning and is never used again (a test pins the list). The code on chain is
//! 6000 plus the number. Source: SPEC section 11.

use anchor_lang::prelude::*;

#[error_code]
#[derive(PartialEq, Eq)]
pub enum ObscuraError {
    // Settings, keys, markets.
    #[msg("Only the authority in the settings may do this")]
    NotAuthority = 0,
    #[msg("The mint is not one of the two mints in the settings")]
    WrongMint = 1,
    #[msg("Both mints must have 6 decimals")]
    WrongDecimals = 2,
    #[msg("USDC and OBSC must be different mints")]
    SameMint = 3,
    #[msg("No circuit has this size: use 16, 64, 256 or 1024")]
    UnknownCircuitSize = 4,
    #[msg("The verifying key is not frozen")]
    KeyNotFrozen = 5,
    #[msg("The verifying key is already frozen")]
    KeyAlreadyFrozen = 6,
    #[msg("The verifying key is disabled")]
    KeyDisabled = 7,
    #[msg("A development key is refused here: anyone can forge its proofs")]
    DevelopmentKey = 8,
    #[msg("gpuType must be 1 to 32 printable ASCII characters without spaces at the ends")]
    MalformedGpuType = 9,
    #[msg("The genesis must be within one day of now")]
    GenesisTooFar = 10,
    #[msg("The batch must last 3 to 3600 seconds")]
    BatchSecondsOutOfRange = 11,
    #[msg("Clearing must last 10 to 600 seconds")]
    ClearSecondsOutOfRange = 12,
    #[msg("The fee is above 1000 basis points")]
    FeeOutOfRange = 13,
    #[msg("Durations must be 60 to 2592000 seconds, the shortest first")]
    DurationsOutOfRange = 14,
    #[msg("An order fee, reveal deposit or minimum collateral is above 1000 USDC")]
    ChargeOutOfRange = 15,
    #[msg("The stake per GPU must be 1 to 1000000000000 micro-OBSC")]
    StakeOutOfRange = 16,
    #[msg("A deadline must be 1 to 86400 seconds")]
    DeadlineOutOfRange = 17,
    #[msg("There is an account at this address already")]
    AlreadyExists = 18,
    #[msg("A bond must be 1 to 1000000000000000 micro-OBSC, a penalty at most that, a bond rate at most 1000 OBSC per USDC")]
    BondOutOfRange = 19,
    #[msg("A market needs the frozen keys of every circuit size up to its maxOrders, smallest first; a refund of a void batch needs the smallest key that holds it")]
    MissingVerifyingKey = 20,

    #[msg("A change must name a batch later than the one that runs")]
    NotLaterBatch = 21,
    #[msg("The signer is not the authority that was proposed")]
    NotProposedAuthority = 22,
    #[msg("A slash or a share must be at most 10000 basis points")]
    ShareOutOfRange = 23,
    #[msg("The vault holds no more than is accounted for")]
    NothingDonated = 24,

    // Traders and delegates.
    #[msg("The amount must be above zero")]
    ZeroAmount = 100,
    #[msg("Not enough available; left is what is available, right what is needed")]
    InsufficientAvailable = 101,
    #[msg("Less is locked than this would take")]
    InsufficientLocked = 102,
    #[msg("The trader account is not the one this instruction needs")]
    WrongTrader = 103,
    #[msg("The signer is neither the owner nor the delegate of the trader")]
    NotOwnerOrDelegate = 104,
    #[msg("The delegate has expired")]
    DelegateExpired = 105,
    #[msg("The delegate lacks the permission for this")]
    DelegateLacksPermission = 106,
    #[msg("The order is above the delegate's cap for one order")]
    DelegateOrderCap = 107,
    #[msg("The order would take the delegate above its spend cap")]
    DelegateSpendCap = 108,
    #[msg("A delegate needs a key other than the owner's, known permission bits and a future expiry")]
    MalformedDelegate = 109,
    #[msg("There is no delegate to revoke")]
    NoDelegate = 110,
    #[msg("The ask would take the delegate above the GPUs its asks may lock together")]
    DelegateGpuCap = 111,
    #[msg("OBSC leaves by begin_unstake and withdraw_stake")]
    StakeNeedsUnstaking = 112,
    #[msg("The unstaking delay is not over")]
    UnstakeNotOver = 113,
    #[msg("A label must be 1 to 64 printable ASCII characters without spaces at the ends")]
    MalformedLabel = 114,
    #[msg("A provider offers 1 to 4096 GPUs")]
    CapacityOutOfRange = 115,
    #[msg("A provider needs a key for its host")]
    MissingHostKey = 116,
    #[msg("The provider account is not the signer's")]
    WrongProvider = 117,

    // Commit and reveal.
    #[msg("The program is paused: no new commits")]
    Paused = 200,
    #[msg("The commitment is zero or not below the field's modulus")]
    MalformedCommitment = 201,
    #[msg("The side must be 0 (bid) or 1 (ask)")]
    UnknownSide = 202,
    #[msg("The batch is not the one that takes commits now")]
    NotCommitPhase = 203,
    #[msg("The batch is full: use the next one")]
    BatchFull = 204,
    #[msg("A bid must lock at least the market's minimum, an ask at least one GPU")]
    LockTooSmall = 205,
    #[msg("The matcher account is not this market's")]
    WrongMatcher = 206,
    #[msg("The market's matcher is not bonded")]
    MatcherNotBonded = 207,
    #[msg("The order is not of this batch")]
    WrongBatch = 208,
    #[msg("The batch takes no reveals now")]
    NotRevealPhase = 209,
    #[msg("A field of the opening is out of range")]
    OpeningOutOfRange = 210,
    #[msg("The opening does not hash to the commitment")]
    HashMismatch = 211,
    #[msg("The order was already revealed")]
    AlreadyRevealed = 212,
    #[msg("minQty is above qty")]
    MinQtyAboveQty = 213,
    #[msg("The bid is shorter than the market's shortest lease")]
    BidTooShort = 214,
    #[msg("The bid is longer than the market's longest lease")]
    BidTooLong = 215,
    #[msg("The bid can cost more than its lock")]
    CollateralTooSmall = 216,
    #[msg("An ask's minQty must be 1")]
    AskNotDivisible = 217,
    #[msg("An ask must offer at least the market's longest lease")]
    AskTooShort = 218,
    #[msg("The ask offers more GPUs than it locked")]
    CapacityTooSmall = 219,

    #[msg("One owner has at most 32 orders in a batch")]
    TooManyOrders = 220,
    #[msg("One owner commits to at most 8 markets at a time: wait until the commits of one batch end")]
    TooManyMarkets = 221,
    #[msg("The matcher's bond does not cover another lock of this size; left is the bond, right what it must be")]
    BondTooSmall = 222,
    #[msg("Order fee and reveal deposit are above what the commit allows for them")]
    ChargesTooHigh = 223,
    #[msg("The market's matcher takes no more commits: it is retiring")]
    MatcherRetired = 224,

    // Clearing.
    #[msg("The batch cannot be cleared now")]
    NotClearingPhase = 300,
    #[msg("The batch is already cleared")]
    AlreadyCleared = 301,
    #[msg("A bitmap must have exactly one bit per slot of the market's size")]
    BitmapLength = 302,
    #[msg("A bitmap names an order that does not exist")]
    BitPastLastOrder = 303,
    #[msg("A publicly revealed order was left out")]
    ForcedOrderLeftOut = 304,
    #[msg("An order is filled but not included")]
    FilledNotIncluded = 305,
    #[msg("The price must be zero exactly when nothing is filled")]
    PriceWithoutVolume = 306,
    #[msg("The price is above 40 bits")]
    PriceOutOfRange = 307,
    #[msg("The verifying key is not this batch's")]
    WrongVerifyingKey = 308,
    #[msg("The proof does not show this clearing")]
    ProofRejected = 309,
    #[msg("The bond answers for a batch that is not discharged")]
    BondExposed = 310,
    #[msg("The order is in the clearing")]
    NotOmitted = 311,
    #[msg("The instruction before this one must be an ed25519 check with one signature over its own data")]
    MissingAcknowledgement = 312,
    #[msg("The signed message is not this order's acknowledgement by this batch's matcher")]
    WrongAcknowledgement = 313,
    #[msg("The matcher has already paid for this order")]
    AlreadySlashed = 314,
    #[msg("The matcher no longer answers for this batch")]
    BatchDischarged = 315,
    #[msg("The matcher still answers for this batch")]
    BatchNotOver = 316,

    // Leases.
    #[msg("The batch is not cleared")]
    NotCleared = 400,
    #[msg("The time to open leases is over")]
    SettlementOver = 401,
    #[msg("The row is not below the number of rows")]
    RowOutOfRange = 402,
    #[msg("The path does not lead to the leases root")]
    PathMismatch = 403,
    #[msg("The order is not of the side this place needs")]
    WrongSide = 404,
    #[msg("The order was not filled")]
    NotFilled = 405,
    #[msg("The order is not of this lease")]
    WrongOrder = 406,
    #[msg("The lease is not on offer")]
    NotOffered = 407,
    #[msg("The time to accept is over")]
    AcceptOver = 408,
    #[msg("The time to accept is not over")]
    AcceptNotOver = 409,
    #[msg("The lease is not active")]
    NotActive = 410,
    #[msg("The terms do not hash to the lease's terms")]
    TermsMismatch = 411,
    #[msg("The lease's term is not over")]
    TermNotOver = 412,
    #[msg("The lease would cost more than is left of its order's lock")]
    AmountExceedsLock = 413,
    #[msg("The path has not the length that the market's size fixes")]
    PathLength = 414,
    #[msg("The provider can still claim the lease")]
    ClaimNotOver = 415,

    #[msg("The signer is not one who may do this: a party of the lease or its delegate with LEASE, or the matcher")]
    NotAParty = 416,
    #[msg("The terms are shown already")]
    TermsAlreadyShown = 417,
    #[msg("Terms of this order's running leases are not shown")]
    TermsHidden = 418,
    #[msg("Every lease of this order was accepted, or still can be")]
    NoneRefused = 419,
    #[msg("The time to cancel is over")]
    CancelOver = 420,
    #[msg("A challenge of this lease is open")]
    ChallengeOpen = 421,
    #[msg("No challenge of this lease is open")]
    NoChallenge = 422,
    #[msg("The last challenge was too short a time ago")]
    ChallengeTooSoon = 423,
    #[msg("The term ends before a challenge would have to be answered")]
    ChallengeTooLate = 424,
    #[msg("The time to answer is over")]
    AnswerOver = 425,
    #[msg("The time to answer is not over")]
    AnswerNotOver = 426,
    #[msg("Nothing of this order is free")]
    NothingToFree = 427,

    // Refunds.
    #[msg("The order has already ended: nothing moves")]
    AlreadyEnded = 500,
    #[msg("The batch is neither cleared nor void")]
    BatchNotFinal = 501,
    #[msg("Leases of this order may still open")]
    LeasesMayOpen = 502,
    #[msg("A lease of this order is not closed")]
    LeaseNotClosed = 503,

    // What must never happen; each stops the instruction.
    #[msg("Arithmetic overflow")]
    Overflow = 600,
    #[msg("The instruction would create or lose money")]
    NotConserved = 601,
    #[msg("The vault holds less than is accounted for")]
    VaultShort = 602,
    #[msg("The hash refused an input")]
    HashFailed = 603,
    #[msg("A stored value is outside its range")]
    CorruptState = 604,
}
