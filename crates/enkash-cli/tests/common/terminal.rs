//! A terminal with the command in it, and a person before it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Child, Command, Stdio};

use nix::pty::openpty;
use nix::sys::termios::{LocalFlags, tcgetattr};

pub(crate) struct Terminal {
    /// The other side of the terminal.
    line: File,
    child: Child,
    seen: Vec<u8>,
}

impl Terminal {
    /// Runs a command with stdin, stdout and stderr on a terminal.
    pub(crate) fn run(mut command: Command) -> Self {
        let pty = openpty(None, None).unwrap();
        let of_command = || Stdio::from(pty.slave.try_clone().unwrap());
        let child = command
            .stdin(of_command())
            .stdout(of_command())
            .stderr(of_command())
            .spawn()
            .unwrap();
        Self {
            line: File::from(pty.master),
            child,
            seen: Vec::new(),
        }
    }

    /// Waits until this text is on the screen.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !self.screen().contains(text) {
            assert!(self.look(), "{text:?} does not come:\n{}", self.screen());
        }
    }

    pub(crate) fn type_line(&mut self, line: &str) {
        writeln!(self.line, "{line}").unwrap();
    }

    /// Types a Ctrl-D, which is the end of what is typed.
    pub(crate) fn type_end(&mut self) {
        self.line.write_all(b"\x04").unwrap();
    }

    /// As [`type_line`](Self::type_line), once what is typed is not shown any more.
    pub(crate) fn type_hidden(&mut self, line: &str) {
        self.wait_for_silence();
        self.type_line(line);
    }

    /// Waits until what is typed is not shown any more.
    pub(crate) fn wait_for_silence(&mut self) {
        while !self.is_silent() {
            assert_eq!(self.child.try_wait().unwrap(), None, "{}", self.screen());
            std::thread::yield_now();
        }
    }

    /// Whether what is typed is not shown.
    pub(crate) fn is_silent(&self) -> bool {
        let modes = tcgetattr(self.line.as_fd()).unwrap();
        !modes.local_flags.contains(LocalFlags::ECHO)
    }

    /// Does what a Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let mut kill = Command::new("kill");
        let done = kill.args(["-INT", &self.child.id().to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// What is on the screen when the command has ended, and its exit code.
    pub(crate) fn end(&mut self) -> (String, Option<i32>) {
        while self.look() {}
        let status = self.child.wait().unwrap();
        (self.screen(), status.code())
    }

    /// What is on it so far. A letter that has come in part is none.
    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.seen).replace('\r', "")
    }

    /// Reads more, if there is more: a terminal without a command is an error (EIO) on Linux.
    fn look(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let length = self.line.read(&mut bytes).unwrap_or(0);
        self.seen.extend(&bytes[..length]);
        length > 0
    }
}
