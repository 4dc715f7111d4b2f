//! Prints the Rust of a schema.
//!
//! The code relies on `net/src/wire.rs`: a `Reader` and a `Writer` that know whether the message is
//! flexible, so that a field is read the same way in every version.

use std::fmt::Write as _;

use crate::schema::{Api, Field, Message, Struct, Type, Versions};

/// The module of one API: its request, its response, their structs.
pub fn api(api: &Api) -> String {
    let mut out = format!(
        "//! {} (API key {}), versions {} to {}. Generated from `net/schema/{}.api` by `cargo codegen`.\n\n\
         use super::prelude::*;\n",
        api.name, api.key, api.versions.0, api.versions.1, api.module
    );
    message(&mut out, api, &api.request, "request");
    message(&mut out, api, &api.response, "response");
    out
}

fn message(out: &mut String, api: &Api, message: &Message, part: &str) {
    let _ = writeln!(out, "\n/// The {part} and its structs.\npub mod {part} {{\n    use super::*;");
    for (index, definition) in message.structs.iter().enumerate() {
        print_struct(out, api, definition, part, index == 0);
    }
    let _ = writeln!(out, "}}");
    let _ = writeln!(out, "pub use {part}::{};", message.structs[0].name);
}

fn print_struct(out: &mut String, api: &Api, s: &Struct, part: &str, top: bool) {
    let doc = if top {
        format!("Kafka's {} {part}.", api.name)
    } else {
        format!("A part of the {part}: `{}`.", s.name)
    };
    let _ = writeln!(
        out,
        "\n    /// {doc}\n    #[derive(Clone, Debug, PartialEq)]\n    pub struct {} {{",
        s.name
    );
    for field in &s.fields {
        let _ = writeln!(
            out,
            "        /// {}\n        pub {}: {},",
            field_doc(api, field),
            field.name,
            rust_type(field)
        );
    }
    let _ = writeln!(
        out,
        "    }}\n\n    impl Default for {} {{\n        fn default() -> Self {{\n            Self {{",
        s.name
    );
    for field in &s.fields {
        let _ = writeln!(out, "                {}: {},", field.name, default(field));
    }
    let _ = writeln!(out, "            }}\n        }}\n    }}\n\n    impl Message for {} {{", s.name);
    print_read(out, api, s);
    print_encode(out, api, s);
    print_sample(out, api, s);
    let _ = writeln!(out, "    }}");
}

fn print_read(out: &mut String, api: &Api, s: &Struct) {
    let _ = writeln!(
        out,
        "        fn read(&mut self, r: &mut Reader, v: i16) -> Result<(), DecodeError> {{\n            let _ = v;"
    );
    for field in &s.fields {
        let always = field.tag.is_none() && condition(api, field.versions).is_none();
        if !always {
            let _ = writeln!(out, "            {}", reset(field));
        }
    }
    for field in &s.fields {
        for versions in untagged(api, field) {
            let _ = writeln!(
                out,
                "            {}",
                guarded(api, versions, &format!("{};", read_into(api, field)))
            );
        }
    }
    if api.flexible.is_some() {
        let _ = writeln!(
            out,
            "            r.tagged(|tag, r| {{\n                let _ = &r;\n                match tag {{"
        );
        for field in &s.fields {
            if let Some((tag, versions)) = field.tag {
                let guard = condition(api, versions).map(|c| format!(" if {c}")).unwrap_or_default();
                let _ = writeln!(out, "                    {tag}{guard} => {},", read_into(api, field));
            }
        }
        let _ = writeln!(out, "                    _ => return Ok(false),\n                }}");
        let known = s.fields.iter().any(|f| f.tag.is_some());
        let _ = writeln!(out, "{}            }})", if known { "                Ok(true)\n" } else { "" });
    } else {
        let _ = writeln!(out, "            Ok(())");
    }
    let _ = writeln!(out, "        }}\n");
}

