//! What labelling tools export, in examples made up for these tests.

use super::{Case, check};

#[test]
fn label_studio_is_read() {
    check(&[
        Case {
            name: "choices by two annotators, one cancelled, one without a result, one task unannotated",
            file: "ls.json",
            content: r#"[{"id": 7, "data": {"text": "Keep it", "id": "c1"}, "annotations": [
                {"completed_by": 3, "was_cancelled": false, "result": [
                    {"from_name": "s", "to_name": "t", "type": "choices", "value": {"choices": ["In favour"]}}]},
                {"completed_by": {"id": 4, "email": "ann@example.org"}, "result": [
                    {"from_name": "s", "to_name": "t", "type": "choices", "value": {"choices": ["none"]}}]},
                {"completed_by": 5, "was_cancelled": true, "result": []},
                {"completed_by": 6, "result": []}]},
                {"id": 8, "data": {"text": "Close it"}, "annotations": [], "predictions": []}]"#,
            expected: &[
                "\"Keep it\" #c1: In favour by 3 in 1",
                "\"Keep it\" #c1: none by ann@example.org in 1",
                "1 cancelled",
                "1 without a stance",
                "1 without an annotation",
            ],
        },
        Case {
            name: "spans in code points, in UTF-16, misquoted, outside and in HTML",
            file: "ls.json",
            content: r#"[{"data": {"comment": "🚲 Keep it. Close it.", "document": "d"}, "annotations": [{"result": [
                {"from_name": "s", "type": "labels", "value": {"start": 2, "end": 10, "text": "Keep it.", "labels": ["a"]}},
                {"from_name": "s", "type": "labels", "value": {"start": 12, "end": 21, "text": "Close it.", "labels": ["b"]}},
                {"from_name": "s", "type": "labels", "value": {"start": 2, "end": 10, "labels": ["c"]}},
                {"from_name": "s", "type": "labels", "value": {"start": 2, "end": 10, "text": "Close it.", "labels": ["d"]}},
                {"from_name": "s", "type": "labels", "value": {"start": 2, "end": 99, "labels": ["e"]}},
                {"from_name": "s", "type": "hypertextlabels", "value": {"start": "/p", "end": "/p", "hypertextlabels": ["f"]}}]}]}]"#,
            expected: &[
                "d 2..10: a by ls in 1",
                "d 11..20: b by ls in 1",
                "d 2..10: c by ls in 1",
                "row 1: the span is said to be `Close it.` but covers `Keep it.`",
                "row 1: 2..99 lies outside the text of 20 characters",
                "row 1: the start of a span is a whole number from 0; found `\"/p\"`",
            ],
        },
        Case {
            name: "only the question called stance counts; two stances are too many",
            file: "ls.json",
            content: r#"[{"data": {"text": "Keep it"}, "annotations": [{"result": [
                {"from_name": "topic", "type": "choices", "value": {"choices": ["town"]}},
                {"from_name": "stance", "type": "choices", "value": {"choices": ["a"]}}]}]},
                {"data": {"text": "Close it"}, "completions": [{"result": [
                {"from_name": "s", "type": "choices", "value": {"choices": ["a", "b"]}},
                {"from_name": "note", "type": "textarea", "value": {"text": ["hm"]}}]}]}]"#,
            expected: &[
                "\"Keep it\": a by ls in 1",
                "row 2: 2 stances are chosen; a text has one",
                "1 of the type `textarea`",
                "1 to another question",
            ],
        },
        Case {
            name: "a span of a document without a name is a text of its own; a name has one text",
            file: "ls.json",
            content: r#"[{"data": {"text": "Keep it. Close it."}, "annotations": [{"result": [
                {"from_name": "s", "type": "labels", "value": {"start": 9, "end": 18, "labels": ["a"]}}]}]},
                {"data": {"text": "One.", "document": "d"}, "annotations": [{"result": [
                {"from_name": "s", "type": "labels", "value": {"start": 0, "end": 4, "labels": ["a"]}}]}]},
                {"data": {"text": "Two!", "document": "d"}, "annotations": [{"result": [
                {"from_name": "s", "type": "labels", "value": {"start": 0, "end": 4, "labels": ["b"]}}]}]}]"#,
            expected: &[
                "\"Close it.\" in ls:1: a by ls in 1",
                "d 0..4: a by ls in 2",
                "d 0..4: b by ls in 3",
                "row 3: document `d` has another text in an earlier record; name it otherwise",
            ],
        },
    ]);
}

