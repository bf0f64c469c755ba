//! An account that is not what was asked for is refused, each way with its own error.

use obscura_client::accounts::{self, Batch, Books, DecodeError, ReadError, Settings, decode};
use obscura_client::address;
use obscura_client::ledger::{Account, Ledger};
use solana_sdk::pubkey::Pubkey;

use crate::world::World;

async fn settings(world: &World) -> (Pubkey, Account) {
    let address = address::settings();
    (address, world.ledger.account(&address).await.unwrap().unwrap())
}

#[tokio::test]
async fn an_account_of_another_program_is_refused() {
    let (address, mut account) = settings(&World::new().await).await;
    account.owner = Pubkey::default();
    let refused = decode::<Settings>(&address, &account).unwrap_err();
    assert_eq!(refused, DecodeError::WrongOwner { address, got: Pubkey::default() });
}

#[tokio::test]
async fn an_account_of_another_type_is_refused() {
    let (address, account) = settings(&World::new().await).await;
    let refused = decode::<Books>(&address, &account).unwrap_err();
    assert!(matches!(refused, DecodeError::WrongType { expected: "Books", .. }), "{refused:?}");
}

#[tokio::test]
async fn an_account_that_is_cut_short_is_refused() {
    let (address, mut account) = settings(&World::new().await).await;
    for length in [40, 8] {
        account.data.truncate(length);
        let refused = decode::<Settings>(&address, &account).unwrap_err();
        assert_eq!(refused, DecodeError::Malformed { address, expected: "Settings" });
    }
    account.data.truncate(7);
    let refused = decode::<Settings>(&address, &account).unwrap_err();
    assert!(matches!(refused, DecodeError::WrongType { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_missing_account_is_named() {
    let world = World::new().await;
    let address = address::batch(&Pubkey::default(), 9);
    let missing = accounts::get::<Batch>(&world.ledger, &address).await.unwrap_err();
    assert!(matches!(missing, ReadError::Missing { expected: "Batch", .. }), "{missing:?}");
}
