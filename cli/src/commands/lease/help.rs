//! What `obscura lease --help` and its commands say after their options.

pub const ALL: &str = "Examples:
  Yours, as buyer and as provider:
    obscura lease list --keypair owner.json
    obscura lease show LEASE --json
  Provider, or its host's key as delegate with LEASE:
    obscura lease accept LEASE --keypair host.json --dry-run
    obscura lease claim LEASE --qty 4 --duration 3600 --blind HEX --keypair host.json
    obscura lease answer LEASE --keypair host.json
  Buyer; bid.json is what `obscura seal --json` printed:
    obscura lease release LEASE --opening bid.json --keypair buyer.json --dry-run
    obscura lease challenge LEASE --opening bid.json --keypair buyer.json
    obscura lease cancel LEASE --keypair buyer.json
  Anyone, once the time is up:
    obscura lease expire LEASE --keypair anyone.json
    obscura lease free-surplus ORDER --keypair anyone.json

Who signs is a party of the lease or its delegate with LEASE; the chain knows which. Terms that are not the
lease's are refused before anything is sent. A dry run shows terms to the node that you ask, and to nobody else.";
