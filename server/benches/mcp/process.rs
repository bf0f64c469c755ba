//! What this process has used, as Linux counts it.

use std::fs::read_to_string;
use std::time::Duration;

use anyhow::Context;

/// A clock tick of `/proc`: a hundredth of a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);
/// Fields of `/proc/self/stat` after the name: user and system time.
const USER_TIME: usize = 11;

/// Processor time of this process, not of its children.
pub fn processor_time() -> anyhow::Result<Duration> {
    let stat = read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("/proc/self/stat has another shape")?;
    let mut ticks = 0;
    for field in fields.split_whitespace().skip(USER_TIME).take(2) {
        ticks += field.parse::<u32>()?;
    }
    Ok(TICK * ticks)
}

/// Resident memory of this process in KiB.
pub fn resident_kib() -> anyhow::Result<u64> {
    kib_of("VmRSS:")
}

/// The most that it ever was.
pub fn peak_resident_kib() -> anyhow::Result<u64> {
    kib_of("VmHWM:")
}

fn kib_of(field: &str) -> anyhow::Result<u64> {
    let status = read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix(field)).context("/proc/self/status lacks it")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
