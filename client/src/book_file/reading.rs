//! One pass over a JSON text that knows where it stands: strict objects, lists and numbers.
//!
//! Must never build a tree of the text: a value goes straight to where it is kept, so that a book of
//! millions of orders costs little more than its orders. Every problem is raised while the parser is
//! still at the value in question, because that is how it gets its line and column.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use super::malformed::{Kind, Malformed, Problem};

/// Longest piece of a text, in characters, that a message repeats.
const MAX_QUOTED: usize = 160;

/// Where the pass is, and why it stopped if it did.
pub(super) struct Reading<'de, N> {
    path: Vec<Step<'de>>,
    problem: Option<Problem>,
    /// What the objects of one text know of each other.
    pub notes: N,
}

enum Step<'de> {
    Field(Cow<'de, str>),
    Element(usize),
}

/// Reads all of `text` as one `T`.
pub(super) fn read<'de, N, T: Readable<'de, N>>(text: &'de [u8], notes: N) -> Result<T::Value, Malformed> {
    let mut reading = Reading { path: Vec::new(), problem: None, notes };
    let mut json = serde_json::Deserializer::from_slice(text);
    T::read(&mut json, &mut reading)
        .and_then(|value| json.end().map(|()| value))
        .map_err(|error| reading.malformed(&error))
}

impl<'de, N> Reading<'de, N> {
    /// Ends the pass here.
    pub(super) fn stop<E: de::Error>(&mut self, problem: Problem) -> E {
        self.problem = Some(problem);
        E::custom("stopped")
    }

    pub(super) fn stop_at<E: de::Error>(&mut self, field: &'static str, problem: Problem) -> E {
        self.path.push(Step::Field(Cow::Borrowed(field)));
        self.stop(problem)
    }

    /// A field's value, which must have been there.
    pub(super) fn required<O: Object<'de, N>, T, E: de::Error>(
        &mut self,
        field: &'static str,
        value: Option<T>,
    ) -> Result<T, E> {
        value.ok_or_else(|| self.stop_at(field, Problem::MissingField { of: O::KIND, field }))
    }

    fn malformed(mut self, error: &serde_json::Error) -> Malformed {
        let (line, column) = (error.line(), error.column());
        let place = format!(" at line {line} column {column}");
        let text = error.to_string();
        let reason = quoted(text.strip_suffix(&place).unwrap_or(&text));
        let problem = self.problem.take().unwrap_or(match error.classify() {
            Category::Data => Problem::WrongType { reason },
            Category::Syntax | Category::Eof | Category::Io => Problem::NotJson { reason },
        });
        Malformed { line, column, field: self.field(), problem }
    }

    fn field(&self) -> Option<String> {
        let mut field = String::new();
        for step in &self.path {
            match step {
                Step::Element(place) => field.push_str(&format!("[{place}]")),
                Step::Field(name) if field.is_empty() => field.push_str(&quoted(name)),
                Step::Field(name) => field.push_str(&format!(".{}", quoted(name))),
            }
        }
        Some(field).filter(|field| !field.is_empty())
    }

    /// The innermost field that the pass is in.
    pub(super) fn field_name(&self) -> String {
        let names = self.path.iter().rev().filter_map(|step| match step {
            Step::Field(name) => Some(quoted(name)),
            Step::Element(_) => None,
        });
        names.take(1).collect()
    }
}

/// Cut to [`MAX_QUOTED`] characters, and without those that do something else than to be seen.
fn quoted(text: &str) -> String {
    // What cannot be seen is written out with more than a backslash.
    let is_seen = |letter: &char| !letter.is_control() && letter.escape_debug().count() <= 2;
    let mut shown: String = text.chars().take(MAX_QUOTED).filter(is_seen).collect();
    if text.chars().nth(MAX_QUOTED).is_some() {
        shown.push('…');
    }
    shown
}