/// A statement that gives a field its default, and keeps the memory of a list.
fn reset(field: &Field) -> String {
    match (&field.ty, field.nullable) {
        (Type::Array(_), None) => format!("self.{}.clear();", field.name),
        _ => format!("self.{} = {};", field.name, default(field)),
    }
}

/// A statement, without its semicolon, that reads a field; a list keeps its memory.
fn read_into(api: &Api, field: &Field) -> String {
    match (&field.ty, field.nullable) {
        (Type::Array(_) | Type::Struct(_), None) => fill(&field.ty, &format!("self.{}", field.name), "&mut "),
        _ => format!("self.{} = {}", field.name, decode(api, field, "r")),
    }
}

/// Reads into the place `place`; `by` makes a reference of it.
fn fill(ty: &Type, place: &str, by: &str) -> String {
    match ty {
        Type::Primitive(_) => format!("*{place} = {}", read(ty, "r")),
        Type::Struct(_) => format!("{place}.read(r, v)?"),
        Type::Array(inner) => {
            let element = match &**inner {
                Type::Struct(_) => "x.read(r, v)".to_owned(),
                inner => format!("{{ {}; Ok(()) }}", fill(inner, "x", "")),
            };
            format!("r.array_into({by}{place}, |r, x| {element})?")
        }
    }
}

fn print_encode(out: &mut String, api: &Api, s: &Struct) {
    let _ = writeln!(out, "        fn encode(&self, w: &mut Writer<'_>, v: i16) {{\n            let _ = v;");
    let names: Vec<&str> = s.fields.iter().map(|f| f.name.as_str()).collect();
    let _ = writeln!(out, "            let Self {{ {} }} = self;", names.join(", "));
    for field in &s.fields {
        let parts = untagged(api, field);
        if parts.is_empty() {
            let _ = writeln!(out, "            let _ = {};", field.name);
        }
        for versions in parts {
            let write = format!("{};", encode(api, field));
            let _ = writeln!(out, "            {}", guarded(api, versions, &write));
        }
    }
    if api.flexible.is_some() {
        let _ = writeln!(out, "            w.tagged(|tags| {{\n                let _ = &tags;");
        for field in &s.fields {
            if let Some((tag, versions)) = field.tag {
                let mut wanted = format!("*{} != {}", field.name, default(field));
                if let Some(condition) = condition(api, versions) {
                    wanted = format!("{condition} && {wanted}");
                }
                let _ = writeln!(
                    out,
                    "                if {wanted} {{ tags.put({tag}, |w| {}); }}",
                    encode(api, field)
                );
            }
        }
        let _ = writeln!(out, "            }});");
    }
    let _ = writeln!(out, "        }}\n");
}

fn print_sample(out: &mut String, api: &Api, s: &Struct) {
    let _ = writeln!(
        out,
        "        #[cfg(feature = \"sample\")]\n        fn sample(s: &mut dyn Sampler, v: i16) -> Self {{"
    );
    let _ = writeln!(out, "            let _ = (&s, v);\n            let mut m = Self::default();");
    for field in &s.fields {
        let draw = format!("m.{} = {};", field.name, sample(api, field));
        let mut ranges = untagged(api, field);
        ranges.extend(field.tag.map(|(_, versions)| versions));
        for versions in ranges {
            let _ = writeln!(out, "            {}", guarded(api, versions, &draw));
        }
    }
    let _ = writeln!(out, "            m\n        }}");
}

/// The versions in which a field stands among the ordinary ones.
fn untagged(api: &Api, field: &Field) -> Vec<Versions> {
    match field.tag {
        None => vec![field.versions],
        Some((_, tagged)) if tagged.first <= field.versions.first.max(api.versions.0) => vec![],
        Some((_, tagged)) => vec![Versions { first: field.versions.first, last: Some(tagged.first - 1) }],
    }
}

