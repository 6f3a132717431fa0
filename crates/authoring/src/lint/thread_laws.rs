//! Law: the findings are the same on any number of threads.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;

use super::{Meaning, lint_on};
use meterwarden::language::diagnostic::Code;
use meterwarden::plan::{Plan, compile};
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;

#[test]
fn threads_find_the_same() {
    let found = |threads: usize| {
        let plan = plan(); // a new plan each time, because a plan caches what it computes
        let found = lint_on(&plan, NonZeroUsize::new(threads).unwrap());
        let redundant = Meaning::of(&plan, NonZeroUsize::new(threads).unwrap()).redundant;
        (found.found().to_vec(), redundant)
    };
    let on_one_thread = found(1);
    for code in [
        Code::AlreadyPermitted,
        Code::NeverPermits,
        Code::AlreadyForbidden,
        Code::IdleClause,
        Code::NeverCarried,
        Code::ForbidsDisagree,
        Code::ServicesAlike,
    ] {
        assert!(on_one_thread.0.iter().any(|finding| finding.code == code), "{code} is not found");
    }
    assert!(on_one_thread.0.iter().any(|finding| finding.witness.is_some()));
    for threads in [2, 3, 7, 64] {
        assert_eq!(found(threads), on_one_thread, "on {threads} threads");
    }
}

/// Of two equal rules the later is redundant: in a service, outside services, and with one in a service and the other
/// outside.
#[test]
fn the_later_of_two_equal_rules_is_redundant() {
    for threads in [1, 3] {
        let plan = plan();
        let policy = plan.policy();
        let redundant = Meaning::of(&plan, NonZeroUsize::new(threads).unwrap()).redundant;
        let names: BTreeSet<&str> =
            redundant.iter().map(|index| policy.rules()[*index].name.as_str()).collect();
        let is_redundant = |end: &str| names.iter().any(|name| name.ends_with(end));
        assert!(["again", "stopped", "wide", "older", "twin"].into_iter().all(is_redundant), "{names:?}");
        assert!(!["first", "between", "colour", "-old", "above"].into_iter().any(is_redundant), "{names:?}");
    }
}

/// Enough services for several threads, before and after rules outside services.
fn plan() -> Plan {
    let words = "attribute role \"who\" { refuse E1 \"not this role\" IS ES GS NP }\n\
                 set attribute fields \"what\" { refuse E2 \"not these fields\" }\n\
                 attribute state \"when\" { refuse E3 \"not in this state\" New Old }\n";
    let services = |numbers: std::ops::Range<usize>| {
        let mut text = String::new();
        numbers.for_each(|number| service(number, &mut text));
        text
    };
    let between = "permit between \"what all have\" { services all role IS, GS source \"B\" }\n\
                   permit twin \"what all have, again\" { services all role GS, IS source \"B\" }\n\
                   forbid above \"none of it\" { services all role NP source \"B\" }\n";
    let sources = [
        ("a.rules", words.to_owned()),
        ("b.rules", services(0..80)),
        ("c.rules", between.to_owned()),
        ("d.rules", services(80..160)),
    ];
    let sources = sources.map(|(path, text)| Source::new(path, text));
    compile(Arc::new(Policy::from_sources(sources.to_vec()).unwrap()))
}

/// A service with a rule for each kind of finding. One in twenty is a copy.
fn service(number: usize, text: &mut String) {
    let text_number = if number % 20 == 3 { 3 } else { number };
    let _ = writeln!(
        text,
        "service 1.{number} \"service {text_number}\" {{\n\
         fields Size, Weight, Colour\n\
         permit s{number}-first \"a\" {{ role IS, ES state New, Old source \"A\" }}\n\
         permit s{number}-again \"b\" {{ role ES fields only Size source \"A\" }}\n\
         permit s{number}-stopped \"c\" {{ role NP state Old source \"A\" }}\n\
         permit s{number}-wide \"d\" {{ role GS source \"A\" }}\n\
         forbid s{number}-colour \"e\" {{ fields includes Colour source \"A\" }}\n\
         forbid s{number}-old \"f\" {{ role ES, GS state Old refuse E4 \"too old\" source \"A\" }}\n\
         forbid s{number}-older \"g\" {{ role GS state Old refuse E5 \"even older\" source \"A\" }}\n\
         }}"
    );
}
