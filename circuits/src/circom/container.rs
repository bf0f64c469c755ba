//! The container of the binary formats: a magic word, a version, and numbered sections.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | magic, ASCII |
//! | 4 | version |
//! | 4 | how many sections follow |
//! | 4, 8, *n* | of each section: its number, its length *n*, its content |
//!
//! Sections come in any order. Must never accept a file with a section missing, twice, unknown or cut short,
//! or with bytes after the last.

use std::io::{self, Read, Seek, SeekFrom, Take, Write};

const START_BYTES: u64 = 4 + 4 + 4;
const SECTION_START_BYTES: u64 = 4 + 8;

/// One of the formats.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    pub magic: &'static str,
    pub version: u32,
    /// Numbered from 1.
    pub sections: u32,
}

/// Why a file is not of its format.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    #[error("it is no .{expected} file: it does not begin with \"{expected}\"")]
    Magic { expected: &'static str },
    #[error("its version is {got}, only version {expected} is known")]
    Version { expected: u32, got: u32 },
    #[error("it has {got} sections, expected {expected}")]
    SectionCount { expected: u32, got: u32 },
    #[error("it has a section with the unknown number {number}")]
    UnknownSection { number: u32 },
    #[error("section {number} is there twice")]
    DuplicateSection { number: u32 },
    #[error("section {number} has {got} bytes, expected {expected}")]
    SectionLength { number: u32, expected: u64, got: u64 },
    #[error("it is cut short")]
    Truncated,
    #[error("{bytes} bytes follow its last section")]
    TrailingBytes { bytes: u64 },
    #[error("it cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ContainerError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::Io(error),
        }
    }
}

/// Writes what comes before the first section.
pub(super) fn write_start(out: &mut dyn Write, format: Format) -> io::Result<()> {
    let Format { magic, version, sections } = format;
    out.write_all(magic.as_bytes())?;
    out.write_all(&version.to_le_bytes())?;
    out.write_all(&sections.to_le_bytes())
}

/// Writes what comes before the `bytes` of a section's content.
pub(super) fn write_section(out: &mut dyn Write, number: u32, bytes: u64) -> io::Result<()> {
    out.write_all(&number.to_le_bytes())?;
    out.write_all(&bytes.to_le_bytes())
}

/// A count as the formats hold it.
pub(super) fn count(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| io::Error::other("the format counts no further than 2^32 - 1"))
}

