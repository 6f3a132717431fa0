//! `tests/cases/check/NAME.rules`, and the findings that its author reads.

use std::fs;

use meterwarden::language::diagnostic::Severity;
use meterwarden::{Code, LoadError, Policy, Source};

#[test]
fn pages() {
    insta::glob!("../cases", "check/*.rules", |path| {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let findings = match Policy::from_sources(files(&name, &text)) {
            Ok(_) => "nothing to say".to_owned(),
            Err(found) => found.render(false),
        };
        page("check", &format!("----- policy\n{}\n----- check\n{findings}\n", text.trim_end()));
    });
}

/// The files of a case: `---- b.rules` begins another. The vocabulary is the prelude, unless the case has its own.
fn files(name: &str, text: &str) -> Vec<Source> {
    let mut files = vec![Source::new(name, "")];
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("---- "), files.last_mut()) {
            (Some(path), _) => files.push(Source::new(path.trim(), "")),
            (None, Some(file)) => file.text += line,
            (None, None) => {}
        }
    }
    files.retain(|file| !file.text.is_empty());
    if !files.iter().any(|file| file.path == "vocabulary.rules") {
        let prelude = fs::read_to_string("tests/cases/check/prelude").unwrap();
        files.push(Source::new("vocabulary.rules", prelude));
    }
    files
}

fn page(name: &str, page: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, page);
    });
}

/// Every code has a case, so somebody has read its finding.
#[test]
fn every_code_has_a_test_case() {
    // No case can hold the first code, see below. The second is about another kind of file. Warnings have pages of
    // their own.
    let mut seen = vec![Code::NotText, Code::ScenarioFile];
    for path in meterwarden::files("tests/cases/check".as_ref(), "rules").unwrap() {
        let text = fs::read_to_string(path).unwrap();
        if let Err(found) = Policy::from_sources(files("case.rules", &text)) {
            seen.extend(found.found().iter().map(|finding| finding.code));
        }
    }
    for code in Code::ALL.iter().filter(|code| code.severity() == Severity::Error) {
        assert!(seen.contains(code), "no case in tests/cases/check shows `{code}`");
    }
}

/// The public names and their meanings.
#[test]
fn codes() {
    let list: String =
        Code::ALL.iter().map(|code| format!("{:<22} {}\n", code.name(), code.meaning())).collect();
    page("check@codes", &list);
}

#[test]
fn codes_are_unique_and_in_kebab_case() {
    for (index, code) in Code::ALL.iter().enumerate() {
        assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        assert!(!Code::ALL[..index].iter().any(|other| other.name() == code.name()), "{code}");
    }
}

