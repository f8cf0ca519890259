//! Sorting more than fits into memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// What is sorted: five numbers, the first of which count most.
pub(super) type Record = [u64; 5];

/// A record in the file.
const BYTES: u64 = 5 * 8;

/// Takes records in any order. What is more than it may hold is sorted and put aside, into a
/// temporary file that has no name and goes with the process.
pub(super) struct Sorter {
    held: Vec<Record>,
    most: usize,
    aside: Option<File>,
    runs: Vec<Range<u64>>,
}

impl Sorter {
    /// Holds so many records at most.
    pub(super) fn holding(most: usize) -> Self {
        Self {
            held: Vec::new(),
            most,
            aside: None,
            runs: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, record: Record) -> io::Result<()> {
        if self.held.len() >= self.most {
            self.put_aside()?;
        }
        self.held.push(record);
        Ok(())
    }

    fn put_aside(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let file = match &mut self.aside {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let mut file = BufWriter::new(file);
        for number in self.held.iter().flatten() {
            file.write_all(&number.to_le_bytes())?;
        }
        file.flush()?;
        let begin = self.runs.last().map_or(0, |run| run.end);
        self.runs.push(begin..begin + self.held.len() as u64);
        self.held.clear();
        Ok(())
    }

    /// All of them, sorted.
    pub(super) fn finish(mut self) -> Sorted {
        self.held.sort_unstable();
        Sorted {
            held: self.held.into(),
            most: self.most,
            aside: self.aside.map(|file| Arc::new(Mutex::new(file))),
            runs: self.runs.into(),
        }
    }
}

/// Sorted records, to be read as often as needed.
#[derive(Clone)]
pub(super) struct Sorted {
    held: Arc<[Record]>,
    most: usize,
    aside: Option<Arc<Mutex<File>>>,
    runs: Arc<[Range<u64>]>,
}

impl Sorted {
    /// Reads from the first record on.
    pub(super) fn read(&self) -> Merge {
        // What is read of each run at once; together no more than was held before.
        let most = (self.most / self.runs.len().max(1)).max(1);
        let mut runs = vec![Run {
            part: Part::Held(self.held.clone()),
            at: 0,
        }];
        if let Some(file) = &self.aside {
            runs.extend(self.runs.iter().map(|rest| Run {
                part: Part::Aside {
                    file: file.clone(),
                    rest: rest.clone(),
                    most,
                    read: Vec::new(),
                },
                at: 0,
            }));
        }
        Merge {
            runs,
            heads: BinaryHeap::new(),
            begun: false,
        }
    }
}

/// Records in their order.
pub(super) struct Merge {
    runs: Vec<Run>,
    /// The next record of each run that has one.
    heads: BinaryHeap<Reverse<(Record, usize)>>,
    begun: bool,
}

impl Merge {
    fn next_record(&mut self) -> io::Result<Option<Record>> {
        if !self.begun {
            self.begun = true;
            for (index, run) in self.runs.iter_mut().enumerate() {
                self.heads
                    .extend(run.next()?.map(|head| Reverse((head, index))));
            }
        }
        let Some(Reverse((record, index))) = self.heads.pop() else {
            return Ok(None);
        };
        if let Some(run) = self.runs.get_mut(index) {
            self.heads
                .extend(run.next()?.map(|head| Reverse((head, index))));
        }
        Ok(Some(record))
    }
}

impl Iterator for Merge {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

/// One sorted run, and how far it was read.
struct Run {
    part: Part,
    at: usize,
}

enum Part {
    Held(Arc<[Record]>),
    Aside {
        file: Arc<Mutex<File>>,
        rest: Range<u64>,
        most: usize,
        read: Vec<Record>,
    },
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Record>> {
        let records: &[Record] = match &mut self.part {
            Part::Held(records) => records,
            Part::Aside {
                file,
                rest,
                most,
                read,
            } => {
                if self.at == read.len() && !rest.is_empty() {
                    let end = rest.end.min(rest.start + *most as u64);
                    *read = read_records(file, rest.start..end)?;
                    rest.start = end;
                    self.at = 0;
                }
                read
            }
        };
        let record = records.get(self.at).copied();
        self.at += usize::from(record.is_some());
        Ok(record)
    }
}

fn read_records(file: &Mutex<File>, range: Range<u64>) -> io::Result<Vec<Record>> {
    let mut bytes = Vec::new();
    {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start * BYTES))?;
        let length = (range.end - range.start) * BYTES;
        if (&mut *file).take(length).read_to_end(&mut bytes)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let (numbers, _) = bytes.as_chunks::<8>();
    let (records, _) = numbers.as_chunks::<5>();
    let records = records.iter().map(|record| record.map(u64::from_le_bytes));
    Ok(records.collect())
}

#[cfg(test)]
mod tests {
    use enkash_types::strategies::repeatable;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(repeatable())]

        #[test]
        fn records_come_sorted_however_few_are_held(
            mut records in vec(proptest::array::uniform5(0..9_u64), 0..60),
            most in 1..70_usize,
        ) {
            let mut sorter = Sorter::holding(most);
            for record in &records {
                sorter.push(*record).unwrap();
            }
            let sorted = sorter.finish();
            records.sort_unstable();
            // Two readers at once, since both read the one file.
            let (mut one, mut other) = (sorted.read(), sorted.read());
            for record in &records {
                prop_assert_eq!(one.next().unwrap().unwrap(), *record);
                prop_assert_eq!(other.next().unwrap().unwrap(), *record);
            }
            prop_assert!(one.next().is_none() && other.next().is_none());
        }
    }
}
