//! Netstrings (`5:hello,`), which baresip's control connection speaks. Knows nothing of what is in them.

use std::io::{self, BufRead, Write};

/// Longest netstring that is read; baresip's events stay under 2 KB.
const LONGEST: usize = 64 * 1024;

/// Writes one.
pub fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(format!("{}:{text},", text.len()).as_bytes())
}

/// Reads one; None at the end of the stream.
pub fn read(mut from: impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::new();
    if from.read_until(b':', &mut length)? == 0 {
        return Ok(None);
    }
    let digits = String::from_utf8_lossy(&length);
    let length: usize = digits.trim_end_matches(':').parse().map_err(io::Error::other)?;
    if length > LONGEST {
        return Err(io::Error::other(format!("a netstring of {length} bytes")));
    }
    let mut text = vec![0; length + 1];
    from.read_exact(&mut text)?;
    match text.pop() {
        Some(b',') => Ok(Some(text)),
        _ => Err(io::Error::other("a netstring without its comma")),
    }
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, "first").expect("a vector takes everything");
        write(&mut bytes, "").expect("a vector takes everything");
        let mut from = bytes.as_slice();
        assert_eq!(read(&mut from).expect("a netstring"), Some(b"first".to_vec()));
        assert_eq!(read(&mut from).expect("a netstring"), Some(Vec::new()));
        assert_eq!(read(&mut from).expect("the end"), None);
    }

    #[test]
    fn a_missing_comma_and_a_wild_length_are_errors() {
        for bytes in ["3:abcd", "x:abc,", "999999999:a,", "5:ab"] {
            assert!(read(bytes.as_bytes()).is_err(), "{bytes}");
        }
    }
}
