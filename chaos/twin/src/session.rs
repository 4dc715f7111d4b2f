//! A whole comparison: all scripts, then drawn cases for each API at each version that Ottla advertises.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{
    case::Case,
    compare::{Difference, compare, error_codes},
    connection::Answer,
    differences::explain,
    generate,
    report::Report,
    run::{Apis, Target},
    shrink::shrink,
    value::Value,
};

/// What is asked.
pub struct Options {
    /// Only these APIs; all if there are none.
    pub apis: Vec<String>,
    /// The seed of the drawn cases.
    pub seed: u64,
    /// Drawing ends after so many minutes.
    pub minutes: Option<u64>,
    /// Drawn requests for each version.
    pub requests: usize,
    /// Only these scripts; all of the folder, and drawn cases, if there are none.
    pub scripts: Vec<PathBuf>,
    /// Where differences are written.
    pub out: PathBuf,
}

impl Options {
    /// Whether everything is asked.
    pub fn is_whole(&self) -> bool {
        self.apis.is_empty() && self.scripts.is_empty() && self.minutes.is_none()
    }
}

/// Two brokers under comparison.
pub struct Session<'a> {
    reference: Target<'a>,
    ottla: Target<'a>,
    apis: &'a Apis,
    /// Runs so far; each has names of its own.
    runs: u64,
}

/// Longest that a case is cut down.
const SHRINK_MAX: Duration = Duration::from_secs(4);

/// The folder of scripts.
pub fn script_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")
}

fn read_scripts(given: &[PathBuf]) -> Result<Vec<Case>, String> {
    let mut paths = given.to_vec();
    if paths.is_empty() {
        let entries = fs::read_dir(script_folder()).map_err(|e| e.to_string())?;
        paths = entries
            .filter_map(|e| Some(e.ok()?.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "twin"))
            .collect();
        paths.sort();
    }
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let case = Case::parse(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        Ok(Case { title: format!("{stem}: {}", case.title), ..case })
    };
    paths.iter().map(read).collect()
}

