"""Time fine-tuning against PyTorch, turn and turn about: the same passages, encoder, recipe and number of threads.

    cargo build --release -p standpoint-models --example tune
    python models/benches/tuning.py ENCODER [--texts 2400] [--epochs 4] [--turns 2] [--threads 2]

ENCODER is a sentence encoder of the BERT family in Hugging Face layout with mean pooling and normalisation, such as
all-MiniLM-L6-v2. The passages are drawn from the project's corpus, with its adjudicated labels. Recipe of both sides:
batches of 16, AdamW at 5e-5 (the head, which starts from zero, at 1e-2), weight decay 0.01 but for biases and norms,
warm-up over a tenth of the steps and linear decay, gradients clipped to norm 1, dropout 0.1, class weights against
imbalance, at most 256 tokens, fp32, nothing held out. PyTorch pads each batch to its longest text and uses its fused
attention. Printed for each run: wall seconds, processor seconds, peak memory, the last epoch's loss. On a machine that
is busy with other work, PyTorch's threads spend processor time on waiting for each other: compare with `--threads 1`.

Needs torch, transformers and safetensors; the figures in the reports are of torch 2.5.1 and transformers 4.56.2.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "target" / "release" / "examples" / "tune"


def passages(count):
    """Passages of the corpus that have one label each, drawn with a fixed seed."""
    texts = {}
    for file in sorted((ROOT / "corpus" / "data").glob("*.csv")):
        with open(file, encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                texts[row["document"]] = row["text"]
    with open(ROOT / "labels" / "data" / "adjudicated.csv", encoding="utf-8", newline="") as rows:
        labelled = [(texts[row["document"]], row["stance"]) for row in csv.DictReader(rows) if row["document"] in texts]
    stances = sorted({stance for _, stance in labelled})
    drawn = random.Random(0).sample(labelled, count)
    return [{"text": text, "label": stances.index(stance)} for text, stance in drawn]


def pytorch(encoder, file, epochs, threads):
    """The PyTorch side, in a process of its own."""
    import torch
    from transformers import AutoModel, AutoTokenizer, get_linear_schedule_with_warmup

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    lines = [json.loads(line) for line in open(file, encoding="utf-8")]
    labels = torch.tensor([line["label"] for line in lines])
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    tokenizer._tokenizer.no_padding()
    tokens = tokenizer([line["text"] for line in lines], truncation=True, max_length=256)["input_ids"]
    model = AutoModel.from_pretrained(encoder, add_pooling_layer=False).train()
    head = torch.nn.Linear(model.config.hidden_size, int(labels.max()) + 1)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    counts = torch.bincount(labels)
    measure = torch.nn.CrossEntropyLoss(len(labels) / (len(counts) * counts))
    parameters = list(model.named_parameters())
    groups = [
        {"params": [p for _, p in parameters if p.dim() == 2], "lr": 5e-5, "weight_decay": 0.01},
        {"params": [p for _, p in parameters if p.dim() == 1], "lr": 5e-5, "weight_decay": 0.0},
        {"params": [head.weight], "lr": 1e-2, "weight_decay": 0.01},
        {"params": [head.bias], "lr": 1e-2, "weight_decay": 0.0},
    ]
    learnt = [parameter for group in groups for parameter in group["params"]]
    optimiser = torch.optim.AdamW(groups)
    steps = epochs * -(-len(lines) // 16)
    schedule = get_linear_schedule_with_warmup(optimiser, steps // 10, steps)
    start = time.process_time()
    for _ in range(epochs):
        losses = []
        for batch in torch.randperm(len(lines)).split(16):
            rows = [tokens[at] for at in batch]
            longest = max(map(len, rows))
            ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
            mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
            share = mask.unsqueeze(-1) / mask.sum(1)[:, None, None]
            vectors = torch.nn.functional.normalize((hidden * share).sum(1), dim=1)
            loss = measure(head(vectors), labels[batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            losses.append(loss.item())
        training = time.process_time() - start
        print(f"loss {sum(losses) / len(losses):.4f}  ({training:.1f} s of it without starting up)", flush=True)


def measured(command, threads):
    """Runs a command; gives wall seconds, processor seconds, peak megabytes and its last line."""
    environment = os.environ | {"RAYON_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed with status {status}")
    processor = usage.ru_utime + usage.ru_stime
    return time.monotonic() - start, processor, usage.ru_maxrss / 1024, output.split("\n")[-2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("encoder")
    parser.add_argument("--texts", type=int, default=2400)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pytorch", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pytorch:
        return pytorch(options.encoder, options.pytorch, options.epochs, options.threads)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in passages(options.texts)), encoding="utf-8")
        theirs = [sys.executable, __file__, options.encoder, "--pytorch", str(file), "--epochs", str(options.epochs),
                  "--threads", str(options.threads)]
        sides = {"standpoint": [str(OURS), options.encoder, str(file), str(options.epochs)], "PyTorch": theirs}
        for _ in range(options.turns):
            for name, command in sides.items():
                wall, processor, memory, last = measured(command, options.threads)
                print(f"{name:10}  wall {wall:7.1f} s  processor {processor:7.1f} s  peak {memory:6.0f} MB  {last}",
                      flush=True)


if __name__ == "__main__":
    main()
