//! A market's parameters in a file: the names of `obscura market show --json`, without those of the batch.
//!
//! Must never fill in a parameter that is left out: only a change may, from what holds now.

use obscura_client::accounts::{MarketParams, MarketTerms};
use obscura_client::pubkey::Pubkey;
use serde::Deserialize;

macro_rules! terms_file {
    ($($field:ident: $type:ty => $name:literal),+ $(,)?) => {
        /// Every parameter may be left out here; `terms` says which are missing.
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct TermsFile {
            matcher: Option<String>,
            $(#[serde(rename = $name)] $field: Option<$type>,)+
        }

        impl TermsFile {
            /// The terms, with what is left out as in `now`, which a new market does not have.
            pub fn terms(&self, now: Option<&MarketTerms>) -> anyhow::Result<MarketTerms> {
                let mut missing = Vec::new();
                $(if self.$field.is_none() && now.is_none() { missing.push($name); })+
                if self.matcher.is_none() && now.is_none() { missing.push("matcher"); }
                anyhow::ensure!(missing.is_empty(), "the file lacks {}", missing.join(", "));
                let matcher = match &self.matcher {
                    Some(text) => text.parse::<Pubkey>()
                        .map_err(|_| anyhow::anyhow!("matcher is not a public key in base58"))?,
                    None => now.map(|terms| terms.matcher).unwrap_or_default(),
                };
                let held = now.map(|terms| terms.params);
                Ok(MarketTerms { matcher, params: MarketParams {
                    $($field: self.$field.or(held.map(|params| params.$field)).unwrap_or_default(),)+
                } })
            }
        }
    };
}

terms_file! {
    fee_bps: u16 => "feeBps",
    max_orders: u16 => "maxOrders",
    min_duration: u32 => "minDurationSeconds",
    max_duration: u32 => "maxDurationSeconds",
    min_collateral: u64 => "minCollateralMicro",
    order_fee: u64 => "orderFeeMicro",
    reveal_deposit: u64 => "revealDepositMicro",
    stake_per_gpu: u64 => "stakePerGpuMicro",
    accept_seconds: u32 => "acceptSeconds",
    settle_seconds: u32 => "settleSeconds",
    cancel_seconds: u32 => "cancelSeconds",
    answer_seconds: u32 => "answerSeconds",
    challenge_gap_seconds: u32 => "challengeGapSeconds",
    challenge_deposit: u64 => "challengeDepositMicro",
    no_show_slash_bps: u16 => "noShowSlashBps",
    failure_slash_bps: u16 => "failureSlashBps",
    matcher_bond: u64 => "matcherBondMicro",
    bond_per_usdc: u64 => "bondPerUsdcMicro",
    bond_cover_bps: u16 => "bondCoverBps",
    void_penalty: u64 => "voidPenaltyMicro",
    unopened_penalty: u64 => "unopenedPenaltyMicro",
    omission_penalty: u64 => "omissionPenaltyMicro",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_a_new_market_must_name_all() {
        let file: TermsFile = serde_json::from_str(r#"{"feeBps": 50}"#).unwrap();
        let now = MarketTerms {
            matcher: Pubkey::new_unique(),
            params: MarketParams { fee_bps: 100, max_orders: 64, ..MarketParams::default() },
        };
        let terms = file.terms(Some(&now)).unwrap();
        assert_eq!((terms.params.fee_bps, terms.params.max_orders, terms.matcher), (50, 64, now.matcher));
        let refused = file.terms(None).unwrap_err().to_string();
        assert!(refused.contains("matcherBondMicro") && !refused.contains("feeBps"), "{refused}");
    }

    #[test]
    fn a_parameter_that_does_not_exist_is_refused() {
        assert!(serde_json::from_str::<TermsFile>(r#"{"feeBp": 50}"#).is_err());
    }
}
