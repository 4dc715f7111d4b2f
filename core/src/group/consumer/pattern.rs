//! Regular expressions of subscriptions: RE2's syntax, the whole name must match (KIP-848).

use regex::{Regex, RegexBuilder};

use crate::limits::REGEX_MAX_BYTES;

/// A regular expression over names of topics.
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub(super) fn new(text: &str) -> Result<Pattern, String> {
        let build = |text: &str| RegexBuilder::new(text).size_limit(REGEX_MAX_BYTES).build();
        // By itself first: what is wrong is told of what was sent, and nobody closes our group.
        let whole = build(text).and_then(|_| build(&format!("^(?:{text})$")));
        whole.map(Pattern).map_err(|e| match e {
            regex::Error::CompiledTooBig(limit) => format!("it takes more than {limit} bytes"),
            // The last line says what, those before it show where.
            e => e.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
        })
    }

    /// Whether all of a name matches.
    pub(super) fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_matches() {
        let matches = |text: &str, name: &str| Pattern::new(text).unwrap().matches(name);
        assert!(matches("a|b", "a") && matches("a|b", "b"));
        assert!(!matches("a|b", "ab") && !matches("a", "xa"));
        assert!(matches(r"\w+-\d{4}-\w+", "flights-2013-nyc"), "words fit into the bound");
        assert!(matches("flights-.*", "flights-2013") && !matches("", "a"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(Pattern::new("[").err().unwrap(), "unclosed character class");
        assert!(Pattern::new("(?=b)").is_err() && Pattern::new("a)(b").is_err());
        let long = format!("(?:{}){{1000}}", "\\w".repeat(100));
        assert_eq!(Pattern::new(&long).err().unwrap(), format!("it takes more than {REGEX_MAX_BYTES} bytes"));
    }
}
