//! Texts that accounts hold for people to read. Two that look alike must never differ by white space alone.

/// One to `max_bytes` printable ASCII characters, no space at either end.
pub fn is_plain(text: &str, max_bytes: usize) -> bool {
    let length_fits = (1..=max_bytes).contains(&text.len());
    let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    length_fits && printable && text.trim() == text
}