/// A test of `v`, or `None` where every version of the API passes.
fn condition(api: &Api, versions: Versions) -> Option<String> {
    let from = (api.versions.0 < versions.first).then(|| format!("{} <= v", versions.first));
    let to = versions.last.filter(|last| *last < api.versions.1).map(|last| format!("v <= {last}"));
    match (from, to) {
        (Some(_), Some(_)) => Some(format!("({}..={}).contains(&v)", versions.first, versions.last?)),
        (from, to) => from.or(to),
    }
}

fn guarded(api: &Api, versions: Versions, statement: &str) -> String {
    match condition(api, versions) {
        Some(condition) => format!("if {condition} {{ {statement} }}"),
        None => statement.to_owned(),
    }
}

fn field_doc(api: &Api, field: &Field) -> String {
    let versions = match (api.versions.0 < field.versions.first, field.versions.last) {
        (_, Some(last)) if last < api.versions.1 => {
            format!("Versions {} to {last}", field.versions.first.max(api.versions.0))
        }
        (true, _) => format!("Version {} and later", field.versions.first),
        (false, _) => "Every version".to_owned(),
    };
    match field.tag {
        Some((tag, _)) => format!("{versions}, tag {tag}."),
        None => format!("{versions}."),
    }
}

fn plain_type(ty: &Type) -> String {
    match ty {
        Type::Primitive(name) => match name.as_str() {
            "string" => "Str".into(),
            "bytes" | "records" => "Bytes".into(),
            "uuid" => "Uuid".into(),
            other => other.into(),
        },
        Type::Struct(name) => name.clone(),
        Type::Array(inner) => format!("Vec<{}>", plain_type(inner)),
    }
}

fn rust_type(field: &Field) -> String {
    let plain = plain_type(&field.ty);
    if field.nullable.is_some() { format!("Option<{plain}>") } else { plain }
}

fn default(field: &Field) -> String {
    let plain = match (&field.ty, field.default.as_deref()) {
        (_, Some("null")) => return "None".into(),
        (Type::Primitive(name), given) => match (name.as_str(), given) {
            ("string", None | Some("\"\"")) => "Str::new()".into(),
            ("string", Some(text)) => format!("Str::from_static({text})"),
            ("bytes" | "records", _) => "Bytes::new()".into(),
            ("uuid", _) => "Uuid::ZERO".into(),
            ("bool", given) => given.unwrap_or("false").to_owned(),
            ("f64", given) => given.unwrap_or("0.0").to_owned(),
            (_, given) => given.unwrap_or("0").to_owned(),
        },
        (Type::Struct(name), _) => format!("{name}::default()"),
        (Type::Array(_), _) => "Vec::new()".into(),
    };
    if field.nullable.is_some() { format!("Some({plain})") } else { plain }
}

/// An expression of `Reader` for a value that is not null.
fn read(ty: &Type, r: &str) -> String {
    match ty {
        Type::Primitive(name) => match name.as_str() {
            "records" => format!("{r}.bytes()?"),
            name => format!("{r}.{name}()?"),
        },
        Type::Struct(_) => format!("Message::decode({r}, v)?"),
        Type::Array(inner) => {
            format!("{r}.nullable_array(|r| Ok({}))?.ok_or(DecodeError::Length(-1))?", read(inner, "r"))
        }
    }
}

fn decode(api: &Api, field: &Field, r: &str) -> String {
    let Some(nullable) = field.nullable else { return read(&field.ty, r) };
    let always = match &field.ty {
        Type::Primitive(name) if name == "string" => format!("{r}.nullable_string()?"),
        Type::Primitive(_) => format!("{r}.nullable_bytes()?"),
        Type::Struct(_) => format!("{r}.nullable_struct(|r| Message::decode(r, v))?"),
        Type::Array(inner) => format!("{r}.nullable_array(|r| Ok({}))?", read(inner, "r")),
    };
    match condition(api, nullable) {
        None => always,
        Some(condition) => format!("if {condition} {{ {always} }} else {{ Some({}) }}", read(&field.ty, r)),
    }
}

