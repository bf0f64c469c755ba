//! The program's interface, generated from its IDL: types, discriminators, errors by name.
//!
//! `idls/obscura_program.json` is made by `program/build`; nothing here repeats what it says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use solana_sdk::pubkey::Pubkey;

pub use generated::obscura_program::{accounts, client, constants, types};

/// Where the program is: the committed one's address, or that of the build that `OBSCURA_PROGRAM` named when
/// this crate was compiled.
pub const ID: Pubkey = Pubkey::from_str_const(env!("OBSCURA_PROGRAM_ID"));

/// The address that the committed interface names; what is generated from it says this one.
pub(crate) const COMMITTED_ID: Pubkey = generated::obscura_program::ID;

/// The macro's output: it looks for `anchor_lang` beside itself, and asks about targets and features
/// that only on-chain crates have.
#[allow(unexpected_cfgs)]
mod generated {
    use anchor_lang;

    anchor_lang::declare_program!(obscura_program);
}

const IDL_JSON: &str = include_str!("../idls/obscura_program.json");

static ERRORS: LazyLock<BTreeMap<u32, ProgramError>> = LazyLock::new(|| {
    let idl: Idl = serde_json::from_str(IDL_JSON).expect("the committed IDL is valid: a test reads it");
    idl.errors.into_iter().map(|error| (error.code, error)).collect()
});

#[derive(Deserialize)]
struct Idl {
    errors: Vec<ProgramError>,
}

#[derive(Deserialize)]
struct ProgramError {
    code: u32,
    name: String,
    msg: String,
}

/// Name and message of a custom error code that an instruction of `program` ended with.
///
/// Codes of the program itself come from its IDL. Anchor's own have their name in the logs. What a
/// called program answered has neither, and is `Unknown`.
pub fn describe_error(program: Option<&Pubkey>, code: u32, logs: &[String]) -> (String, String) {
    let ours = ERRORS.get(&code).filter(|_| program == Some(&ID));
    ours.map(|error| (error.name.clone(), error.msg.clone()))
        .or_else(|| logs.iter().find_map(|line| anchor_error(line, code)))
        .unwrap_or_else(|| ("Unknown".to_owned(), format!("custom error {code}; the logs say more")))
}

/// Reads `… Error Code: NAME. Error Number: CODE. Error Message: TEXT.`
fn anchor_error(line: &str, code: u32) -> Option<(String, String)> {
    let (_, rest) = line.split_once("Error Code: ")?;
    let (name, rest) = rest.split_once(". Error Number: ")?;
    let (number, message) = rest.split_once(". Error Message: ")?;
    let same = number.parse() == Ok(code);
    same.then(|| (name.to_owned(), message.trim_end_matches('.').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_program_is_named_from_its_interface() {
        let (name, message) = describe_error(Some(&ID), 6204, &[]);
        assert_eq!((name.as_str(), message.as_str()), ("BatchFull", "The batch is full: use the next one"));
    }

    #[test]
    fn the_same_code_of_another_program_is_not_ours() {
        assert_eq!(describe_error(Some(&Pubkey::default()), 6204, &[]).0, "Unknown");
    }

    #[test]
    fn an_error_of_anchor_itself_is_named_from_the_logs() {
        let logs = ["Program log: AnchorError caused by account: trader. Error Code: ConstraintSeeds. \
                     Error Number: 2006. Error Message: A seeds constraint was violated."
            .to_owned()];
        let (name, message) = describe_error(Some(&ID), 2006, &logs);
        assert_eq!((name.as_str(), message.as_str()), ("ConstraintSeeds", "A seeds constraint was violated"));
    }

    #[test]
    fn a_code_that_nobody_names_is_unknown() {
        assert_eq!(describe_error(Some(&ID), 1, &[]).0, "Unknown");
    }
}
