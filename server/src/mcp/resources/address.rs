//! What a resource's URI names. GPU types are percent-encoded in it.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const SCHEME: &str = "obscura://";

/// A resource of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Markets,
    CurrentBatch { gpu_type: String },
    Batch { gpu_type: String, index: u64 },
    Order { order_id: String },
    Orders,
    Receipt { order_id: String },
    PrivacyReport { order_id: String },
    Document { name: String },
}

impl Address {
    /// None where the URI names nothing here.
    pub fn parse(uri: &str) -> Option<Self> {
        let parts: Vec<&str> = uri.strip_prefix(SCHEME)?.split('/').collect();
        match *parts.as_slice() {
            ["markets"] => Some(Self::Markets),
            ["batches", gpu_type, "current"] => Some(Self::CurrentBatch { gpu_type: decoded(gpu_type)? }),
            ["batches", gpu_type, index] => {
                Some(Self::Batch { gpu_type: decoded(gpu_type)?, index: index.parse().ok()? })
            }
            ["orders"] => Some(Self::Orders),
            ["orders", order_id] => Some(Self::Order { order_id: decoded(order_id)? }),
            ["receipts", order_id] => Some(Self::Receipt { order_id: decoded(order_id)? }),
            ["privacy-reports", order_id] => Some(Self::PrivacyReport { order_id: decoded(order_id)? }),
            ["docs", name] => Some(Self::Document { name: name.to_owned() }),
            _ => None,
        }
    }

    /// Whether it changes over time in a way that somebody may want to be told of.
    pub fn can_be_watched(&self) -> bool {
        matches!(self, Self::CurrentBatch { .. } | Self::Batch { .. } | Self::Order { .. })
    }
}

/// The URI of the batch of a market that takes orders now.
pub fn of_current_batch(gpu_type: &str) -> String {
    format!("{SCHEME}batches/{}/current", utf8_percent_encode(gpu_type, NON_ALPHANUMERIC))
}

fn decoded(part: &str) -> Option<String> {
    let text = percent_decode_str(part).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_is_found_again_under_its_own_uri() {
        let uri = of_current_batch("H100 80GB");
        assert_eq!(uri, "obscura://batches/H100%2080GB/current");
        assert_eq!(Address::parse(&uri), Some(Address::CurrentBatch { gpu_type: "H100 80GB".into() }));
    }

    #[test]
    fn what_names_nothing_is_nothing() {
        for uri in [
            "obscura://",
            "obscura://receipts",
            "obscura://orders/",
            "obscura://batches/H100/x",
            "file:///etc/passwd",
            "obscura://markets/1",
        ] {
            assert_eq!(Address::parse(uri), None, "{uri}");
        }
    }
}
