//! Standard error as a person sees it: bars for what takes long, and the log above them.
//!
//! Must never draw where standard error is no terminal: there it is the log alone.

use std::io::{self, Write, stderr};
use std::sync::LazyLock;

use indicatif::MultiProgress;

/// All bars of this process. Others would be drawn over these.
pub fn bars() -> &'static MultiProgress {
    static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);
    &BARS
}

/// Standard error for whoever writes whole lines.
pub struct AboveBars;

impl Write for AboveBars {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        bars().suspend(|| stderr().write_all(lines)).map(|()| lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        stderr().flush()
    }
}
