use std::fmt::Display;

use crate::console::say;

/// Problems of one kind that are named, each on a line of its own.
pub(crate) const FIRST_PROBLEMS: usize = 20;

/// Names the first problems on standard error, and says how many more there are.
pub(crate) fn say_first(problems: &[impl Display]) {
    problems.iter().take(FIRST_PROBLEMS).for_each(say);
    if problems.len() > FIRST_PROBLEMS {
        say(format_args!("... and {} more like these", problems.len() - FIRST_PROBLEMS));
    }
}
