//! What a customer has beside its dialplan: the numbers that it holds.

mod number;

pub use number::Number;
