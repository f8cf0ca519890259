//! What a sandbox remembers, in containers that know which of it has changed since it was written
//! to the file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::hash::BuildHasher as _;
use std::ops::{Deref, DerefMut, Index};

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{StoreError, Writer};

/// A container whose records stand in the file.
pub(crate) trait Kept {
    /// What its records are called in the file; no two containers have the same.
    fn kind(&self) -> &'static str;

    /// Notes from now on what changes. Without a file nothing of that is done.
    fn keep(&mut self);

    /// Takes a record from the file in; they come in the order in which they were first written.
    fn load(&mut self, body: &str) -> serde_json::Result<()>;

    /// Writes what has changed since the last time.
    fn save(&mut self, writer: &mut Writer<'_>) -> Result<(), StoreError>;
}

/// What has changed since it was written.
struct Changes<K> {
    noted: bool,
    keys: Vec<K>,
}

impl<K> Default for Changes<K> {
    fn default() -> Self {
        Self {
            noted: false,
            keys: Vec::new(),
        }
    }
}

impl<K: Ord> Changes<K> {
    fn note(&mut self, key: K) {
        if self.noted {
            self.keys.push(key);
        }
    }

    fn take(&mut self) -> Vec<K> {
        let mut keys = std::mem::take(&mut self.keys);
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Finds rows by a text that stands in them; holds no copy of it.
#[derive(Default)]
pub(crate) struct Texts {
    rows: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    /// The row with this text; `text_of` gives that of a row.
    pub(crate) fn find<'a>(&self, text: &str, text_of: impl Fn(u32) -> &'a str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.rows.find(hash, |row| text_of(*row) == text).copied()
    }

    /// Takes a row in.
    pub(crate) fn insert<'a>(&mut self, row: u32, text_of: impl Fn(u32) -> &'a str) {
        let hash = |row: &u32| self.hasher.hash_one(text_of(*row));
        self.rows.insert_unique(hash(&row), row, hash);
    }
}

/// A record with an id of its own. Only what a [`Table`] is to hold needs to be one.
///
/// In the file it is masked; see [`store`](crate::store).
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// What it is called in the file.
    const KIND: &'static str;

    /// Its id, which does not change.
    fn id(&self) -> &str;
}

/// Records that stay, in the order in which they came, found by id. The number of a row never
/// changes either, so records may point at each other by it.
pub(crate) struct Table<T> {
    rows: Vec<T>,
    ids: Texts,
    changes: Changes<u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            ids: Texts::default(),
            changes: Changes::default(),
        }
    }
}

impl<T: Record> Table<T> {
    /// Takes a record in and gives its row; `None` where its id is taken.
    pub(crate) fn insert(&mut self, record: T) -> Option<u32> {
        let row = u32::try_from(self.rows.len()).ok()?;
        if self.row(record.id()).is_some() {
            return None;
        }
        self.rows.push(record);
        let rows = &self.rows;
        self.ids.insert(row, |row| rows[row as usize].id());
        self.changes.note(row);
        Some(row)
    }

    /// The row of an id.
    pub(crate) fn row(&self, id: &str) -> Option<u32> {
        self.ids.find(id, |row| self.rows[row as usize].id())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.row(id).map(|row| &self[row])
    }

    /// A record that is about to change.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.row(id).map(|row| self.at_mut(row))
    }

    /// The record in a row, about to change.
    pub(crate) fn at_mut(&mut self, row: u32) -> &mut T {
        self.changes.note(row);
        &mut self.rows[row as usize]
    }

    /// All records, in the order in which they came.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is such a row; rows that this table gave out are always there.
    pub(crate) fn has(&self, row: u32) -> bool {
        (row as usize) < self.rows.len()
    }
}

impl<T> Index<u32> for Table<T> {
    type Output = T;

    fn index(&self, row: u32) -> &T {
        &self.rows[row as usize]
    }
}

