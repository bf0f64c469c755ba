//! The address of a node, as it may be shown.
//!
//! Must never show more than scheme, host and port: user, path and query may hold a key.

/// `https://rpc.example.org` for `https://user:secret@rpc.example.org/key?token=secret`.
pub fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "the node".to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scheme_host_and_port_are_shown() {
        let table = [
            ("https://rpc.example.org/key", "https://rpc.example.org"),
            ("https://rpc.example.org?api-key=secret", "https://rpc.example.org"),
            ("https://user:secret@rpc.example.org:8899/#x", "https://rpc.example.org:8899"),
            ("http://127.0.0.1:8402/rpc", "http://127.0.0.1:8402"),
            ("secret", "the node"),
        ];
        for (url, expected) in table {
            assert_eq!(shown(url), expected);
        }
    }
}
