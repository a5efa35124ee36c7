//! The real peers that the tests call with. As root they are installed from the distribution; otherwise
//! the reader is told which are missing.

use crate::shell::{installed, output, program, run};
use anyhow::bail;
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
    // Debian keeps the server's programs out of PATH; psql is in it.
    Peer { program: "psql", file: Some("/usr/lib/postgresql"), package: "postgresql" },
];

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
