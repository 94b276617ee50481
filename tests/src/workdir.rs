use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Finished, fixture};

/// A temporary folder in which the program runs.
pub struct Workdir {
    folder: tempfile::TempDir,
    program: &'static str,
}

impl Workdir {
    /// An empty folder for runs of `program`; see [`crate::workdir!`].
    #[must_use]
    pub fn new(program: &'static str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), program }
    }

    /// Where the file `name` of this folder is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders that lead to it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The content of a file.
    #[must_use]
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The content of a file that is text.
    #[must_use]
    pub fn read_text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// The names of everything in this folder, hidden files too, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }

    /// The files in a folder of this one and below, by their paths from it, sorted.
    #[must_use]
    pub fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        for name in names(&self.path(folder)) {
            if self.path(folder).join(&name).is_dir() {
                files.extend(self.files(&format!("{folder}/{name}")).into_iter().map(|file| format!("{name}/{file}")));
            } else {
                files.push(name);
            }
        }
        files
    }

    /// Runs the program with nothing on standard input.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, b"")
    }

    /// Runs the program with these bytes on standard input.
    #[must_use]
    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Finished {
        let mut child = self.start(arguments);
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            // A program that fails early leaves its input unread, which is no fault of the test.
            scope.spawn(move || stdin.write_all(input));
            Finished::new(arguments, child.wait_with_output().unwrap())
        })
    }

    /// Starts the program with pipes for all its streams.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// The program with pipes for all its streams, not yet started.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.current_dir(self.folder.path()).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Trains a bundle of another scheme than the default, `favour`, `against` and `none`, on the tiny encoder.
    pub fn train_market(&self, folder: &str) {
        let [labels, scheme, encoder] = ["market/labels.csv", "market/scheme.toml", "encoder/tiny"].map(fixture);
        let given = ["--labels", &labels, "--scheme", &scheme, "--encoder", &encoder, "--out", folder];
        let _ = self.run(&[["train", "--quiet"].as_slice(), &given].concat()).expect(0);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
