//! The program's way onto a cluster: into a buffer in pieces, then deployed from it by the upgradeable loader.
//!
//! What was interrupted goes on where it stopped: only pieces that differ are written. Must never touch a
//! program that is there: upgrades are the upgrade authority's, which is soon a multisig.

use futures::stream::{self, StreamExt, TryStreamExt};
use solana_loader_v3_interface::instruction::{create_buffer, deploy_with_max_program_len, write};
use solana_loader_v3_interface::state::UpgradeableLoaderState;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;
use solana_sdk::signature::{Keypair, Signature, Signer};

use crate::ledger::{Ledger, LedgerError};
use crate::program_file::PROGRAM_ELF;
use crate::transactions::Submission;

const LOADER: Pubkey = Pubkey::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// What a transaction has room for beside one signature, a blockhash and the loader's own words.
const PIECE_BYTES: usize = 900;
/// Transactions under way at once.
const AT_ONCE: usize = 16;

/// Who owns the program, and under which keys it is brought there.
pub struct ProgramUpload<'a> {
    /// Pays; upgrades the program until it hands that on.
    pub payer: &'a Keypair,
    /// Of the program's own address.
    pub program: &'a Keypair,
    /// Where the pieces are put together. The same key finds them again.
    pub buffer: &'a Keypair,
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the account {0} is not a buffer of this payer's: take another key for the buffer")]
    NotOurBuffer(Pubkey),
}

/// Where the loader keeps what the program at `program` is.
pub fn program_data_address(program: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(&[program.as_ref()], &LOADER).0
}

/// Puts the program on the chain; `progress` hears how many of its pieces are there, and of how many.
pub async fn upload_program(
    ledger: &dyn Ledger,
    upload: &ProgramUpload<'_>,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Signature, UploadError> {
    open_buffer(ledger, upload).await?;
    write_pieces(ledger, upload, progress).await?;
    let ProgramUpload { payer, program, buffer } = upload;
    let rent = Rent::default().minimum_balance(UpgradeableLoaderState::size_of_program());
    #[allow(deprecated)]
    let steps = deploy_with_max_program_len(
        &payer.pubkey(),
        &program.pubkey(),
        &buffer.pubkey(),
        &payer.pubkey(),
        rent,
        PROGRAM_ELF.len(),
    )
    .map_err(|error| LedgerError::Refused { reason: error.to_string(), logs: Vec::new() })?;
    Ok(Submission::new(payer, steps).signed_by(program).send(ledger).await?.signature)
}

async fn open_buffer(ledger: &dyn Ledger, upload: &ProgramUpload<'_>) -> Result<(), UploadError> {
    let ProgramUpload { payer, program: _, buffer } = upload;
    let (payer_key, buffer_key) = (payer.pubkey(), buffer.pubkey());
    if let Some(account) = ledger.account(&buffer_key).await? {
        let room = UpgradeableLoaderState::size_of_buffer(PROGRAM_ELF.len());
        let ours = account.owner == LOADER
            && account.data.len() == room
            && account.data.get(5..37) == Some(payer_key.as_ref());
        return if ours { Ok(()) } else { Err(UploadError::NotOurBuffer(buffer_key)) };
    }
    let rent = Rent::default().minimum_balance(UpgradeableLoaderState::size_of_buffer(PROGRAM_ELF.len()));
    let steps = create_buffer(&payer_key, &buffer_key, &payer_key, rent, PROGRAM_ELF.len())
        .map_err(|error| LedgerError::Refused { reason: error.to_string(), logs: Vec::new() })?;
    Submission::new(payer, steps).signed_by(buffer).send(ledger).await?;
    Ok(())
}

async fn write_pieces(
    ledger: &dyn Ledger,
    upload: &ProgramUpload<'_>,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<(), UploadError> {
    let ProgramUpload { payer, program: _, buffer } = upload;
    let (payer_key, buffer_key) = (payer.pubkey(), buffer.pubkey());
    let stored = ledger.account(&buffer_key).await?.map(|account| account.data).unwrap_or_default();
    let written = stored.get(UpgradeableLoaderState::size_of_buffer_metadata()..).unwrap_or_default();
    let pieces: Vec<(usize, &[u8])> = PROGRAM_ELF
        .chunks(PIECE_BYTES)
        .enumerate()
        .map(|(place, piece)| (place * PIECE_BYTES, piece))
        .collect();
    let all = pieces.len();
    let missing: Vec<(usize, &[u8])> = pieces
        .into_iter()
        .filter(|(offset, piece)| written.get(*offset..*offset + piece.len()) != Some(*piece))
        .collect();
    let mut done = all - missing.len();
    progress(done, all);
    let mut writing = stream::iter(missing)
        .map(|(offset, piece)| async move {
            // The program is far shorter than four gigabytes.
            let place = u32::try_from(offset).unwrap_or(u32::MAX);
            let step = write(&buffer_key, &payer_key, place, piece.to_vec());
            Submission::new(payer, [step]).send(ledger).await
        })
        .buffer_unordered(AT_ONCE);
    while writing.try_next().await?.is_some() {
        done += 1;
        progress(done, all);
    }
    Ok(())
}
