//! Messages as trees: what a script writes down, what a schema encodes, and what two answers are compared as.
//!
//! The notation is JSON with bare field names, and three things more: `$name` is a value taken from an
//! earlier answer, `batch(…)` is a record batch ([`crate::batch`]), `x"00ff"` is bytes. A text that begins
//! with `~` is a name of the case at hand: each run of a case has its own.

use std::fmt;

/// A value of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// Any integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A string.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID.
    Uuid([u8; 16]),
    /// An array.
    List(Vec<Value>),
    /// A struct: its fields by name, in order.
    Struct(Vec<(String, Value)>),
    /// A value of an earlier answer, by its name.
    Variable(String),
    /// A record batch: what it is said to be.
    Batch(Vec<(String, Value)>),
}

impl Value {
    /// A field of a struct.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let Value::Struct(fields) = self else { return None };
        fields.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    /// A field's value, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let Value::Struct(fields) = self else { return None };
        fields.iter_mut().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    /// The value at a path: `responses[0].partition_responses[1].base_offset`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let mut value = self;
        for step in path.split('.') {
            let (name, indexes) = step.split_once('[').map_or((step, ""), |(name, rest)| (name, rest));
            if !name.is_empty() {
                value = value.get(name)?;
            }
            for index in indexes.split('[').filter(|i| !i.is_empty()) {
                let Value::List(items) = value else { return None };
                value = items.get(index.trim_end_matches(']').parse::<usize>().ok()?)?;
            }
        }
        Some(value)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub fn int(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }

    /// Calls `visit` on this value and all within it.
    pub fn walk(&self, visit: &mut impl FnMut(&Value)) {
        visit(self);
        match self {
            Value::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Value::Struct(fields) | Value::Batch(fields) => fields.iter().for_each(|(_, v)| v.walk(visit)),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Bytes(_)
            | Value::Uuid(_)
            | Value::Variable(_) => {}
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn fields(f: &mut fmt::Formatter<'_>, fields: &[(String, Value)], is: &str) -> fmt::Result {
    for (at, (name, value)) in fields.iter().enumerate() {
        write!(f, "{}{name}{is}{value}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => write!(f, "null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::Text(text) => quote(f, text),
            Value::Bytes(bytes) if 100 < bytes.len() => {
                write!(f, "x\"{}\" and {} bytes more", hex(&bytes[..100]), bytes.len() - 100)
            }
            Value::Bytes(bytes) => write!(f, "x\"{}\"", hex(bytes)),
            Value::Uuid(bytes) => write!(f, "uuid\"{}\"", hex(bytes)),
            Value::List(items) => {
                write!(f, "[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
                }
                write!(f, "]")
            }
            Value::Struct(inner) => {
                write!(f, "{{")?;
                fields(f, inner, ": ")?;
                write!(f, "}}")
            }
            Value::Variable(name) => write!(f, "${name}"),
            Value::Batch(inner) => {
                write!(f, "batch(")?;
                fields(f, inner, "=")?;
                write!(f, ")")
            }
        }
    }
}

/// From so many on, a character that stands again and again is written once, with its number.
const RUN_MIN: usize = 64;

/// Writes a text in quotes; `x\*{300}` is 300 times `x`.
fn quote(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"")?;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches(c);
        let run = (rest.len() - after.len()) / c.len_utf8();
        let (shown, number) = if run < RUN_MIN { (run, String::new()) } else { (1, format!("\\*{{{run}}}")) };
        for _ in 0..shown {
            // An apostrophe needs no escape between quotes.
            if c == '\'' { write!(f, "{c}")? } else { write!(f, "{}", c.escape_debug())? }
        }
        write!(f, "{number}")?;
        rest = after;
    }
    write!(f, "\"")
}

/// Reads the notation.
pub struct Parser<'a> {
    text: &'a str,
}

/// What stands between braces.
fn braced(chars: &mut std::str::CharIndices<'_>) -> String {
    chars.skip(1).map(|(_, c)| c).take_while(|c| *c != '}').collect()
}

