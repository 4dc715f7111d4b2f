//! The two brokers: Apache Kafka from its released jars, and Ottla, on empty directories with the same
//! settings. Both end with their value.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The version of Kafka that is asked.
pub const KAFKA: &str = "4.3.1";

/// Settings that both get. Kafka's own defaults otherwise: where Ottla's differ on purpose, they are given.
const SETTINGS: &[(&str, &str)] = &[
    ("controller.listener.names", "CONTROLLER"),
    // Whoever is heard of next has targets made: nothing waits for a second to pass.
    ("group.consumer.assignment.interval.ms", "0"),
    ("group.initial.rebalance.delay.ms", "0"),
    ("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
    ("log.flush.interval.messages", "9223372036854775807"),
    // The records of cases are old: nothing is to end in the middle of one.
    ("log.retention.ms", "-1"),
    ("log.roll.hours", "100"),
    ("node.id", "1"),
    ("offsets.topic.replication.factor", "1"),
    ("process.roles", "broker,controller"),
    ("transaction.state.log.min.isr", "1"),
    ("transaction.state.log.replication.factor", "1"),
];

/// A running broker.
pub struct Broker {
    what: &'static str,
    command: Command,
    child: Child,
    /// Where it listens.
    pub address: String,
    /// Where its logs are.
    pub data: PathBuf,
    dir: tempfile::TempDir,
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Both are ours.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(command: &mut Command, dir: &Path, what: &str) -> Result<Child, String> {
    let log = fs::OpenOptions::new().create(true).append(true).open(dir.join("log"));
    let log = log.map_err(|e| e.to_string())?;
    let errors = log.try_clone().map_err(|e| e.to_string())?;
    let spawned = command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn();
    spawned.map_err(|e| format!("{what} does not start: {e}"))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| format!("no port is free: {e}"))?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}

fn directory() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|e| format!("no directory for a broker: {e}"))
}

impl Broker {
    fn new(
        what: &'static str,
        mut command: Command,
        port: u16,
        dir: tempfile::TempDir,
    ) -> Result<Broker, String> {
        let child = spawn(&mut command, dir.path(), what)?;
        let (address, data) = (format!("127.0.0.1:{port}"), dir.path().join("data"));
        let mut broker = Broker { what, command, child, address, data, dir };
        broker.serves()?;
        Ok(broker)
    }

