"""Adapt the default bundle to most of some hand labels and score it on the rest, in turn.

    python3 evaluation/adapting.py HAND_LABELS [--folds 5] [--seed 0]

HAND_LABELS is a CSV with the columns id,document,text,stance. The labels of each stance are dealt out to the folds in a random order,
so a document's texts may be parted: the question is what somebody gains who labels a part of a collection. For every fold
`standpoint train --from default` learns from the other folds and `standpoint label --unit document` labels this one; in the end
`standpoint evaluate` scores all folds together. Printed: the seconds of each training, then what `evaluate` prints.

STANDPOINT names the program [default: the one that cargo has built here].
"""
import argparse
import csv
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAM = os.environ.get("STANDPOINT", Path(__file__).resolve().parents[1] / "target" / "release" / "standpoint")
COLUMNS = ["id", "document", "text", "stance"]


def standpoint(*arguments):
    subprocess.run([PROGRAM, *arguments], check=True)


def write(file, columns, rows):
    with open(file, "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)


def folds_of(rows, folds, seed):
    """The fold of each row: the rows of a stance, shuffled, go to the folds in turn."""
    order = list(range(len(rows)))
    random.Random(seed).shuffle(order)
    order.sort(key=lambda row: rows[row]["stance"])
    return {row: at % folds for at, row in enumerate(order)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("labels")
    arguments.add_argument("--folds", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    arguments = arguments.parse_args()
    with open(arguments.labels, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    fold_of = folds_of(rows, arguments.folds, arguments.seed)
    labelled, columns = [], None
    with tempfile.TemporaryDirectory() as folder:
        place = lambda name: str(Path(folder) / name)
        for fold in range(arguments.folds):
            write(place("learnt.csv"), COLUMNS, [row for at, row in enumerate(rows) if fold_of[at] != fold])
            write(place("new.csv"), COLUMNS[:3], [row for at, row in enumerate(rows) if fold_of[at] == fold])
            started = time.perf_counter()
            standpoint("train", "--quiet", "--from", "default", "--labels", place("learnt.csv"), "--out", place("bundle"))
            print(f"fold {fold + 1}: trained in {time.perf_counter() - started:.1f} s", flush=True)
            standpoint("label", "--quiet", place("new.csv"), "--unit", "document", "--bundle", place("bundle"),
                       "--id-column", "id", "-o", place("labelled.csv"), "--raw-cells")
            with open(place("labelled.csv"), encoding="utf-8", newline="") as file:
                table = csv.DictReader(file)
                labelled += list(table)
                columns = table.fieldnames
        write(place("all.csv"), columns, labelled)
        standpoint("evaluate", place("all.csv"), "--against", arguments.labels)


if __name__ == "__main__":
    main()