impl<'a> Parser<'a> {
    /// Reads from the front of `text`.
    pub fn new(text: &'a str) -> Parser<'a> {
        Parser { text }
    }

    /// What was not read.
    pub fn rest(&self) -> &'a str {
        self.text.trim_start()
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest();
        let found = rest.starts_with(token);
        self.text = if found { &rest[token.len()..] } else { rest };
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            Ok(())
        } else {
            Err(format!("«{token}» is missing before «{:.30}»", self.text))
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '+' | '.'))
            .unwrap_or(rest.len());
        self.text = &rest[end..];
        &rest[..end]
    }

    fn quoted(&mut self) -> Result<String, String> {
        self.expect("\"")?;
        let mut out = String::new();
        let mut chars = self.text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.text = &self.text[at + 1..];
                    return Ok(out);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, 'r')) => out.push('\r'),
                    Some((_, '0')) => out.push('\0'),
                    Some((_, '*')) => {
                        let again = out.chars().next_back().ok_or("«\\*» needs a character before it")?;
                        let run: usize = braced(&mut chars).parse().map_err(|_| "«\\*» needs a number")?;
                        out.extend(std::iter::repeat_n(again, run.saturating_sub(1).min(1 << 20)));
                    }
                    Some((_, 'u')) => {
                        let code = braced(&mut chars);
                        let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                        out.push(code.ok_or("a character that is none")?);
                    }
                    Some((_, c)) => out.push(c),
                    None => break,
                },
                c => out.push(c),
            }
        }
        Err("a text does not end".into())
    }

    fn bytes(&mut self) -> Result<Vec<u8>, String> {
        let text = self.quoted()?;
        (0..text.len() / 2)
            .map(|at| {
                u8::from_str_radix(&text[2 * at..2 * at + 2], 16)
                    .map_err(|_| format!("«{text}» is not hexadecimal"))
            })
            .collect()
    }

    fn fields(&mut self, is: &str, end: &str) -> Result<Vec<(String, Value)>, String> {
        let mut fields = Vec::new();
        while !self.take(end) {
            let name = self.word().to_owned();
            self.expect(is)?;
            fields.push((name, self.value()?));
            if !self.take(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(fields)
    }

    /// Reads a value.
    ///
    /// # Errors
    /// What is missing, and where.
    pub fn value(&mut self) -> Result<Value, String> {
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.quoted().map(Value::Text);
        }
        if self.take("{") {
            return self.fields(":", "}").map(Value::Struct);
        }
        if self.take("[") {
            let mut items = Vec::new();
            while !self.take("]") {
                items.push(self.value()?);
                if !self.take(",") {
                    self.expect("]")?;
                    break;
                }
            }
            return Ok(Value::List(items));
        }
        if self.take("$") {
            return Ok(Value::Variable(self.word().to_owned()));
        }
        match self.word() {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "x" => self.bytes().map(Value::Bytes),
            "uuid" => {
                let bytes = self.bytes()?;
                bytes.try_into().map(Value::Uuid).map_err(|_| "a UUID has 16 bytes".into())
            }
            "batch" => {
                self.expect("(")?;
                self.fields("=", ")").map(Value::Batch)
            }
            number => number
                .parse()
                .map(Value::Int)
                .or_else(|_| number.parse().map(Value::Float))
                .map_err(|_| format!("«{number}» is no value")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        let text = r#"{a: [1, -2, null], name: "~t\"\0", b: x"00ff", id: uuid"00000000000000000000000000000001", c: $pid, d: {}, e: batch(records=2, key=null), f: 1.5, g: true}"#;
        let value = Parser::new(text).value().unwrap();
        assert_eq!(Parser::new(&value.to_string()).value().unwrap(), value);
        assert_eq!(value.at("a[1]"), Some(&Value::Int(-2)));
        assert!(Parser::new("{a: }").value().is_err());
        let long = Value::Text(format!("~a'\u{301}{}b\"", "x".repeat(32_700)));
        assert_eq!(long.to_string(), r#""~a'\u{301}x\*{32700}b\"""#);
        assert_eq!(Parser::new(&long.to_string()).value().unwrap(), long);
    }
}
