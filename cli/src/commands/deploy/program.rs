//! The first step: the program itself, where it is missing.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use obscura_client::deploy::{ProgramUpload, Step, StepState, upload_program};
use obscura_client::idl;
use obscura_client::key_file;
use obscura_client::ledger::rpc::RpcLedger;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::arguments::Arguments;
use super::report::Report;

pub async fn ensure(
    ledger: &RpcLedger,
    arguments: &Arguments,
    payer: &Keypair,
    report: &mut Report,
) -> anyhow::Result<()> {
    let state = if ledger.has_program().await? {
        StepState::Present
    } else if arguments.dry_run {
        StepState::Missing
    } else {
        StepState::Made(upload(ledger, arguments, payer).await?)
    };
    report.step(&Step { what: "program".to_owned(), address: idl::ID, state });
    Ok(())
}

async fn upload(
    ledger: &RpcLedger,
    arguments: &Arguments,
    payer: &Keypair,
) -> anyhow::Result<solana_sdk::signature::Signature> {
    let Some(path) = &arguments.program_keypair else {
        bail!(
            "the program {} is not on this cluster: name the key file of its address with --program-keypair. If you \
             have none, draw a key and build the program for it: `program/build --program-id ADDRESS`",
            idl::ID
        );
    };
    let program = key_file::load(path).context("--program-keypair")?;
    if program.pubkey() != idl::ID {
        bail!("{} is the key of {}, not of the program {}", path.display(), program.pubkey(), idl::ID);
    }
    let buffer = key_file::load_or_create(&arguments.buffer_keypair).context("--buffer-keypair")?;
    let upload = ProgramUpload { payer, program: &program, buffer: &buffer };
    let bar = bar();
    let shown = |done: usize, all: usize| {
        bar.set_length(u64::try_from(all).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    };
    let outcome = upload_program(ledger, &upload, &shown).await;
    bar.finish_and_clear();
    outcome.context("uploading the program stopped; run the same command again to go on")
}

fn bar() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1);
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {elapsed} uploading the program [{bar:30}] {percent} %")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
