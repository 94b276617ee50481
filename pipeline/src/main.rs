//! The `standpoint` command.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use standpoint::cli::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(outcome) => outcome.exit_code(),
        Err(error) if standpoint::output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error itself is closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "standpoint: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
