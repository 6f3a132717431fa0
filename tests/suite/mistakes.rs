//! A corpus of wrong edits of the shipped rules, and what their author is told.
//!
//! The edits are drawn by a seed: a kind of edit, a place in the shipped text, a slip. What is expected follows from
//! the edit alone, and is held against the *first* finding of the run, which is what an author reads first:
//!
//! - **Right code**: its code is that of the kind of mistake. Two codes are right where a reader cannot tell a misspelt
//!   word from a misspelt name: `wehn x` may be either.
//! - **Right line**: it stands in the file of the edit, on the line of the edit. What was deleted stands on no line: a
//!   comma at a line's end counts on its own line or that of the next item; a lost line of a block, on the block's
//!   header; a lost brace, on the header of the block that stays open; a name misspelt where it is declared, on the
//!   line of its first use in path order.
//! - **Right did you mean**: its help or message shows, in backticks, the name that stood there before the edit, or,
//!   where a declaration was misspelt, the misspelt name.
//! - **Findings**: all errors of the run.
//!
//! A second seed is held out: nothing in the engine was changed for its sake. Both are in the snapshot, each with
//! every edit of which the engine says something else, or more than one thing.

mod by_hand;
mod book;
mod draw;
mod marks;
mod meaning;
mod names;
mod score;
mod whole;
mod words;

use std::thread;

use self::book::Book;
use self::draw::{Draw, Mistake};
use self::score::{Engine, Report, Verdict, judge};

/// A kind of mistake, and what draws one.
pub(crate) type Kinds = &'static [(&'static str, fn(&mut Draw<'_>) -> Option<Mistake>)];

const KINDS: &[Kinds] = &[names::KINDS, words::KINDS, marks::KINDS, meaning::KINDS, whole::KINDS];

/// Of each kind, if there are so many places for it.
const OF_A_KIND: usize = 5;

/// The corpus of a seed: no edit twice.
fn corpus(book: &Book, seed: u64) -> Vec<Mistake> {
    let mut draw = Draw::new(book, seed);
    let mut made: Vec<Mistake> = Vec::new();
    for (kind, edit_of) in KINDS.iter().copied().flatten() {
        let before = made.len();
        for _ in 0..OF_A_KIND * 20 {
            if made.len() == before + OF_A_KIND {
                break;
            }
            let drawn =
                edit_of(&mut draw).filter(|new| made[before..].iter().all(|old| old.edit != new.edit));
            made.extend(drawn.map(|mistake| Mistake { kind, ..mistake }));
        }
        assert!(made.len() > before, "no place for `{kind}`");
    }
    made
}

/// Each mistake judged, on two threads.
fn judged(engine: &Engine, corpus: &[Mistake]) -> Vec<Verdict> {
    let (first, second) = corpus.split_at(corpus.len() / 2);
    let judge_all = |part: &[Mistake]| part.iter().map(|mistake| judge(engine, mistake)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let other = scope.spawn(|| judge_all(second));
        let mut all = judge_all(first);
        all.extend(other.join().unwrap());
        all
    })
}

/// Edits made by hand: the whole of what is said of each, for a person to judge.
#[test]
fn mistakes_by_hand_are_told_rightly() {
    let book = Book::shipped();
    let engine = Engine::new(&book);
    let (mut report, mut said) = (Report::default(), String::new());
    for mistake in by_hand::EDITS.iter().map(|edit| edit.made(&book)) {
        report.add(&mistake, &judge(&engine, &mistake));
        let findings =
            engine.run(&mistake).map_or_else(|found| found.render(false), |()| "nothing".to_owned());
        said += &format!("\n----- {}\n{findings}\n", mistake.edit);
    }
    page("mistakes@by-hand", &(report.page() + &said));
    rightly(&report);
}

fn report(seed: u64) -> Report {
    let book = Book::shipped();
    let (engine, corpus) = (Engine::new(&book), corpus(&book, seed));
    let mut report = Report::default();
    for (mistake, verdict) in corpus.iter().zip(judged(&engine, &corpus)) {
        report.add(mistake, &verdict);
    }
    report
}

fn told_rightly(name: &str, seed: u64) {
    let report = report(seed);
    page(name, &report.page());
    assert!(report.all.mistakes() >= 500, "{} edits", report.all.mistakes());
    rightly(&report);
}

fn page(name: &str, page: &str) {
    println!("{page}");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, page);
    });
}

fn rightly(report: &Report) {
    let all = report.all;
    assert!(all.right_codes() >= 0.95, "right code: {:.3}", all.right_codes());
    assert!(all.right_lines() >= 0.95, "right line: {:.3}", all.right_lines());
    assert!(all.right_meant() >= 0.90, "right did you mean: {:.3}", all.right_meant());
    assert!(all.average() <= 1.3, "findings a mistake: {:.3}", all.average());
}

#[test]
fn mistakes_are_told_rightly() {
    told_rightly("mistakes@first-seed", 1);
}

#[test]
fn mistakes_held_out_are_told_rightly() {
    told_rightly("mistakes@held-out-seed", 424_242);
}
