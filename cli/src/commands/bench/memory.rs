//! The most memory that this process has held.

use std::fs;

/// Forgets what was held so far, where the system lets it.
pub fn reset_peak() {
    // Linux: 5 resets the peak. Elsewhere the peak stays that of the whole run, and is printed as such.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Megabytes (10^6 bytes) at the peak; none where the system does not say.
pub fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
