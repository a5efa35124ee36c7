//! The binary: everything is in the library, so that examples can run the same server.

fn main() -> std::process::ExitCode {
    lokal::main(axum::Router::new())
}
