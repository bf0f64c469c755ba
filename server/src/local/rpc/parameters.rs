//! A method's parameters, by their place. Those that are left over are ignored, as Solana's nodes do.

use std::collections::VecDeque;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;

use super::failure::Failure;

pub struct Parameters(VecDeque<Value>);

impl Parameters {
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into())
    }

    /// The next one, which must be there; `what` names it.
    pub fn required<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Failure> {
        match self.0.pop_front() {
            None | Some(Value::Null) => Err(Failure::invalid_params(format!("{what} is missing"))),
            Some(value) => read(value, what),
        }
    }

    /// The next one, or else its default.
    pub fn optional<T: DeserializeOwned + Default>(&mut self, what: &str) -> Result<T, Failure> {
        match self.0.pop_front() {
            None | Some(Value::Null) => Ok(T::default()),
            Some(value) => read(value, what),
        }
    }

    /// The next one: an address, a hash or a signature in base58.
    pub fn base58<T: FromStr>(&mut self, what: &str) -> Result<T, Failure> {
        let text: String = self.required(what)?;
        parse(&text, what)
    }

    pub fn address(&mut self) -> Result<Pubkey, Failure> {
        self.base58("the address")
    }
}

/// Reads a text in base58 as what it stands for.
pub fn parse<T: FromStr>(text: &str, what: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::invalid_params(format!("{what} is not valid base58 of its length")))
}

fn read<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::invalid_params(format!("{what} is not valid: {error}")))
}