#[test]
fn argilla_is_read() {
    check(&[
        Case {
            name: "version 2",
            file: "rg.json",
            content: r#"[{"id": "r1", "fields": {"text": "Keep it"}, "metadata": {"document": "d"}, "_server_id": "x",
                "suggestions": {"stance": {"value": "b", "score": 0.6, "agent": "m"}}, "vectors": {},
                "responses": {"stance": [{"value": "a", "user_id": "u1"}, {"value": "b", "user_id": "u2"}], "topic": [{"value": "t", "user_id": "u1"}]}},
                {"id": "r2", "fields": {"comment": "Close it"}, "metadata": {}, "suggestions": {}, "responses": {}}]"#,
            expected: &[
                "\"Keep it\" #r1 in d: a by u1 in 1",
                "\"Keep it\" #r1 in d: b by u2 in 1",
                "1 to another question",
                "1 without a response",
            ],
        },
        Case {
            name: "version 2, flat",
            file: "rg.jsonl",
            content: "{\"id\":\"r1\",\"text\":\"Keep it\",\"stance.responses\":[\"a\",\"b\"],\"stance.responses.users\":[\"u1\",\"u2\"],\"stance.responses.status\":[\"submitted\",\"discarded\"],\"stance.suggestion\":null}",
            expected: &["\"Keep it\" #r1: a by u1 in 1", "1 discarded"],
        },
        Case {
            name: "feedback records with responses by user",
            file: "rg.json",
            content: r#"[{"fields": {"text": "Keep it"}, "responses": [
                {"user_id": "u1", "status": "submitted", "values": {"label": {"value": "a"}}},
                {"user_id": "u2", "status": "draft", "values": {"label": {"value": "b"}}}],
                "suggestions": [{"question_name": "label", "value": "b"}]}]"#,
            expected: &["\"Keep it\": a by u1 in 1", "1 draft"],
        },
        Case {
            name: "spans",
            file: "rg.json",
            content: r#"[{"id": "r", "fields": {"text": "🚲 Keep it"}, "metadata": {"document": "d"}, "responses": {"stance": [
                {"value": [{"label": "a", "start": 2, "end": 9}, {"label": "a", "start": 2, "end": 10}], "user_id": "u1"}]}}]"#,
            expected: &["d 2..9: a by u1 in 1", "row 1: 2..10 lies outside the text of 9 characters"],
        },
        Case {
            name: "version 1",
            file: "rg.jsonl",
            content: "{\"text\":null,\"inputs\":{\"text\":\"Keep it\"},\"prediction\":[{\"label\":\"a\",\"score\":0.9}],\"annotation\":\"b\",\"annotation_agent\":\"ann\",\"id\":\"r1\",\"metadata\":null,\"status\":\"Validated\"}\n\
                {\"text\":\"Close it\",\"inputs\":{\"text\":\"Close it\"},\"prediction\":null,\"annotation\":\"b\",\"id\":\"r2\",\"metadata\":{},\"status\":\"Discarded\"}\n\
                {\"text\":\"Close it\",\"tokens\":[\"Close\",\"it\"],\"prediction\":null,\"annotation\":[[\"a\",0,5]],\"id\":\"r3\",\"metadata\":{\"document\":\"d\"},\"status\":\"Validated\"}\n\
                {\"text\":\"So what\",\"prediction\":null,\"annotation\":null,\"id\":\"r4\"}\n",
            expected: &[
                "\"Keep it\" #r1: b by ann in 1",
                "d 0..5: a by rg in 3",
                "1 discarded",
                "1 without a response",
            ],
        },
    ]);
}

