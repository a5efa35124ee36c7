//! The real peers that the tests call with. As root they are installed from the distribution; otherwise
//! the reader is told which are missing. Schemathesis comes from PyPI, into a folder of its own.

use crate::shell::{installed, output, program, run, target};
use anyhow::{Context, bail};
use std::path::Path;

/// A program, a file that shows whether it is whole, and the Debian package that has both.
struct Peer {
    program: &'static str,
    file: Option<&'static str>,
    package: &'static str,
}

const PEERS: &[Peer] = &[
    Peer { program: "curl", file: None, package: "curl" },
    Peer { program: "sipp", file: None, package: "sip-tester" },
    Peer {
        program: "baresip",
        file: Some("/usr/lib/baresip/modules/sndfile.so"),
        package: "baresip-core",
    },
    Peer { program: "python3", file: None, package: "python3-venv" },
    // Debian keeps the server's programs out of PATH; psql is in it.
    Peer { program: "psql", file: Some("/usr/lib/postgresql"), package: "postgresql" },
];

/// What asks the API whatever its document allows and forbids; another version finds other things.
const SCHEMATHESIS: &str = "4.32.5";

/// Makes sure that Schemathesis is there, in `target/schemathesis`.
pub fn install_schemathesis() -> anyhow::Result<()> {
    let folder = target()?.join("schemathesis");
    let (folder, bin) = (folder.to_string_lossy().into_owned(), folder.join("bin"));
    let version = output(program(&bin.join("schemathesis").to_string_lossy()).arg("--version"));
    if version.is_ok_and(|version| version.trim_end().ends_with(SCHEMATHESIS)) {
        return Ok(());
    }
    run(program("python3").args(["-m", "venv", &folder]))
        .context("Schemathesis needs Python with venv: apt-get install python3-venv")?;
    let wanted = format!("schemathesis=={SCHEMATHESIS}");
    run(program(&bin.join("pip").to_string_lossy()).args(["install", "--quiet", &wanted]))
        .with_context(|| format!("{wanted} can't be installed: PyPI has to be in reach once"))
}

/// Makes sure that everything is there.
pub fn install() -> anyhow::Result<()> {
    let missing: Vec<&str> =
        PEERS.iter().filter(|peer| !peer.is_whole()).map(|peer| peer.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if output(program("id").arg("-u"))?.trim() != "0" {
        bail!("missing for the tests: apt-get install {}", missing.join(" "));
    }
    run(program("apt-get").arg("update"))?;
    let install = ["install", "--yes", "--no-install-recommends"];
    let mut command = program("apt-get");
    run(command.env("DEBIAN_FRONTEND", "noninteractive").args(install).args(missing))
}

impl Peer {
    fn is_whole(&self) -> bool {
        installed(self.program).is_some() && self.file.is_none_or(|file| Path::new(file).exists())
    }
}
