//! A market with its parameters now and next, and a batch.

use obscura_auction::encoding::Bitmap;

use super::{Figure, Figures, flag, hash, key, number, obsc, span, text, time, usdc};
use crate::accounts::{Batch, Market, MarketParams, MarketTerms};

impl Figures for Market {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![
            text("gpuType", self.gpu_type.clone()),
            time("genesis", self.genesis),
            span("batch", self.batch_seconds),
            span("clear", self.clear_seconds),
        ];
        figures.extend(terms(&self.terms));
        if let Some(next) = &self.next {
            figures.push(number("nextFromBatch", next.from_batch));
            figures.extend(terms(&next.terms).into_iter().map(later));
        }
        figures
    }
}

/// `feeBps` as `nextFeeBps`.
fn later(figure: Figure) -> Figure {
    let Figure { name, value } = figure;
    let (first, rest) = name.split_at(1);
    Figure { name: format!("next{}{rest}", first.to_ascii_uppercase()), value }
}

fn terms(terms: &MarketTerms) -> Vec<Figure> {
    let MarketTerms { matcher, params } = terms;
    let mut figures = vec![key("matcher", *matcher)];
    figures.extend(parameters(params));
    figures
}

fn parameters(params: &MarketParams) -> [Figure; 22] {
    let MarketParams {
        fee_bps,
        max_orders,
        min_duration,
        max_duration,
        min_collateral,
        order_fee,
        reveal_deposit,
        stake_per_gpu,
        accept_seconds,
        settle_seconds,
        cancel_seconds,
        answer_seconds,
        challenge_gap_seconds,
        challenge_deposit,
        no_show_slash_bps,
        failure_slash_bps,
        matcher_bond,
        bond_per_usdc,
        bond_cover_bps,
        void_penalty,
        unopened_penalty,
        omission_penalty,
    } = *params;
    [
        number("feeBps", fee_bps),
        number("maxOrders", max_orders),
        span("minDuration", min_duration),
        span("maxDuration", max_duration),
        usdc("minCollateral", min_collateral),
        usdc("orderFee", order_fee),
        usdc("revealDeposit", reveal_deposit),
        obsc("stakePerGpu", stake_per_gpu),
        span("accept", accept_seconds),
        span("settle", settle_seconds),
        span("cancel", cancel_seconds),
        span("answer", answer_seconds),
        span("challengeGap", challenge_gap_seconds),
        usdc("challengeDeposit", challenge_deposit),
        number("noShowSlashBps", no_show_slash_bps),
        number("failureSlashBps", failure_slash_bps),
        obsc("matcherBond", matcher_bond),
        obsc("bondPerUsdc", bond_per_usdc),
        number("bondCoverBps", bond_cover_bps),
        obsc("voidPenalty", void_penalty),
        obsc("unopenedPenalty", unopened_penalty),
        obsc("omissionPenalty", omission_penalty),
    ]
}

impl Figures for Batch {
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![
            key("market", self.market),
            number("index", self.index),
            key("matcher", self.matcher),
            number("orders", self.order_count),
            number("maxOrders", self.params.max_orders),
            number("forced", count(self.forced)),
            flag("cleared", self.cleared),
            time("voidAt", self.void_at.seconds),
            obsc("exposure", self.exposure),
            flag("discharged", self.discharged),
        ];
        if self.cleared {
            figures.extend([
                time("clearedAt", self.cleared_at),
                usdc("price", self.price_micro),
                number("included", count(self.included)),
                number("filled", count(self.filled)),
                time("settlesUntil", self.settles_until.seconds),
                number("rowsOpened", self.rows_opened),
                number("rowCount", self.row_count),
                hash("leasesRoot", self.leases_root),
            ]);
        }
        figures
    }
}

fn count(bytes: [u8; obscura_auction::encoding::BITMAP_BYTES]) -> u64 {
    Bitmap::from_bytes(bytes).as_bytes().iter().map(|byte| u64::from(byte.count_ones())).sum()
}