pub(super) fn read_u32(input: &mut dyn Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_u64(input: &mut dyn Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// What a file can do. The readers take it as an object, so that they are compiled here and once.
pub(crate) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// A file whose sections are known.
pub(super) struct Sections<'a> {
    input: &'a mut dyn Source,
    /// Start and length of section 1, 2, and so on.
    places: Vec<(u64, u64)>,
}

impl<'a> Sections<'a> {
    /// Finds the sections; each of them lies within the file.
    pub fn open(input: &'a mut dyn Source, format: Format) -> Result<Self, ContainerError> {
        let length = input.seek(SeekFrom::End(0))?;
        input.rewind()?;
        check_start(input, format)?;
        let mut found = vec![None; format.sections as usize];
        let mut position = START_BYTES;
        for _ in 0..format.sections {
            let (number, bytes) = (read_u32(input)?, read_u64(input)?);
            position += SECTION_START_BYTES;
            let unknown = ContainerError::UnknownSection { number };
            let index = number.checked_sub(1).ok_or(ContainerError::UnknownSection { number })?;
            let place = found.get_mut(index as usize).ok_or(unknown)?;
            let end = position.checked_add(bytes).filter(|end| *end <= length);
            let end = end.ok_or(ContainerError::Truncated)?;
            if place.replace((position, bytes)).is_some() {
                return Err(ContainerError::DuplicateSection { number });
            }
            position = input.seek(SeekFrom::Start(end))?;
        }
        if position != length {
            return Err(ContainerError::TrailingBytes { bytes: length - position });
        }
        // As many sections as there are numbers, and none twice: every one is there.
        Ok(Self { input, places: found.into_iter().flatten().collect() })
    }

    /// How long section `number` is.
    pub fn length(&self, number: u32) -> u64 {
        self.place(number).1
    }

    /// The content of section `number`, which must have `expected` bytes.
    pub fn section(&mut self, number: u32, expected: u64) -> Result<Take<&mut dyn Source>, ContainerError> {
        let (start, got) = self.place(number);
        if got != expected {
            return Err(ContainerError::SectionLength { number, expected, got });
        }
        self.input.seek(SeekFrom::Start(start))?;
        let input: &mut dyn Source = self.input;
        Ok(input.take(got))
    }

    fn place(&self, number: u32) -> (u64, u64) {
        let index = number.checked_sub(1).map(|index| index as usize);
        index.and_then(|index| self.places.get(index)).copied().unwrap_or_default()
    }
}

fn check_start(input: &mut dyn Read, format: Format) -> Result<(), ContainerError> {
    let mut magic = [0; 4];
    input.read_exact(&mut magic)?;
    if magic != format.magic.as_bytes() {
        return Err(ContainerError::Magic { expected: format.magic });
    }
    let (version, sections) = (read_u32(input)?, read_u32(input)?);
    if version != format.version {
        return Err(ContainerError::Version { expected: format.version, got: version });
    }
    if sections != format.sections {
        return Err(ContainerError::SectionCount { expected: format.sections, got: sections });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const FORMAT: Format = Format { magic: "test", version: 1, sections: 2 };

    /// Two sections, the second first.
    fn file() -> Vec<u8> {
        let mut file = Vec::new();
        write_start(&mut file, FORMAT).unwrap();
        write_section(&mut file, 2, 3).unwrap();
        file.extend(b"two");
        write_section(&mut file, 1, 5).unwrap();
        file.extend(b"first");
        file
    }

    fn refusal(file: Vec<u8>) -> ContainerError {
        Sections::open(&mut Cursor::new(file), FORMAT).err().unwrap()
    }

    #[test]
    fn sections_are_found_in_any_order() {
        let mut file = Cursor::new(file());
        let mut sections = Sections::open(&mut file, FORMAT).unwrap();
        assert_eq!((sections.length(1), sections.length(2)), (5, 3));
        for (number, expected) in [(1, "first"), (2, "two"), (1, "first")] {
            let mut text = String::new();
            let length = expected.len() as u64;
            sections.section(number, length).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, expected);
        }
        let error = sections.section(2, 4).err().unwrap();
        assert!(matches!(error, ContainerError::SectionLength { number: 2, expected: 4, got: 3 }));
    }

    #[test]
    fn whatever_differs_is_named() {
        let changed = |at: usize, byte: u8| {
            let mut file = file();
            file[at] = byte;
            refusal(file)
        };
        assert!(matches!(changed(0, b'b'), ContainerError::Magic { expected: "test" }));
        assert!(matches!(changed(4, 2), ContainerError::Version { expected: 1, got: 2 }));
        assert!(matches!(changed(8, 3), ContainerError::SectionCount { expected: 2, got: 3 }));
        assert!(matches!(changed(12, 0), ContainerError::UnknownSection { number: 0 }));
        assert!(matches!(changed(12, 3), ContainerError::UnknownSection { number: 3 }));
        assert!(matches!(changed(12, 1), ContainerError::DuplicateSection { number: 1 }));
        assert!(matches!(changed(23, 0xff), ContainerError::Truncated));
    }

    #[test]
    fn a_file_of_any_other_length_is_refused() {
        for length in 0..file().len() {
            let cut = file().get(..length).unwrap().to_vec();
            assert!(matches!(refusal(cut), ContainerError::Truncated), "{length}");
        }
        let longer = [file(), vec![0; 7]].concat();
        assert!(matches!(refusal(longer), ContainerError::TrailingBytes { bytes: 7 }));
    }
}
