//! The bytes of an input, taken as choices.

use arbitrary::Unstructured;

/// Choices that an input makes. Once its bytes are used up, and where they are zero, each choice
/// is the first one: the plainest.
pub struct Choices<'a>(Unstructured<'a>);

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Unstructured::new(bytes))
    }

    pub fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number below this one; 0 where that is 0.
    pub fn below(&mut self, count: usize) -> usize {
        match count {
            0 => 0,
            1..=256 => usize::from(self.byte()) % count,
            _ => usize::from(u16::from_be_bytes([self.byte(), self.byte()])) % count,
        }
    }

    /// True for one byte in so many, and not for zero.
    pub fn one_in(&mut self, count: u8) -> bool {
        self.byte() % count == count - 1
    }

    /// One of these, if there is any.
    pub fn of<'t, T>(&mut self, these: &'t [T]) -> Option<&'t T> {
        these.get(self.below(these.len()))
    }

    /// Any short text.
    pub fn text(&mut self) -> String {
        let bytes = (0..self.below(16)).map(|_| self.byte()).collect::<Vec<_>>();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whatever is left.
    pub fn rest(self) -> &'a [u8] {
        self.0.take_rest()
    }
}
