//! What authority and matcher do, and what everybody can look at.

use serde_json::json;
use solana_sdk::signature::Signer;

use crate::world::World;

const MARKET: &str = "H100 80GB";

#[tokio::test(flavor = "multi_thread")]
async fn authority_and_matcher_act_from_the_command_line() {
    let Some(world) = World::start("authority_and_matcher_act_from_the_command_line").await else { return };
    let (authority, matcher) = (world.local_key("authority"), world.local_key("matcher"));
    let markets = world.json(&world.key(), &["market", "list"]);
    assert_eq!(markets["markets"].as_array().unwrap().len(), 4);

    world.tried_and_sent_as(&authority, &["market", "pause"]);
    assert_eq!(world.json(&authority, &["market", "authority", "show"])["paused"], true);
    world.tried_and_sent_as(&authority, &["market", "resume"]);

    let file = world.write("change.toml", "feeBps = 50\n");
    let schedule = ["market", "schedule", MARKET, "--terms", &file, "--in", "3"];
    world.tried_and_sent_as(&authority, &schedule);
    let market = world.json(&authority, &["market", "show", MARKET]);
    assert_eq!((&market["feeBps"], &market["nextFeeBps"]), (&json!(100), &json!(50)));
    assert_eq!(market["nextStakePerGpuMicro"], market["stakePerGpuMicro"]);

    let unbonded = world.tried_and_sent_as(&matcher, &["matcher", "unbond", "1.5"]);
    let moved = unbonded["movements"].as_array().unwrap();
    let bond = moved.iter().find(|movement| movement["figure"] == "bondMicro").unwrap();
    assert_eq!(bond["before"].as_u64().unwrap() - bond["after"].as_u64().unwrap(), 1_500_000);
    world.tried_and_sent_as(&matcher, &["matcher", "bond", "1.5"]);
    world.tried_and_sent_as(&matcher, &["matcher", "retire"]);
    let key = world.keys.matcher.pubkey().to_string();
    assert_eq!(world.json(&authority, &["matcher", "show", "--owner", &key])["retired"], true);
    world.tried_and_sent_as(&matcher, &["matcher", "retire", "--undo"]);
    let none_ready = world.fails(&matcher, 2, &["matcher", "discharge"]);
    assert!(none_ready.contains("ten minutes"), "{none_ready}");

    assert_eq!(world.json(&authority, &["treasury", "show"])["usdcTreasuryMicro"], 0);
    let donated = world.fails(&authority, 1, &["treasury", "sweep", "usdc"]);
    assert!(donated.contains("NothingDonated"), "{donated}");
    let empty = world.fails(&authority, 1, &["treasury", "withdraw", "usdc", "1", "--dry-run"]);
    assert!(empty.contains("InsufficientAvailable"), "{empty}");

    let heir = world.owner.pubkey().to_string();
    world.tried_and_sent_as(&authority, &["market", "authority", "propose", &heir]);
    world.tried_and_sent(&["market", "authority", "accept"]);
    assert_eq!(world.json(&authority, &["market", "authority", "show"])["authority"], heir);
    assert_eq!(world.json(&world.key(), &["lease", "list"]), json!({ "leases": [] }));
}
