//! A gateway at the other end of a pipe gets each answer in order, and before it asks the next question.

use std::io::{BufRead, BufReader, Write};

use crate::run::{command, run};

fn question(number: usize) -> String {
    match number % 3 {
        0 => r#"{"service": "11.1", "at": "2023-06-29", "role": "ED"}"#.to_owned(),
        1 => format!("{{\"service\": {number}}}"),
        _ => format!(r#"{{"service": "11.1", "at": "2023-06-29", "role": "R{number}"}}"#),
    }
}

fn belongs(answer: &str, number: usize) -> bool {
    match number % 3 {
        0 => answer.contains(r#""decision":"refuse","code":"E2""#),
        1 => {
            answer.contains(&format!("\"{number} is a number here"))
                && answer.contains(&format!("\"line\":{}", number + 1))
        }
        _ => answer.contains(&format!("`role` has no value `R{number}`")),
    }
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let mut child = command(&["decide", "-", "--rules", "street", "--format", "json"]).spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 0..30 {
        writeln!(questions, "{}", question(number)).unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(belongs(&answer, number), "{number}: {answer}");
    }
    drop(questions);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn one_answer_for_each_question_in_order() {
    let questions: Vec<String> = (0..9000).map(question).collect();
    let output = run(&["decide", "-", "--rules", "street", "--format", "json"], &questions.join("\n"));
    assert_eq!(output.stdout.lines().count(), questions.len());
    for (number, answer) in output.stdout.lines().enumerate() {
        assert!(belongs(answer, number), "{number}: {answer}");
    }
}

#[test]
fn a_line_of_more_than_a_megabyte_is_skipped() {
    let long = format!("{{\"service\": \"{}\"}}\n{}", "8".repeat(2_000_000), question(0));
    let output = run(&["decide", "-", "--rules", "street", "--format", "json"], &long);
    let answers: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], r#"{"error":"the line is longer than 1 MiB","line":1}"#);
    assert!(belongs(answers[1], 0));
}

#[test]
fn a_closed_pipe_is_no_message_and_no_permit() {
    let mut child = command(&["decide", "-", "--rules", "street", "--format", "json"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut questions = child.stdin.take().unwrap();
    writeln!(questions, "{}", question(0)).unwrap();
    drop(questions);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), b"".as_slice()));
}

#[test]
fn no_colours_in_a_pipe() {
    for format in ["human", "json"] {
        let output =
            run(&["decide", "mixed.jsonl", "nowhere.xml", "--rules", "street", "--format", format], "");
        assert!(!output.stdout.contains('\x1b') && !output.stderr.contains('\x1b'), "{format}");
    }
}

#[test]
fn control_characters_of_a_request_do_not_reach_the_terminal() {
    let question =
        r#"{"service": "11.1", "at": "2023-06-29", "role": "\u001b[31mIS\n   2  permit by 11.1/supplier"}"#;
    let output = run(&["decide", "-", "--rules", "street"], question);
    assert!(!output.stdout.contains('\x1b') && output.stdout.lines().count() == 1, "{}", output.stdout);
}
