//! `diff`: every way to name a version, every format, the gate, and the messages for versions that do not exist.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, seen};

pub(crate) const VOCABULARY: &str = r#"
attribute role "User Role" always { refuse E2 "this role may not send it"  Supplier Installer Reader }
attribute status "the device's status" { refuse E5 "not in this status"  Stored Live Removed }
"#;

pub(crate) const MODIFICATIONS: &str = r#"
modification MP1 "Readers may read" { effective 2024-01-01  source "the report on MP1" }
modification MP2 "Stored devices may be read" { proposed  source "the report on MP2" }
"#;

pub(crate) const SERVICES: &str = r#"
service 1.1 "Read Settings" {
    permit read "who may read them" {
        role    Supplier, Reader (since MP1)
        status  Live, Stored (since MP2)
        source  "the settings code, section 1"
    }
}
service 1.2 "Change Settings" {
    permit change "who may change them" { role Supplier, Installer  status not Removed  source "section 2" }
}
service 2.1 "Restart" {
    permit restart "who may restart it" { role Supplier  status Live  source "section 3" }
}
"#;

pub(crate) const FILE: &str = "rules/services.rules";

/// A repository with a policy in its only commit.
pub(crate) fn repository(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rules/vocabulary.rules", VOCABULARY);
    sandbox.write("rules/modifications.rules", MODIFICATIONS);
    sandbox.write(FILE, SERVICES);
    sandbox.commit_all();
    sandbox
}

fn widen(sandbox: &Sandbox) {
    sandbox.replace(FILE, "role Supplier  status Live ", "role Supplier, Installer  status Live ");
}

fn narrow(sandbox: &Sandbox) {
    let forbid = r#"
forbid removed "nobody changes what is removed or stored" {
    services  1.2
    status    Stored
    refuse    E7 "it is stored"
    source    "section 4"
}
"#;
    sandbox.write("rules/forbids.rules", forbid);
}

fn recode(sandbox: &Sandbox) {
    sandbox.replace("rules/vocabulary.rules", "refuse E5 ", "refuse E9 ");
}

/// Something opens, something closes, and a new service comes.
fn edited(name: &str) -> Sandbox {
    let sandbox = repository(name);
    widen(&sandbox);
    narrow(&sandbox);
    let more = "service 2.2 \"Erase\" { permit erase \"who may\" { role Supplier source \"section 5\" } }\n";
    sandbox.write("rules/more.rules", more);
    sandbox
}

/// A page without the digests of policies, so that an edit of the test's policy does not change every snapshot.
fn without_digests(page: &str) -> String {
    let mut parts = page.split("sha256:");
    let first = parts.next().unwrap().to_owned();
    let rest = parts.map(|part| {
        format!("sha256:…{}", part.trim_start_matches(|character: char| character.is_ascii_hexdigit()))
    });
    first + &rest.collect::<String>()
}

#[test]
fn for_a_person() {
    let sandbox = edited("diff-human");
    recode(&sandbox);
    assert_snapshot!("diff-human", sandbox.page("meterwarden diff git:main rules"));
    assert_snapshot!("diff-codes", sandbox.page("meterwarden diff git:main rules --codes --service 2.1"));
}

#[test]
fn for_a_pull_request() {
    let sandbox = edited("diff-markdown");
    recode(&sandbox);
    assert_snapshot!("diff-markdown", sandbox.page("meterwarden diff git:main rules --format markdown"));
}

#[test]
fn for_programs() {
    let sandbox = edited("diff-json");
    let page = sandbox.page("meterwarden diff git:main rules --format json --service 2.1");
    assert_snapshot!("diff-json", without_digests(&page));
}

#[test]
fn as_a_page() {
    let sandbox = edited("diff-html");
    let page = sandbox.page("meterwarden diff git:main rules --format html");
    assert!(page.contains("default-src 'none'") && !page.contains("://") && !page.contains("<script"));
    let (_, body) = page.split_once("<body>").unwrap();
    assert_snapshot!("diff-html", body);
}

