//! `diff`: versions named in every way, written in every format, as a gate, and what is said of versions that there are not.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;

use insta::assert_snapshot;

use crate::workshop::{Workshop, seen};

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
pub(crate) fn repository(name: &str) -> Workshop {
    let shop = Workshop::new(name);
    shop.write("rules/vocabulary.rules", VOCABULARY);
    shop.write("rules/modifications.rules", MODIFICATIONS);
    shop.write(FILE, SERVICES);
    shop.commit_all();
    shop
}

fn widen(shop: &Workshop) {
    shop.replace(FILE, "role Supplier  status Live ", "role Supplier, Installer  status Live ");
}

fn narrow(shop: &Workshop) {
    let forbid = r#"
forbid removed "nobody changes what is removed or stored" {
    services  1.2
    status    Stored
    refuse    E7 "it is stored"
    source    "section 4"
}
"#;
    shop.write("rules/forbids.rules", forbid);
}

fn recode(shop: &Workshop) {
    shop.replace("rules/vocabulary.rules", "refuse E5 ", "refuse E9 ");
}

/// Something opens, something closes, and a new service comes.
fn edited(name: &str) -> Workshop {
    let shop = repository(name);
    widen(&shop);
    narrow(&shop);
    let more = "service 2.2 \"Erase\" { permit erase \"who may\" { role Supplier source \"section 5\" } }\n";
    shop.write("rules/more.rules", more);
    shop
}

/// A page without what differs from policy to policy, so that a change of the test's policy is no change of them all.
fn without_digests(page: &str) -> String {
    let mut parts = page.split("sha256:");
    let first = parts.next().unwrap().to_owned();
    let rest =
        parts.map(|part| format!("sha256:…{}", part.trim_start_matches(|one: char| one.is_ascii_hexdigit())));
    first + &rest.collect::<String>()
}

#[test]
fn for_a_person() {
    let shop = edited("diff-human");
    recode(&shop);
    assert_snapshot!("diff-human", shop.page("meterwarden diff git:main rules"));
    assert_snapshot!("diff-codes", shop.page("meterwarden diff git:main rules --codes --service 2.1"));
}

#[test]
fn for_a_pull_request() {
    let shop = edited("diff-markdown");
    recode(&shop);
    assert_snapshot!("diff-markdown", shop.page("meterwarden diff git:main rules --format markdown"));
}

#[test]
fn for_programs() {
    let shop = edited("diff-json");
    let page = shop.page("meterwarden diff git:main rules --format json --service 2.1");
    assert_snapshot!("diff-json", without_digests(&page));
}

#[test]
fn as_a_page() {
    let shop = edited("diff-html");
    let page = shop.page("meterwarden diff git:main rules --format html");
    assert!(page.contains("default-src 'none'") && !page.contains("://") && !page.contains("<script"));
    let (_, body) = page.split_once("<body>").unwrap();
    assert_snapshot!("diff-html", body);
}

/// Whatever rules say, nothing in it is markup, and nothing moves the cursor.
#[test]
fn texts_are_texts() {
    let shop = repository("diff-markup");
    shop.replace(FILE, "\"who may restart it\"", "\"who may <b>restart</b> | _it_ ```\"");
    widen(&shop);
    let mut page = shop.page("meterwarden diff git:main rules --format markdown");
    let html = shop.page("meterwarden diff git:main rules --format html");
    assert!(!html.contains("<b>"), "{html}");
    page = page.lines().filter(|line| line.contains("restart")).collect::<Vec<_>>().join("\n");
    assert_snapshot!(page, @r"- 2.1/restart permits it: who may &lt;b&gt;restart&lt;/b&gt; \| \_it\_ \`\`\`  ");
}