/// An expression of `Writer` for the value behind the reference `value`.
fn write(ty: &Type, value: &str) -> String {
    match ty {
        Type::Primitive(name) => match name.as_str() {
            "string" => format!("w.string({value})"),
            "bytes" | "records" => format!("w.bytes({value})"),
            name => format!("w.{name}(*{value})"),
        },
        Type::Struct(_) => format!("{value}.encode(w, v)"),
        Type::Array(inner) => format!("w.array({value}, |w, x| {})", write(inner, "x")),
    }
}

fn encode(api: &Api, field: &Field) -> String {
    let name = &field.name;
    let Some(nullable) = field.nullable else { return write(&field.ty, name) };
    let always = match &field.ty {
        Type::Primitive(p) if p == "string" => format!("w.nullable_string({name}.as_deref())"),
        Type::Primitive(_) => format!("w.nullable_bytes({name}.as_deref())"),
        Type::Struct(_) => format!("w.nullable_struct({name}.as_ref(), |w, x| x.encode(w, v))"),
        Type::Array(inner) => format!("w.nullable_array({name}.as_deref(), |w, x| {})", write(inner, "x")),
    };
    match condition(api, nullable) {
        None => always,
        // Where null has no form, an absent value is the empty one.
        Some(condition) => {
            let empty = match &field.ty {
                Type::Primitive(p) if p == "string" => {
                    format!("w.string({name}.as_deref().unwrap_or_default())")
                }
                Type::Primitive(_) => format!("w.bytes({name}.as_deref().unwrap_or_default())"),
                Type::Struct(_) => format!("{name}.clone().unwrap_or_default().encode(w, v)"),
                Type::Array(inner) => {
                    format!("w.array({name}.as_deref().unwrap_or_default(), |w, x| {})", write(inner, "x"))
                }
            };
            format!("if {condition} {{ {always} }} else {{ {empty} }}")
        }
    }
}

fn draw(ty: &Type, name: &str) -> String {
    match ty {
        Type::Primitive(p) => match p.as_str() {
            "records" => format!("s.bytes({name:?})"),
            p => format!("s.{p}({name:?})"),
        },
        Type::Struct(_) => "Message::sample(s, v)".into(),
        Type::Array(inner) => format!("(0..s.length({name:?})).map(|_| {}).collect()", draw(inner, name)),
    }
}

fn sample(api: &Api, field: &Field) -> String {
    let plain = draw(&field.ty, &field.name);
    let Some(nullable) = field.nullable else { return plain };
    let may = condition(api, nullable).map(|c| format!("{c} && ")).unwrap_or_default();
    format!("if {may}s.null({:?}) {{ None }} else {{ Some({plain}) }}", field.name)
}

/// `mod.rs`: the modules, the table of APIs, and one enum each for requests and responses.
pub fn index(apis: &[Api]) -> String {
    let mut out = String::from(
        "//! Every message of Kafka 4.3. Generated from `net/schema` by `cargo codegen`.\n\n\
         #[allow(unused_imports)]\npub(crate) mod prelude {\n    pub(crate) use crate::wire::{DecodeError, Message, Reader, Str, Writer};\n    \
         #[cfg(feature = \"sample\")]\n    pub(crate) use crate::wire::Sampler;\n    \
         pub(crate) use bytes::Bytes;\n    pub(crate) use ottla_core::types::Uuid;\n}\nuse prelude::*;\n\n",
    );
    for api in apis {
        let _ = writeln!(out, "pub mod {};", api.module);
    }
    print_keys(&mut out, apis);
    print_enum(&mut out, apis, "Request");
    print_enum(&mut out, apis, "Response");
    out
}