impl<'a> Session<'a> {
    /// Makes both brokers ready.
    ///
    /// # Errors
    /// One does not answer.
    pub fn new(reference: Target<'a>, ottla: Target<'a>, apis: &'a Apis) -> Result<Session<'a>, String> {
        let mut session = Session { reference, ottla, apis, runs: 0 };
        let ask = Value::Struct(vec![
            ("transactional_id".into(), Value::Null),
            ("transaction_timeout_ms".into(), Value::Int(60_000)),
        ]);
        for target in [&mut session.reference, &mut session.ottla] {
            // Right after its start a broker has no producer ids yet.
            let until = Instant::now() + Duration::from_secs(30);
            loop {
                match target.ask("InitProducerId", 0, &ask) {
                    Answer::Reply(reply, _) if reply.get("error_code") == Some(&Value::Int(0)) => break,
                    _ if until < Instant::now() => {
                        return Err(format!("{} gives no producer ids", target.address));
                    }
                    _ => thread::sleep(Duration::from_millis(50)),
                }
            }
        }
        Ok(session)
    }

    /// Asks both, and compares: the answers of the reference with them.
    ///
    /// # Errors
    /// A broker is gone.
    pub fn ask(&mut self, case: &Case) -> Result<(Vec<Option<Answer>>, Vec<Difference>), String> {
        self.runs += 1;
        let name = format!("c{}-", self.runs);
        let reference = self.reference.run(case, &name)?;
        let ottla = self.ottla.run(case, &name)?;
        let differences = compare(case, &reference, &ottla, (&name, &name));
        self.clean_up(case, &name);
        Ok((reference, differences))
    }

    /// Deletes the topics of a run: what lists all topics stays short.
    fn clean_up(&mut self, case: &Case, name: &str) {
        if !case.to_string().contains("CreateTopics") {
            return;
        }
        let all = Value::Struct(vec![("topics".into(), Value::Null)]);
        for target in [&mut self.reference, &mut self.ottla] {
            let Answer::Reply(reply, _) = target.ask("Metadata", 4, &all) else { continue };
            let Some(Value::List(topics)) = reply.get("topics") else { continue };
            let mine = |t: &Value| {
                t.get("name").cloned().filter(|n| matches!(n, Value::Text(t) if t.starts_with(name)))
            };
            let names: Vec<Value> = topics.iter().filter_map(mine).collect();
            let body = Value::Struct(vec![
                ("topic_names".into(), Value::List(names)),
                ("timeout_ms".into(), Value::Int(30_000)),
            ]);
            target.ask("DeleteTopics", 5, &body);
        }
    }

    /// Everything that the options say.
    ///
    /// # Errors
    /// A broker is gone for good, or a file cannot be read or written.
    pub fn run(&mut self, options: &Options) -> Result<Report, String> {
        let mut report = Report::default();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let began = Instant::now();
        let mut pairs = 0;
        if options.apis.is_empty() {
            for case in read_scripts(&options.scripts)? {
                report.scripts += 1;
                pairs += self.take_in(&case, options, &mut report, &mut known)?;
            }
        }
        if options.scripts.is_empty() {
            let advertised = self.ottla.advertised()?;
            for (name, (min, max)) in &advertised {
                let Some(api) = self.apis.get(name) else { continue };
                if !options.apis.is_empty() && !options.apis.contains(name) {
                    continue;
                }
                for version in (*min).max(api.versions.0)..=*max {
                    for n in 0..options.requests.div_ceil(generate::REQUESTS) as u64 {
                        if options.minutes.is_some_and(|m| m * 60 <= began.elapsed().as_secs()) {
                            break;
                        }
                        let case = generate::case(api, version, options.seed.wrapping_add(n));
                        pairs += self.take_in(&case, options, &mut report, &mut known)?;
                    }
                }
            }
        }
        report.pairs_per_second = pairs as f64 / began.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Runs one case and takes its result in; returns how many answers were compared.
    fn take_in(
        &mut self,
        case: &Case,
        options: &Options,
        report: &mut Report,
        known: &mut BTreeSet<String>,
    ) -> Result<u64, String> {
        let (answers, differences) = self.ask(case).inspect_err(|_| {
            // The case that a broker did not survive is kept.
            let _ = fs::create_dir_all(&options.out);
            let _ = fs::write(options.out.join("death.twin"), case.to_string());
        })?;
        let mut by_step: BTreeMap<usize, Vec<&Difference>> = BTreeMap::new();
        differences.iter().for_each(|d| by_step.entry(d.step).or_default().push(d));
        let mut compared = 0;
        for (at, answer) in answers.iter().enumerate() {
            let (Some(answer), crate::case::Action::Ask { api, version, .. }) =
                (answer, &case.steps[at].action)
            else {
                continue;
            };
            compared += 1;
            report.codes.entry(api.clone()).or_default().extend(error_codes(answer));
            let row = report.rows.entry((api.clone(), *version)).or_default();
            row.requests += 1;
            match by_step.get(&at) {
                None => row.equal += 1,
                Some(found) if found.iter().all(|d| explain(d).is_some()) => row.explained += 1,
                Some(_) => row.different += 1,
            }
        }
        for difference in &differences {
            match explain(difference) {
                Some(meant) => *report.meant.entry(meant.id).or_default() += 1,
                None if known.insert(signature(difference)) => {
                    let line = self.write_down(case, difference, options)?;
                    eprintln!("DIFFERENT {line}");
                    report.unexplained.push(line);
                }
                None => {}
            }
        }
        Ok(compared)
    }

    /// Cuts a case down to its difference and writes it out; returns a line about it.
    fn write_down(
        &mut self,
        case: &Case,
        difference: &Difference,
        options: &Options,
    ) -> Result<String, String> {
        let wanted = signature(difference);
        let small = self.cut_down(case, &wanted);
        let last =
            self.ask(&small)?.1.into_iter().find(|d| signature(d) == wanted).unwrap_or(difference.clone());
        fs::create_dir_all(&options.out).map_err(|e| format!("{}: {e}", options.out.display()))?;
        let name: String =
            wanted.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(80).collect();
        let path = options.out.join(format!("{name}.twin"));
        let text = format!(
            "# {}: {} is {} there and {} here.\n{}",
            last.api,
            last.path,
            last.reference,
            last.other,
            {
                let steps: Vec<String> = small.steps.iter().map(ToString::to_string).collect();
                steps.concat()
            }
        );
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(format!(
            "{} {}: {} is {:.60} there and {:.60} here; {} steps in {}",
            last.api,
            last.version,
            last.path,
            last.reference,
            last.other,
            small.steps.len(),
            path.display()
        ))
    }

    /// The smallest case found that still has a difference of this kind.
    pub fn cut_down(&mut self, case: &Case, wanted: &str) -> Case {
        let until = Instant::now() + SHRINK_MAX;
        shrink(case, |case| {
            Instant::now() < until
                && self.ask(case).is_ok_and(|(_, found)| found.iter().any(|d| signature(d) == wanted))
        })
    }
}

/// What makes two differences the same kind: numbers that a case draws are left out where they are not codes.
pub fn signature(d: &Difference) -> String {
    let short = |text: &str| text.chars().take(24).collect::<String>();
    format!("{} {} {} {}", d.api, d.path, short(&d.reference), short(&d.other))
}
