//! Minimises a smooth function plus the L1 norm of some of its parameters.

use std::collections::VecDeque;

/// Of the decrease that the gradient promises, the share that a step has to bring (Nocedal and Wright, "Numerical Optimization", section 3.1).
const SUFFICIENT: f64 = 1e-4;
/// Halvings of a step before the search gives up.
const MOST_HALVINGS: u32 = 50;

/// A smooth function of parameters.
pub(super) trait Smooth {
    type Error;

    /// Its value.
    fn value(&self, parameters: &[f64]) -> Result<f64, Self::Error>;

    /// Its gradient.
    fn gradient(&self, parameters: &[f64]) -> Result<Vec<f64>, Self::Error>;
}

/// How to minimise.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwlQn {
    /// Strength of the L1 norm.
    pub(super) l1: f64,
    /// How many parameters, from the first on, the norm is of.
    pub(super) penalised: usize,
    /// Stops when the length of the pseudo-gradient is no more than this.
    pub(super) tolerance: f64,
    /// Corrections kept.
    pub(super) history: usize,
    pub(super) most_iterations: u64,
}

/// Where a minimisation ended.
#[derive(Debug)]
pub(super) struct Minimum {
    pub(super) parameters: Vec<f64>,
    pub(super) iterations: u64,
    pub(super) termination: String,
}

impl OwlQn {
    /// Minimises by orthant-wise limited-memory quasi-Newton steps. Parameters that the norm is of and that end at 0 are exactly 0.
    ///
    /// Source: Andrew and Gao, "Scalable Training of L1-Regularized Log-Linear Models" (2007).
    pub(super) fn minimise<S: Smooth>(self, function: &S, start: Vec<f64>) -> Result<Minimum, S::Error> {
        let mut at = start;
        let mut value = function.value(&at)? + self.norm(&at);
        let mut gradient = function.gradient(&at)?;
        let mut corrections = Corrections::new(self.history);
        for iteration in 0..self.most_iterations {
            let steepest = self.pseudo_gradient(&at, &gradient);
            let length = dot(&steepest, &steepest).sqrt();
            if length <= self.tolerance {
                return Ok(Minimum {
                    parameters: at,
                    iterations: iteration,
                    termination: "Solver converged".to_owned(),
                });
            }
            let direction = self.direction(&corrections, &steepest);
            let first = if corrections.kept.is_empty() { length.recip().min(1.0) } else { 1.0 };
            let Some((next, reached)) = self.step(function, &at, value, &steepest, &direction, first)? else {
                return Ok(Minimum {
                    parameters: at,
                    iterations: iteration,
                    termination: "No step decreases the loss".to_owned(),
                });
            };
            let next_gradient = function.gradient(&next)?;
            corrections.add(difference(&next, &at), difference(&next_gradient, &gradient));
            (at, value, gradient) = (next, reached, next_gradient);
        }
        let termination = "Maximum number of iterations reached".to_owned();
        Ok(Minimum { parameters: at, iterations: self.most_iterations, termination })
    }

    fn norm(self, parameters: &[f64]) -> f64 {
        self.l1 * parameters[..self.penalised].iter().map(|value| value.abs()).sum::<f64>()
    }

    /// The gradient where the norm has one, and at 0 the derivative on the side to which the function falls, if it falls to either.
    fn pseudo_gradient(self, at: &[f64], gradient: &[f64]) -> Vec<f64> {
        let slope = |(place, (&value, &slope)): (usize, (&f64, &f64))| match value {
            _ if place >= self.penalised => slope,
            value if value != 0.0 => slope + self.l1 * value.signum(),
            _ => slope.signum() * (slope.abs() - self.l1).max(0.0),
        };
        at.iter().zip(gradient).enumerate().map(slope).collect()
    }

    /// The quasi-Newton direction without what points against the steepest descent of parameters that the norm is of.
    fn direction(self, corrections: &Corrections, steepest: &[f64]) -> Vec<f64> {
        let mut direction = corrections.times_inverse_hessian(steepest);
        for (place, (step, &slope)) in direction.iter_mut().zip(steepest).enumerate() {
            *step = if place < self.penalised && *step * slope <= 0.0 { 0.0 } else { -*step };
        }
        direction
    }

