//! The wire format, read from the schemas while the program runs: it knows nothing of the generated codec,
//! and so checks that too.

use ottla_codegen::schema::{Api, Field, Message, Struct, Type, Versions};

use crate::{batch, value::Value};

/// Puts and takes the fields of one message at one version.
#[derive(Clone, Copy)]
pub struct Codec<'a> {
    message: &'a Message,
    version: i16,
    flexible: bool,
}

/// Whether a version of an API has compact lengths and tagged fields.
pub fn is_flexible(api: &Api, version: i16) -> bool {
    api.flexible.is_some_and(|first| first <= version)
}

fn covers(versions: Versions, version: i16) -> bool {
    versions.first <= version && versions.last.is_none_or(|last| version <= last)
}

/// The value that a field has where nobody gives one.
pub fn default(field: &Field) -> Value {
    match (field.default.as_deref(), &field.ty) {
        (Some("null"), _) => Value::Null,
        (Some(text), Type::Primitive(name)) => match name.as_str() {
            "string" => Value::Text(text.trim_matches('"').to_owned()),
            "bool" => Value::Bool(text == "true"),
            "f64" => Value::Float(text.parse().unwrap_or_default()),
            _ => Value::Int(match text.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16).unwrap_or_default(),
                None => text.parse().unwrap_or_default(),
            }),
        },
        (_, Type::Primitive(name)) => match name.as_str() {
            "string" => Value::Text(String::new()),
            "bytes" | "records" => Value::Bytes(Vec::new()),
            "uuid" => Value::Uuid([0; 16]),
            "bool" => Value::Bool(false),
            "f64" => Value::Float(0.0),
            _ => Value::Int(0),
        },
        (_, Type::Array(_)) => Value::List(Vec::new()),
        (_, Type::Struct(_)) => Value::Struct(Vec::new()),
    }
}

impl<'a> Codec<'a> {
    /// The codec of `message`, which is a part of `api`.
    pub fn new(api: &Api, message: &'a Message, version: i16) -> Codec<'a> {
        Codec { message, version, flexible: is_flexible(api, version) }
    }

    fn definition(&self, name: &str) -> &'a Struct {
        self.message.structs.iter().find(|s| s.name == name).expect("the schema defines what it names")
    }

