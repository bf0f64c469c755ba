//! Error numbers are part of the interface: a released number keeps its meaning, and is never used again.

use std::collections::BTreeMap;

/// Written by hand on purpose: a new error is a new line, and no line ever changes.
const ERRORS: &[(u32, &str)] = &[
    (6000, "NotAuthority"),
    (6001, "WrongMint"),
    (6002, "WrongDecimals"),
    (6003, "SameMint"),
    (6004, "UnknownCircuitSize"),
    (6005, "KeyNotFrozen"),
    (6006, "KeyAlreadyFrozen"),
    (6007, "KeyDisabled"),
    (6008, "DevelopmentKey"),
    (6009, "MalformedGpuType"),
    (6010, "GenesisTooFar"),
    (6011, "BatchSecondsOutOfRange"),
    (6012, "ClearSecondsOutOfRange"),
    (6013, "FeeOutOfRange"),
    (6014, "DurationsOutOfRange"),
    (6015, "ChargeOutOfRange"),
    (6016, "StakeOutOfRange"),
    (6017, "DeadlineOutOfRange"),
    (6100, "ZeroAmount"),
    (6101, "InsufficientAvailable"),
    (6102, "InsufficientLocked"),
    (6103, "WrongTrader"),
    (6104, "NotOwnerOrDelegate"),
    (6105, "DelegateExpired"),
    (6106, "DelegateLacksPermission"),
    (6107, "DelegateOrderCap"),
    (6108, "DelegateSpendCap"),
    (6109, "MalformedDelegate"),
    (6110, "NoDelegate"),
    (6111, "DelegateGpuCap"),
    (6200, "Paused"),
    (6201, "MalformedCommitment"),
    (6202, "UnknownSide"),
    (6203, "NotCommitPhase"),
    (6204, "BatchFull"),
    (6205, "LockTooSmall"),
    (6206, "WrongMatcher"),
    (6207, "MatcherNotBonded"),
    (6208, "WrongBatch"),
    (6209, "NotRevealPhase"),
    (6210, "OpeningOutOfRange"),
    (6211, "HashMismatch"),
    (6212, "AlreadyRevealed"),
    (6213, "MinQtyAboveQty"),
    (6214, "BidTooShort"),
    (6215, "BidTooLong"),
    (6216, "CollateralTooSmall"),
    (6217, "AskNotDivisible"),
    (6218, "AskTooShort"),
    (6219, "CapacityTooSmall"),
    (6300, "NotClearingPhase"),
    (6301, "AlreadyCleared"),
    (6302, "BitmapLength"),
    (6303, "BitPastLastOrder"),
    (6304, "ForcedOrderLeftOut"),
    (6305, "FilledNotIncluded"),
    (6306, "PriceWithoutVolume"),
    (6307, "PriceOutOfRange"),
    (6308, "WrongVerifyingKey"),
    (6309, "ProofRejected"),
    (6310, "BondExposed"),
    (6400, "NotCleared"),
    (6401, "SettlementOver"),
    (6402, "RowOutOfRange"),
    (6403, "PathMismatch"),
    (6404, "WrongSide"),
    (6405, "NotFilled"),
    (6406, "WrongOrder"),
    (6407, "NotOffered"),
    (6408, "AcceptOver"),
    (6409, "AcceptNotOver"),
    (6410, "NotActive"),
    (6411, "TermsMismatch"),
    (6412, "TermNotOver"),
    (6413, "AmountExceedsLock"),
    (6414, "PathLength"),
    (6415, "ClaimNotOver"),
    (6500, "AlreadyEnded"),
    (6501, "BatchNotFinal"),
    (6502, "LeasesMayOpen"),
    (6503, "LeaseNotClosed"),
    (6600, "Overflow"),
    (6601, "NotConserved"),
    (6602, "VaultShort"),
    (6603, "HashFailed"),
    (6604, "CorruptState"),
];

#[test]
fn every_error_has_the_number_it_was_released_with() {
    let idl = include_str!("../../../../client/idls/obscura_program.json");
    let idl: serde_json::Value = serde_json::from_str(idl).unwrap();
    let listed: BTreeMap<u64, &str> = idl["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].as_u64().unwrap(), error["name"].as_str().unwrap()))
        .collect();
    let pinned: BTreeMap<u64, &str> = ERRORS.iter().map(|(code, name)| (u64::from(*code), *name)).collect();
    assert_eq!(listed, pinned);
}
