//! Randomness of the binary: ids, tokens and passwords of the demo.

use anyhow::Context;

/// Random bytes of the operating system.
pub fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("the operating system gives no randomness")?;
    Ok(bytes)
}

/// Random lower-case hex digits, two a byte.
pub fn hex<const N: usize>() -> anyhow::Result<String> {
    Ok(bytes::<N>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}
