//! The x axis: the batches in which the swarm traded, one after the other, under their own numbers.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;

use crate::report::BatchLine;

/// Batch number `n` of the report stands at `n`; it takes half a step to either side.
#[derive(Clone)]
pub struct BatchAxis {
    indices: Vec<u64>,
    steps: RangedCoordf64,
}

impl BatchAxis {
    pub fn of(batches: &[BatchLine]) -> Self {
        let indices: Vec<u64> = batches.iter().map(|batch| batch.index).collect();
        let steps = (-0.5..indices.len().max(1) as f64 - 0.5).into();
        Self { indices, steps }
    }

    pub fn place(&self, index: u64) -> f64 {
        self.indices.iter().position(|known| *known == index).unwrap_or(0) as f64
    }
}

impl Ranged for BatchAxis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.steps.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let step = self.indices.len() / hint.max_num_points().max(1) + 1;
        (0..self.indices.len()).step_by(step).map(|place| place as f64).collect()
    }

    fn range(&self) -> Range<f64> {
        self.steps.range()
    }
}

impl ValueFormatter<f64> for BatchAxis {
    fn format_ext(&self, place: &f64) -> String {
        self.indices.get(place.round() as usize).map_or(String::new(), u64::to_string)
    }
}
