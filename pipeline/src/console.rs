//! What a person at a terminal sees: progress while a command works, a summary at its end. All of it goes to standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Prints a line to standard error; when that is closed there is nobody left to tell.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A number of things, which are called so where they are several: by the name and an `s`.
pub(crate) fn counted(count: usize, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// Progress over steps whose number is told later; invisible in a pipe and when `quiet`.
pub(crate) fn steps(quiet: bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), target(quiet));
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} steps  {msg}  {eta} left") {
        bar.set_style(style);
    }
    bar
}

fn target(quiet: bool) -> ProgressDrawTarget {
    let visible = !quiet && std::io::stderr().is_terminal();
    if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// Progress over the bytes of the input; invisible in a pipe and when `quiet`.
pub(crate) struct Progress {
    bar: ProgressBar,
    documents: u64,
    segments: u64,
}

impl Progress {
    /// `total` is the size of all inputs in bytes, where it is known.
    pub(crate) fn new(total: Option<u64>, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(total, target(quiet));
        let template = match total {
            Some(_) => "{bar:30} {bytes}/{total_bytes}  {msg}  {eta} left",
            None => "{spinner} {bytes}  {msg}  {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, documents: 0, segments: 0 }
    }

    /// Counts a document with its segments, the input having been read up to `bytes`.
    pub(crate) fn document(&mut self, segments: usize, bytes: u64) {
        self.documents += 1;
        self.segments += segments as u64;
        let rate = self.segments as f64 / self.bar.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{} documents  {rate:.0} segments/s", self.documents));
        self.bar.set_position(bytes);
    }

    pub(crate) fn finish(self) -> Duration {
        self.bar.finish_and_clear();
        self.bar.elapsed()
    }
}
