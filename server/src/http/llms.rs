//! `GET /llms.txt`: what a language model that finds this server should know first.

use axum::http::header;
use axum::response::IntoResponse;

const TEXT: &str = include_str!("../../../docs/llms.txt");

pub async fn llms_txt() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], TEXT)
}
