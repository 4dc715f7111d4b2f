//! Mistakes that are planted into one of two equal brokers: each is found, and cut down to a few steps.
#![allow(clippy::disallowed_methods)]

use std::{collections::BTreeMap, fs, path::PathBuf, sync::mpsc, thread};

use ottla_broker::real;
use ottla_core::config::BrokerConfig;
use ottla_net::env::TokioEnv;
use ottla_twin::{
    case::Case,
    run::{Tamper, Target, apis},
    session::{Options, Session},
    value::Value,
};

/// Starts a broker in this process; it serves until the process ends.
fn broker() -> String {
    let (address, given) = mpsc::channel();
    thread::spawn(move || {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let data = dir.path().join("data").display().to_string();
        let mut config = BrokerConfig::default();
        for (name, value) in
            [("listeners", "PLAINTEXT://127.0.0.1:0"), ("ottla.http.listener", ""), ("log.dirs", &data)]
        {
            config.set(name, value).expect("a legal setting");
        }
        TokioEnv::run(1, async |env| {
            let running = real::start(env, config).await.expect("it starts");
            address.send(running.addresses[0].clone()).expect("the test waits");
            std::future::pending::<()>().await;
        });
    });
    given.recv().expect("the broker starts")
}

/// Compares two equal brokers of which one's answers are changed; returns the scripts that were written.
fn find(name: &str, api: &str, tamper: Option<Tamper>) -> Vec<Case> {
    let apis = apis().expect("the schemas");
    let reference = Target::new(&broker(), &apis).expect("it listens");
    let mut other = Target::new(&broker(), &apis).expect("it listens");
    other.tamper = tamper;
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("planted-{name}"));
    let _ = fs::remove_dir_all(&out);
    let options = Options {
        apis: vec![api.into()],
        seed: 7,
        minutes: None,
        requests: 40,
        scripts: Vec::new(),
        out: out.clone(),
        show: false,
    };
    let mut session = Session::new(reference, other, &apis).expect("both give producer ids");
    let report = session.run(&options).expect("both live");
    let scripts = fs::read_dir(&out).into_iter().flatten().flatten();
    let scripts: Vec<Case> = scripts
        .map(|e| Case::parse(&fs::read_to_string(e.path()).expect("it was written")).expect("it is legal"))
        .collect();
    assert_eq!(report.unexplained.is_empty(), scripts.is_empty());
    scripts
}

fn assert_found(name: &str, api: &str, tamper: Tamper) {
    let scripts = find(name, api, Some(tamper));
    assert!(!scripts.is_empty(), "{name} was not found");
    for script in scripts {
        assert!(script.steps.len() <= 5, "{name} was not cut down:\n{script}");
    }
}

/// Changes every value of a field.
fn change(value: &mut Value, field: &str, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Struct(fields) => {
            for (name, value) in fields {
                if name == field { change(value) } else { self::change(value, field, change) }
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| self::change(item, field, change)),
        _ => {}
    }
}

#[test]
fn equal_brokers_answer_alike() {
    let scripts = find("nothing", "Produce", None);
    assert!(scripts.is_empty(), "{}", scripts[0]);
}

/// Plants a change of one field in the answers of one API.
fn assert_change_found(name: &str, api: &'static str, field: &'static str, change: fn(&mut Value)) {
    let wrong = move |asked: &str, _: &Value, answer: &mut Value| {
        if asked == api {
            self::change(answer, field, &mut |value| change(value));
        }
    };
    assert_found(name, api, Box::new(wrong));
}

#[test]
fn a_wrong_error_code_is_found() {
    assert_change_found("error-code", "DeleteTopics", "error_code", |code| {
        if *code == Value::Int(3) {
            *code = Value::Int(5);
        }
    });
}

#[test]
fn a_high_watermark_off_by_one_is_found() {
    assert_change_found("high-watermark", "Fetch", "high_watermark", |hw| {
        if let Value::Int(hw @ 1..) = hw {
            *hw += 1;
        }
    });
}

#[test]
fn null_for_empty_is_found() {
    assert_change_found("null", "Fetch", "aborted_transactions", |list| {
        if *list == Value::List(Vec::new()) {
            *list = Value::Null;
        }
    });
}

#[test]
fn a_duplicate_that_is_appended_is_found() {
    // The largest offset that was told of each partition: one that is not above it was a duplicate's.
    let mut told: BTreeMap<String, i64> = BTreeMap::new();
    let wrong = move |api: &str, _: &Value, answer: &mut Value| {
        let (true, Some(Value::List(topics))) = (api == "Produce", answer.get_mut("responses")) else {
            return;
        };
        for topic in topics {
            let name = topic.get("name").or(topic.get("topic_id")).map_or_else(String::new, Value::to_string);
            let Some(Value::List(partitions)) = topic.get_mut("partition_responses") else { continue };
            for partition in partitions {
                let key = format!("{name} {}", partition.get("index").and_then(Value::int).unwrap_or(-1));
                let Some(Value::Int(offset @ 0..)) = partition.get_mut("base_offset") else { continue };
                let last = told.entry(key).or_insert(-1);
                *offset = (*offset).max(*last + 1);
                *last = *offset;
            }
        }
    };
    assert_found("duplicate", "Produce", Box::new(wrong));
}
