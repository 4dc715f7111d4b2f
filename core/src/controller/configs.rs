//! The settings of topics: changed one by one (KIP-339), or all at once.

use std::collections::BTreeMap;

use super::{
    Image, Refusal,
    partitions::recount_eligible,
    records::{self, Record},
    refuse,
};
use crate::{
    config::{self, Kind},
    errors::ErrorCode,
    types::TopicName,
};

/// What is done to a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigChange {
    /// It gets this value.
    Set(String),
    /// It is the broker's again.
    Delete,
    /// These are added to its list, with commas between them.
    Append(String),
    /// These are taken out of its list, with commas between them.
    Subtract(String),
}

/// Decides about changes of a topic's settings; the others stay as they are.
///
/// # Errors
/// Kafka's code and a sentence, in its order: a setting cannot be changed so, there can be no such topic, a setting cannot
/// have that value, there is no such topic.
pub fn alter_configs(
    image: &Image,
    topic: &str,
    changes: &[(String, ConfigChange)],
) -> Result<Vec<Record>, Refusal> {
    let mut values = Values::new();
    for (name, change) in changes {
        let now = image.topic(topic).and_then(|topic| topic.configs.get(name));
        let value = match change {
            ConfigChange::Set(value) => Some(value.clone()),
            ConfigChange::Delete => None,
            ConfigChange::Append(items) => Some(edited(name, now, Edit::Append, items)?),
            ConfigChange::Subtract(items) => Some(edited(name, now, Edit::Subtract, items)?),
        };
        values.insert(name.clone(), value);
    }
    record(image, topic, values)
}

/// Decides about all settings of a topic at once: those that are not given are the broker's again.
///
/// # Errors
/// As [`alter_configs`].
pub fn replace_configs(
    image: &Image,
    topic: &str,
    configs: &[(String, String)],
) -> Result<Vec<Record>, Refusal> {
    let own = image.topic(topic).into_iter().flat_map(|topic| topic.configs.keys());
    let mut values: Values = own.map(|name| (name.clone(), None)).collect();
    values.extend(configs.iter().map(|(name, value)| (name.clone(), Some(value.clone()))));
    record(image, topic, values)
}

/// New values; `None` is the broker's.
type Values = BTreeMap<String, Option<String>>;

#[derive(Clone, Copy)]
enum Edit {
    Append,
    Subtract,
}

/// A list with something added or taken out.
fn edited(name: &str, now: Option<&String>, edit: Edit, given: &str) -> Result<String, Refusal> {
    let Some(setting) = config::topic_setting(name).filter(|setting| setting.kind == Kind::List) else {
        let verb = if matches!(edit, Edit::Append) { "APPEND" } else { "SUBTRACT" };
        let why = format!("Can't {verb} to key {name} because its type is not LIST.");
        return refuse(ErrorCode::InvalidConfig, why);
    };
    let now = now.map_or(setting.default.unwrap_or_default(), String::as_str);
    let mut items: Vec<&str> = now.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    for item in given.split(',') {
        let at = items.iter().position(|other| *other == item);
        match (edit, at) {
            (Edit::Append, None) => items.push(item),
            (Edit::Subtract, Some(at)) => drop(items.remove(at)),
            (Edit::Append, Some(_)) | (Edit::Subtract, None) => {}
        }
    }
    Ok(items.join(","))
}

