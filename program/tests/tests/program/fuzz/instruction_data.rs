//! Data of instructions.

use obscura_program_tests::Outcome;
use solana_sdk::instruction::InstructionError;
use solana_sdk::transaction::TransactionError;

use super::{Edit, ITERATIONS, TIME, edit, warm_up, with_call};
use crate::exploits::substitution::valid::Valid;

const DISCRIMINATOR_BYTES: usize = 8;

/// Instructions with a string or a bitmap: a length beyond the program's heap ends them where their data is
/// read, before anything else happens.
const WITH_BYTE_STRINGS: [&str; 4] =
    ["create_market", "post_clearing", "register_provider", "update_provider"];

/// Refused with a reason, or landed under the laws, which `attempt` checks: the program does not break off.
fn assert_decided(name: &str, outcome: Outcome) {
    let Err(refused) = outcome else { return };
    let broke_off = matches!(
        refused.error,
        TransactionError::InstructionError(
            _,
            InstructionError::ProgramFailedToComplete | InstructionError::ComputationalBudgetExceeded
        )
    );
    let may = WITH_BYTE_STRINGS.contains(&name);
    assert!(may || !broke_off, "{name}: {:?}\n{}", refused.error, refused.logs.join("\n"));
}

fn send(valid: &mut Valid, data: Vec<u8>) {
    let mut instruction = valid.instruction.clone();
    instruction.data = data;
    let outcome = valid.attempt(instruction, &[]);
    assert_decided(valid.name, outcome);
}

/// What fits a transaction beside the accounts.
fn cut(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(300)]
}

#[test]
fn any_bytes_as_data_are_refused_or_land_under_the_laws() {
    warm_up();
    bolero::check!()
        .with_iterations(ITERATIONS)
        .with_test_time(TIME)
        .with_type::<(u8, bool, Vec<u8>)>()
        .for_each(|(pick, keeps_name, bytes)| {
            with_call(*pick, |valid| {
                let kept = if *keeps_name { DISCRIMINATOR_BYTES } else { 0 };
                let data = [&valid.instruction.data[..kept], cut(bytes)].concat();
                send(valid, data);
            });
        });
}

#[test]
fn valid_data_with_some_bytes_changed_is_refused_or_lands_under_the_laws() {
    warm_up();
    bolero::check!()
        .with_iterations(ITERATIONS)
        .with_test_time(TIME)
        .with_type::<(u8, u8, [Edit; 3], Option<u8>)>()
        .for_each(|(pick, count, edits, length)| {
            with_call(*pick, |valid| {
                let mut data = valid.instruction.data.clone();
                let (_, arguments) = data.split_at_mut(DISCRIMINATOR_BYTES);
                edit(arguments, &edits[..1 + usize::from(*count) % 3]);
                if let Some(length) = length {
                    data.truncate(usize::from(*length));
                }
                send(valid, data);
            });
        });
}
