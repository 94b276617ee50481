#!/usr/bin/env bash
# Makes label files of the stance part of TweetEval, whose tweets are not in this repository:
#
#     bash evaluation/tweeteval.sh FOLDER OUT
#
# FOLDER/{abortion,atheism,climate,feminist,hillary}/{train,val,test}_{text,labels}.txt, a tweet or a label a line, become
# OUT/train.csv, OUT/val.csv and OUT/test.csv with the columns id,target,text,stance of labels/schemes/semeval-2016-stance.toml.
set -euo pipefail
export LC_ALL=C

[ $# -eq 2 ] || { printf 'usage: bash evaluation/tweeteval.sh FOLDER OUT\n' >&2; exit 2; }
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
