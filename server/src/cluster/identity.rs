//! Which cluster a pool is for: it may not change under it.

use std::fs;
use std::io::ErrorKind;

use anyhow::{Context, bail};
use obscura_client::idl;
use obscura_client::key_file::write_new;
use obscura_client::ledger::rpc::RpcLedger;

use crate::local::DataDir;

/// Names the file in a data directory that says which cluster it is for.
const CLUSTER_FILE: &str = "cluster";

/// What is kept of one cluster's orders means nothing on another.
pub async fn check_cluster(node: &RpcLedger, data_dir: &DataDir) -> anyhow::Result<()> {
    if !node.has_program().await? {
        bail!("the program {} is not on this node's cluster: bring it there with `obscura deploy`", idl::ID);
    }
    let cluster = node.genesis_hash().await?.to_string();
    let file = data_dir.path().join(CLUSTER_FILE);
    match fs::read_to_string(&file) {
        Ok(known) if known.trim() == cluster => Ok(()),
        Ok(_) => bail!(
            "{} is the data directory of a pool on another cluster: name another with --data-dir",
            data_dir.path().display()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if data_dir.chain().exists() {
                bail!(
                    "{} is the data directory of a local pool: name another with --data-dir",
                    data_dir.path().display()
                );
            }
            write_new(&file, cluster.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}