    /// Starts it again, after its death.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(&mut self) -> Result<(), String> {
        self.child = spawn(&mut self.command, self.dir.path(), self.what)?;
        self.serves()
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it accepts connections.
    fn serves(&mut self) -> Result<(), String> {
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(&self.address).is_err() {
            let ended = self.child.try_wait().map_err(|e| e.to_string())?;
            if ended.is_some() || until < Instant::now() {
                let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
                let last = log.lines().rev().take(5).collect::<Vec<_>>().join("\n  ");
                return Err(format!("{} does not start; its log ends with\n  {last}", self.what));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Stops it cleanly and waits for its end.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn stop(&mut self) -> Result<(), String> {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).map_err(|e| e.to_string())?;
        let until = Instant::now() + Duration::from_secs(60);
        while self.child.try_wait().map_err(|e| e.to_string())?.is_none() {
            if until < Instant::now() {
                return Err(format!("{} does not stop", self.what));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The end of its log, if it has died.
    pub fn epitaph(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok().flatten()?;
        let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        // The last words of a panic, or the last lines.
        let lines: Vec<&str> = log.lines().collect();
        let panic = lines.iter().rposition(|line| line.contains("panicked at"));
        let from = panic.unwrap_or(lines.len().saturating_sub(12));
        let last = lines[from..].iter().take(12).copied().collect::<Vec<_>>().join("\n  ");
        Some(format!("{status}; its log says\n  {last}"))
    }

    /// Starts Apache Kafka. Its jars come from Maven Central once, into the user's cache.
    ///
    /// # Errors
    /// What is missing, and what to install.
    pub fn kafka() -> Result<Broker, String> {
        let jars = jars()?;
        let dir = directory()?;
        let (port, controller) = (free_port()?, free_port()?);
        let mut properties = format!(
            "controller.quorum.voters=1@127.0.0.1:{controller}\n\
             listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{port}\nlog.dirs={}\n",
            dir.path().join("data").display()
        );
        for (name, value) in SETTINGS {
            properties.push_str(&format!("{name}={value}\n"));
        }
        let file = dir.path().join("server.properties");
        fs::write(&file, properties).map_err(|e| e.to_string())?;
        let mut format = java(&jars, "kafka.tools.StorageTool");
        format.args(["format", "-t", "5L6g3nShT-eMCtK--X86sw", "-c"]).arg(&file);
        let formatted = format.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !formatted.is_ok_and(|s| s.success()) {
            return Err("Kafka cannot format its directory: is `java` Java 17?".into());
        }
        let mut command = java(&jars, "kafka.Kafka");
        command.arg(&file);
        Broker::new("Kafka", command, port, dir)
    }

    /// Starts Ottla, the binary that lies beside this one.
    ///
    /// # Errors
    /// It is not there, or does not start.
    pub fn ottla(binary: &Path) -> Result<Broker, String> {
        if !binary.exists() {
            return Err(format!("{} is missing: run `cargo build --release`", binary.display()));
        }
        let (dir, port) = (directory()?, free_port()?);
        let mut command = Command::new(binary);
        command.arg("serve");
        let own = [
            ("listeners", format!("PLAINTEXT://127.0.0.1:{port}")),
            ("advertised.listeners", format!("PLAINTEXT://127.0.0.1:{port}")),
            ("controller.quorum.voters", "1@127.0.0.1:1".into()),
            ("log.dirs", dir.path().join("data").display().to_string()),
            ("ottla.http.listener", String::new()),
            ("ottla.validate.compressed", "true".into()),
        ];
        let shared = SETTINGS.iter().map(|(name, value)| (*name, (*value).to_owned()));
        for (name, value) in own.into_iter().chain(shared) {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        Broker::new("Ottla", command, port, dir)
    }
}

/// What Kafka's dump tool says of files.
///
/// # Errors
/// It cannot be run.
pub fn dump(files: &[PathBuf]) -> Result<String, String> {
    let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
    let mut command = java(&jars()?, "org.apache.kafka.tools.DumpLogSegments");
    command.args(["--deep-iteration", "--print-data-log", "--files", &names.join(",")]);
    let output = command.output().map_err(|e| format!("the dump tool does not start: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn java(jars: &Path, class: &str) -> Command {
    let mut command = Command::new("java");
    command.args(["-Xmx512M", "-cp", &format!("{}/*", jars.display()), class]);
    command
}

/// The folder of Kafka's jars, filled by Maven if it is not there yet.
fn jars() -> Result<PathBuf, String> {
    let home = std::env::var("HOME").map_err(|_| "HOME is not set: there is no place for Kafka's jars")?;
    let cache = PathBuf::from(home).join(format!(".cache/ottla/kafka-{KAFKA}"));
    let jars = cache.join("jars");
    if cache.join("complete").exists() {
        return Ok(jars);
    }
    let found = |tool: &str, flag: &str| {
        Command::new(tool)
            .arg(flag)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    };
    if !found("java", "-version") {
        return Err("`java` is missing: install Java 17 (apt-get install openjdk-17-jre-headless)".into());
    }
    if !found("mvn", "-version") {
        return Err("`mvn` is missing: install Maven (apt-get install maven)".into());
    }
    fs::create_dir_all(&cache).map_err(|e| format!("{}: {e}", cache.display()))?;
    let artifact = |group: &str, name: &str, version: &str| {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        )
    };
    let pom = format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\
         <groupId>twin</groupId><artifactId>twin</artifactId><version>1</version><dependencies>{}{}{}</dependencies></project>",
        artifact("org.apache.kafka", "kafka_2.13", KAFKA),
        artifact("org.apache.kafka", "kafka-tools", KAFKA),
        artifact("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.1")
    );
    fs::write(cache.join("pom.xml"), pom).map_err(|e| e.to_string())?;
    let fetched = Command::new("mvn")
        .args(["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"])
        .current_dir(&cache)
        .stdout(Stdio::null())
        .status();
    if !fetched.is_ok_and(|s| s.success()) {
        return Err(format!(
            "Maven cannot fetch Kafka {KAFKA}: try again, or look at {}/pom.xml",
            cache.display()
        ));
    }
    fs::write(cache.join("complete"), "").map_err(|e| e.to_string())?;
    Ok(jars)
}
