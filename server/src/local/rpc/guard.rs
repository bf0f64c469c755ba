//! Keeps web pages out: a browser on this machine reaches loopback for whatever page it shows.
//!
//! A page of another site is known by its `Origin`; one that had its own name point here, by its `Host`.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses what was not addressed to this machine by name, or comes from a page of another.
pub async fn require_this_machine(request: Request, next: Next) -> Response {
    if is_for_this_machine(request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "only for programs on this machine, under the name localhost or 127.0.0.1\n")
            .into_response()
    }
}

fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let host = text(headers, &header::HOST).and_then(|host| host.parse::<Authority>().ok());
    let addressed = host.is_some_and(|host| THIS_MACHINE.contains(&host.host()));
    let asked_by_page = headers.contains_key(header::ORIGIN);
    addressed && (!asked_by_page || comes_from_here(headers))
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let origin = text(headers, &header::ORIGIN).and_then(|origin| origin.parse::<Uri>().ok());
    origin.is_some_and(|origin| origin.host().is_some_and(|host| THIS_MACHINE.contains(&host)))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(HeaderName, &str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        is_for_this_machine(&headers)
    }

    #[test]
    fn only_this_machine_by_name_is_answered_and_pages_only_where_they_come_from_it() {
        use header::{HOST, ORIGIN};
        for host in ["localhost", "127.0.0.1:8402", "[::1]:1"] {
            assert!(allowed(&[(HOST, host)]), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", ""] {
            assert!(!allowed(&[(HOST, host)]), "{host}");
        }
        assert!(!allowed(&[]));
        assert!(allowed(&[(HOST, "localhost"), (ORIGIN, "http://localhost:3000")]));
        for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
            assert!(!allowed(&[(HOST, "localhost"), (ORIGIN, origin)]), "{origin}");
        }
    }
}
