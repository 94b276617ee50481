use standpoint_labels::Scheme;

/// How many texts got each stance, for a summary.
pub(crate) struct StanceCounts {
    ids: Vec<String>,
    counts: Vec<usize>,
}

impl StanceCounts {
    pub(crate) fn new(scheme: &Scheme) -> Self {
        let ids: Vec<String> = scheme.ids().into_iter().map(str::to_owned).collect();
        Self { counts: vec![0; ids.len()], ids }
    }

    pub(crate) fn add(&mut self, stance: usize) {
        self.counts[stance] += 1;
    }
}

impl std::fmt::Display for StanceCounts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total = self.counts.iter().sum::<usize>().max(1);
        let share =
            |(id, &count): (&String, &usize)| format!("{id} {count} ({:.1} %)", 100.0 * count as f64 / total as f64);
        formatter.write_str(&self.ids.iter().zip(&self.counts).map(share).collect::<Vec<_>>().join(", "))
    }
}
