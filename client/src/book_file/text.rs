//! Texts from wherever they come, up to a length that is known beforehand.
//!
//! Must never keep more of a text than its limit allows.

use std::io::{self, BufRead, BufReader, Read};

use obscura_auction::book::Book;

use super::malformed::{Malformed, Problem};

/// Longest text of a book or a clearing: 256 bytes for each order that a book can hold, which is twice
/// what a pretty-printed one takes.
pub const MAX_BYTES: u64 = 256 * Book::MAX_ORDERS as u64;

/// What a connection buffers; a book of a thousand orders fits.
const BUFFER_BYTES: usize = 256 * 1024;

/// A text, or what is wrong with it before it is read.
pub type Text<T> = Result<T, Malformed>;

/// All of a text.
pub fn read_all(from: impl Read) -> io::Result<Text<Vec<u8>>> {
    let mut text = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut text)?;
    let fits = text.len() as u64 <= MAX_BYTES;
    Ok(if fits { Ok(text) } else { Err(too_long(MAX_BYTES)) })
}

fn too_long(max: u64) -> Malformed {
    Malformed::whole(Problem::TooLong { max })
}

/// A text's lines one by one, in memory for one of them.
pub(super) struct Lines<R> {
    from: BufReader<R>,
    line: Vec<u8>,
    max_bytes: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn of(from: R) -> Self {
        Self { from: BufReader::with_capacity(BUFFER_BYTES, from), line: Vec::new(), max_bytes: MAX_BYTES }
    }

    /// Whether the next line has to be waited for, as far as one can tell.
    pub(super) fn may_wait(&self) -> bool {
        !self.from.buffer().contains(&b'\n')
    }

    /// The next line without its end; none after the last, which need not have one.
    pub(super) fn next(&mut self) -> io::Result<Option<Text<&[u8]>>> {
        self.line.clear();
        let taken = self.from.by_ref().take(self.max_bytes + 1).read_until(b'\n', &mut self.line)?;
        if taken == 0 {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if self.line.len() as u64 > self.max_bytes {
            self.line = Vec::new();
            self.skip_rest()?;
            return Ok(Some(Err(too_long(self.max_bytes))));
        }
        Ok(Some(Ok(&self.line)))
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.from.fill_buf()?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let skipped = end.map_or(buffer.len(), |end| end + 1);
            let over = end.is_some() || buffer.is_empty();
            self.from.consume(skipped);
            if over {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_up_to(max_bytes: u64, text: &str) -> Vec<Option<String>> {
        let mut lines = Lines { max_bytes, ..Lines::of(text.as_bytes()) };
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push(line.ok().map(|line| String::from_utf8(line.to_vec()).unwrap()));
        }
        seen
    }

    #[test]
    fn the_last_line_needs_no_end_and_an_end_starts_no_line() {
        let two = vec![Some("a".to_owned()), Some("b".to_owned())];
        assert_eq!(lines_up_to(9, "a\nb"), two);
        assert_eq!(lines_up_to(9, "a\nb\n"), two);
        assert_eq!(lines_up_to(9, "\n"), [Some(String::new())]);
        assert_eq!(lines_up_to(9, ""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_one_is_read() {
        let four = Some("1234".to_owned());
        assert_eq!(lines_up_to(4, "12345\n1234\n123456789"), [None, four.clone(), None]);
        assert_eq!(lines_up_to(4, "1234\n12345"), [four, None]);
    }
}
