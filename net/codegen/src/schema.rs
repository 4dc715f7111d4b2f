//! The schema of one API: request, response, and the structs in them.

/// An inclusive range of versions; `last` is `None` for «and later».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The first version.
    pub first: i16,
    /// The last version.
    pub last: Option<i16>,
}

/// Versions of a field that has no note of them: all.
pub const ALL: Versions = Versions { first: 0, last: None };

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A type of the wire by its name in the schema: `i32`, `string`, `uuid`, …
    Primitive(String),
    /// A struct of the same message.
    Struct(String),
    /// An array of a primitive or a struct.
    Array(Box<Type>),
}

/// One field of a struct.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, in Rust's form.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// The versions that carry it.
    pub versions: Versions,
    /// The versions in which it may be null.
    pub nullable: Option<Versions>,
    /// Its tag and the versions in which it is tagged.
    pub tag: Option<(u32, Versions)>,
    /// Its default, as written.
    pub default: Option<String>,
}

/// A struct: its name and fields in the order of the wire.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its name, in Rust's form.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A request or a response; the first struct is the message itself.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// All structs of the message.
    pub structs: Vec<Struct>,
}

/// One API of the protocol.
#[derive(Clone, Debug)]
pub struct Api {
    /// The file's name without ending, and the Rust module's.
    pub module: String,
    /// Kafka's name.
    pub name: String,
    /// Kafka's key.
    pub key: i16,
    /// First and last version.
    pub versions: (i16, i16),
    /// The first version with compact and tagged fields, if any.
    pub flexible: Option<i16>,
    /// The kinds of listener that serve it.
    pub listeners: Vec<String>,
    /// The request.
    pub request: Message,
    /// The response.
    pub response: Message,
}

const PRIMITIVES: [&str; 12] =
    ["i8", "i16", "i32", "i64", "u16", "f64", "bool", "string", "bytes", "records", "uuid", "u32"];

/// Reads one schema file.
///
/// # Errors
/// A sentence that names the line.
pub fn parse(module: &str, text: &str) -> Result<Api, String> {
    let mut api = None;
    let mut part = "";
    // The struct that lines of each depth belong to: index into the message's structs.
    let mut open: Vec<usize> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let fail = |why: &str| format!("line {}: {why}", number + 1);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some(api) = api.as_mut() else {
            api = Some(header(module, trimmed).map_err(|why| fail(&why))?);
            continue;
        };
        if !line.starts_with(' ') {
            part = if trimmed == "request" { "Request" } else { "Response" };
            let name = format!("{}{part}", api.name);
            message(api, part).structs.push(Struct { name, fields: Vec::new() });
            open = vec![0];
            continue;
        }
        let depth = (line.len() - line.trim_start().len()) / 2;
        open.truncate(depth);
        let message = message(api, part);
        if let Some(name) = trimmed.strip_prefix("struct ") {
            message.structs.push(Struct { name: name.into(), fields: Vec::new() });
            open.push(message.structs.len() - 1);
            continue;
        }
        let field = field(trimmed).map_err(|why| fail(&why))?;
        let nested = inner_struct(&field.ty).map(str::to_owned);
        let owner = *open.last().ok_or_else(|| fail("a field outside «request» and «response»"))?;
        message.structs[owner].fields.push(field);
        if let Some(name) = nested {
            message.structs.push(Struct { name, fields: Vec::new() });
            open.push(message.structs.len() - 1);
        }
    }
    let mut api = api.ok_or("line 1: the file is empty")?;
    for message in [&mut api.request, &mut api.response] {
        // A field that only names a shared struct opened an empty one of that name.
        let defined: Vec<String> =
            message.structs.iter().filter(|s| !s.fields.is_empty()).map(|s| s.name.clone()).collect();
        let mut first = true;
        message
            .structs
            .retain(|s| std::mem::take(&mut first) || !s.fields.is_empty() || !defined.contains(&s.name));
    }
    Ok(api)
}

fn message<'a>(api: &'a mut Api, part: &str) -> &'a mut Message {
    if part == "Request" { &mut api.request } else { &mut api.response }
}

fn header(module: &str, line: &str) -> Result<Api, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let ["api", name, key, "versions", versions, "flexible", flexible, "listeners", listeners] = words[..]
    else {
        return Err("the first line must begin with «api»".into());
    };
    let versions = range(versions)?;
    Ok(Api {
        module: module.into(),
        name: name.into(),
        key: key.parse().map_err(|_| format!("«{key}» is no key"))?,
        versions: (versions.first, versions.last.unwrap_or(versions.first)),
        flexible: if flexible == "none" { None } else { Some(range(flexible)?.first) },
        listeners: listeners.split(',').map(str::to_owned).collect(),
        request: Message::default(),
        response: Message::default(),
    })
}

/// Reads `3`, `3+` or `3-5`.
fn range(text: &str) -> Result<Versions, String> {
    let number = |t: &str| t.parse::<i16>().map_err(|_| format!("«{text}» is no range of versions"));
    if let Some(first) = text.strip_suffix('+') {
        return Ok(Versions { first: number(first)?, last: None });
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Ok(Versions { first: number(first)?, last: Some(number(last)?) })
}

fn field(line: &str) -> Result<Field, String> {
    let (line, default) = match line.split_once(" = ") {
        Some((line, default)) => (line, Some(default.to_owned())),
        None => (line, None),
    };
    let (name, rest) = line.split_once(": ").ok_or("a field is «name: type …»")?;
    let mut words = rest.split_whitespace();
    let ty = parse_type(words.next().ok_or("a field is «name: type …»")?);
    let mut field = Field { name: name.trim().into(), ty, versions: ALL, nullable: None, tag: None, default };
    for word in words {
        match (word.chars().next(), &word[1..]) {
            (Some('@'), versions) => field.versions = range(versions)?,
            (Some('?'), "") => field.nullable = Some(ALL),
            (Some('?'), versions) => field.nullable = Some(range(versions)?),
            (Some('#'), tag) => {
                let (tag, versions) = match tag.split_once('@') {
                    Some((tag, versions)) => (tag, range(versions)?),
                    None => (tag, field.versions),
                };
                field.tag = Some((tag.parse().map_err(|_| format!("«{tag}» is no tag"))?, versions));
            }
            _ => return Err(format!("«{word}» is no part of a field")),
        }
    }
    Ok(field)
}

fn parse_type(text: &str) -> Type {
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return Type::Array(Box::new(parse_type(inner)));
    }
    if PRIMITIVES.contains(&text) { Type::Primitive(text.into()) } else { Type::Struct(text.into()) }
}

/// The struct that a type is, or is an array of.
pub fn inner_struct(ty: &Type) -> Option<&str> {
    match ty {
        Type::Primitive(_) => None,
        Type::Struct(name) => Some(name),
        Type::Array(inner) => inner_struct(inner),
    }
}
