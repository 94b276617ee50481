use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use standpoint_evaluation::benchmark::{Outcome, Run};

use super::cell::Task;
use super::results::{Results, fingerprint};

/// A task with its place in the benchmark.
pub(crate) struct Job {
    /// What error messages and kept files call it.
    pub(crate) name: String,
    pub(crate) repeat: usize,
    pub(crate) task: Task,
}

/// A finished job in the results.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    outcome: Outcome,
}

/// What became of jobs, in their order.
pub(crate) struct Finished {
    pub(crate) runs: Vec<Run>,
    /// How many had been finished earlier.
    pub(crate) kept: usize,
}

/// Finishes all jobs, one process a thread at a time. What is finished is kept in the results, and what they hold already is not computed again.
pub(crate) fn run(jobs: &[Job], results: &Results, bar: &ProgressBar) -> Result<Finished> {
    let of_job = |job: &Job| {
        let found = job.finish(results)?;
        bar.inc(1);
        Ok(found)
    };
    let found: Vec<(Run, bool)> = jobs.par_iter().with_max_len(1).map(of_job).collect::<Result<_>>()?;
    let kept = found.iter().filter(|(_, kept)| *kept).count();
    Ok(Finished { runs: found.into_iter().map(|(run, _)| run).collect(), kept })
}

impl Job {
    /// What came of it, and whether that was known.
    fn finish(&self, results: &Results) -> Result<(Run, bool)> {
        let file = format!("run-{}.json", fingerprint(&self.task)?);
        let of = |outcome| {
            let Task { train, test, .. } = &self.task;
            Run { repeat: self.repeat, trained: train.len(), test: test.clone(), outcome }
        };
        if let Some(Kept { outcome, .. }) = results.kept(&file) {
            return Ok((of(outcome), true));
        }
        let outcome = self.compute(results).with_context(|| self.name.clone())?;
        let kept = Kept { name: self.name.clone(), outcome };
        results.keep(&file, &kept)?;
        Ok((of(kept.outcome), false))
    }

    /// Has the program do it in another process, since memory cannot be measured for a part of one.
    fn compute(&self, results: &Results) -> Result<Outcome> {
        let program = std::env::current_exe().context("the program cannot find itself")?;
        let mut child = Command::new(program)
            .args(["benchmark-cell", "--threads", "1", "--quiet"])
            .arg(results.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("a process could not be started")?;
        // It reads all of its input before it writes, so neither waits for the other; if it has failed, its own words say why.
        let written = child
            .stdin
            .take()
            .map(|mut stdin| stdin.write_all(&serde_json::to_vec(&self.task)?).map_err(anyhow::Error::from));
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().trim_start_matches("standpoint: error: ");
            bail!(
                "{}",
                if said.is_empty() { format!("its process ended early ({})", output.status) } else { said.to_owned() }
            );
        }
        written.transpose()?;
        serde_json::from_slice(&output.stdout).context("its process gave no result")
    }
}
