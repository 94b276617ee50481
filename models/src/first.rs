//! Where among values the largest or the smallest stands.

/// The position of the largest value; of equal ones the first. 0 where there are none.
pub(crate) fn first_largest<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> usize {
    first_before(values, |next, best| next > best)
}

/// The position of the smallest value; of equal ones the first. 0 where there are none.
pub(crate) fn first_smallest<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> usize {
    first_before(values, |next, best| next < best)
}

fn first_before<T>(values: impl IntoIterator<Item = T>, better: impl Fn(&T, &T) -> bool) -> usize {
    let better = |best: (usize, T), next: (usize, T)| if better(&next.1, &best.1) { next } else { best };
    values.into_iter().enumerate().reduce(better).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_values_the_first_counts() {
        let values = [1.0, 3.0, -2.0, 3.0, -2.0];
        assert_eq!((first_largest(values), first_smallest(values)), (1, 2));
        assert_eq!((first_largest([0.0; 0]), first_smallest([f64::INFINITY, f64::INFINITY])), (0, 0));
    }
}
