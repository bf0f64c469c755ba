//! What `commit` and `lease` answer with: the order, or with `dryRun` what it would be.

use schemars::JsonSchema;
use serde::Serialize;

use crate::service::{CommitPreview, OrderView};

/// One of two shapes; `dryRun` tells them apart.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum CommitAnswer {
    Order(Box<OrderView>),
    Preview(Box<CommitPreview>),
}

impl From<OrderView> for CommitAnswer {
    fn from(order: OrderView) -> Self {
        Self::Order(Box::new(order))
    }
}

impl From<CommitPreview> for CommitAnswer {
    fn from(preview: CommitPreview) -> Self {
        Self::Preview(Box::new(preview))
    }
}