/// A type that knows how its text looks.
pub(super) trait Readable<'de, N> {
    type Value;

    fn read<D: Deserializer<'de>>(json: D, reading: &mut Reading<'de, N>) -> Result<Self::Value, D::Error>;
}

/// [`Readable`] where `serde` wants a seed.
struct Seed<'r, 'de, N, T>(&'r mut Reading<'de, N>, PhantomData<T>);

impl<'de, N, T: Readable<'de, N>> DeserializeSeed<'de> for Seed<'_, 'de, N, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<T::Value, D::Error> {
        T::read(json, self.0)
    }
}

/// An object of known fields, collected one by one in any sequence.
pub(super) trait Object<'de, N>: Default {
    type Whole;
    const KIND: Kind;

    /// Takes the value of a field, or else [`Value::unknown`].
    fn field<A: MapAccess<'de>>(&mut self, name: &str, value: Value<'_, 'de, A, N>) -> Result<(), A::Error>;

    /// After the last field.
    fn whole<E: de::Error>(self, reading: &mut Reading<'de, N>) -> Result<Self::Whole, E>;
}

/// A field's value that is yet to be read.
pub(super) struct Value<'r, 'de, A, N> {
    map: &'r mut A,
    reading: &'r mut Reading<'de, N>,
    of: Kind,
}

impl<'de, A: MapAccess<'de>, N> Value<'_, 'de, A, N> {
    /// Into a slot that must still be empty.
    pub(super) fn read_into<T: Readable<'de, N>>(self, slot: &mut Option<T::Value>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(self.reading.stop(Problem::DuplicateField));
        }
        *slot = Some(self.map.next_value_seed(Seed::<N, T>(self.reading, PhantomData))?);
        Ok(())
    }

    pub(super) fn unknown(self) -> Result<(), A::Error> {
        Err(self.reading.stop(Problem::UnknownField { of: self.of }))
    }
}

impl<'de, N, O: Object<'de, N>> Readable<'de, N> for O {
    type Value = O::Whole;

    fn read<D: Deserializer<'de>>(json: D, reading: &mut Reading<'de, N>) -> Result<O::Whole, D::Error> {
        json.deserialize_map(ObjectVisitor::<N, O>(reading, PhantomData))
    }
}

struct ObjectVisitor<'r, 'de, N, O>(&'r mut Reading<'de, N>, PhantomData<O>);

impl<'de, N, O: Object<'de, N>> Visitor<'de> for ObjectVisitor<'_, 'de, N, O> {
    type Value = O::Whole;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: an object with {}", O::KIND.name, O::KIND.fields)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<O::Whole, A::Error> {
        let Self(reading, _) = self;
        let mut object = O::default();
        while let Some(name) = map.next_key_seed(Name)? {
            reading.path.push(Step::Field(name.clone()));
            object.field(&name, Value { map: &mut map, reading, of: O::KIND })?;
            reading.path.pop();
        }
        object.whole(reading)
    }
}

/// A field's name; borrowed from the text wherever it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// A list of whatever `T` reads.
pub(super) struct List<T>(PhantomData<T>);

impl<'de, N, T: Readable<'de, N>> Readable<'de, N> for List<T> {
    type Value = Vec<T::Value>;

    fn read<D: Deserializer<'de>>(json: D, reading: &mut Reading<'de, N>) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(ListVisitor::<N, T>(reading, PhantomData))
    }
}

struct ListVisitor<'r, 'de, N, T>(&'r mut Reading<'de, N>, PhantomData<T>);

impl<'de, N, T: Readable<'de, N>> Visitor<'de> for ListVisitor<'_, 'de, N, T> {
    type Value = Vec<T::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Self(reading, _) = self;
        let mut values = Vec::new();
        loop {
            reading.path.push(Step::Element(values.len()));
            let element = list.next_element_seed(Seed::<N, T>(reading, PhantomData))?;
            reading.path.pop();
            match element {
                Some(value) => values.push(value),
                None => return Ok(values),
            }
        }
    }
}
