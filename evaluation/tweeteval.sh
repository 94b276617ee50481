#!/usr/bin/env bash
# Trains on the stance part of TweetEval (SemEval-2016 task 6), whose tweets are not in this repository, and scores what was learnt:
#
#     bash evaluation/tweeteval.sh FOLDER OUT ENCODER
#
# FOLDER/{abortion,atheism,climate,feminist,hillary}/{train,val,test}_{text,labels}.txt, a tweet or a label a line, become
# OUT/train.csv, OUT/val.csv and OUT/test.csv with the columns id,target,text,stance of labels/schemes/semeval-2016-stance.toml.
# ENCODER, all-MiniLM-L6-v2 in Hugging Face layout, is fine-tuned on the synthetic tweets of labels/tweets, and then on train and val, for
# all five targets; what is chosen then is chosen on the tenth of their topics that is held out, since test tweets are later, and about
# other things. Then the test files are labelled and scored once: the published measure is the F over the stances against and favour, all
# targets pooled. Without ENCODER only the label files are made.
#
# STANDPOINT names the program, where it is not to be built here.
set -euo pipefail
export LC_ALL=C

[ $# -eq 2 ] || [ $# -eq 3 ] || { printf 'usage: bash evaluation/tweeteval.sh FOLDER OUT [ENCODER]\n' >&2; exit 2; }
folder=$1 out=$2
mkdir -p "$out"

# The rows of one target and part; a text that has no label, or a label that has no text, ends the script.
rows() {
    awk -v target="$1" -v part="$2" -v texts="$folder/$1/$2_text.txt" -v labels="$folder/$1/$2_labels.txt" '
        function fail(problem) { printf "tweeteval: %s\n", problem > "/dev/stderr"; exit 1 }
        BEGIN {
            split("none against favour", stances, " ")
            while ((found = (getline text < texts)) > 0) {
                row++
                if ((getline label < labels) <= 0) fail(labels ": there is no line " row "; " texts " has one")
                sub(/[ \r]+$/, "", label)
                if (label !~ /^[0-2]$/) fail(labels ": line " row ": `" label "` is none of 0 (none), 1 (against), 2 (favour)")
                sub(/\r$/, "", text)
                gsub(/"/, "\"\"", text)
                printf "%s-%s-%d,%s,\"%s\",%s\n", target, part, row, target, text, stances[label + 1]
            }
            if (found < 0) fail(texts ": cannot be read")
            if ((getline label < labels) > 0 && label != "") fail(labels ": line " row + 1 " has no line in " texts)
        }'
}

for part in train val test; do
    {
        printf 'id,target,text,stance\n'
        for target in abortion atheism climate feminist hillary; do rows "$target" "$part"; done
    } > "$out/$part.csv.part"
    mv "$out/$part.csv.part" "$out/$part.csv"
done

[ $# -eq 3 ] || exit 0
here=$(dirname "$0")
standpoint() {
    if [ -n "${STANDPOINT:-}" ]; then "$STANDPOINT" "$@"; else
        cargo run --quiet --release --manifest-path "$here/../Cargo.toml" -- "$@"
    fi
}
tune() {
    standpoint train --scheme "$here/../labels/schemes/semeval-2016-stance.toml" \
        --fine-tune --epochs 3 --averaging 0.99 --label-smoothing 0 "$@"
}
tune --labels "$here/../labels/tweets/synthetic.csv" --encoder "$3" \
    --learning-rate 5e-5 --checkpoints "$out/checkpoints/synthetic" --out "$out/synthetic"
tune --labels "$out/train.csv" "$out/val.csv" --encoder "$out/synthetic/encoder" --hold-out-topics \
    --learning-rate 1e-4 --runs 4 --checkpoints "$out/checkpoints/tweets" --out "$out/bundle"
standpoint label "$out/test.csv" --unit document --bundle "$out/bundle" -o "$out/labelled.csv"
standpoint evaluate "$out/labelled.csv" --against "$out/test.csv" --positive against,favour --by target
