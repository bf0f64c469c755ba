//! The first error of many steps that do not depend on each other.
//!
//! A loop over orders or leases must never let one that fails hold back the ones
//! behind it. Each is tried; the first error is kept for whoever logs it and
//! decides when to try again, which brings up the others in turn.

/// What went wrong first, if anything did.
#[derive(Debug)]
pub struct FirstError<E>(Option<E>);

impl<E> FirstError<E> {
    pub fn none() -> Self {
        Self(None)
    }

    /// The outcome's value; its error is kept where it is the first.
    pub fn note<T>(&mut self, outcome: Result<T, impl Into<E>>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.get_or_insert_with(|| error.into());
                None
            }
        }
    }

    /// The first error, or else the outcome of the last step.
    pub fn or<T>(self, last: Result<T, E>) -> Result<T, E> {
        match self.0 {
            Some(error) => Err(error),
            None => last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_tried_and_the_first_error_is_kept() {
        let mut failures = FirstError::<u8>::none();
        let done: Vec<_> = [Ok(1), Err(2u8), Ok(3), Err(4)].map(|item| failures.note(item)).into();
        assert_eq!(done, [Some(1), None, Some(3), None]);
        assert_eq!(failures.or(Err::<(), _>(5)), Err(2));
    }

    #[test]
    fn without_an_error_the_last_outcome_stands() {
        assert_eq!(FirstError::<u8>::none().or(Ok("done")), Ok("done"));
        assert_eq!(FirstError::none().or(Err::<(), _>(5)), Err(5));
    }
}
