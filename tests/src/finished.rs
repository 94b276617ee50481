use std::process::Output;

use crate::Table;

/// How a run of the program ended.
#[derive(Debug)]
pub struct Finished {
    arguments: String,
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it printed to standard output.
    pub stdout: Vec<u8>,
    /// What it printed to standard error.
    pub stderr: String,
}

impl Finished {
    pub(crate) fn new(arguments: &[&str], output: Output) -> Self {
        Self {
            arguments: arguments.join(" "),
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fails unless the program ended with this exit code.
    #[must_use]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standpoint {}\n{}", self.arguments, self.stderr);
        self
    }

    /// What is missing of an ending with this exit code, with all `parts` in what was printed to standard error and no panic; nothing where all is as it should be.
    #[must_use]
    pub fn lacks(&self, code: i32, parts: &[&str]) -> Option<String> {
        let missing: Vec<_> = parts.iter().filter(|part| !self.stderr.contains(**part)).collect();
        let right = self.code == Some(code) && missing.is_empty() && !self.stderr.contains("panicked");
        (!right).then(|| {
            let Self { arguments, code: found, stderr, .. } = self;
            format!(
                "standpoint {arguments}\n  exit code {found:?}, expected {code}\n  missing {missing:?} in: {stderr}"
            )
        })
    }

    /// Standard output as text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// Standard output as CSV.
    #[must_use]
    pub fn table(&self) -> Table {
        Table::csv(&self.stdout)
    }
}