#[test]
fn doccano_is_read() {
    check(&[
        Case {
            name: "classification",
            file: "admin.jsonl",
            content: "{\"id\":1,\"text\":\"Keep it\",\"label\":[\"a\"],\"Comments\":[]}\n{\"id\":2,\"text\":\"Close it\",\"label\":[]}\n{\"id\":3,\"text\":\"Hm\",\"label\":[\"a\",\"b\"]}\n{\"id\":4,\"text\":\"\",\"label\":[\"a\"]}\n",
            expected: &[
                "\"Keep it\": a by admin in 1",
                "row 3: 2 stances are chosen; a text has one",
                "row 4: the text is empty",
                "1 without a stance",
            ],
        },
        Case {
            name: "sequence labelling counts as JavaScript does",
            file: "admin.jsonl",
            content: "{\"text\":\"🚲 Keep it\",\"label\":[[3,10,\"a\"],[3,11,\"a\"],[1,3,\"a\"]],\"document\":\"d\"}\n",
            expected: &[
                "d 2..9: a by admin in 1",
                "row 1: 3..11 lies outside the text of 9 characters",
                "row 1: 1..3 lies outside the text of 9 characters",
            ],
        },
        Case {
            name: "older and relation projects",
            file: "admin.jsonl",
            content: "{\"data\":\"Keep it\",\"labels\":[[0,4,\"a\"]],\"document\":\"d\"}\n{\"text\":\"Close it\",\"entities\":[{\"id\":9,\"label\":\"b\",\"start_offset\":0,\"end_offset\":5}],\"relations\":[],\"document\":\"e\"}\n",
            expected: &["d 0..4: a by admin in 1", "e 0..5: b by admin in 2"],
        },
    ]);
}

#[test]
fn prodigy_is_read() {
    check(&[
        Case {
            name: "answers",
            file: "db.jsonl",
            content: "{\"text\":\"Keep it\",\"label\":\"a\",\"answer\":\"accept\",\"_annotator_id\":\"db-ann\",\"meta\":{\"id\":\"c1\"}}\n\
                {\"text\":\"Close it\",\"label\":\"a\",\"answer\":\"reject\"}\n{\"text\":\"Hm\",\"label\":\"a\",\"answer\":\"ignore\"}\n\
                {\"text\":\"Hm\",\"label\":\"a\",\"answer\":\"perhaps\"}\n{\"text\":\"Hm\",\"_task_hash\":1}\n",
            expected: &[
                "\"Keep it\" #c1: a by db-ann in 1",
                "row 4: the answer `perhaps` is none of accept, reject, ignore",
                "1 ignored",
                "1 rejected",
                "1 without an answer",
            ],
        },
        Case {
            name: "options",
            file: "db.jsonl",
            content: "{\"text\":\"Keep it\",\"options\":[{\"id\":\"a\",\"text\":\"Alpha\"}],\"accept\":[\"a\"],\"answer\":\"accept\",\"_session_id\":\"s\"}\n\
                {\"text\":\"Close it\",\"options\":[{\"id\":0,\"text\":\"Alpha\"}],\"accept\":[0],\"answer\":\"accept\"}\n\
                {\"text\":\"Hm\",\"options\":[],\"accept\":[],\"answer\":\"accept\"}\n{\"text\":\"Hm\",\"accept\":[\"a\",\"b\"],\"answer\":\"accept\"}\n",
            expected: &[
                "\"Keep it\": a by s in 1",
                "\"Close it\": Alpha by db in 2",
                "row 4: 2 stances are chosen; a text has one",
                "1 without a stance",
            ],
        },
        Case {
            name: "spans, which are mere highlights beside a label",
            file: "db.jsonl",
            content: "{\"text\":\"🚲 Keep it\",\"spans\":[{\"start\":2,\"end\":9,\"label\":\"a\",\"token_start\":1}],\"answer\":\"accept\",\"meta\":{\"document\":\"d\"}}\n\
                {\"text\":\"Keep it\",\"spans\":[{\"start\":0,\"end\":4,\"label\":\"p\"}],\"label\":\"a\",\"answer\":\"accept\"}\n{\"text\":\"Hm\",\"spans\":[],\"answer\":\"accept\"}\n",
            expected: &["d 2..9: a by db in 1", "\"Keep it\": a by db in 2", "1 without a stance"],
        },
    ]);
}
