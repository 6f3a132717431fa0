//! A gateway at the other end of a pipe: each answer comes in its turn, and before the next question is asked.

use std::io::{BufRead, BufReader, Write};

use crate::page::{command, run};

fn question(nth: usize) -> String {
    match nth % 3 {
        0 => r#"{"service": "11.1", "at": "2023-06-29", "role": "ED"}"#.to_owned(),
        1 => format!("{{\"service\": {nth}}}"),
        _ => format!(r#"{{"service": "11.1", "at": "2023-06-29", "role": "R{nth}"}}"#),
    }
}

fn belongs(answer: &str, nth: usize) -> bool {
    match nth % 3 {
        0 => answer.contains(r#""decision":"refuse","code":"E2""#),
        1 => {
            answer.contains(&format!("\"{nth} is a number here"))
                && answer.contains(&format!("\"line\":{}", nth + 1))
        }
        _ => answer.contains(&format!("`role` has no value `R{nth}`")),
    }
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let mut child = command(&["decide", "-", "--rules", "street", "--format", "json"]).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for nth in 0..30 {
        writeln!(questions, "{}", question(nth)).unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(belongs(&answer, nth), "{nth}: {answer}");
    }
    drop(questions);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn as_many_answers_as_questions_in_their_order() {
    let questions: Vec<String> = (0..9000).map(question).collect();
    let said = run(&["decide", "-", "--rules", "street", "--format", "json"], &questions.join("\n"));
    assert_eq!(said.output.lines().count(), questions.len());
    for (nth, answer) in said.output.lines().enumerate() {
        assert!(belongs(answer, nth), "{nth}: {answer}");
    }
}

#[test]
fn a_line_of_a_megabyte_is_passed_over() {
    let long = format!("{{\"service\": \"{}\"}}\n{}", "8".repeat(2_000_000), question(0));
    let said = run(&["decide", "-", "--rules", "street", "--format", "json"], &long);
    let answers: Vec<&str> = said.output.lines().collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], r#"{"error":"the line is longer than 1 MiB","line":1}"#);
    assert!(belongs(answers[1], 0));
}

#[test]
fn a_reader_that_has_gone_ends_it_quietly_and_never_as_a_permit() {
    let mut child = command(&["decide", "-", "--rules", "street", "--format", "json"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut questions = child.stdin.take().unwrap();
    writeln!(questions, "{}", question(0)).unwrap();
    drop(questions);
    let said = child.wait_with_output().unwrap();
    assert_eq!((said.status.code(), said.stderr.as_slice()), (Some(1), b"".as_slice()));
}

#[test]
fn no_colours_in_a_pipe() {
    for format in ["human", "json"] {
        let said =
            run(&["decide", "mixed.jsonl", "nowhere.xml", "--rules", "street", "--format", format], "");
        assert!(!said.output.contains('\x1b') && !said.errors.contains('\x1b'), "{format}");
    }
}

#[test]
fn what_a_stranger_wrote_does_not_reach_the_terminal_raw() {
    let question =
        r#"{"service": "11.1", "at": "2023-06-29", "role": "\u001b[31mIS\n   2  permit by 11.1/supplier"}"#;
    let said = run(&["decide", "-", "--rules", "street"], question);
    assert!(!said.output.contains('\x1b') && said.output.lines().count() == 1, "{}", said.output);
}
