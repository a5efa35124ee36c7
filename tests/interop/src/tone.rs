//! Tones: what a telephone says into the call (a sine in a WAV file) and whether another one heard it
//! (Goertzel's algorithm over what it recorded). 8 kHz, 16 bits, one channel throughout.

use std::f64::consts::TAU;
use std::fs;
use std::io;
use std::path::Path;

/// Samples per second.
pub const RATE: u32 = 8000;
/// Length of the header that both our files and libsndfile's have.
const HEADER_BYTES: usize = 44;
/// Half of full scale: loud, and far from clipping in G.711.
const LOUDNESS: f64 = 16_000.0;

/// Writes a WAV file with a sine.
pub fn write_wav(path: &Path, hertz: f64, seconds: u32) -> io::Result<()> {
    let samples = sine(hertz, RATE * seconds);
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut file = Vec::with_capacity(HEADER_BYTES + bytes.len());
    file.extend(b"RIFF");
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    for (field, width) in [(1, 2), (1, 2), (RATE, 4), (RATE * 2, 4), (2, 2), (16, 2)] {
        file.extend(field.to_le_bytes().iter().take(width));
    }
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(bytes);
    fs::write(path, file)
}

/// The samples of a WAV file. One that is still being written has no lengths in its header yet, so the
/// header is only skipped.
pub fn read_wav(path: &Path) -> io::Result<Vec<i16>> {
    let file = fs::read(path)?;
    let body = file.get(HEADER_BYTES..).unwrap_or_default();
    Ok(body.as_chunks().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect())
}

/// How much of the energy is at this pitch: 1 for a pure tone, 0 for silence or another tone.
pub fn share(samples: &[i16], hertz: f64) -> f64 {
    let step = 2.0 * (TAU * hertz / f64::from(RATE)).cos();
    let (mut last, mut before, mut energy, mut count) = (0.0, 0.0, 0.0, 0.0);
    for &sample in samples {
        let sample = f64::from(sample);
        (last, before) = (sample + step * last - before, last);
        energy += sample * sample;
        count += 1.0;
    }
    let power = last * last + before * before - step * last * before;
    if energy > 0.0 { 2.0 * power / (count * energy) } else { 0.0 }
}

fn sine(hertz: f64, count: u32) -> Vec<i16> {
    let at = |index: u32| (TAU * hertz * f64::from(index) / f64::from(RATE)).sin() * LOUDNESS;
    #[expect(clippy::cast_possible_truncation, reason = "LOUDNESS keeps it within 16 bits")]
    let samples = (0..count).map(|index| at(index).round() as i16).collect();
    samples
}

#[cfg(test)]
mod tests {
    use super::{RATE, read_wav, share, sine, write_wav};

    #[test]
    fn a_tone_is_found_at_its_own_pitch_only() {
        let samples = sine(440.0, RATE);
        assert!(share(&samples, 440.0) > 0.99);
        assert!(share(&samples, 660.0) < 0.01);
        assert!(share(&vec![0; 8000], 440.0) < 0.01);
        assert!(share(&[], 440.0) < 0.01);
    }

    #[test]
    fn two_tones_share_the_energy() {
        let both: Vec<i16> =
            sine(440.0, RATE).iter().zip(sine(660.0, RATE)).map(|(a, b)| a / 2 + b / 2).collect();
        assert!((share(&both, 440.0) - 0.5).abs() < 0.01);
        assert!((share(&both, 660.0) - 0.5).abs() < 0.01);
    }

    #[test]
    fn what_is_written_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("tone.wav");
        write_wav(&path, 440.0, 1).expect("a file");
        assert_eq!(read_wav(&path).expect("a file"), sine(440.0, RATE));
    }
}
