//! Writes the matcher of rule files: `rules.pest` as functions, one a production, that do what pest's own do in a small
//! part of the time. pest keeps what a mistake needs at every step, and a text without a mistake needs none of it. The grammar stays
//! the only place where the language stands; `src/parse/matcher.rs` has the moves that the functions are made of.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=grammar/build.rs");
    println!("cargo::rerun-if-changed=grammar/rules.pest");
    #[cfg(feature = "parse")]
    write::matcher()?;
    Ok(())
}

#[cfg(feature = "parse")]
mod write {
    use std::collections::BTreeSet;
    use std::error::Error;
    use std::path::PathBuf;
    use std::{env, fs};

    use pest_meta::ast::RuleType;
    use pest_meta::optimizer::{OptimizedExpr as Expr, OptimizedRule as Production};
    use pest_meta::parse_and_optimize;

    /// What a text is matched against, item by item.
    const FIRST: &str = "item";

    /// The kinds of character that pest knows by name and the grammar uses.
    const KINDS: [(&str, &str); 3] = [
        ("ASCII_DIGIT", "b'0'..=b'9'"),
        ("ASCII_ALPHA", "b'A'..=b'Z' | b'a'..=b'z'"),
        ("ASCII_ALPHANUMERIC", "b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z'"),
    ];

    pub(super) fn matcher() -> Result<(), Box<dyn Error>> {
        let grammar = fs::read_to_string("grammar/rules.pest")?;
        let (_, productions) = parse_and_optimize(&grammar).map_err(|errors| format!("{errors:?}"))?;
        let mut writer = Writer { productions: &productions, wanted: Vec::new(), text: String::new() };
        writer.all()?;
        let folder = env::var_os("OUT_DIR").ok_or("cargo says where to write")?;
        fs::write(PathBuf::from(folder).join("matcher.rs"), writer.text)?;
        Ok(())
    }

    /// Where a production stands, as pest has it: it changes what the same words match, so each has its own function.
    #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
    enum Within {
        /// Blanks may stand between its parts.
        Blanks,
        /// No blanks: `$`.
        Compound,
        /// No blanks, and nothing within leaves a node: `@`.
        Atomic,
    }

    struct Writer<'g> {
        productions: &'g [Production],
        /// The functions called so far and not yet written.
        wanted: Vec<(&'g str, Within)>,
        text: String,
    }

    impl<'g> Writer<'g> {
        fn all(&mut self) -> Result<(), String> {
            self.call(FIRST, Within::Blanks)?;
            self.call("WHITESPACE", Within::Atomic)?;
            let mut written = BTreeSet::new();
            while let Some((name, within)) = self.wanted.pop() {
                if written.insert((name, within)) {
                    self.function(name, within)?;
                }
            }
            Ok(())
        }

        fn function(&mut self, name: &str, within: Within) -> Result<(), String> {
            let production = self.production(name)?;
            let inside = match production.ty {
                RuleType::Atomic => Within::Atomic,
                RuleType::CompoundAtomic => Within::Compound,
                RuleType::NonAtomic => Within::Blanks,
                RuleType::Normal | RuleType::Silent => within,
            };
            let leaves_node = match production.ty {
                RuleType::Silent => false,
                RuleType::Normal | RuleType::Atomic => within != Within::Atomic,
                RuleType::CompoundAtomic | RuleType::NonAtomic => true,
            };
            let mut body = self.expression(&production.expr, inside)?;
            if leaves_node {
                body = format!("m.node(Rule::{name}, |m| {body})");
            }
            let function = function(name, within);
            self.text.push_str(&format!(
                "pub(super) fn {function}(m: &mut Matcher<'_>) -> bool {{\n    {body}\n}}\n\n"
            ));
            Ok(())
        }

        fn production(&self, name: &str) -> Result<&'g Production, String> {
            let found = self.productions.iter().find(|production| production.name == name);
            found.ok_or_else(|| format!("the matcher does not know `{name}`"))
        }

        fn call(&mut self, name: &str, within: Within) -> Result<String, String> {
            self.wanted.push((&self.production(name)?.name, within));
            Ok(format!("{}(m)", function(name, within)))
        }

