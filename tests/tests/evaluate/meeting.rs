//! Which predictions labels meet.

use standpoint_tests::workdir;

use super::check_report;

/// A file of hand labels against predictions of short comments, what is said of it, and what the report counts.
struct Meeting {
    what: &'static str,
    predicted: &'static str,
    labels: &'static str,
    arguments: &'static [&'static str],
    named: &'static [&'static str],
    /// How many labels met a prediction, met none and were scored.
    counts: [usize; 3],
    accuracy: &'static str,
}

const COMMENTS: &str = "\
document,segment,start,end,text,stance,confidence
d1,1,0,8,I agree.,favour,0.9
d2,1,0,8,I agree.,against,0.8
d3,1,0,8,I agree.,none,0.7
d4,1,0,37,Keep the market open at night.,favour,0.6
d5,1,0,10,A long one,favour,0.6
d5,2,11,40,and the second part of it.,none,0.6
hand.csv:1,1,0,6,Other.,against,0.6
";

const MEETINGS: [Meeting; 12] = [
    Meeting {
        what: "a comment that the label file wraps",
        predicted: COMMENTS,
        labels: "text,stance\n\"Keep the mar-\nket open\n  at night.\",favour\n\"Keep the market\nopen at night.\",favour\n",
        arguments: &[],
        named: &["hand.csv: row 2: row 1 is of the same prediction, of document `d4`"],
        counts: [2, 0, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "equal texts, told apart by the documents that the labels name",
        predicted: COMMENTS,
        labels: "document,text,stance\nd3,I agree.,none\nd2,I agree.,against\nd1,I agree.,favour\n",
        arguments: &[],
        named: &[],
        counts: [3, 0, 3],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "equal texts without names, paired in their order, each a document of its own",
        predicted: COMMENTS,
        labels: "text,stance\nI agree.,favour\nI agree.,against\nI agree.,none\n",
        arguments: &["--unit", "document"],
        named: &[],
        counts: [3, 0, 3],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a document that says something else, and one that was not predicted",
        predicted: COMMENTS,
        labels: "document,text,stance\nd1,I agree.,favour\nd4,I agree.,favour\nd9,I agree.,favour\n",
        arguments: &[],
        named: &[
            "hand.csv: row 2: the prediction of document `d4` has another text, `Keep the market open at night.`",
            "hand.csv: row 3: no prediction is of document `d9`",
        ],
        counts: [1, 2, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "an id whose text is another",
        predicted: COMMENTS,
        labels: "id,text,stance\nd1,Something else entirely.,favour\nd2,I agree,against\nd3,\"Well, I agree.\",none\n",
        arguments: &[],
        named: &["hand.csv: row 1: the prediction of document `d1` has another text, `I agree.`"],
        counts: [2, 1, 2],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a whole comment that was predicted in segments: the longer one decides",
        predicted: COMMENTS,
        labels: "id,text,stance\nd5,\"A long one\n\nand the second part of it.\",none\n",
        arguments: &[],
        named: &[],
        counts: [1, 0, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "the same by documents",
        predicted: COMMENTS,
        labels: "id,text,stance\nd5,\"A long one\n\nand the second part of it.\",none\n",
        arguments: &["--unit", "document"],
        named: &[],
        counts: [1, 0, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a document of several segments that says something else",
        predicted: COMMENTS,
        labels: "id,text,stance\nd1,I agree.,favour\nd5,Nothing of it.,none\n",
        arguments: &[],
        named: &["hand.csv: row 2: `d5` has 2 predictions and none of them has this text"],
        counts: [1, 1, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "rows without ids whose predictions have no text",
        predicted: "document,segments,stance,confidence\nin/hand.csv:1,1,favour,0.9\nin/hand.csv:2,1,none,0.9\n",
        labels: "text,stance\nI agree.,favour\nI do not.,none\nNor do I.,none\n",
        arguments: &[],
        named: &[
            "hand.csv: row 3: the predictions have no texts, and none is of document `hand.csv:3`; give the texts a column `id`",
        ],
        counts: [2, 1, 2],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a file and row whose text has changed since",
        predicted: COMMENTS,
        labels: "text,stance\nI agree.,favour\nOther.,against\n",
        arguments: &[],
        named: &[],
        counts: [2, 0, 2],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a span mostly outside the text",
        predicted: COMMENTS,
        labels: "document,start,end,stance\nd1,0,500,favour\nd2,0,8,against\n",
        arguments: &[],
        named: &["hand.csv: row 1: 0..500 lies mostly outside document `d1`, whose last prediction ends at 8"],
        counts: [1, 1, 1],
        accuracy: "accuracy 1.000",
    },
    Meeting {
        what: "a span partly outside the text",
        predicted: COMMENTS,
        labels: "document,start,end,stance\nd1,0,9,favour\nd2,0,8,against\n",
        arguments: &[],
        named: &[
            "hand.csv: row 1: 0..9 reaches past the last prediction of document `d1`, which ends at 8; the label is scored",
        ],
        counts: [2, 0, 2],
        accuracy: "accuracy 1.000",
    },
];

/// Labels of comments meet the predictions of the comment that they are of, or none, and then it is said.
#[test]
fn labels_meet_what_they_are_of() {
    let workdir = workdir!();
    for Meeting { what, predicted, labels, arguments, named, counts: [met, unmatched, scored], accuracy } in MEETINGS {
        workdir.write("out.csv", predicted);
        workdir.write("hand.csv", labels);
        let run = workdir.run(&[&["evaluate", "out.csv", "--against", "hand.csv"], arguments].concat());
        assert_eq!(run.lacks(0, named), None, "{what}");
        assert_eq!(run.stderr.lines().count(), named.len(), "{what}: {}", run.stderr);
        let met = format!("labels that met a prediction: {met}, that met none: {unmatched}");
        check_report(run.text(), &[&met, &format!("of them scored: {scored}, of"), accuracy]);
    }
    assert!(
        workdir.run(&["evaluate", "out.csv", "--against", "hand.csv"]).text().contains("note: hand.csv: row 1: 0..9")
    );
}

/// A comment with a review mark on one segment is one to review, and its probabilities are those of its segments by their lengths.
#[test]
fn segments_are_pooled_by_their_lengths() {
    let workdir = workdir!();
    workdir.write(
        "out.csv",
        "document,start,end,text,stance,p_favour,p_against,review\n\
         d,0,10,A long one,favour,0.9,0.1,false\nd,11,41,and the second part of it all.,against,0.3,0.7,true\n",
    );
    workdir.write("hand.csv", "id,text,stance\nd,A long one and the second part of it all.,favour\n");
    for unit in ["label", "document"] {
        let given = ["evaluate", "out.csv", "--against", "hand.csv", "--json", "e.json", "--unit", unit];
        let _ = workdir.run(&given).expect(0);
        let report: serde_json::Value = serde_json::from_slice(&workdir.read("e.json")).unwrap();
        let set = &report["sets"][0];
        let found: Vec<f64> = serde_json::from_value(set["errors"][0]["probabilities"].clone()).unwrap();
        let near = found.iter().zip([0.45, 0.55]).all(|(found, expected)| (found - expected).abs() < 1e-12);
        assert!(near && found.len() == 2, "{unit}: {found:?}");
        let marked = (unit == "label").then_some(0.0);
        assert_eq!(set["review"]["coverage"].as_f64(), marked, "{unit}: {}", set["review"]);
    }
}
