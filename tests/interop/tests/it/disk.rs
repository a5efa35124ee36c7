//! A full disk: writes are refused, reads go on, and once there is room everything goes on without a
//! restart. Needs root, to mount a small file system of its own.

use interop::wait::until;
use interop::{Api, Server};
use serde_json::json;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory that is soon full.
struct SmallDisk(PathBuf);

impl SmallDisk {
    #[track_caller]
    fn mount(at: &Path) -> Self {
        let mut command = Command::new("mount");
        let mounted = command.args(["-t", "tmpfs", "-o", "size=4m", "lokal-test"]).arg(at).status();
        assert!(mounted.is_ok_and(|status| status.success()), "mounting needs root");
        Self(at.to_owned())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the server has it open until it ends.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_stops_writes_alone_and_nothing_has_to_be_restarted() {
    let folder = tempfile::tempdir().expect("a directory");
    let at = folder.path().join("disk");
    fs::create_dir(&at).expect("a directory to mount on");
    let _disk = SmallDisk::mount(&at);
    let server = Server::start_in(folder, at.join("data"));
    let owner = server.api("owner");
    let path = format!("/pbx/extension/{}", server.extension("592").id);
    let before = write(&owner, &path, "before");
    assert_eq!(before, 200);

    let filler = at.join("filler");
    fill(&filler);
    // What the database has room for in its files already may still fit.
    until("a refused write", || (write(&owner, &path, &"x".repeat(900)) == 503).then_some(()));
    let read = owner.get(&path).ok();
    assert!(read["notes"].is_string());

    fs::remove_file(&filler).expect("the filler");
    until("a write that fits again", || (write(&owner, &path, "after") == 200).then_some(()));
    assert_eq!(owner.get(&path).ok()["notes"], "after");
}

fn write(api: &Api, path: &str, notes: &str) -> u16 {
    api.patch(path, &json!({ "notes": notes })).status
}

/// Writes until nothing fits any more.
fn fill(path: &Path) {
    let mut file = File::create(path).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    while file.write_all(&[0]).is_ok() {}
}