    /// The first of ever shorter steps that decreases the function enough, with the value there. No parameter that the norm is of changes its
    /// sign in one step: it stops at 0.
    fn step<S: Smooth>(
        self,
        function: &S,
        at: &[f64],
        value: f64,
        steepest: &[f64],
        direction: &[f64],
        first: f64,
    ) -> Result<Option<(Vec<f64>, f64)>, S::Error> {
        let mut length = first;
        for _ in 0..MOST_HALVINGS {
            let next: Vec<f64> = (0..at.len())
                .map(|place| {
                    let moved = at[place] + length * direction[place];
                    let side = if at[place] == 0.0 { -steepest[place] } else { at[place] };
                    if place < self.penalised && moved * side <= 0.0 { 0.0 } else { moved }
                })
                .collect();
            let reached = function.value(&next)? + self.norm(&next);
            if reached <= value + SUFFICIENT * dot(steepest, &difference(&next, at)) && next != at {
                return Ok(Some((next, reached)));
            }
            length /= 2.0;
        }
        Ok(None)
    }
}

/// What the last steps tell of the curvature.
struct Corrections {
    most: usize,
    /// Steps with the changes of the gradient along them, the last one at the end.
    kept: VecDeque<(Vec<f64>, Vec<f64>)>,
}

impl Corrections {
    fn new(most: usize) -> Self {
        Self { most, kept: VecDeque::new() }
    }

    /// Keeps a step, unless the gradient did not grow along it.
    fn add(&mut self, step: Vec<f64>, change: Vec<f64>) {
        if dot(&step, &change) <= f64::EPSILON * dot(&change, &change) {
            return;
        }
        if self.kept.len() == self.most {
            self.kept.pop_front();
        }
        self.kept.push_back((step, change));
    }

    /// The two-loop recursion: Nocedal and Wright, "Numerical Optimization", algorithm 7.4.
    fn times_inverse_hessian(&self, vector: &[f64]) -> Vec<f64> {
        let mut product = vector.to_vec();
        let mut shares = Vec::with_capacity(self.kept.len());
        for (step, change) in self.kept.iter().rev() {
            let share = dot(step, &product) / dot(step, change);
            add(&mut product, -share, change);
            shares.push(share);
        }
        if let Some((step, change)) = self.kept.back() {
            let scale = dot(step, change) / dot(change, change);
            for value in &mut product {
                *value *= scale;
            }
        }
        for ((step, change), share) in self.kept.iter().zip(shares.into_iter().rev()) {
            let rest = share - dot(change, &product) / dot(step, change);
            add(&mut product, rest, step);
        }
        product
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, vector: &[f64]) {
    to.iter_mut().zip(vector).for_each(|(to, value)| *to += factor * value);
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::{OwlQn, Smooth};

    /// Σ scale · (x - centre)² / 2.
    struct Bowl {
        centre: [f64; 4],
        scale: [f64; 4],
    }

    impl Smooth for Bowl {
        type Error = Infallible;

        fn value(&self, at: &[f64]) -> Result<f64, Infallible> {
            let part = |i: usize| 0.5 * self.scale[i] * (at[i] - self.centre[i]).powi(2);
            Ok((0..4).map(part).sum())
        }

        fn gradient(&self, at: &[f64]) -> Result<Vec<f64>, Infallible> {
            Ok((0..4).map(|i| self.scale[i] * (at[i] - self.centre[i])).collect())
        }
    }

    /// Where the scale times the centre is not above the strength, the minimum is 0; else it is that much nearer to 0.
    #[test]
    fn a_bowl_has_its_known_minimum() {
        let bowl = Bowl { centre: [3.0, -2.0, 0.2, 0.2], scale: [1.0, 10.0, 2.0, 2.0] };
        let solver = OwlQn { l1: 0.5, penalised: 3, tolerance: 1e-9, history: 5, most_iterations: 100 };
        for start in [[0.0; 4], [-5.0, 5.0, 5.0, 5.0]] {
            let Ok(found) = solver.minimise(&bowl, start.to_vec());
            let expected = [2.5, -1.95, 0.0, 0.2];
            let close = found.parameters.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-8);
            assert!(close && found.parameters[2] == 0.0, "{found:?}");
            assert_eq!(found.termination, "Solver converged");
        }
    }
}
