//! Which candidates are tried: a climb over a grid, since trying them all would take many times as long.

use rayon::prelude::*;

use super::candidate::{Candidate, Method};
use super::validation::{Attempt, Validation};
use super::{Kind, Parts, Plan, TrainError};
use crate::features::Weights;
use crate::first::first_smallest;

/// Numbers of neighbours asked.
const NEIGHBOURS: [usize; 4] = [5, 10, 20, 40];
/// Values of `C`; halfway between two of them the log loss is hardly smaller.
const CS: [f64; 6] = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0];
/// Weights of n-grams beside embeddings of weight 1; embeddings have length 1, weighted n-grams √2.
const RATIOS: [f32; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Methods and weights that are compared with each other, and where the climb begins.
struct Grid {
    weights: Vec<Weights>,
    methods: Vec<Method>,
    start: Point,
}

/// Positions in a grid's weights and methods.
type Point = (usize, usize);

/// Tries what the plan names; the attempts in the order made.
pub(super) fn search(validation: &Validation<'_>, plan: &Plan) -> Result<Vec<Attempt>, TrainError> {
    let mut attempts = Vec::new();
    for grid in plan.classifiers.iter().flat_map(|&kind| grids(kind, plan)) {
        attempts.extend(grid.climb(validation)?);
    }
    if attempts.is_empty() { Err(TrainError::NothingToTry) } else { Ok(attempts) }
}

/// What to try of a kind of classifier: one grid for each part it can see.
fn grids(kind: Kind, plan: &Plan) -> Vec<Grid> {
    let features = &plan.features;
    let alone = |method| Grid { weights: vec![Weights::EMBEDDINGS], methods: vec![method], start: (0, 0) };
    // Where a climb begins decides how long it takes, hardly where it ends.
    let linear = |method: &dyn Fn(f64) -> Method, c| {
        let grid = |&parts: &Parts| {
            let weights = weights(parts);
            Grid { start: (weights.len() / 2, c), weights, methods: CS.map(method).to_vec() }
        };
        features.iter().map(grid).collect()
    };
    match kind {
        Kind::Majority => vec![alone(Method::Majority)],
        Kind::Definition | Kind::Centroid | Kind::Neighbours if !features.contains(&Parts::Embedding) => Vec::new(),
        Kind::Definition => vec![alone(Method::Definitions)],
        Kind::Centroid => vec![alone(Method::Centroids)],
        Kind::Neighbours => {
            vec![Grid {
                methods: NEIGHBOURS.map(Method::Neighbours).to_vec(),
                start: (0, 2),
                ..alone(Method::Majority)
            }]
        }
        Kind::Logistic => linear(&|c| Method::Logistic { c, l1_share: plan.l1_share }, 3),
        Kind::Svm => linear(&Method::Svm, 1),
    }
}

fn weights(parts: Parts) -> Vec<Weights> {
    match parts {
        Parts::Embedding => vec![Weights::EMBEDDINGS],
        Parts::Ngrams => vec![Weights::NGRAMS],
        Parts::Both => RATIOS.map(joined).to_vec(),
    }
}

/// Weights in this ratio whose squares add up to 1, so that a `C` means about the same under each.
fn joined(ratio: f32) -> Weights {
    let length = ratio.hypot(1.0);
    Weights { embeddings: 1.0 / length, ngrams: ratio / length }
}

impl Grid {
    /// From the start goes to the best of the points beside it, as long as that is better.
    fn climb(&self, validation: &Validation<'_>) -> Result<Vec<Attempt>, TrainError> {
        let attempt = |&(weights, method): &Point| {
            validation.attempt(Candidate { method: self.methods[method], weights: self.weights[weights] })
        };
        let (mut seen, mut attempts, mut best) = (vec![self.start], vec![attempt(&self.start)?], 0);
        loop {
            let next: Vec<Point> = self.beside(seen[best]).filter(|point| !seen.contains(point)).collect();
            attempts.extend(next.par_iter().map(attempt).collect::<Result<Vec<_>, _>>()?);
            seen.extend(next);
            let better = first_smallest(attempts.iter().map(|attempt| attempt.loss));
            if better == best {
                return Ok(attempts);
            }
            best = better;
        }
    }

    fn beside(&self, (weights, method): Point) -> impl Iterator<Item = Point> {
        let points = [
            (weights.wrapping_sub(1), method),
            (weights + 1, method),
            (weights, method.wrapping_sub(1)),
            (weights, method + 1),
        ];
        points.into_iter().filter(|&(weights, method)| weights < self.weights.len() && method < self.methods.len())
    }
}
