//! A refusal by the chain, with what to do about it.

use obscura_client::amount::decimal;
use obscura_client::ledger::LedgerError;
use serde_json::{Value, json};

/// Why the chain refused, or would refuse.
pub struct Refusal {
    pub code: String,
    pub message: String,
    pub hint: Option<&'static str>,
}

impl Refusal {
    /// None where the chain did not refuse but gave no answer.
    pub fn of(error: &LedgerError) -> Option<Self> {
        let (code, message) = match error {
            LedgerError::Program { code, name, message, logs, .. } if name == "Unknown" => {
                (format!("Custom{code}"), token_error(*code, logs).unwrap_or_else(|| message.clone()))
            }
            LedgerError::Program { name, message, logs, .. } => {
                (name.clone(), explained(name, message, logs))
            }
            LedgerError::Instruction { reason, .. } => ("Failed".to_owned(), reason.clone()),
            LedgerError::FeePayerEmpty => ("FeePayerEmpty".to_owned(), error.to_string()),
            LedgerError::BadSignature => ("BadSignature".to_owned(), error.to_string()),
            LedgerError::Refused { reason, .. } => ("Refused".to_owned(), reason.clone()),
            _ => return None,
        };
        let hint = hint(&code);
        Some(Self { code, message, hint })
    }

    pub fn json(&self) -> Value {
        json!({ "code": self.code, "message": self.message, "hint": self.hint })
    }

    pub fn in_words(&self) -> String {
        let hint = self.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("{} ({}){hint}", self.message, self.code)
    }
}

/// The program's message, with the amounts or the account that its logs name.
fn explained(name: &str, message: &str, logs: &[String]) -> String {
    let logged =
        |label: &str| logs.iter().find_map(|line| line.split_once(label)).map(|(_, rest)| rest.trim());
    let amount = |label| logged(label).and_then(|text| text.parse().ok()).map(decimal);
    if let ("InsufficientAvailable", Some(left), Some(right)) = (name, amount("Left: "), amount("Right: ")) {
        return format!("Not enough available: {left} is there, {right} is needed");
    }
    match logged("caused by account: ").and_then(|rest| rest.split('.').next()) {
        Some(account) => format!("{message}: account {account}"),
        None => message.to_owned(),
    }
}

/// The token program's own errors have numbers only.
fn token_error(code: u32, logs: &[String]) -> Option<String> {
    let from_tokens = logs.iter().any(|line| line.contains("Tokenkeg") && line.contains("failed"));
    match code {
        1 if from_tokens => Some("The token account holds too little".to_owned()),
        _ => None,
    }
}

fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "InsufficientAvailable" => {
            "`obscura account show` and `obscura treasury show` say what is there; `obscura deposit` brings more in"
        }
        "AccountNotInitialized" | "AccountDiscriminatorNotFound" => {
            "an account that this needs does not exist: open a trader account with `obscura account open`"
        }
        "NotOwnerOrDelegate" | "NotAParty" => {
            "sign with the owner's key or its delegate's: --keypair says which, and a delegate that commits names its \
             owner with --owner"
        }
        "ConstraintSeeds" | "WrongTrader" | "WrongProvider" => {
            "is this the right key? --keypair says which one signs"
        }
        "DelegateExpired"
        | "DelegateLacksPermission"
        | "DelegateOrderCap"
        | "DelegateSpendCap"
        | "DelegateGpuCap" => "the owner sets other limits with `obscura delegate set`",
        "MalformedDelegate" => "name a key that is not the owner's, and an expiry that is not past",
        "NotAuthority" => "`obscura market authority show` says whose key may do this",
        "NotCommitPhase" => "the next batch takes it: `obscura market show` says when that opens",
        "NotRevealPhase" => "the last third of the batch takes reveals: `obscura market show`",
        "BatchNotFinal" => "wait until the batch is cleared or void: `obscura batch show`",
        "AlreadyExists" => {
            "an account opens once, and an order is committed once, whatever became of it (`obscura order status`): \
             seal another order with `obscura order seal`"
        }
        "AlreadyEnded" => "nothing is left to do",
        "UnstakeNotOver" => "`obscura stake show` says when the delay is over",
        "StakeNeedsUnstaking" => "start with `obscura stake unstake`",
        "BondTooSmall" | "MatcherNotBonded" => "the market's matcher must bond more: `obscura matcher bond`",
        "MatcherRetired" => {
            "the market's matcher is leaving: another one, or the same after `obscura matcher retire --undo`"
        }
        "ChargesTooHigh" => {
            "allow for the fee and the deposit with --max-charges: `obscura market show` has both"
        }
        "BondExposed" => {
            "`obscura matcher retire` stops new batches; each is discharged ten minutes after it is over: `obscura \
             matcher discharge`"
        }
        "TermsMismatch" => "these are not the lease's terms: take those of its own bid",
        "FeePayerEmpty" => {
            "send some SOL to it (a local pool gives play money by the method requestAirdrop), or let another key \
             pay with --fee-payer"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &str, logs: &[&str]) -> LedgerError {
        LedgerError::Program {
            code: 6101,
            name: name.to_owned(),
            message: "the message".to_owned(),
            instruction: 0,
            logs: logs.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn a_lack_of_money_names_both_amounts() {
        let logs = ["Program log: Left: 1500000", "Program log: Right: 20000000"];
        let refusal = Refusal::of(&program("InsufficientAvailable", &logs)).unwrap();
        assert_eq!(refusal.message, "Not enough available: 1.500000 is there, 20.000000 is needed");
        assert!(refusal.in_words().contains("obscura deposit"));
    }

    #[test]
    fn an_account_that_is_not_there_is_named() {
        let logs = ["Program log: AnchorError caused by account: trader. Error Code: AccountNotInitialized."];
        let refusal = Refusal::of(&program("AccountNotInitialized", &logs)).unwrap();
        assert_eq!(refusal.message, "the message: account trader");
    }

    #[test]
    fn a_node_that_is_away_refuses_nothing() {
        assert!(Refusal::of(&LedgerError::Unavailable { reason: String::new() }).is_none());
    }
}
