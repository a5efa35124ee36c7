//! A table whose rows keep their number until they are removed; then it is given to another.

/// Rows by number.
#[derive(Debug)]
pub(super) struct Slots<T> {
    rows: Vec<Option<T>>,
    vacant: Vec<usize>,
}

impl<T> Slots<T> {
    pub(super) const fn new() -> Self {
        Self { rows: Vec::new(), vacant: Vec::new() }
    }

    /// The number that `insert` gives next.
    pub(super) fn next(&self) -> usize {
        self.vacant.last().copied().unwrap_or(self.rows.len())
    }

    pub(super) fn insert(&mut self, row: T) -> usize {
        let number = self.next();
        self.vacant.pop();
        match self.rows.get_mut(number) {
            Some(vacant) => *vacant = Some(row),
            None => self.rows.push(Some(row)),
        }
        number
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.rows.get_mut(number)?.as_mut()
    }

    pub(super) fn remove(&mut self, number: usize) -> Option<T> {
        let row = self.rows.get_mut(number)?.take()?;
        self.vacant.push(number);
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_and_given_again() {
        let mut slots = Slots::new();
        assert_eq!([slots.insert('a'), slots.insert('b'), slots.insert('c')], [0, 1, 2]);
        assert_eq!(slots.remove(1), Some('b'));
        assert_eq!(slots.remove(1), None);
        assert_eq!(slots.get_mut(1), None);
        assert_eq!(slots.next(), 1);
        assert_eq!([slots.insert('d'), slots.insert('e')], [1, 3]);
        assert_eq!(slots.get_mut(1), Some(&mut 'd'));
    }
}
