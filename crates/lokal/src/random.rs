//! Randomness of the binary: ids, tokens and passwords of the demo.

use anyhow::Context;

/// Random bytes of the operating system.
pub fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("the operating system gives no randomness")?;
    Ok(bytes)
}

/// What passwords are made of: nothing that is read for something else, and as many as a byte picks from
/// evenly.
const LETTERS: &[u8; 32] = b"abcdefghkmnpqrstuvwxyzABCDEFGHKM";
const DIGITS: &[u8; 8] = b"23456789";

/// A random password of 20 characters, some 90 bits.
pub fn password() -> anyhow::Result<String> {
    loop {
        let drawn = bytes::<40>()?;
        let pick = |pair: &[u8; 2]| match pair[0] % 4 {
            0 => char::from(DIGITS[usize::from(pair[1] % 8)]),
            _ => char::from(LETTERS[usize::from(pair[1] % 32)]),
        };
        let password: String = drawn.as_chunks::<2>().0.iter().map(pick).collect();
        let has = |is: fn(char) -> bool| password.chars().any(is);
        if has(|c| c.is_ascii_lowercase())
            && has(|c| c.is_ascii_uppercase())
            && has(|c| c.is_ascii_digit())
        {
            return Ok(password);
        }
    }
}

/// Random lower-case hex digits, two a byte.
pub fn hex<const N: usize>() -> anyhow::Result<String> {
    Ok(bytes::<N>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