        /// An expression of Rust that says whether one of the grammar matched, and has moved behind it if it did.
        fn expression(&mut self, expr: &Expr, within: Within) -> Result<String, String> {
            if let Some(bytes) = self.bytes(expr) {
                return Ok(format!("m.byte(|byte| matches!(byte, {bytes}))"));
            }
            Ok(match expr {
                Expr::Str(text) => format!("m.text({text:?})"),
                Expr::Ident(name) => self.call(name, within)?,
                Expr::PosPred(ahead) => format!("m.ahead(|m| {})", self.expression(ahead, within)?),
                Expr::NegPred(ahead) => format!("!m.ahead(|m| {})", self.expression(ahead, within)?),
                Expr::Opt(part) => format!("m.optional(|m| {})", self.expression(part, within)?),
                Expr::Seq(..) => {
                    let between = if within == Within::Blanks { " && blanks(m) && " } else { " && " };
                    let parts = self.each(&sequence(expr), within)?;
                    format!("m.all(|m| {})", parts.join(between))
                }
                Expr::Choice(..) => format!("m.either(|m| {})", self.either(&choice(expr), within)?),
                Expr::Rep(part) => match self.bytes(part) {
                    Some(bytes) if within != Within::Blanks => {
                        format!("m.run(|byte| matches!(byte, {bytes}))")
                    }
                    _ => self.repeated(part, within)?,
                },
                Expr::Skip(ends) => {
                    let ends = ends.iter().map(|end| single(end).map(quoted)).collect::<Option<Vec<_>>>();
                    let ends = ends.ok_or("the matcher skips to single characters only")?;
                    format!("m.run(|byte| !matches!(byte, {}))", ends.join(" | "))
                }
                other => return Err(format!("the matcher does not know {other:?}")),
            })
        }

        fn each(&mut self, parts: &[&Expr], within: Within) -> Result<Vec<String>, String> {
            parts.iter().map(|part| self.expression(part, within)).collect()
        }

        /// Those of a choice that may begin with the next byte, in order.
        fn either(&mut self, parts: &[&Expr], within: Within) -> Result<String, String> {
            let firsts: Vec<Option<u8>> = parts.iter().map(|part| self.first(part)).collect();
            let each = self.each(parts, within)?;
            let beginning = |byte: Option<u8>| {
                let may = each.iter().zip(&firsts).filter(|(_, first)| first.is_none() || **first == byte);
                may.map(|(part, _)| part.as_str()).collect::<Vec<_>>().join(" || ")
            };
            let known: BTreeSet<u8> = firsts.iter().copied().flatten().collect();
            if known.is_empty() {
                return Ok(each.join(" || "));
            }
            let arms =
                known.iter().map(|byte| format!("Some({}) => {}, ", quoted(*byte), beginning(Some(*byte))));
            let arms: String = arms.collect();
            let others = Some(beginning(None)).filter(|others| !others.is_empty());
            Ok(format!("match m.next() {{ {arms}_ => {} }}", others.as_deref().unwrap_or("false")))
        }

        /// The byte with which everything begins that an expression matches, if it is clear.
        fn first(&self, expr: &Expr) -> Option<u8> {
            match expr {
                Expr::Str(text) => text.bytes().next(),
                Expr::Seq(first, _) => self.first(first),
                Expr::Ident(name) => self.first(&self.production(name).ok()?.expr),
                _ => None,
            }
        }

        fn repeated(&mut self, part: &Expr, within: Within) -> Result<String, String> {
            let part = self.expression(part, within)?;
            Ok(match within {
                Within::Blanks => {
                    format!("m.optional(|m| {part} && m.repeat(|m| m.all(|m| blanks(m) && {part})))")
                }
                Within::Compound | Within::Atomic => format!("m.repeat(|m| {part})"),
            })
        }

        /// The pattern of an expression that matches one byte.
        fn bytes(&self, expr: &Expr) -> Option<String> {
            match expr {
                Expr::Str(text) => single(text).map(quoted),
                Expr::Range(first, last) => {
                    let (first, last) = (single(first)?, single(last)?);
                    Some(if first == last {
                        quoted(first)
                    } else {
                        format!("{}..={}", quoted(first), quoted(last))
                    })
                }
                Expr::Choice(..) => {
                    let each: Option<Vec<_>> =
                        choice(expr).into_iter().map(|part| self.bytes(part)).collect();
                    Some(each?.join(" | "))
                }
                Expr::Ident(name) => {
                    if let Some((_, bytes)) = KINDS.iter().find(|(kind, _)| kind == name) {
                        return Some((*bytes).to_owned());
                    }
                    let silent =
                        self.production(name).ok().filter(|production| production.ty == RuleType::Silent)?;
                    self.bytes(&silent.expr)
                }
                _ => None,
            }
        }
    }

    /// The name of a production's function.
    fn function(name: &str, within: Within) -> String {
        let name = name.to_lowercase();
        match within {
            Within::Blanks => name,
            Within::Compound => format!("{name}_compound"),
            Within::Atomic => format!("{name}_atomic"),
        }
    }

    fn sequence(expr: &Expr) -> Vec<&Expr> {
        match expr {
            Expr::Seq(first, rest) => [vec![&**first], sequence(rest)].concat(),
            other => vec![other],
        }
    }

    fn choice(expr: &Expr) -> Vec<&Expr> {
        match expr {
            Expr::Choice(first, rest) => [vec![&**first], choice(rest)].concat(),
            other => vec![other],
        }
    }

    /// The only byte of a text.
    fn single(text: &str) -> Option<u8> {
        match text.as_bytes() {
            [byte] if byte.is_ascii() => Some(*byte),
            _ => None,
        }
    }

    fn quoted(byte: u8) -> String {
        format!("b'{}'", byte.escape_ascii())
    }
}
