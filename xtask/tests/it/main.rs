//! The walls and habits of the whole workspace, tested against its own files.

mod architecture;
mod dependencies;
mod layers;
mod sources;
mod workspace;
