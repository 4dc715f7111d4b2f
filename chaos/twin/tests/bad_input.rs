//! What `cargo twin` says where something that it needs is missing or ends, on machines that are made for it:
//! folders in the place of HOME and PATH.
#![allow(clippy::disallowed_methods)]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use ottla_twin::{
    brokers::{Broker, KAFKA},
    case::Case,
    run::{Target, apis},
    session::{Options, Session},
};

/// A machine: its home, and the programs that it has.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new(programs: &[(&str, &str)]) -> Machine {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        fs::create_dir(dir.path().join("bin")).expect("a directory");
        for (name, script) in programs {
            let path = dir.path().join("bin").join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a file of ours");
        }
        Machine(dir)
    }

    /// The jars are there, as far as anybody looks.
    fn with_jars(self) -> Machine {
        let cache = self.0.path().join(format!(".cache/ottla/kafka-{KAFKA}"));
        fs::create_dir_all(cache.join("jars")).expect("a directory");
        fs::write(cache.join("complete"), "").expect("a file");
        self
    }

    fn twin(&self) -> Output {
        let mut twin = Command::new(env!("CARGO_BIN_EXE_twin"));
        twin.env_clear().env("HOME", self.0.path()).env("PATH", self.0.path().join("bin"));
        twin.output().expect("it was built")
    }

    fn assert_says(&self, what: &str) {
        let output = self.twin();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("twin: ") && said.contains(what), "{said}");
    }
}

#[test]
fn what_is_missing_is_named_with_what_to_install() {
    Machine::new(&[]).assert_says("`java` is missing: install Java 17");
    Machine::new(&[("java", "exit 0")]).assert_says("`mvn` is missing: install Maven");
    let fails = [("java", "exit 0"), ("mvn", "[ \"$1\" = -version ]")];
    Machine::new(&fails).assert_says("Maven cannot fetch Kafka 4.3.1");
}

#[test]
fn a_kafka_that_does_not_start_is_quoted() {
    Machine::new(&[("java", "exit 1")]).with_jars().assert_says("Kafka cannot format its directory");
    let dies = "case \"$*\" in *StorageTool*) ;; *) echo the disk is on fire; exit 3;; esac";
    let machine = Machine::new(&[("java", dies)]).with_jars();
    machine.assert_says("Kafka does not start; its log ends with\n  the disk is on fire");
}

/// The broker's binary, of the profile of this test, as the sources say. After a build of the workspace's tests nothing is
/// left to do.
fn ottla() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let folder = own.parent().and_then(Path::parent).expect("tests lie in deps").to_owned();
    let mut build = Command::new(env!("CARGO"));
    build.args(["test", "--quiet", "--workspace", "--no-run"]);
    if let Some(profile) = folder.file_name().and_then(|n| n.to_str()).filter(|n| *n != "debug") {
        build.args(["--profile", profile]);
    }
    assert!(build.status().is_ok_and(|s| s.success()), "the broker cannot be built");
    folder.join("ottla")
}

#[test]
fn a_death_in_the_middle_is_a_difference_and_the_run_goes_on() {
    let (apis, binary) = (apis().expect("the schemas"), ottla());
    let reference = Target::of(Broker::ottla(&binary).expect("it starts"), &apis).expect("it listens");
    let mortal = Broker::ottla(&binary).expect("it starts");
    let pid = rustix::process::Pid::from_raw(mortal.id() as i32).expect("a process");
    let mut other = Target::of(mortal, &apis).expect("it listens");
    let mut answers = 0;
    other.tamper = Some(Box::new(move |_, _, _| {
        answers += 1;
        if answers == 50 {
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("it is ours");
        }
    }));
    let out = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let options = Options {
        apis: vec!["ListOffsets".into()],
        seed: 3,
        minutes: None,
        requests: 40,
        scripts: Vec::new(),
        out: out.path().into(),
        show: false,
    };
    let mut session = Session::new(reference, other, &apis).expect("both give producer ids");
    let report = session.run(&options).expect("the run goes on");
    let [line] = &report.unexplained[..] else { panic!("{:?}", report.unexplained) };
    assert!(line.starts_with("Ottla has died in ") && line.contains("signal: 9"), "{line}");
    let script = fs::read_to_string(out.path().join("death-0.twin")).expect("its script is kept");
    assert!(Case::parse(&script).is_ok_and(|case| 40 <= case.steps.len()));
    // The case in which it died is not counted; all others are.
    let versions = report.rows.keys().filter(|(api, _)| api == "ListOffsets").count();
    assert_eq!(versions, 10, "of eleven");
}