/// The records of new values.
fn record(image: &Image, topic: &str, values: Values) -> Result<Vec<Record>, Refusal> {
    if topic.is_empty() {
        return refuse(ErrorCode::InvalidRequest, "Default topic resources are not allowed.");
    }
    TopicName::new(topic).or_else(|why| refuse(ErrorCode::InvalidTopicException, why))?;
    for (name, value) in &values {
        // What nobody has heard of is not there: that it goes changes nothing.
        let checked = value.as_ref().map_or(Ok(()), |value| config::check_topic(name, value));
        checked.or_else(|e| refuse(ErrorCode::InvalidConfig, e.to_string()))?;
    }
    let Some(topic) = image.topic(topic) else {
        return refuse(ErrorCode::UnknownTopicOrPartition, format!("The topic '{topic}' does not exist."));
    };
    let is_recounted = values.contains_key("min.insync.replicas");
    let changed = values.into_iter().filter(|(name, value)| topic.configs.get(name) != value.as_ref());
    let config = |(name, value)| {
        Record::TopicConfig(records::TopicConfig { topic_id: topic.id.0.to_vec(), name, value })
    };
    let mut records: Vec<Record> = changed.map(config).collect();
    if is_recounted {
        let mut then = image.clone();
        records.iter().for_each(|record| then.replay(record));
        records.extend(then.topic_by_id(topic.id).map_or(Vec::new(), |topic| recount_eligible(&then, topic)));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Image {
        let mut image = Image::default();
        let (id, config) = (vec![7; 16], |name: &str, value: &str| {
            Record::TopicConfig(records::TopicConfig {
                topic_id: vec![7; 16],
                name: name.into(),
                value: Some(value.into()),
            })
        });
        image.replay(&Record::RegisterBroker(records::RegisterBroker {
            node: 1,
            incarnation: vec![0; 16],
            ..Default::default()
        }));
        image.replay(&Record::Topic(records::Topic { id: id.clone(), name: "t".into() }));
        image.replay(&config("cleanup.policy", "compact"));
        image.replay(&config("retention.ms", "5"));
        image.replay(&Record::Partition(records::Partition {
            topic_id: id,
            replicas: vec![1, 2],
            in_sync: vec![1],
            eligible: vec![2],
            leader: 1,
            ..Default::default()
        }));
        image
    }

    fn after(records: Result<Vec<Record>, Refusal>) -> Result<Vec<(String, String)>, i16> {
        let mut image = image();
        records.map_err(|refusal| refusal.code.code())?.iter().for_each(|record| image.replay(record));
        Ok(image.topic("t").unwrap().configs.clone().into_iter().collect())
    }

    fn changed(name: &str, change: ConfigChange) -> Result<Vec<(String, String)>, i16> {
        after(alter_configs(&image(), "t", &[(name.into(), change)]))
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn settings_change_one_by_one() {
        let set = ConfigChange::Set("9".into());
        assert_eq!(
            changed("retention.ms", set),
            Ok(pairs(&[("cleanup.policy", "compact"), ("retention.ms", "9")]))
        );
        assert_eq!(
            changed("retention.ms", ConfigChange::Delete),
            Ok(pairs(&[("cleanup.policy", "compact")]))
        );
        let policy = |change| Ok(changed("cleanup.policy", change)?[0].1.clone());
        assert_eq!(policy(ConfigChange::Append("delete".into())), Ok("compact,delete".into()));
        assert_eq!(policy(ConfigChange::Append("compact".into())), Ok("compact".into()));
        assert_eq!(policy(ConfigChange::Append("burn".into())), Err(40));
        assert_eq!(changed("retention.ms", ConfigChange::Append("9".into())), Err(40));
        assert_eq!(changed("retention.ms", ConfigChange::Set("x".into())), Err(40));
        assert_eq!(changed("nonsense", ConfigChange::Set("1".into())), Err(40));
        assert_eq!(changed("nonsense", ConfigChange::Delete).map(|all| all.len()), Ok(2));
        assert_eq!(after(alter_configs(&image(), "u", &[])), Err(3));
    }

    #[test]
    fn what_is_not_given_is_the_brokers_again() {
        let replaced = replace_configs(&image(), "t", &pairs(&[("segment.ms", "10")]));
        assert_eq!(after(replaced), Ok(pairs(&[("segment.ms", "10")])));
    }

    #[test]
    fn who_is_eligible_stays_so_for_as_long_as_nothing_commits() {
        let eligible = |min: &str| {
            let mut image = image();
            let change = [("min.insync.replicas".to_owned(), ConfigChange::Set(min.into()))];
            alter_configs(&image, "t", &change).unwrap().iter().for_each(|record| image.replay(record));
            image.topic("t").unwrap().partitions[0].eligible.clone()
        };
        assert_eq!((eligible("2"), eligible("1")), (vec![2], vec![]));
    }
}
