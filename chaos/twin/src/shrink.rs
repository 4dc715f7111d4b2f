//! Shrinking: a case that differs, cut down to what the difference needs.

use crate::{
    case::{Action, Case},
    value::Value,
};

/// Most tries.
const TRIES_MAX: usize = 400;

/// Cuts a case down while `differs` says that it still differs in the same way: whole steps first, then what
/// stands in them.
pub fn shrink(case: &Case, mut differs: impl FnMut(&Case) -> bool) -> Case {
    let mut best = case.clone();
    let mut tries = 0;
    let mut attempt = |best: &mut Case, smaller: Option<Case>| {
        let Some(smaller) = smaller.filter(|_| tries < TRIES_MAX) else { return };
        tries += 1;
        if differs(&smaller) {
            *best = smaller;
        }
    };
    loop {
        let before = best.clone();
        let mut chunk = best.steps.len().div_ceil(2);
        while 0 < chunk {
            let mut end = best.steps.len();
            while 0 < end {
                let start = end.saturating_sub(chunk);
                let mut smaller = best.clone();
                smaller.steps.drain(start..end.min(best.steps.len()));
                attempt(&mut best, Some(smaller));
                end = start;
            }
            chunk /= 2;
        }
        for at in 0..best.steps.len() {
            let Action::Ask { body, .. } = &best.steps[at].action else { continue };
            for path in paths(body) {
                let mut smaller = best.clone();
                let Action::Ask { body, .. } = &mut smaller.steps[at].action else { continue };
                let fits = remove(body, &path);
                attempt(&mut best, fits.then_some(smaller));
            }
        }
        if best == before {
            return best;
        }
    }
}

/// Fields without which a produce request is owed no answer, or gets none from Kafka.
const KEPT: &[&str] = &["acks", "records"];

/// Where each field and each item of a value lies that may be left out.
fn paths(value: &Value) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let inner: Vec<(&str, &Value)> = match value {
        Value::Struct(fields) | Value::Batch(fields) => fields.iter().map(|(n, v)| (n.as_str(), v)).collect(),
        Value::List(items) => items.iter().map(|item| ("", item)).collect(),
        _ => Vec::new(),
    };
    for (at, (name, value)) in inner.into_iter().enumerate().rev() {
        if !KEPT.contains(&name) {
            found.push(vec![at]);
        }
        found.extend(paths(value).into_iter().map(|path| [&[at][..], &path].concat()));
    }
    found
}

fn remove(value: &mut Value, path: &[usize]) -> bool {
    let Some((at, rest)) = path.split_first() else { return false };
    match (value, rest.is_empty()) {
        (Value::Struct(fields) | Value::Batch(fields), true) if *at < fields.len() => {
            fields.remove(*at);
            true
        }
        (Value::List(items), true) if *at < items.len() => {
            items.remove(*at);
            true
        }
        (Value::Struct(fields) | Value::Batch(fields), false) => {
            fields.get_mut(*at).is_some_and(|(_, value)| remove(value, rest))
        }
        (Value::List(items), false) => items.get_mut(*at).is_some_and(|value| remove(value, rest)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_shrinks_to_what_matters() {
        let text = "# t\na Metadata 1 {topics: []}\na Fetch 4 {max_wait_ms: 1, topics: [{topic: \"x\"}, {topic: \"y\"}]}\nb Metadata 1 {}\n";
        let case = Case::parse(text).unwrap();
        let small = shrink(&case, |case| case.to_string().contains("topic: \"y\""));
        assert_eq!(small.to_string(), "# t\na Fetch 4 {topics: [{topic: \"y\"}]}\n");
    }
}
