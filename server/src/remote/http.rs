//! Requests to the pool's HTTP API: time limits, repeats, and refusals read back.

use std::fmt;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest_tls::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest_tls::redirect::Policy;
use reqwest_tls::{Method, Response, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::service::{Problem, ServiceError};

/// Longest wait for an answer that waits for nothing itself.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A request is repeated after 0.2, 0.4 and 0.8 seconds.
const REPEATS: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A receipt of the largest batch is a few hundred kilobytes.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

const API_KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// A pool's API key; never printed.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Surrounding blanks do not count.
    pub fn new(text: &str) -> Result<Self, RemotePoolError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RemotePoolError::Key);
        }
        let mut value = HeaderValue::from_str(text).map_err(|_| RemotePoolError::Key)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// Why a pool cannot be talked to at all.
#[derive(Debug, thiserror::Error)]
pub enum RemotePoolError {
    #[error(
        "the pool's address must be like http://127.0.0.1:8402 or https://pool.example.com, without user, query and fragment"
    )]
    Url,
    #[error("the API key is empty, or has characters that no key has")]
    Key,
    #[error("the HTTP client cannot start: {0}")]
    Client(reqwest_tls::Error),
}

/// Whether a request may be sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once.
    Safe,
    /// Only where it certainly was not received.
    UnsentOnly,
}

pub struct Client {
    http: reqwest_tls::Client,
    base: Url,
}

/// A request that failed, and whether it may have been received.
struct Failure {
    error: ServiceError,
    unsent: bool,
    passing: bool,
}

impl Client {
    pub fn new(url: &str, key: Option<ApiKey>) -> Result<Self, RemotePoolError> {
        let base = Url::parse(url.trim_end_matches('/')).map_err(|_| RemotePoolError::Url)?;
        let plain = base.username().is_empty() && base.password().is_none();
        let bare = base.query().is_none() && base.fragment().is_none() && base.host_str().is_some();
        if !plain || !bare || !matches!(base.scheme(), "http" | "https") {
            return Err(RemotePoolError::Url);
        }
        let headers: HeaderMap = key.map(|ApiKey(value)| (API_KEY_HEADER, value)).into_iter().collect();
        let http = reqwest_tls::Client::builder()
            .default_headers(headers)
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(RemotePoolError::Client)?;
        Ok(Self { http, base })
    }

    /// `query` is an object; what is null in it is left out.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &Value) -> Result<T, ServiceError> {
        let mut url = self.at(path);
        for (name, value) in query.as_object().into_iter().flatten() {
            match value {
                Value::Null => {}
                Value::String(text) => drop(url.query_pairs_mut().append_pair(name, text)),
                other => drop(url.query_pairs_mut().append_pair(name, &other.to_string())),
            }
        }
        let waits = query["waitSeconds"].as_u64().unwrap_or(0);
        let limit = ANSWER_TIMEOUT + Duration::from_secs(waits);
        self.repeating(Repeat::Safe, || self.http.request(Method::GET, url.clone()).timeout(limit)).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
        repeat: Repeat,
    ) -> Result<T, ServiceError> {
        let url = self.at(path);
        let request = || self.http.request(Method::POST, url.clone()).timeout(ANSWER_TIMEOUT).json(body);
        self.repeating(repeat, request).await
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    async fn repeating<T: DeserializeOwned>(
        &self,
        repeat: Repeat,
        request: impl Fn() -> reqwest_tls::RequestBuilder,
    ) -> Result<T, ServiceError> {
        let patience = ExponentialBuilder::default().with_min_delay(FIRST_PAUSE).with_max_times(REPEATS);
        let again = |failure: &Failure| failure.unsent || (failure.passing && repeat == Repeat::Safe);
        let asking = || async { self.once(request()).await };
        asking.retry(patience.with_jitter()).when(again).await.map_err(|failure| failure.error)
    }

    async fn once<T: DeserializeOwned>(&self, request: reqwest_tls::RequestBuilder) -> Result<T, Failure> {
        let response = request.send().await.map_err(|error| self.no_answer(&error))?;
        let status = response.status();
        let body = bounded(response).await.map_err(|error| self.no_answer(&error))?;
        let body =
            body.ok_or_else(|| self.senseless(status.as_u16(), "is longer than any answer of a pool"))?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|_| self.senseless(status.as_u16(), "is not what this version of obscura expects"));
        }
        match serde_json::from_slice::<Problem>(&body) {
            // The pool has decided: asking again at once would not change its mind.
            Ok(problem) => Err(Failure {
                error: ServiceError::Explained(Box::new(problem)),
                unsent: false,
                passing: false,
            }),
            Err(_) => Err(self.senseless(status.as_u16(), "is no answer of a pool")),
        }
    }

    fn no_answer(&self, error: &reqwest_tls::Error) -> Failure {
        let what = if error.is_connect() {
            "cannot be reached"
        } else if error.is_timeout() {
            "did not answer in time"
        } else {
            "broke off its answer"
        };
        let detail = format!("the pool at {} {what}; is it running, and is the address right?", self.base);
        Failure { error: ServiceError::Unavailable { detail }, unsent: error.is_connect(), passing: true }
    }

    fn senseless(&self, status: u16, why: &str) -> Failure {
        let detail = format!("what answers at {} with status {status} {why}", self.base);
        let passing = matches!(status, 502..=504);
        Failure { error: ServiceError::Unavailable { detail }, unsent: false, passing }
    }
}

/// The body; none where it is too long.
async fn bounded(mut response: Response) -> Result<Option<Zeroizing<Vec<u8>>>, reqwest_tls::Error> {
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// A piece of text as one part of a path, whatever is in it.
pub fn segment(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_user_or_another_scheme_is_refused() {
        for url in ["ftp://pool", "http://me:secret@pool", "pool:8402", "http://pool/?key=1", ""] {
            assert!(matches!(Client::new(url, None), Err(RemotePoolError::Url)), "{url}");
        }
    }

    #[test]
    fn a_pool_below_a_path_is_asked_below_it() {
        let client = Client::new("https://pool.example.com/obscura/", None).unwrap();
        assert_eq!(client.at("/v1/quote").as_str(), "https://pool.example.com/obscura/v1/quote");
    }

    #[test]
    fn what_an_agent_calls_an_order_stays_one_part_of_the_path() {
        assert_eq!(segment("a/../b?c"), "a%2F%2E%2E%2Fb%3Fc");
    }

    #[test]
    fn printing_a_key_shows_nothing() {
        assert_eq!(format!("{:?}", ApiKey::new("obk_1234").unwrap()), "ApiKey(..)");
    }
}
