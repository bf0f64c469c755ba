//! The statement of a clearing proof as 16 field elements (SPEC section 6).
//!
//! Must never leave out anything that the program lets the matcher choose: what is not named here
//! is not bound by the proof.

use super::Bitmap;
use crate::field::{self, FieldBytes};
use crate::units::{DurationSeconds, FeeBps, PriceMicro};

/// First bits of slot 0.
pub const STATEMENT_VERSION: u8 = 1;

/// Where each element stands. Bitmaps take five slots each.
pub mod slot {
    pub const HEADER: usize = 0;
    pub const PROGRAM: usize = 1;
    pub const MARKET: usize = 2;
    pub const ORDERS_ROOT: usize = 3;
    pub const INCLUDED: usize = 4;
    pub const FILLED: usize = 9;
    pub const TERMS: usize = 14;
    pub const LEASES_ROOT: usize = 15;
    pub const COUNT: usize = 16;
}

/// What a clearing proof is about. `price` is absent if and only if nothing traded.
///
/// `orders_root` and `leases_root` must be below the modulus; keys and ids are reduced here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementFields {
    pub size: u16,
    pub order_count: u16,
    pub batch_index: u64,
    pub program: [u8; 32],
    pub market: [u8; 32],
    pub orders_root: FieldBytes,
    pub included: Bitmap,
    pub filled: Bitmap,
    pub price: Option<PriceMicro>,
    pub fee_bps: FeeBps,
    pub min_duration: DurationSeconds,
    pub max_duration: DurationSeconds,
    pub leases_root: FieldBytes,
}

impl StatementFields {
    /// The elements in the order of [`slot`].
    pub fn elements(&self) -> [FieldBytes; slot::COUNT] {
        let Self {
            size,
            order_count,
            batch_index,
            program,
            market,
            orders_root,
            included,
            filled,
            price,
            fee_bps,
            min_duration,
            max_duration,
            leases_root,
        } = self;
        let [i0, i1, i2, i3, i4] = included.limbs();
        let [f0, f1, f2, f3, f4] = filled.limbs();
        [
            header(*size, *order_count, *batch_index),
            field::reduce(*program),
            field::reduce(*market),
            *orders_root,
            i0,
            i1,
            i2,
            i3,
            i4,
            f0,
            f1,
            f2,
            f3,
            f4,
            terms(*price, *fee_bps, *min_duration, *max_duration),
            *leases_root,
        ]
    }
}

/// version 8, size 16, order count 16, batch index 64.
fn header(size: u16, order_count: u16, batch_index: u64) -> FieldBytes {
    field::from_u128(
        (u128::from(STATEMENT_VERSION) << 96)
            | (u128::from(size) << 80)
            | (u128::from(order_count) << 64)
            | u128::from(batch_index),
    )
}

/// price 40 (zero for none), feeBps 16, minDuration 22, maxDuration 22.
fn terms(price: Option<PriceMicro>, fee: FeeBps, min: DurationSeconds, max: DurationSeconds) -> FieldBytes {
    field::from_u128(
        (u128::from(price.map_or(0, PriceMicro::get)) << 60)
            | (u128::from(fee.get()) << 44)
            | (u128::from(min.get()) << 22)
            | u128::from(max.get()),
    )
}