/// Nothing in a text of the rules is markup, and nothing moves the cursor.
#[test]
fn texts_are_texts() {
    let sandbox = repository("diff-markup");
    sandbox.replace(FILE, "\"who may restart it\"", "\"who may <b>restart</b> | _it_ ```\"");
    widen(&sandbox);
    let mut page = sandbox.page("meterwarden diff git:main rules --format markdown");
    let html = sandbox.page("meterwarden diff git:main rules --format html");
    assert!(!html.contains("<b>"), "{html}");
    page = page.lines().filter(|line| line.contains("restart")).collect::<Vec<_>>().join("\n");
    assert_snapshot!(page, @r"- 2.1/restart permits it: who may &lt;b&gt;restart&lt;/b&gt; \| \_it\_ \`\`\`  ");
}

/// The exit code tells the direction of the change; with a gate, whether the named change happened.
#[test]
fn exit_codes() {
    let mut page = String::new();
    for (name, edits) in [
        ("same", &[] as &[fn(&Sandbox)]),
        ("codes", &[recode]),
        ("narrower", &[narrow]),
        ("wider", &[widen]),
        ("both", &[narrow, widen]),
    ] {
        let sandbox = repository(&format!("diff-exit-{name}"));
        edits.iter().for_each(|edit| edit(&sandbox));
        let exits =
            ["", " --fail-on narrow", " --fail-on widen", " --fail-on any", " --fail-on never"].map(|gate| {
                let output = sandbox.run(&format!("meterwarden diff git:main rules{gate}"));
                format!("{gate:20}exit {}", output.status.code().unwrap())
            });
        let output = seen(&sandbox.run("meterwarden diff git:main rules"));
        page += &format!("{}\n{}\n", output.lines().nth(2).unwrap(), exits.join("\n"));
    }
    assert_snapshot!("diff-exits", page);
}

#[test]
fn dates_and_modifications() {
    let sandbox = repository("diff-versions");
    let mut page = String::new();
    for versions in [
        "@2023-12-31 @2024-01-01 --rules rules",
        "rules@2023-12-31 rules@2024-01-01",
        "git:main@2023-12-31 rules",
        "@2024-01-01 with:MP2 --rules rules",
        "without:MP1 with:MP2 --rules rules --service 1.1",
        "rules,with:MP2,without:MP1 rules,without:MP1,without:MP2",
        "with:MP1 rules --rules rules",
    ] {
        page += &sandbox.page(&format!("meterwarden diff {versions}"));
        page += "\n";
    }
    assert_snapshot!("diff-versions", page);
}

/// The command that a difference names explains its requests: newly permitted ones are permitted, others refused.
#[test]
fn the_command_below_a_difference_explains_its_requests() {
    let sandbox = edited("diff-commands");
    let mut page = String::new();
    for versions in [
        "without:MP2 with:MP2 --rules rules --service 1.1",
        "with:MP2 without:MP2 --rules ./rules --service 1.1",
        "rules git:HEAD~0 --service '2.*'",
        "git:main rules@2024-01-01 --service '2.*'",
    ] {
        let output = sandbox.page(&format!("meterwarden diff {versions}"));
        let footer = output.lines().find(|line| line.starts_with("each line in braces")).unwrap();
        page += &format!("$ meterwarden diff {versions}\n{footer}\n");
        let commands: Vec<&str> = footer.split('`').skip(1).step_by(2).collect();
        for request in output.lines().map(str::trim).filter(|line| line.starts_with('{')) {
            let ends = commands.iter().map(|command| {
                sandbox.write("pasted.jsonl", request);
                sandbox.run(&command.replace(" - ", " pasted.jsonl ")).status.code().unwrap()
            });
            page += &format!("  {request}: {:?}\n", ends.collect::<Vec<_>>());
        }
    }
    assert_snapshot!("diff-commands", page);
}

