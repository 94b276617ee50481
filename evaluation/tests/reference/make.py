"""Writes values.json, the reference values of ../reference.rs, with scikit-learn 1.9.1, NumPy 2.4.6 and Python 3.11.

    python make.py

Conventions, where a division by zero has to be decided:

- precision, recall, F1 of one stance: zero_division=nan, written as null;
- their averages: zero_division=0 over the stances that are labelled or predicted (scikit-learn's default `labels`);
- F over named stances: f1_score(labels=named, average="macro", zero_division=0);
- balanced accuracy: the mean recall of the stances that are labelled, as scikit-learn has it;
- Matthews correlation: null where scikit-learn returns 0.0 because a denominator is 0;
- Cohen's kappa: null where scikit-learn returns nan;
- anything without a single label: null (scikit-learn raises);
- expected calibration error: the bins and their means are those of calibration_curve(strategy="uniform", n_bins=10).
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")


def number(value):
    return None if value is None or math.isnan(value) else float(value)


def by_stance(hand, predicted, stances):
    scores = metrics.precision_recall_fscore_support(hand, predicted, labels=range(stances), zero_division=np.nan)
    return {
        name: [number(value) for value in values] for name, values in zip(["precision", "recall", "f1", "support"], scores)
    }


def averages(hand, predicted):
    found = {}
    for average in ["macro", "micro", "weighted"]:
        scores = metrics.precision_recall_fscore_support(hand, predicted, average=average, zero_division=0)
        found[average] = [float(value) for value in scores[:3]]
    return found


def matthews(hand, predicted):
    constant = len(set(hand)) == 1 or len(set(predicted)) == 1
    return None if constant else float(metrics.matthews_corrcoef(hand, predicted))


def hard(hand, predicted, stances, named):
    return {
        "confusion": metrics.confusion_matrix(hand, predicted, labels=range(stances)).tolist(),
        "stances": by_stance(hand, predicted, stances),
        "averages": averages(hand, predicted),
        "named_f1": float(metrics.f1_score(hand, predicted, labels=named, average="macro", zero_division=0)),
        "accuracy": float(metrics.accuracy_score(hand, predicted)),
        "balanced_accuracy": float(metrics.balanced_accuracy_score(hand, predicted)),
        "matthews": matthews(hand, predicted),
        "kappa": number(metrics.cohen_kappa_score(hand, predicted)),
    }


def reliability(hand, predicted, confidence):
    right = (hand == predicted).astype(int)
    accuracy, mean_confidence = calibration_curve(right, confidence, n_bins=10, pos_label=1)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence), minlength=10)
    counts = counts[counts > 0]
    error = float(np.sum(counts * np.abs(accuracy - mean_confidence)) / len(hand))
    return {
        "bins": [[int(n), float(c), float(a)] for n, c, a in zip(counts, mean_confidence, accuracy)],
        "error": error,
    }


def coverage(hand, predicted, confidence):
    def accuracy_from(threshold):
        kept = confidence >= threshold
        return float(metrics.accuracy_score(hand[kept], predicted[kept]))

    thresholds = sorted(set(confidence.tolist()), reverse=True)
    points = [[t, float(np.mean(confidence >= t)), accuracy_from(t)] for t in thresholds]
    return {"points": points, "area": float(np.mean([accuracy_from(t) for t in confidence]))}


def soft(hand, predicted, probabilities, stances):
    confidence = probabilities[np.arange(len(hand)), predicted]
    return {
        "log_loss": float(metrics.log_loss(hand, y_proba=probabilities, labels=range(stances))),
        "brier": float(metrics.brier_score_loss(hand, probabilities, labels=range(stances), scale_by_half=False)),
        "reliability": reliability(hand, predicted, confidence),
        "coverage": coverage(hand, predicted, confidence),
    }


def case(name, stances, hand, predicted=None, probabilities=None, named=(0, 1)):
    if probabilities is not None and predicted is None:
        predicted = np.argmax(np.array(probabilities).reshape(-1, stances), axis=1).tolist()
    found = {"name": name, "stances": stances, "named": list(named), "hand": hand, "predicted": predicted}
    found |= {"probabilities": probabilities, "hard": None, "soft": None}
    if hand:
        one, two = np.array(hand), np.array(predicted)
        found["hard"] = hard(one, two, stances, list(named))
        if probabilities is not None:
            found["soft"] = soft(one, two, np.array(probabilities), stances)
    return found


def drawn(seed, count, stances, sharpness, decimals=None):
    """Random labels, and probabilities that lean towards them the more the sharper."""
    random = np.random.default_rng(seed)
    hand = random.integers(0, stances, count)
    scores = random.normal(size=(count, stances)) + sharpness * np.eye(stances)[hand]
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    if decimals is not None:
        probabilities = np.round(probabilities, decimals)
    name = f"random {seed}: {count} labels, {stances} stances, sharpness {sharpness}, decimals {decimals}"
    return case(name, stances, hand.tolist(), probabilities=probabilities.tolist())


def awkward():
    third = 1 / 3
    return [
        case("empty", 3, [], []),
        case("empty with probabilities", 3, [], [], []),
        case("one label, right", 3, [1], [1]),
        case("one label, wrong", 3, [1], [2]),
        case("all right", 3, [0, 1, 2, 0], [0, 1, 2, 0]),
        case("all wrong", 3, [0, 1, 2, 0], [1, 2, 0, 2]),
        case("one stance only, right", 3, [2, 2, 2], [2, 2, 2]),
        case("one stance only, wrong", 3, [0, 0, 0], [1, 1, 1]),
        case("one stance labelled, several predicted", 3, [0, 0, 0, 0], [0, 1, 2, 0]),
        case("several labelled, one predicted", 3, [0, 1, 2, 0], [0, 0, 0, 0]),
        case("a stance absent from both", 4, [0, 1, 1, 3], [0, 1, 3, 3], named=(0, 2)),
        case("a stance never labelled", 3, [0, 0, 1, 1], [0, 2, 1, 1], named=(1, 2)),
        case("a stance never predicted", 3, [0, 1, 2, 2], [0, 1, 0, 1]),
        case("named stances absent", 4, [0, 1, 0, 1], [1, 0, 0, 1], named=(2, 3)),
        case("named stance alone", 3, [0, 1, 2, 2, 1], [0, 2, 2, 1, 1], named=(2,)),
        case("chance agreement", 2, [0, 0, 1, 1], [0, 1, 0, 1]),
        case("two stances swapped", 2, [0, 0, 1, 1], [1, 1, 0, 0]),
        case("very unbalanced", 3, [0] * 97 + [1, 1, 2], [0] * 98 + [1, 0]),
        case("ties among stances", 3, [0, 1, 2], probabilities=[[third] * 3] * 3),
        case("ties of confidence", 2, [0, 0, 1, 1, 0], probabilities=[[0.75, 0.25]] * 3 + [[0.25, 0.75]] * 2),
        case("certain and right", 2, [0, 1], probabilities=[[1.0, 0.0], [0.0, 1.0]]),
        case("certain and wrong", 3, [0, 1], probabilities=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        case("one label with probabilities", 3, [2], probabilities=[[0.2, 0.3, 0.5]]),
        case(
            "confidence on the edges of bins",
            2,
            [0, 0, 1, 0, 1, 0],
            probabilities=[[0.6, 0.4], [0.7, 0.3], [0.8, 0.2], [0.9, 0.1], [0.5, 0.5], [1.0, 0.0]],
        ),
        case("prediction is not the most probable stance", 3, [0, 1], [2, 1], [[0.5, 0.2, 0.3], [0.3, 0.3, 0.4]]),
        case("probabilities of a stance absent from both", 3, [0, 1, 1], probabilities=[[0.8, 0.1, 0.1]] * 3),
        case("one stance only, with probabilities", 3, [1, 1], probabilities=[[0.3, 0.4, 0.3], [0.4, 0.3, 0.3]]),
        case("six decimals do not add up to 1", 3, [0, 1], probabilities=[[0.333333, 0.333333, 0.333333]] * 2),
    ]


def main():
    settings = [(5, 2, 1.0), (20, 2, 0.0), (50, 3, 2.0), (100, 3, 1.0), (100, 3, -1.0), (200, 5, 3.0), (400, 7, 1.5)]
    cases = awkward() + [drawn(seed, *setting) for seed, setting in enumerate(settings)]
    cases += [drawn(10, 150, 3, 1.0, decimals=6), drawn(11, 150, 3, 2.0, decimals=1), drawn(12, 40, 4, 8.0, decimals=2)]
    lines = ",\n".join(json.dumps(found) for found in cases)
    Path(__file__).with_name("values.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
