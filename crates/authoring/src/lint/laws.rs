//! Laws of findings: they are the same on any number of threads.

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
        let plan = plan(); // each time anew, for what is worked out when it is first asked for
        let found = lint_on(&plan, NonZeroUsize::new(threads).unwrap());
        let idle = Meaning::of(&plan, NonZeroUsize::new(threads).unwrap()).idle;
        (found.found().to_vec(), idle)
    };
    let alone = found(1);
    for code in [
        Code::AlreadyPermitted,
        Code::NeverPermits,
        Code::AlreadyForbidden,
        Code::IdleClause,
        Code::NeverCarried,
        Code::ForbidsDisagree,
        Code::ServicesAlike,
    ] {
        assert!(alone.0.iter().any(|one| one.code == code), "{code} is not found");
    }
    assert!(alone.0.iter().any(|one| one.witness.is_some()));
    for threads in [2, 3, 7, 64] {
        assert_eq!(found(threads), alone, "on {threads} threads");
    }
}

/// Of two rules that say the same the later goes, in a service, outside of services and between the two.
#[test]
fn of_two_rules_that_say_the_same_the_later_goes() {
    for threads in [1, 3] {
        let plan = plan();
        let policy = plan.policy();
        let idle = Meaning::of(&plan, NonZeroUsize::new(threads).unwrap()).idle;
        let idle: BTreeSet<&str> = idle.iter().map(|nth| policy.rules()[*nth].name.as_str()).collect();
        let of = |name: &str| idle.iter().any(|idle| idle.ends_with(name));
        assert!(["again", "stopped", "wide", "older", "twin"].into_iter().all(of), "{idle:?}");
        assert!(!["first", "between", "colour", "-old", "above"].into_iter().any(of), "{idle:?}");
    }
}

/// Services enough for several threads, before and behind a rule that stands outside of them.
fn plan() -> Plan {
    let words = "attribute role \"who\" { refuse E1 \"not this role\" IS ES GS NP }\n\
                 set attribute fields \"what\" { refuse E2 \"not these fields\" }\n\
                 attribute state \"when\" { refuse E3 \"not in this state\" New Old }\n";
    let services = |numbers: std::ops::Range<usize>| {
        let mut text = String::new();
        numbers.for_each(|nth| service(nth, &mut text));
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

/// A service with a rule of each class that deserves a word; one in twenty is a copy.
fn service(nth: usize, text: &mut String) {
    let named = if nth % 20 == 3 { 3 } else { nth };
    let _ = writeln!(
        text,
        "service 1.{nth} \"service {named}\" {{\n\
         fields Size, Weight, Colour\n\
         permit s{nth}-first \"a\" {{ role IS, ES state New, Old source \"A\" }}\n\
         permit s{nth}-again \"b\" {{ role ES fields only Size source \"A\" }}\n\
         permit s{nth}-stopped \"c\" {{ role NP state Old source \"A\" }}\n\
         permit s{nth}-wide \"d\" {{ role GS source \"A\" }}\n\
         forbid s{nth}-colour \"e\" {{ fields includes Colour source \"A\" }}\n\
         forbid s{nth}-old \"f\" {{ role ES, GS state Old refuse E4 \"too old\" source \"A\" }}\n\
         forbid s{nth}-older \"g\" {{ role GS state Old refuse E5 \"older yet\" source \"A\" }}\n\
         }}"
    );
}