/// Commands that answer take any version of the rules; commands that read the folder report that they do not.
#[test]
fn versions_as_rules() {
    let sandbox = edited("diff-rules");
    fs::create_dir_all(sandbox.path("git:odd,with:MP2")).unwrap();
    for file in ["vocabulary", "modifications", "services"] {
        let path = format!("git:odd,with:MP2/{file}.rules");
        sandbox.write(&path, &sandbox.read(&format!("rules/{file}.rules")));
    }
    sandbox
        .write("r.json", r#"{"service": "2.1", "at": "2024-01-01", "role": "Installer", "status": "Live"}"#);
    sandbox
        .write("s.json", r#"{"service": "1.1", "at": "2024-01-01", "role": "Supplier", "status": "Stored"}"#);
    let mut page = String::new();
    for line in [
        "decide r.json --rules rules",
        "decide r.json --rules git:HEAD",
        "decide s.json --rules 'rules, with: MP2'",
        "decide s.json --rules git:HEAD:rules,with:MP2",
        "decide s.json --rules git:odd,with:MP2",
        "explain s.json --rules git:main",
        "ask 'role Supplier' 'status Stored' --service 1.1 --at 2024-01-01 --rules rules,with:MP2",
        "matrix --service 1.1 --at 2024-01-01 --columns status --rules with:MP2,rules",
        "ask 'fields only ESMEVariant' --service 8.4 --at 2023-06-29 --about status --rules without:MP125",
        "decide r.json --rules rules@2024-01-01",
        "decide r.json --rules main",
        "decide r.json --rules MP2",
        "decide r.json --rules rules/vocabulary.rules",
        "check --rules git:HEAD",
        "test --rules rules,with:MP2",
        "snapshot --rules with:MP2",
        "diff rules git:main --rules rules@2024-01-01",
    ] {
        page += &sandbox.page(&format!("meterwarden {line}"));
        page += "\n";
    }
    assert_snapshot!("versions-as-rules", page);
}

/// A service that permits nothing may come and go without a change of what is permitted.
#[test]
fn services_of_which_nothing_is_permitted() {
    let mut page = String::new();
    for (name, old, new, recodes) in [
        ("gone", true, false, false),
        ("new", false, true, false),
        ("both", true, true, false),
        ("codes", true, true, true),
    ] {
        let sandbox = Sandbox::new(&format!("diff-closed-{name}"));
        for (folder, closed) in [("was", ["8.1", "8.2"]), ("rules", ["9.1", "9.2"])] {
            sandbox.write(&format!("{folder}/vocabulary.rules"), VOCABULARY);
            sandbox.write(&format!("{folder}/modifications.rules"), MODIFICATIONS);
            sandbox.write(&format!("{folder}/services.rules"), SERVICES);
            let shown = if folder == "was" { usize::from(old) } else { 2 * usize::from(new) };
            for service in closed.iter().take(shown) {
                let text = format!("service {service} \"Erase\" {{ closed \"nobody erases\" }}\n");
                sandbox.write(&format!("{folder}/{service}.rules"), &text);
            }
        }
        if recodes {
            recode(&sandbox);
        }
        let output = sandbox.page("meterwarden diff was rules");
        page += &format!("{}\n", output.lines().nth(3).unwrap());
        assert_eq!(sandbox.run("meterwarden diff was rules").status.code(), Some(0), "{output}");
    }
    assert_snapshot!("diff-closed", page);
}

/// The two versions decide the example requests as the difference states.
#[test]
fn a_request_can_be_pasted_into_explain() {
    let sandbox = edited("diff-pasted");
    for (file, text) in [("a", VOCABULARY), ("b", MODIFICATIONS), ("c", SERVICES)] {
        sandbox.write(&format!("was/{file}.rules"), text);
    }
    let page = sandbox.page("meterwarden diff was rules --service '1.*' --service 2.1");
    let requests: Vec<&str> = page.lines().map(str::trim).filter(|line| line.starts_with('{')).collect();
    assert_eq!(requests.len(), 2, "{page}");
    for (request, ends) in requests.iter().zip([[0, 2], [2, 0]]) {
        sandbox.write("pasted", request);
        for (rules, end) in ["was", "rules"].iter().zip(ends) {
            let mut explain = sandbox.command(env!("CARGO_BIN_EXE_meterwarden"), "");
            explain
                .args(["explain", "-", "--rules", rules])
                .stdin(fs::File::open(sandbox.path("pasted")).unwrap());
            let output = explain.output().unwrap();
            assert_eq!(output.status.code(), Some(end), "{rules}: {}", seen(&output));
        }
    }
}

#[test]
fn revisions() {
    let sandbox = edited("diff-revisions");
    sandbox.git("tag v1");
    sandbox.git("tag --annotate --message=notes v1-notes");
    sandbox.git("add --all");
    sandbox.git("commit --quiet --message=second");
    fs::create_dir_all(sandbox.path("a/b")).unwrap();
    let names = |line: &str, below: &str| {
        let output = seen(&sandbox.run_in(below, &format!("meterwarden diff {line}")));
        let output: Vec<&str> = output.lines().take(3).collect();
        format!(
            "{}$ meterwarden diff {line}\n{}\n",
            if below.is_empty() { "" } else { "(in a/b) " },
            output.join("\n")
        )
    };
    let mut page = String::new();
    for line in [
        "git:v1 git:main",
        "git:v1-notes git:HEAD",
        "git:main~1:rules git:main@{0}",
        "git:HEAD^{/first} git:HEAD:./rules",
        "git:v1 git:HEAD: --service 2.1",
    ] {
        page += &names(line, "");
    }
    page += &names("git:v1:rules git:main:../../rules", "a/b");
    page += &names("git:v1 git:main --rules ../../rules", "a/b");
    assert_snapshot!("diff-revisions", page);
    let rules = sandbox.path("rules");
    let output = sandbox.run(&format!("meterwarden diff git:v1 git:main --rules '{}'", rules.display()));
    assert_eq!(output.status.code(), Some(4), "{}", seen(&output));
}

/// Reading a revision neither touches nor reads the files that somebody is editing.
#[test]
fn the_work_tree_and_the_index_stay_as_they_are() {
    let sandbox = edited("diff-untouched");
    sandbox.git("add rules/more.rules");
    fs::remove_file(sandbox.path("rules/modifications.rules")).unwrap();
    let state = || {
        let refs = sandbox.git("for-each-ref") + &sandbox.git("reflog") + &sandbox.git("stash list");
        (sandbox.files(), fs::read(sandbox.path(".git/index")).unwrap(), refs)
    };
    let before = state();
    let output = sandbox.run("meterwarden diff git:main git:HEAD");
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    assert_eq!(before, state());
    fs::remove_dir_all(sandbox.path("rules")).unwrap();
    assert_eq!(sandbox.run("meterwarden diff git:main git:HEAD").status.code(), Some(0));
}

/// Neither line ends nor the place of a folder are a difference.
#[test]
fn the_same_rules_elsewhere() {
    let sandbox = repository("diff-same");
    for file in ["vocabulary", "modifications", "services"] {
        let text = sandbox.read(&format!("rules/{file}.rules"));
        sandbox.write(&format!("elsewhere/deep/{file}.rules"), &text.replace('\n', "\r\n"));
    }
    assert_snapshot!(sandbox.page("meterwarden diff git:main elsewhere"), @r"
    $ meterwarden diff git:main elsewhere
    before: the rules in `rules` at `main`
    after:  the rules in `elsewhere`
    the same: no decision differs
    ");
}

#[test]
fn versions_that_cannot_be_used() {
    let sandbox = repository("diff-wrong");
    sandbox.write("empty/notes.txt", "no rules here\n");
    sandbox.git("add --all");
    sandbox.git("commit --quiet --message=second");
    sandbox.write(FILE, &SERVICES.replace("role Supplier  status Live", "role Suplier  status Live"));
    sandbox.git("commit --quiet --all --message=broken");
    sandbox.write(FILE, SERVICES);
    let mut page = String::new();
    for versions in [
        "rules",
        "main rules",
        "rules git:nowhere",
        "git:--help rules",
        "git:-1 rules",
        "git:main:nowhere rules",
        "git:main:rules/services.rules rules",
        "git:main:empty rules",
        "git:main:../rules rules",
        "git:main:/rules rules",
        "git:main rules --rules nowhere",
        "git:main rules",
        "empty rules",
        "git:main~1,without:MP3 rules",
        "rules rules,with:mp1",
        "rules@2023-02-30 rules",
        "rules,git:main rules",
        "git:main~1 rules --service 9.9",
        "git:main~1 rules --fail-on wider",
        "git:main~1 rules --format text",
        "2023-06-28 rules",
        "MP1 rules",
        "rules/services.rules rules",
        "without:MP1@2023-06-29 rules",
        "GIT:main rules",
        "rules rules --service '*'",
    ] {
        page += &sandbox.page(&format!("meterwarden diff {versions}"));
    }
    assert_snapshot!("diff-wrong", page);
}

#[test]
fn no_repository_and_no_git() {
    let sandbox = Sandbox::with_a_policy("diff-no-repository");
    let mut page = sandbox.page("meterwarden diff git:main rules");
    let mut without = sandbox.command(env!("CARGO_BIN_EXE_meterwarden"), "");
    let output = without.args(["diff", "git:main", "rules"]).env("PATH", "nowhere").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    page += &format!("(without git)\n{}", seen(&output));
    assert_snapshot!("diff-no-repository", page);
}

/// A frequent mistake in CI: only the newest commit was fetched.
#[test]
fn a_shallow_clone() {
    let sandbox = repository("diff-shallow");
    sandbox.git("commit --quiet --allow-empty --message=second");
    let from = format!("file://{}", sandbox.path("").display());
    sandbox.git(&format!("clone --quiet --depth=1 {from} clone"));
    let output = seen(&sandbox.run_in("clone", "meterwarden diff git:HEAD~1 rules"));
    let shallow =
        "there is no revision `HEAD~1` here, and this is a shallow clone: it holds only what was fetched";
    assert!(output.contains(shallow), "{output}");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let sandbox = repository("diff-link");
    std::os::unix::fs::symlink("services.rules", sandbox.path("rules/linked.rules")).unwrap();
    sandbox.git("add --all");
    sandbox.git("commit --quiet --message=link");
    let output = seen(&sandbox.run("meterwarden diff git:main rules"));
    let link = "`rules/linked.rules` is a symbolic link at `main`; links of a revision are not followed";
    assert!(output.contains(link), "{output}");
}

/// A comment fits a code host whatever the change, and states how much is left out.
#[test]
fn a_comment_is_never_too_long() {
    let sandbox = repository("diff-long");
    let permit = |number: usize| {
        format!("permit p{number} \"{}\" {{ role Supplier status Live source \"s\" }}", "long ".repeat(40))
    };
    for (services, left_out) in [(150, "more regions are left out"), (1500, "The rest is left out here")] {
        for number in 0..services {
            let permits = format!("{}\n{}", permit(0), permit(1));
            let permit_others = "permit q \"others\" { role Reader status Stored source \"s\" }";
            let service =
                format!("service 9.{number} \"Service number {number}\" {{ {permits}\n{permit_others} }}\n");
            sandbox.write(&format!("rules/many/{number}.rules"), &service);
        }
        let output = seen(&sandbox.run("meterwarden diff git:main rules --format markdown"));
        assert!(output.len() < 65_536 && output.len() > 50_000, "{services}: {}", output.len());
        assert!(output.contains(left_out), "{services}: {}", &output[output.len() - 500..]);
        assert_eq!(output.matches("<details>").count(), output.matches("</details>").count());
        assert_eq!(output.matches("\n```").count() % 2, 0);
    }
}

/// The message for an unknown service is the same in `diff`, `timeline` and `matrix`.
#[test]
fn an_unknown_service() {
    let sandbox = repository("diff-service");
    let matrix = seen(&sandbox.run("meterwarden matrix --rules rules --service 1.3"));
    for line in ["diff rules rules --service 1.3", "timeline rules --service 1.3"] {
        assert_eq!(seen(&sandbox.run(&format!("meterwarden {line}"))), matrix, "{line}");
    }
}
