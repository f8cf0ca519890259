//! Which files are opened, and by how many at once.

use std::path::Path;
use std::process::Command;

use enkash_bulk::journal::{Journal as _, JournalError, SqliteJournal, State};

use crate::{Kept, run, step};

const FILE: &str = "ENKASH_BULK_TEST_OPENS";

fn opens(path: &Path) -> Result<SqliteJournal, JournalError> {
    SqliteJournal::open(path)
}

#[test]
#[ignore = "it is what the other test starts"]
fn tries_to_open() {
    if let Some(path) = std::env::var_os(FILE) {
        let opened = opens(Path::new(&path));
        println!(
            "\nopened: {}",
            opened.err().map_or("yes".to_owned(), |e| e.to_string())
        );
    }
}

/// What another process says that tries to open it.
fn elsewhere(path: &Path) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "opening::tries_to_open",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(FILE, path)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut lines = said.lines();
    lines
        .find_map(|line| Some(line.strip_prefix("opened: ")?.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn one_at_a_time_has_it_open() {
    let kept = Kept::planned(2).await;
    let path = kept.directory.path().join("run.db");
    let in_use = JournalError::InUse(path.clone());
    assert_eq!(opens(&path).err(), Some(in_use.clone()));
    assert_eq!(
        SqliteJournal::open_existing(&path).err(),
        Some(in_use.clone())
    );
    assert_eq!(elsewhere(&path), in_use.to_string());

    // Who was refused has not disturbed the other.
    kept.journal
        .record(vec![step(1, State::Sent)])
        .await
        .unwrap();
    assert_eq!(elsewhere(&path), in_use.to_string());
    let Kept { journal, directory } = kept;
    drop(journal);
    assert_eq!(elsewhere(&path), "yes");
    drop(directory);
}

#[tokio::test]
async fn what_is_no_journal_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("payouts.csv");
    let text = "transaction_id,amount,mode,vpa\n".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert_eq!(
        opens(&path).err(),
        Some(JournalError::NotAJournal(path.clone()))
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    let path = directory.path().join("shop.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE records (row INTEGER)")
        .unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(
        opens(&path).err(),
        Some(JournalError::NotAJournal(path.clone()))
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);

    let path = directory.path().join("run.db");
    drop(opens(&path).unwrap());
    for found in [1, 99] {
        let another = rusqlite::Connection::open(&path).unwrap();
        another.pragma_update(None, "user_version", found).unwrap();
        drop(another);
        let version = JournalError::Version {
            path: path.clone(),
            found,
            read: 2,
        };
        assert_eq!(opens(&path).err(), Some(version));
    }

    let missing = directory.path().join("missing.db");
    assert_eq!(
        SqliteJournal::open_existing(&missing).err(),
        Some(JournalError::NotThere(missing.clone()))
    );
    assert!(!missing.exists());
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    for folder in ["no/such", "file"] {
        let folder = directory.path().join(folder);
        let journal = folder.join("run.db");
        let error = opens(&journal).unwrap_err();
        let no_folder = JournalError::NoFolder { folder, journal };
        assert_eq!(error, no_folder);
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_is_told_to_be_one() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().to_owned();
    let error = JournalError::Folder(folder.clone());
    assert_eq!(opens(&folder).err(), Some(error.clone()));
    assert_eq!(
        SqliteJournal::open_existing(&folder).err(),
        Some(error.clone())
    );
    // Another system may say otherwise what is wrong with a slash at the end.
    if cfg!(target_os = "linux") {
        let folder = folder.join("april/");
        let error = JournalError::Folder(folder.clone());
        assert_eq!(opens(&folder).err(), Some(error));
    }
    insta::assert_snapshot!(JournalError::Folder(".".into()), @". is a folder: give the journal the path of a file, which may stand in it");
}

/// A process that is killed between making the file and writing into it leaves an empty one.
#[tokio::test]
async fn an_empty_file_is_a_new_journal() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.db");
    std::fs::write(&path, "").unwrap();
    let journal = opens(&path).unwrap();
    assert!(!journal.begin(&run()).await.unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_but_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let kept = Kept::planned(2).await;
    let files = std::fs::read_dir(kept.directory.path()).unwrap();
    let modes: Vec<_> = files
        .map(|file| file.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, [0o600, 0o600], "the file and what stands beside it");
}

/// A page of the file is lost; a copy helps, and to start again does not.
#[tokio::test]
async fn what_is_damaged_is_told_as_such() {
    let kept = Kept::planned(500).await;
    let path = kept.directory.path().join("run.db");
    drop(kept.journal);
    let mut file = std::fs::read(&path).unwrap();
    file[4096..].fill(0xFF);
    std::fs::write(&path, file).unwrap();
    let told = match opens(&path) {
        Ok(journal) => journal.entries(None, 0, 1).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(told, JournalError::Damaged(_)), "{told:?}");
    insta::assert_snapshot!(told, @"the journal is damaged (database disk image is malformed): bring back a copy of it; without one, find out in the account's statement which rows were paid before you pay any of the others");
}

#[tokio::test]
async fn a_value_that_is_none_of_its_own_is_told_as_damage() {
    let kept = Kept::planned(1).await;
    let path = kept.directory.path().join("run.db");
    drop(kept.journal);
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute("UPDATE rows SET state = 'GONE'", []).unwrap();
    drop(file);
    let journal = opens(&path).unwrap();
    let told = journal.entries(None, 0, 1).await.unwrap_err();
    assert!(matches!(told, JournalError::Damaged(_)), "{told:?}");
}