fn print_keys(out: &mut String, apis: &[Api]) {
    let _ = writeln!(
        out,
        "\n/// The key of an API.\n#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n#[repr(i16)]\npub enum ApiKey {{"
    );
    for api in apis {
        let _ = writeln!(out, "    /// {}, key {}.\n    {} = {},", api.name, api.key, api.name, api.key);
    }
    let _ = writeln!(
        out,
        "}}\n\nimpl ApiKey {{\n    /// Every API, in the order of keys.\n    pub const ALL: [ApiKey; {}] = [",
        apis.len()
    );
    for api in apis {
        let _ = writeln!(out, "        ApiKey::{},", api.name);
    }
    let _ = writeln!(
        out,
        "    ];\n\n    /// What the schema says of the API.\n    pub const fn spec(self) -> ApiSpec {{\n        match self {{"
    );
    for api in apis {
        let flexible = api.flexible.map_or("None".into(), |v| format!("Some({v})"));
        let on = |kind: &str| api.listeners.iter().any(|l| l == kind);
        let _ = writeln!(
            out,
            "            ApiKey::{} => ApiSpec {{ name: {:?}, versions: ({}, {}), flexible: {flexible}, on_broker: {}, on_controller: {} }},",
            api.name,
            api.name,
            api.versions.0,
            api.versions.1,
            on("broker"),
            on("controller")
        );
    }
    let _ = writeln!(
        out,
        "        }}\n    }}\n}}\n\n/// What the schema says of an API.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct ApiSpec {{\n    \
         /// Kafka's name.\n    pub name: &'static str,\n    /// First and last version.\n    pub versions: (i16, i16),\n    \
         /// The first version with compact and tagged fields.\n    pub flexible: Option<i16>,\n    \
         /// Served on listeners for clients and brokers.\n    pub on_broker: bool,\n    \
         /// Served on listeners for controllers.\n    pub on_controller: bool,\n}}"
    );
}

fn print_enum(out: &mut String, apis: &[Api], part: &str) {
    let lower = part.to_lowercase();
    let _ = writeln!(
        out,
        "\n/// Any {lower}.\n#[derive(Clone, Debug, PartialEq)]\n#[allow(clippy::large_enum_variant)]\npub enum {part} {{"
    );
    for api in apis {
        let _ = writeln!(out, "    /// {}.\n    {}({}::{}{part}),", api.name, api.name, api.module, api.name);
    }
    let _ = writeln!(
        out,
        "}}\n\nimpl {part} {{\n    /// Reads the body of a {lower}.\n    ///\n    /// # Errors\n    /// The bytes are no {lower} of that API and version."
    );
    let _ = writeln!(
        out,
        "    pub fn decode(key: ApiKey, version: i16, r: &mut Reader) -> Result<Self, DecodeError> {{\n        Ok(match key {{"
    );
    for api in apis {
        let _ = writeln!(
            out,
            "            ApiKey::{} => Self::{}(Message::decode(r, version)?),",
            api.name, api.name
        );
    }
    let _ = writeln!(
        out,
        "        }})\n    }}\n\n    /// Writes the body of a {lower}.\n    pub fn encode(&self, version: i16, w: &mut Writer<'_>) {{\n        match self {{"
    );
    for api in apis {
        let _ = writeln!(out, "            Self::{}(m) => m.encode(w, version),", api.name);
    }
    let _ = writeln!(
        out,
        "        }}\n    }}\n\n    /// The API it belongs to.\n    pub fn key(&self) -> ApiKey {{\n        match self {{"
    );
    for api in apis {
        let _ = writeln!(out, "            Self::{}(_) => ApiKey::{},", api.name, api.name);
    }
    let _ = writeln!(
        out,
        "        }}\n    }}\n\n    /// Draws a {lower} of that API and version.\n    #[cfg(feature = \"sample\")]\n    pub fn sample(key: ApiKey, version: i16, s: &mut dyn Sampler) -> Self {{\n        match key {{"
    );
    for api in apis {
        let _ = writeln!(
            out,
            "            ApiKey::{} => Self::{}(Message::sample(s, version)),",
            api.name, api.name
        );
    }
    let _ = writeln!(out, "        }}\n    }}\n}}");
}