/// The end of the command says what happened; with a gate, whether what is to be stopped did.
#[test]
fn exit_codes() {
    let mut page = String::new();
    for (name, edits) in [
        ("same", &[] as &[fn(&Workshop)]),
        ("codes", &[recode]),
        ("narrower", &[narrow]),
        ("wider", &[widen]),
        ("both", &[narrow, widen]),
    ] {
        let shop = repository(&format!("diff-exit-{name}"));
        edits.iter().for_each(|edit| edit(&shop));
        let exits =
            ["", " --fail-on narrow", " --fail-on widen", " --fail-on any", " --fail-on never"].map(|gate| {
                let said = shop.run(&format!("meterwarden diff git:main rules{gate}"));
                format!("{gate:20}exit {}", said.status.code().unwrap())
            });
        let said = seen(&shop.run("meterwarden diff git:main rules"));
        page += &format!("{}\n{}\n", said.lines().nth(2).unwrap(), exits.join("\n"));
    }
    assert_snapshot!("diff-exits", page);
}

#[test]
fn dates_and_modifications() {
    let shop = repository("diff-versions");
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
        page += &shop.page(&format!("meterwarden diff {versions}"));
        page += "\n";
    }
    assert_snapshot!("diff-versions", page);
}

/// The command that a difference names explains its requests: permitted where they are newly so, else refused.
#[test]
fn the_command_below_a_difference_explains_its_requests() {
    let shop = edited("diff-commands");
    let mut page = String::new();
    for versions in [
        "without:MP2 with:MP2 --rules rules --service 1.1",
        "with:MP2 without:MP2 --rules ./rules --service 1.1",
        "rules git:HEAD~0 --service '2.*'",
        "git:main rules@2024-01-01 --service '2.*'",
    ] {
        let said = shop.page(&format!("meterwarden diff {versions}"));
        let footer = said.lines().find(|line| line.starts_with("each line in braces")).unwrap();
        page += &format!("$ meterwarden diff {versions}\n{footer}\n");
        let commands: Vec<&str> = footer.split('`').skip(1).step_by(2).collect();
        for request in said.lines().map(str::trim).filter(|line| line.starts_with('{')) {
            let ends = commands.iter().map(|command| {
                shop.write("pasted.jsonl", request);
                shop.run(&command.replace(" - ", " pasted.jsonl ")).status.code().unwrap()
            });
            page += &format!("  {request}: {:?}\n", ends.collect::<Vec<_>>());
        }
    }
    assert_snapshot!("diff-commands", page);
}