    /// The message itself.
    pub fn top(&self) -> &'a Struct {
        &self.message.structs[0]
    }

    /// The struct behind a field, if it is one or a list of one.
    pub fn inner(&self, ty: &Type) -> Option<&'a Struct> {
        ottla_codegen::schema::inner_struct(ty).map(|name| self.definition(name))
    }

    /// Whether the version has a field.
    pub fn has(&self, field: &Field) -> bool {
        covers(field.versions, self.version)
    }

    /// Whether the version's field may be null.
    pub fn may_be_null(&self, field: &Field) -> bool {
        field.nullable.is_some_and(|versions| covers(versions, self.version))
    }

    fn is_tagged(&self, field: &Field) -> bool {
        self.flexible && field.tag.is_some_and(|(_, versions)| covers(versions, self.version))
    }

    /// Writes the body of a message.
    pub fn encode(&self, value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        self.put_struct(&mut out, self.top(), value);
        out
    }

    fn put_struct(&self, out: &mut Vec<u8>, definition: &Struct, value: &Value) {
        let mut tagged = Vec::new();
        for field in definition.fields.iter().filter(|f| self.has(f)) {
            let given = value.get(&field.name).cloned().unwrap_or_else(|| default(field));
            match field.tag.filter(|_| self.is_tagged(field)) {
                Some(_) if given == default(field) => {}
                Some((tag, _)) => {
                    let mut body = Vec::new();
                    self.put(&mut body, field.nullable.is_some(), &field.ty, &given);
                    tagged.push((tag, body));
                }
                None => self.put(out, field.nullable.is_some(), &field.ty, &given),
            }
        }
        if self.flexible {
            uvarint(out, tagged.len() as u64);
            for (tag, body) in tagged {
                uvarint(out, tag.into());
                uvarint(out, body.len() as u64);
                out.extend(body);
            }
        }
    }

    fn put(&self, out: &mut Vec<u8>, nullable: bool, ty: &Type, value: &Value) {
        match ty {
            Type::Array(inner) => match value {
                Value::Null => self.put_length(out, None, false),
                Value::List(items) => {
                    self.put_length(out, Some(items.len()), false);
                    items.iter().for_each(|item| self.put(out, false, inner, item));
                }
                _ => self.put_length(out, Some(0), false),
            },
            Type::Struct(name) => {
                if nullable {
                    out.push(if *value == Value::Null { 0xff } else { 1 });
                }
                if *value != Value::Null {
                    self.put_struct(out, self.definition(name), value);
                }
            }
            Type::Primitive(name) => self.put_primitive(out, name, value),
        }
    }

    fn put_primitive(&self, out: &mut Vec<u8>, name: &str, value: &Value) {
        let number = match value {
            Value::Int(n) => *n,
            Value::Bool(b) => i64::from(*b),
            _ => 0,
        };
        match name {
            "i8" | "bool" => out.push(number as u8),
            "i16" | "u16" => out.extend((number as i16).to_be_bytes()),
            "i32" | "u32" => out.extend((number as i32).to_be_bytes()),
            "i64" => out.extend(number.to_be_bytes()),
            "f64" => out.extend(if let Value::Float(x) = value { x.to_be_bytes() } else { [0; 8] }),
            "uuid" => out.extend(if let Value::Uuid(id) = value { *id } else { [0; 16] }),
            "string" => {
                let text = if let Value::Text(text) = value { Some(text.as_bytes()) } else { None };
                self.put_length(out, text.map(<[u8]>::len), true);
                out.extend(text.unwrap_or_default());
            }
            _ => {
                let bytes = match value {
                    Value::Bytes(bytes) => Some(bytes.clone()),
                    Value::Batch(said) => Some(batch::build(said)),
                    _ => None,
                };
                self.put_length(out, bytes.as_ref().map(Vec::len), false);
                out.extend(bytes.unwrap_or_default());
            }
        }
    }

    fn put_length(&self, out: &mut Vec<u8>, length: Option<usize>, short: bool) {
        match (self.flexible, short) {
            (true, _) => uvarint(out, length.map_or(0, |n| n as u64 + 1)),
            (false, true) => out.extend(length.map_or(-1, |n| n as i16).to_be_bytes()),
            (false, false) => out.extend(length.map_or(-1, |n| n as i32).to_be_bytes()),
        }
    }

    /// Reads the body of a message; bytes behind it are an error too.
    ///
    /// # Errors
    /// Where the bytes stop making sense.
    pub fn decode(&self, mut bytes: &[u8]) -> Result<Value, String> {
        let value = self.take_struct(&mut bytes, self.top())?;
        if bytes.is_empty() { Ok(value) } else { Err(format!("{} bytes are left over", bytes.len())) }
    }

    fn take_struct(&self, bytes: &mut &[u8], definition: &Struct) -> Result<Value, String> {
        let mut fields = Vec::new();
        for field in definition.fields.iter().filter(|f| self.has(f)) {
            let nullable = field.nullable.is_some();
            let value = if self.is_tagged(field) {
                default(field)
            } else {
                self.take(bytes, nullable, &field.ty).map_err(|e| format!("{}: {e}", field.name))?
            };
            fields.push((field.name.clone(), value));
        }
        if self.flexible {
            for _ in 0..take_uvarint(bytes)? {
                let tag = take_uvarint(bytes)?;
                let size = take_uvarint(bytes)? as usize;
                let mut body = split(bytes, size)?;
                let known = definition.fields.iter().find(|f| {
                    self.has(f) && self.is_tagged(f) && f.tag.is_some_and(|(t, _)| u64::from(t) == tag)
                });
                let Some(field) = known else { return Err(format!("{} has no tag {tag}", definition.name)) };
                let value = self.take(&mut body, field.nullable.is_some(), &field.ty)?;
                let slot = fields.iter_mut().find(|(name, _)| *name == field.name).expect("it was put there");
                slot.1 = value;
            }
        }
        Ok(Value::Struct(fields))
    }

    fn take(&self, bytes: &mut &[u8], nullable: bool, ty: &Type) -> Result<Value, String> {
        match ty {
            Type::Array(inner) => {
                let Some(count) = self.take_length(bytes, false)? else { return Ok(Value::Null) };
                (0..count).map(|_| self.take(bytes, false, inner)).collect::<Result<_, _>>().map(Value::List)
            }
            Type::Struct(name) => {
                if nullable && split(bytes, 1)?[0] == 0xff {
                    return Ok(Value::Null);
                }
                self.take_struct(bytes, self.definition(name))
            }
            Type::Primitive(name) => self.take_primitive(bytes, name),
        }
    }

    fn take_primitive(&self, bytes: &mut &[u8], name: &str) -> Result<Value, String> {
        Ok(match name {
            "bool" => Value::Bool(split(bytes, 1)?[0] != 0),
            "i8" => Value::Int((split(bytes, 1)?[0] as i8).into()),
            "i16" => Value::Int(i16::from_be_bytes(fixed(bytes)?).into()),
            "u16" => Value::Int(u16::from_be_bytes(fixed(bytes)?).into()),
            "i32" => Value::Int(i32::from_be_bytes(fixed(bytes)?).into()),
            "u32" => Value::Int(u32::from_be_bytes(fixed(bytes)?).into()),
            "i64" => Value::Int(i64::from_be_bytes(fixed(bytes)?)),
            "f64" => Value::Float(f64::from_be_bytes(fixed(bytes)?)),
            "uuid" => Value::Uuid(fixed(bytes)?),
            "string" => match self.take_length(bytes, true)? {
                None => Value::Null,
                Some(length) => Value::Text(String::from_utf8_lossy(split(bytes, length)?).into_owned()),
            },
            _ => match self.take_length(bytes, false)? {
                None => Value::Null,
                Some(length) => Value::Bytes(split(bytes, length)?.to_vec()),
            },
        })
    }

    fn take_length(&self, bytes: &mut &[u8], short: bool) -> Result<Option<usize>, String> {
        if self.flexible {
            return Ok((take_uvarint(bytes)? as usize).checked_sub(1));
        }
        let length =
            if short { i16::from_be_bytes(fixed(bytes)?).into() } else { i32::from_be_bytes(fixed(bytes)?) };
        Ok(usize::try_from(length).ok())
    }
}

/// Writes an unsigned varint.
pub fn uvarint(out: &mut Vec<u8>, mut value: u64) {
    while 0x80 <= value {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take_uvarint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let byte = split(bytes, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a varint has too many bytes".into())
}

fn split<'b>(bytes: &mut &'b [u8], length: usize) -> Result<&'b [u8], String> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or("the bytes end too soon")?;
    *bytes = rest;
    Ok(taken)
}

fn fixed<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], String> {
    Ok(split(bytes, N)?.try_into().expect("it was split so"))
}
