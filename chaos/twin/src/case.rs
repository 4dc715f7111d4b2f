//! Cases: what is asked, on which connections, in which order. A script is one situation, written to be read;
//! a drawn case is printed in the same notation.
//!
//! ```text
//! # What the case shows.
//! a InitProducerId 4 {}
//!   pid = producer_id                      taken from the answer for later steps
//! a Produce 9 {acks: -1, topic_data: [...]}
//! a Fetch 11 {max_wait_ms: 5000, ...} &    sent, and not waited for
//! b DeleteTopics 5 {topic_names: ["~t"]}   on another connection
//! a wait                                   the answer that is owed on a
//! a Produce 9 {acks: 0, ...} !             no answer is owed
//! a raw x"00000000"                        bytes as they are
//! ```

use std::fmt;

use crate::value::{Parser, Value};

/// Whether an answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// At once.
    Now,
    /// At a later `wait`.
    Later,
    /// There is none.
    Never,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Sends a request.
    Ask {
        /// The API's name.
        api: String,
        /// The version.
        version: i16,
        /// The request's fields; those that are not given have their defaults.
        body: Value,
        /// When its answer is read.
        wait: Wait,
        /// Names for values of the answer, with their paths.
        take: Vec<(String, String)>,
    },
    /// Reads the answer that is owed.
    Wait,
    /// Sends bytes.
    Raw(Vec<u8>),
}

/// One step on one connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The connection.
    pub on: String,
    /// What is done on it.
    pub action: Action,
}

/// A case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// What it shows, or which seed drew it.
    pub title: String,
    /// What is done.
    pub steps: Vec<Step>,
    /// Its topics stay when it has run.
    pub is_kept: bool,
}

impl Case {
    /// Reads a script.
    ///
    /// # Errors
    /// The line that cannot be read, and why.
    pub fn parse(text: &str) -> Result<Case, String> {
        let mut case = Case::default();
        for (number, line) in text.lines().enumerate() {
            case.line(line).map_err(|why| format!("line {}: {why}", number + 1))?;
        }
        Ok(case)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some(comment) = line.strip_prefix('#') {
            if self.steps.is_empty() {
                let space = if self.title.is_empty() { "" } else { " " };
                self.title = format!("{}{space}{}", self.title, comment.trim());
            }
            return Ok(());
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        if line.starts_with(' ') {
            let (name, path) = line.split_once('=').ok_or("a value is taken as «name = path»")?;
            let Some(Step { action: Action::Ask { take, .. }, .. }) = self.steps.last_mut() else {
                return Err("there is no answer to take a value from".into());
            };
            take.push((name.trim().into(), path.trim().into()));
            return Ok(());
        }
        let (on, rest) = line.split_once(' ').ok_or("a step is «connection action»")?;
        let action = match rest.split_once(' ') {
            None if rest == "wait" => Action::Wait,
            Some(("raw", bytes)) => match Parser::new(bytes).value()? {
                Value::Bytes(bytes) => Action::Raw(bytes),
                other => return Err(format!("{other} are no bytes")),
            },
            Some((api, rest)) => {
                let (version, body) = rest.split_once(' ').unwrap_or((rest, "{}"));
                let mut parser = Parser::new(body);
                let value = parser.value()?;
                let wait = match parser.rest() {
                    "" => Wait::Now,
                    "&" => Wait::Later,
                    "!" => Wait::Never,
                    rest => return Err(format!("«{rest}» is left over")),
                };
                let version = version.parse().map_err(|_| format!("«{version}» is no version"))?;
                Action::Ask { api: api.into(), version, body: value, wait, take: Vec::new() }
            }
            None => return Err(format!("«{rest}» is no action")),
        };
        self.steps.push(Step { on: on.into(), action });
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Action::Wait => writeln!(f, "{} wait", self.on),
            Action::Raw(bytes) => writeln!(f, "{} raw {}", self.on, Value::Bytes(bytes.clone())),
            Action::Ask { api, version, body, wait, take } => {
                let end = match wait {
                    Wait::Now => "",
                    Wait::Later => " &",
                    Wait::Never => " !",
                };
                writeln!(f, "{} {api} {version} {body}{end}", self.on)?;
                take.iter().try_for_each(|(name, path)| writeln!(f, "  {name} = {path}"))
            }
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {}", self.title)?;
        self.steps.iter().try_for_each(|step| write!(f, "{step}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_printed_as_it_is_read() {
        let text = "# Two lines of a title.\na Fetch 4 {max_wait_ms: 1} &\n  hw = responses[0].high_watermark\nb raw x\"00ff\"\na wait\na Produce 7 {acks: 0} !\n";
        assert_eq!(Case::parse(text).unwrap().to_string(), text);
        assert_eq!(Case::parse("a Fetch four {}\n").unwrap_err(), "line 1: «four» is no version");
    }
}
