//! The data folder belongs to one process: made private, and locked while the store is open. Knows
//! nothing of what is in it.

use crate::database::Database;
use crate::error::OpenError;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The lock on a folder, held until dropped, and by the system's doing no longer than the process.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Said in words: a process that another thread is just starting has the file open too, for a
    /// moment, and closing ours alone would leave it locked.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the data folder's lock isn't released yet");
        }
    }
}

impl Lock {
    /// Makes the folder if it isn't there (0700) and locks it.
    pub(crate) fn take(folder: &Path) -> Result<Self, OpenError> {
        let at = |path: &Path, source| OpenError::Folder { path: path.to_owned(), source };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| at(folder, error))?;
        let path = folder.join("lock");
        let mut file = private_file(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = holder(&mut file);
                return Err(OpenError::InUse { folder: folder.to_owned(), process });
            }
            Err(TryLockError::Error(error)) => return Err(at(&path, error)),
        }
        sign(&mut file).map_err(|error| at(&path, error))?;
        Ok(Self { file })
    }
}

/// Opens or makes a file that only this user may read: the store holds what phones prove
/// themselves with.
pub(crate) fn private_file(path: &Path) -> Result<File, OpenError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|source| OpenError::Folder { path: path.to_owned(), source })
}

/// Where SQLite's file of this folder is; made if the database is that.
pub(crate) fn database_file(folder: &Path, database: &Database) -> Result<PathBuf, OpenError> {
    let at = |source| OpenError::Folder { path: folder.to_owned(), source };
    let file = folder.canonicalize().map_err(at)?.join("lokal.sqlite");
    match database {
        Database::Folder => private_file(&file).map(drop)?,
        Database::Postgres(_) => {}
    }
    Ok(file)
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// Says whose lock it is, for the error that the next one gets.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
