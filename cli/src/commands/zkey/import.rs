//! `obscura zkey import`: a key file out of what a ceremony left.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use obscura_circuits::circom::ContainerError;
use obscura_circuits::circom::zkey::{Contribution, Kind, Zkey, ZkeyError};
use obscura_circuits::keys::ClearingKeys;
use obscura_circuits::size::BatchSize;
use obscura_circuits::trial::trial;
use rand::rngs::OsRng;
use serde_json::{Value, json};

use super::export_r1cs::laid_out;
use super::invalid;
use crate::new_file::NewFile;
use crate::output;
use crate::progress_bar::watched;

const EXAMPLES: &str = "Examples:
  After `snarkjs zkey verify` has accepted the ceremony's last file:
    obscura zkey import --size 16 16_final.zkey keys/16.key
    obscura-server serve --data-dir ./pool --max-orders 16 --proving-keys keys
  The fingerprint alone, to compare with what others got:
    obscura zkey import --size 16 16_final.zkey keys/16.key --json | jq -r .fingerprint

Checked are the counts, every coefficient and every point, that somebody contributed, and that a full batch
can be proven. Not checked, because only `snarkjs zkey verify` can: that the points follow from the constraints
and from a public phase 1, and that each contribution is one.

Exit codes: 0 imported; 1 the file is no key of this circuit; 2 bad input, or a file cannot be read or written.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Slots of the circuit: 16, 64, 256 or 1024.
    #[arg(long, value_name = "N", value_parser = super::size)]
    size: BatchSize,

    /// The last file of the ceremony.
    #[arg(value_name = "FINAL.zkey")]
    zkey: PathBuf,

    /// Where to write the key; nothing may be there yet. A pool wants it to be called 16.key, 64.key and so on.
    #[arg(value_name = "OUT.key")]
    out: PathBuf,

    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { size, zkey: path, out, json } = arguments;
    let file = NewFile::at(&out)?;
    let cannot_read = || format!("cannot read {}", path.display());
    let zkey = File::open(&path).with_context(cannot_read)?;
    let constraints = laid_out(size)?;
    let read = watched("checking the key", |progress| Zkey::read(zkey, &constraints, progress));
    drop(constraints);
    let zkey = match read {
        Err(ZkeyError::Container(ContainerError::Io(error))) => {
            return Err(error).with_context(cannot_read);
        }
        Err(refused) => return invalid(&path, &refused.to_string(), json),
        Ok(zkey) => zkey,
    };
    let contributions = zkey.contributions.clone();
    let keys = zkey.into_keys()?;
    let proven = watched("proving a batch with the key", |progress| trial(&keys, &mut OsRng, progress));
    if let Err(refused) = proven {
        return invalid(&path, &refused.to_string(), json);
    }
    watched("writing the key", |_| file.fill(|to| keys.write(to)))?;
    let imported = Imported { keys: &keys, contributions: &contributions };
    output::line(&if json {
        imported.document().to_string()
    } else {
        format!("{}\nwritten to   {}", imported.for_people(), out.display())
    })?;
    Ok(ExitCode::SUCCESS)
}

struct Imported<'a> {
    keys: &'a ClearingKeys,
    contributions: &'a [Contribution],
}

impl Imported<'_> {
    fn document(&self) -> Value {
        json!({
            "valid": true,
            "size": self.keys.size().get(),
            "circuit": self.keys.size().circuit().fingerprint,
            "fingerprint": self.fingerprint(),
            "contributions": self.contributions.iter().map(document).collect::<Vec<_>>(),
        })
    }

    fn for_people(&self) -> String {
        let mut text = format!("contributions: {}\n", self.contributions.len());
        for (number, contribution) in (1..).zip(self.contributions) {
            text.push_str(&format!("  {number}. {}\n", in_words(contribution)));
        }
        let size = self.keys.size();
        let (circuit, fingerprint) = (size.circuit().fingerprint, self.fingerprint());
        text + &format!(
            "The key proves a full batch of {} orders.\ncircuit      {circuit}\nfingerprint  {fingerprint}",
            size.get()
        )
    }

    fn fingerprint(&self) -> String {
        hex::encode(self.keys.verifying_key().fingerprint())
    }
}

fn document(contribution: &Contribution) -> Value {
    let Contribution { name, kind } = contribution;
    match kind {
        Kind::Secret => json!({ "name": name, "kind": "secret" }),
        Kind::Beacon { value, iterations_exp } => json!({
            "name": name,
            "kind": "beacon",
            "value": hex::encode(value),
            "iterationsExp": iterations_exp,
        }),
    }
}

/// A name is whatever its contributor chose: escaped, it cannot drive a terminal.
fn in_words(contribution: &Contribution) -> String {
    let Contribution { name, kind } = contribution;
    let name = name.as_ref().map_or("no name".to_owned(), |name| format!("{name:?}"));
    match kind {
        Kind::Secret => format!("{name}: a secret"),
        Kind::Beacon { value, iterations_exp } => {
            format!("{name}: the beacon {}, hashed 2^{iterations_exp} times", hex::encode(value))
        }
    }
}