impl<T: Record> Kept for Table<T> {
    fn kind(&self) -> &'static str {
        T::KIND
    }

    fn keep(&mut self) {
        self.changes.noted = true;
    }

    fn load(&mut self, body: &str) -> serde_json::Result<()> {
        self.insert(serde_json::from_str(body)?);
        Ok(())
    }

    fn save(&mut self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        // Rows are sorted, so new ones are written in the order in which they came.
        for row in self.changes.take() {
            let record = &self.rows[row as usize];
            writer.put(T::KIND, record.id(), record)?;
        }
        Ok(())
    }
}

/// A record that may go again. Only what a [`Shelf`] is to hold needs to be one.
pub(crate) trait Passing: Serialize + DeserializeOwned {
    /// What it is called in the file.
    const KIND: &'static str;

    /// What it is found by.
    type Key: Ord + Clone + Display;

    /// Its key, which does not change.
    fn key(&self) -> Self::Key;
}

/// Records that come and go, in the order of their keys.
pub(crate) struct Shelf<T: Passing> {
    records: BTreeMap<T::Key, T>,
    changes: Changes<T::Key>,
}

impl<T: Passing> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            records: BTreeMap::new(),
            changes: Changes::default(),
        }
    }
}

impl<T: Passing> Shelf<T> {
    pub(crate) fn insert(&mut self, record: T) {
        let key = record.key();
        self.changes.note(key.clone());
        self.records.insert(key, record);
    }

    pub(crate) fn get(&self, key: &T::Key) -> Option<&T> {
        self.records.get(key)
    }

    /// A record that is about to change.
    pub(crate) fn get_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        let record = self.records.get_mut(key)?;
        self.changes.note(key.clone());
        Some(record)
    }

    pub(crate) fn remove(&mut self, key: &T::Key) -> Option<T> {
        let record = self.records.remove(key)?;
        self.changes.note(key.clone());
        Some(record)
    }

    /// Removes the one with the least key.
    pub(crate) fn remove_first(&mut self) {
        if let Some((key, _)) = self.records.pop_first() {
            self.changes.note(key);
        }
    }

    /// Keeps those alone; says how many went.
    pub(crate) fn retain(&mut self, stays: impl Fn(&T) -> bool) -> usize {
        let before = self.len();
        let Self { records, changes } = self;
        records.retain(|key, record| {
            let stays = stays(record);
            if !stays {
                changes.note(key.clone());
            }
            stays
        });
        before - self.len()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.records.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }
}

impl<T: Passing> Kept for Shelf<T> {
    fn kind(&self) -> &'static str {
        T::KIND
    }

    fn keep(&mut self) {
        self.changes.noted = true;
    }

    fn load(&mut self, body: &str) -> serde_json::Result<()> {
        let record: T = serde_json::from_str(body)?;
        self.records.insert(record.key(), record);
        Ok(())
    }

    fn save(&mut self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        for key in self.changes.take() {
            match self.records.get(&key) {
                Some(record) => writer.put(T::KIND, &key, record)?,
                None => writer.delete(T::KIND, &key)?,
            }
        }
        Ok(())
    }
}

/// Something of which there is one.
pub(crate) struct One<T> {
    value: T,
    kind: &'static str,
    changed: bool,
}

impl<T> One<T> {
    pub(crate) fn new(kind: &'static str, value: T) -> Self {
        Self {
            value,
            kind,
            changed: true,
        }
    }
}

impl<T> Deref for One<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for One<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changed = true;
        &mut self.value
    }
}

impl<T: Serialize + DeserializeOwned> Kept for One<T> {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn keep(&mut self) {}

    fn load(&mut self, body: &str) -> serde_json::Result<()> {
        self.value = serde_json::from_str(body)?;
        self.changed = false;
        Ok(())
    }

    fn save(&mut self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        if std::mem::take(&mut self.changed) {
            writer.put(self.kind, "", &self.value)?;
        }
        Ok(())
    }
}
