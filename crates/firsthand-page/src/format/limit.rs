//! Readers that count, so that no stream unpacks without end.

use std::cell::Cell;
use std::io::{Error, Read, Result};
use std::rc::Rc;

/// Counts what is read through it.
pub(crate) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Counted<R> {
    pub(crate) fn new(inner: R) -> Self {
        Counted { inner, count: Rc::default() }
    }

    /// The running count.
    pub(crate) fn count(&self) -> Rc<Cell<u64>> {
        self.count.clone()
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}

/// Below this, any ratio is harmless.
const FREE: u64 = 16 << 20;

/// Ends a stream that unpacks to too many times its packed size.
pub(crate) struct Ratio<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    ratio: u64,
    out: u64,
}

impl<R: Read> Ratio<R> {
    pub(crate) fn new(inner: R, packed: Rc<Cell<u64>>, ratio: u64) -> Self {
        Ratio { inner, packed, ratio, out: 0 }
    }
}

impl<R: Read> Read for Ratio<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let n = self.inner.read(buffer)?;
        self.out += n as u64;
        if self.out > FREE && self.out / self.ratio > self.packed.get() {
            return Err(Error::other(format!("unpacks to more than {} times its size", self.ratio)));
        }
        Ok(n)
    }
}

/// Fails when more than its budget is read before the budget is filled again:
/// a bound on one record of a parser that has none of its own.
pub(crate) struct Budget<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Budget<R> {
    pub(crate) fn new(inner: R, left: Rc<Cell<u64>>) -> Self {
        Budget { inner, left }
    }
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(Error::other("a record is too long"));
        }
        let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let n = self.inner.read(&mut buffer[..most])?;
        self.left.set(left - n as u64);
        Ok(n)
    }
}
