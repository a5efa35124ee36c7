//! The tests of this crate: the running edge over real sockets, with scripted phones.

mod phone;
mod rig;

mod answering;
mod calling;
mod hostile;
mod offers;
mod registering;