/// Every command that answers takes a version of the rules, and those that read the folder say that they do not.
#[test]
fn versions_as_rules() {
    let shop = edited("diff-rules");
    fs::create_dir_all(shop.path("git:odd,with:MP2")).unwrap();
    for file in ["vocabulary", "modifications", "services"] {
        let path = format!("git:odd,with:MP2/{file}.rules");
        shop.write(&path, &shop.read(&format!("rules/{file}.rules")));
    }
    shop.write("r.json", r#"{"service": "2.1", "at": "2024-01-01", "role": "Installer", "status": "Live"}"#);
    shop.write("s.json", r#"{"service": "1.1", "at": "2024-01-01", "role": "Supplier", "status": "Stored"}"#);
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
        page += &shop.page(&format!("meterwarden {line}"));
        page += "\n";
    }
    assert_snapshot!("versions-as-rules", page);
}

/// A service that permits nothing may come and go: nothing that is permitted changes.
#[test]
fn services_of_which_nothing_is_permitted() {
    let mut page = String::new();
    for (name, old, new, recodes) in [
        ("gone", true, false, false),
        ("new", false, true, false),
        ("both", true, true, false),
        ("codes", true, true, true),
    ] {
        let shop = Workshop::new(&format!("diff-closed-{name}"));
        for (folder, closed) in [("was", ["8.1", "8.2"]), ("rules", ["9.1", "9.2"])] {
            shop.write(&format!("{folder}/vocabulary.rules"), VOCABULARY);
            shop.write(&format!("{folder}/modifications.rules"), MODIFICATIONS);
            shop.write(&format!("{folder}/services.rules"), SERVICES);
            let shown = if folder == "was" { usize::from(old) } else { 2 * usize::from(new) };
            for service in closed.iter().take(shown) {
                let text = format!("service {service} \"Erase\" {{ closed \"nobody erases\" }}\n");
                shop.write(&format!("{folder}/{service}.rules"), &text);
            }
        }
        if recodes {
            recode(&shop);
        }
        let said = shop.page("meterwarden diff was rules");
        page += &format!("{}\n", said.lines().nth(3).unwrap());
        assert_eq!(shop.run("meterwarden diff was rules").status.code(), Some(0), "{said}");
    }
    assert_snapshot!("diff-closed", page);
}

/// What is shown as a request is one of which the two versions say what the difference says.
#[test]
fn a_request_can_be_pasted_into_explain() {
    let shop = edited("diff-pasted");
    for (file, text) in [("a", VOCABULARY), ("b", MODIFICATIONS), ("c", SERVICES)] {
        shop.write(&format!("was/{file}.rules"), text);
    }
    let page = shop.page("meterwarden diff was rules --service '1.*' --service 2.1");
    let requests: Vec<&str> = page.lines().map(str::trim).filter(|line| line.starts_with('{')).collect();
    assert_eq!(requests.len(), 2, "{page}");
    for (request, ends) in requests.iter().zip([[0, 2], [2, 0]]) {
        shop.write("pasted", request);
        for (rules, end) in ["was", "rules"].iter().zip(ends) {
            let mut explain = shop.command(env!("CARGO_BIN_EXE_meterwarden"), "");
            explain
                .args(["explain", "-", "--rules", rules])
                .stdin(fs::File::open(shop.path("pasted")).unwrap());
            let said = explain.output().unwrap();
            assert_eq!(said.status.code(), Some(end), "{rules}: {}", seen(&said));
        }
    }
}

#[test]
fn revisions() {
    let shop = edited("diff-revisions");
    shop.git("tag v1");
    shop.git("tag --annotate --message=notes v1-notes");
    shop.git("add --all");
    shop.git("commit --quiet --message=second");
    fs::create_dir_all(shop.path("a/b")).unwrap();
    let names = |line: &str, below: &str| {
        let said = seen(&shop.run_in(below, &format!("meterwarden diff {line}")));
        let said: Vec<&str> = said.lines().take(3).collect();
        format!(
            "{}$ meterwarden diff {line}\n{}\n",
            if below.is_empty() { "" } else { "(in a/b) " },
            said.join("\n")
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
    let rules = shop.path("rules");
    let said = shop.run(&format!("meterwarden diff git:v1 git:main --rules '{}'", rules.display()));
    assert_eq!(said.status.code(), Some(4), "{}", seen(&said));
}

/// A version may be asked for while somebody works: nothing of theirs is touched, and what they have is not read.
#[test]
fn the_work_tree_and_the_index_stay_as_they_are() {
    let shop = edited("diff-untouched");
    shop.git("add rules/more.rules");
    fs::remove_file(shop.path("rules/modifications.rules")).unwrap();
    let state = || {
        let refs = shop.git("for-each-ref") + &shop.git("reflog") + &shop.git("stash list");
        (shop.files(), fs::read(shop.path(".git/index")).unwrap(), refs)
    };
    let before = state();
    let said = shop.run("meterwarden diff git:main git:HEAD");
    assert_eq!(said.status.code(), Some(0), "{}", seen(&said));
    assert_eq!(before, state());
    fs::remove_dir_all(shop.path("rules")).unwrap();
    assert_eq!(shop.run("meterwarden diff git:main git:HEAD").status.code(), Some(0));
}

/// Line ends are no difference, and neither is where a folder stands.
#[test]
fn the_same_rules_elsewhere() {
    let shop = repository("diff-same");
    for file in ["vocabulary", "modifications", "services"] {
        let text = shop.read(&format!("rules/{file}.rules"));
        shop.write(&format!("elsewhere/deep/{file}.rules"), &text.replace('\n', "\r\n"));
    }
    assert_snapshot!(shop.page("meterwarden diff git:main elsewhere"), @r"
    $ meterwarden diff git:main elsewhere
    before: the rules in `rules` at `main`
    after:  the rules in `elsewhere`
    the same: no decision differs
    ");
}

#[test]
fn versions_that_cannot_be_used() {
    let shop = repository("diff-wrong");
    shop.write("empty/notes.txt", "no rules here\n");
    shop.git("add --all");
    shop.git("commit --quiet --message=second");
    shop.write(FILE, &SERVICES.replace("role Supplier  status Live", "role Suplier  status Live"));
    shop.git("commit --quiet --all --message=broken");
    shop.write(FILE, SERVICES);
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
        page += &shop.page(&format!("meterwarden diff {versions}"));
    }
    assert_snapshot!("diff-wrong", page);
}

#[test]
fn no_repository_and_no_git() {
    let shop = Workshop::with_a_policy("diff-no-repository");
    let mut page = shop.page("meterwarden diff git:main rules");
    let mut without = shop.command(env!("CARGO_BIN_EXE_meterwarden"), "");
    let said = without.args(["diff", "git:main", "rules"]).env("PATH", "nowhere").output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    page += &format!("(without git)\n{}", seen(&said));
    assert_snapshot!("diff-no-repository", page);
}

/// The usual mistake in CI: only the newest commit was fetched.
#[test]
fn a_shallow_clone() {
    let shop = repository("diff-shallow");
    shop.git("commit --quiet --allow-empty --message=second");
    let from = format!("file://{}", shop.path("").display());
    shop.git(&format!("clone --quiet --depth=1 {from} clone"));
    let said = seen(&shop.run_in("clone", "meterwarden diff git:HEAD~1 rules"));
    let shallow =
        "there is no revision `HEAD~1` here, and this is a shallow clone: it holds only what was fetched";
    assert!(said.contains(shallow), "{said}");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let shop = repository("diff-link");
    std::os::unix::fs::symlink("services.rules", shop.path("rules/linked.rules")).unwrap();
    shop.git("add --all");
    shop.git("commit --quiet --message=link");
    let said = seen(&shop.run("meterwarden diff git:main rules"));
    let link = "`rules/linked.rules` is a symbolic link at `main`, and those are not followed there";
    assert!(said.contains(link), "{said}");
}

/// A comment that a code host takes, whatever the change; and what is not in it is said to be left out.
#[test]
fn a_comment_is_never_too_long() {
    let shop = repository("diff-long");
    let permit = |nth: usize| {
        format!("permit p{nth} \"{}\" {{ role Supplier status Live source \"s\" }}", "long ".repeat(40))
    };
    for (many, left_out) in [(150, "more regions are left out"), (1500, "The rest is left out here")] {
        for nth in 0..many {
            let permits = format!("{}\n{}", permit(0), permit(1));
            let other = "permit q \"others\" { role Reader status Stored source \"s\" }";
            let service = format!("service 9.{nth} \"Service number {nth}\" {{ {permits}\n{other} }}\n");
            shop.write(&format!("rules/many/{nth}.rules"), &service);
        }
        let said = seen(&shop.run("meterwarden diff git:main rules --format markdown"));
        assert!(said.len() < 65_536 && said.len() > 50_000, "{many}: {}", said.len());
        assert!(said.contains(left_out), "{many}: {}", &said[said.len() - 500..]);
        assert_eq!(said.matches("<details>").count(), said.matches("</details>").count());
        assert_eq!(said.matches("\n```").count() % 2, 0);
    }
}

/// Both say of an unknown service what every other command says.
#[test]
fn a_service_that_there_is_not() {
    let shop = repository("diff-service");
    let matrix = seen(&shop.run("meterwarden matrix --rules rules --service 1.3"));
    for line in ["diff rules rules --service 1.3", "timeline rules --service 1.3"] {
        assert_eq!(seen(&shop.run(&format!("meterwarden {line}"))), matrix, "{line}");
    }
}