#[test]
fn a_file_that_is_not_text_has_one_finding() {
    let folder = std::env::temp_dir().join(format!("meterwarden-not-text-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("a.rules"), b"tag critical\n// caf\xe9 au lait\n").unwrap();
    fs::write(folder.join("b.rules"), b"\xff\xfet\0a\0g\0").unwrap();
    fs::write(folder.join("c.rules"), b"tag t // \xf0\x9f\x99").unwrap();
    let loaded = Policy::load(&folder);
    fs::remove_dir_all(&folder).unwrap();
    let Err(LoadError::Rules(found)) = loaded else { panic!("loaded") };
    assert!(found.found().iter().all(|finding| finding.code == Code::NotText));
    page("check@not-text", &found.render(false));
}

/// A file that is not UTF-8 is read up to the wrong byte, and the findings of the other files are reported too.
#[test]
fn a_file_that_is_not_text_hides_no_other_findings() {
    let rule =
        |text: &str| format!("service 8.4 {{ permit one {{ role IX relation any source \"{text}\" }} }}");
    let prelude = fs::read("tests/cases/check/prelude").unwrap();
    let latin: Vec<u8> = rule("caf\u{e9}").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let read = |first: Vec<u8>| {
        let second = rule("s").replace("8.4", "8.5").replace("IX", "EX").into_bytes();
        let files = [("a.rules", first), ("b.rules", second), ("vocabulary.rules", prelude.clone())];
        let files = files.map(|(path, bytes)| (path.to_owned(), bytes)).to_vec();
        let found = Policy::from_bytes(files).unwrap_err();
        found.found().iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(read(latin), [Code::UnknownValue, Code::NotText, Code::UnknownValue]);
    let wide = rule("s").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(wide), [Code::NotText, Code::UnknownValue, Code::UnknownValue]);
    assert_eq!(read(b"PK\x03\x04".to_vec()), [Code::NotText], "any name may be declared in it");
    assert_eq!(read(vec![b' '; (1 << 20) + 1]), [Code::TooLarge], "any name may be declared in it");
}

#[test]
fn findings_are_data_too() {
    let text = "service 8.4 {\n    permit one { role IS, OX relation any source \"s\" }\n    permit one { role any relation any source \"s\" }\n}\n";
    let found = Policy::from_sources(files("a.rules", text)).unwrap_err();
    page("check@data", &serde_json::to_string_pretty(&found.to_data()).unwrap());
}

/// Without the file that declares the attributes there is one finding.
#[test]
fn a_missing_vocabulary_is_one_finding() {
    let files = meterwarden::files("rules".as_ref(), "rules").unwrap();
    let files = files.into_iter().filter(|path| !path.ends_with("vocabulary.rules"));
    let source =
        |path: std::path::PathBuf| Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
    let found = Policy::from_sources(files.map(source).collect()).unwrap_err();
    let messages: Vec<&str> = found.found().iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["no attribute is declared in any file"]);
}

/// Colour only if the caller asks for it.
#[test]
fn colour() {
    let found = Policy::from_sources(vec![Source::new("a.rules", "tag")]).unwrap_err();
    assert!(!found.render(false).contains('\u{1b}'));
    assert!(found.render(true).contains('\u{1b}'));
}

/// The output does not depend on the order of the files.
#[test]
fn the_order_of_the_files_does_not_matter() {
    let text = fs::read_to_string("tests/cases/check/several-files.rules").unwrap();
    let mut files = files("several-files.rules", &text);
    let in_order = Policy::from_sources(files.clone()).unwrap_err().render(false);
    files.reverse();
    assert_eq!(Policy::from_sources(files).unwrap_err().render(false), in_order);
}

/// Several threads resolve the rules. The result and the findings are the same as on one thread.
#[test]
fn many_rules_are_resolved_like_a_few() {
    let vocabulary = "attribute role \"who sends it\" { refuse E3 \"not this role\"  IS ES }\n";
    let wrong = |number: usize| number.is_multiple_of(7);
    let service = |number: usize| {
        let role = if wrong(number) { "Nobody" } else { "IS" };
        format!("service {number}.1 \"…\" {{ permit own \"…\" {{ role {role}  source \"…\" }} }}\n")
    };
    let above =
        |number: usize| format!("permit above-{number} \"…\" {{ services all  role ES  source \"…\" }}\n");
    let text = |service: &dyn Fn(usize) -> String| -> String {
        let rules = (1_usize..1_300)
            .map(|number| if number.is_multiple_of(10) { above(number) } else { service(number) });
        vocabulary.to_owned() + &rules.collect::<String>()
    };
    let found = Policy::from_sources(vec![Source::new("a.rules", text(&service))]).unwrap_err();
    // If several places use an unknown name, there is one finding, at the first of them.
    let findings: Vec<String> =
        found.found().iter().map(|finding| format!("{} {:?}", finding.message, finding.label)).collect();
    let places = (1_usize..1_300).filter(|number| !number.is_multiple_of(10) && wrong(*number)).count();
    let more = format!("Some(\"and in {} more places\")", places - 1);
    assert_eq!(findings, [format!("`Nobody` is no value of `role` {more}")]);

    let fixed = text(&|number| service(number).replace("Nobody", "IS"));
    let policy = Policy::from_sources(vec![Source::new("a.rules", fixed)]).unwrap();
    let names: Vec<&str> = policy.rules().iter().map(|rule| rule.name.as_str()).collect();
    let name = |number| if number % 10 == 0 { format!("above-{number}") } else { format!("{number}.1/own") };
    assert_eq!(names, (1_usize..1_300).map(name).collect::<Vec<_>>());
}

/// If there are many rules, several threads look for findings about the whole policy.
#[test]
fn many_rules_are_checked_like_a_few() {
    let found = |services: usize| -> Vec<String> {
        let vocabulary = "attribute role \"who sends it\" { refuse E3 \"not this role\"  IS ES }\n";
        let service = |number: usize| {
            format!("service {number}.1 \"…\" {{ permit own \"…\" {{ role IS  source \"…\" }} }}\n")
        };
        let wrong = "condition export \"…\" { source \"…\"  case role ES }
        service 0.1 \"…\" {
            permit nobody \"…\" { role IS  when export  source \"…\" }
            forbid whatever \"…\" { source \"…\" }
        }";
        let text = vocabulary.to_owned() + &(1..services).map(service).collect::<String>() + wrong;
        let found = Policy::from_sources(vec![Source::new("a.rules", text)]).unwrap_err();
        found.found().iter().map(|finding| finding.message.clone()).collect()
    };
    assert_eq!(found(1_300), found(3));
    insta::assert_snapshot!(found(3).join("\n"), @r"
    the clause of `0.1/nobody` about `role` contradicts every case of its conditions
    the forbid `0.1/whatever` forbids every request, and does not say how it refuses
    ");
}
