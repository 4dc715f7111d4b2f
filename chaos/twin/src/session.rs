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
    dump, generate,
    report::Report,
    run::{Apis, Pace, Target},
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
    /// Prints the answers of both.
    pub show: bool,
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
    /// What the names of the topics that stay begin with.
    kept: Option<String>,
}

/// What both answered to a case: one answer for each step that reads one.
struct Asked {
    reference: Vec<Option<Answer>>,
    ottla: Vec<Option<Answer>>,
    differences: Vec<Difference>,
}

/// Longest that a case is cut down.
const SHRINK_MAX: Duration = Duration::from_secs(8);

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

/// What the names of a run's topics begin with.
fn name_of(run: u64) -> String {
    format!("c{run}-")
}

impl<'a> Session<'a> {
    /// Makes both brokers ready.
    ///
    /// # Errors
    /// One does not answer.
    pub fn new(reference: Target<'a>, ottla: Target<'a>, apis: &'a Apis) -> Result<Session<'a>, String> {
        let mut session = Session { reference, ottla, apis, runs: 0, kept: None };
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
            target.ready_for_groups()?;
        }
        Ok(session)
    }

    /// Asks both, and compares; fails if a broker is gone.
    fn ask(&mut self, case: &Case) -> Result<Asked, String> {
        self.runs += 1;
        let name = name_of(self.runs);
        if case.is_kept {
            self.kept = Some(name.clone());
        }
        let Session { reference, ottla, .. } = self;
        let pace = Pace::default();
        let (reference, ottla) = thread::scope(|scope| {
            let reference = scope.spawn(|| reference.run(case, &name, pace.side(0)));
            let ottla = ottla.run(case, &name, pace.side(1));
            (reference.join().expect("a run does not panic"), ottla)
        });
        let (reference, ottla) = (reference?, ottla?);
        let differences = compare(case, &reference, &ottla, (&name, &name));
        Ok(Asked { reference, ottla, differences })
    }

    /// Ends the comparison: stops both brokers, and compares the files of the topics that were kept.
    ///
    /// # Errors
    /// One does not stop, or the dump tool cannot be run.
    pub fn finish(self, report: &mut Report) -> Result<(), String> {
        let kept = self.kept;
        let (reference, ottla) = (self.reference.into_broker(), self.ottla.into_broker());
        let (Some(mut reference), Some(mut ottla), Some(prefix)) = (reference, ottla, kept) else {
            return Ok(());
        };
        reference.stop()?;
        ottla.stop()?;
        let (lines, differences) = dump::compare(&reference.data, &ottla.data, &prefix)?;
        report.dumped = lines;
        for difference in &differences {
            match explain(difference) {
                Some(meant) => *report.meant.entry(meant.id).or_default() += 1,
                None => {
                    let Difference { path, reference, other, .. } = difference;
                    let line = format!("{path}: «{reference}» there and «{other}» here");
                    eprintln!("DIFFERENT {line}");
                    report.unexplained.push(line);
                }
            }
        }
        Ok(())
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
        if options.is_whole() {
            pairs += self.take_in(&generate::batches(), options, &mut report, &mut known)?;
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
        let asked = self.ask(case).and_then(|asked| match self.dead(&asked) {
            Some(who) => Err(format!("{who} has died")),
            None => Ok(asked),
        });
        let Asked { reference, ottla, differences } = match asked {
            Ok(asked) => asked,
            Err(why) => {
                self.revive(case, &why, options, report)?;
                return Ok(0);
            }
        };
        if options.show {
            for (step, (there, here)) in case.steps.iter().zip(reference.iter().zip(&ottla)) {
                print!("{step}");
                if let (Some(there), Some(here)) = (there, here) {
                    println!("  # there: {there}\n  # here:  {here}");
                }
            }
        }
        let mut by_step: BTreeMap<usize, Vec<&Difference>> = BTreeMap::new();
        differences.iter().for_each(|d| by_step.entry(d.step).or_default().push(d));
        let mut compared = 0;
        for (at, answer) in reference.iter().enumerate() {
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

    /// Who died with the last request of a case, if one ended its connection alone.
    fn dead(&mut self, asked: &Asked) -> Option<&'static str> {
        let is_closed = |answers: &[Option<Answer>], other: &[Option<Answer>]| {
            let mut pairs = answers.iter().zip(other);
            pairs.any(|(a, b)| matches!(a, Some(Answer::Closed)) && !matches!(b, Some(Answer::Closed)))
        };
        let reference = is_closed(&asked.reference, &asked.ottla) && self.reference.has_died();
        let ottla = is_closed(&asked.ottla, &asked.reference) && self.ottla.has_died();
        reference.then_some("the reference").or(ottla.then_some("Ottla"))
    }

    /// A broker did not survive a case: that is a difference, its script is kept, and the run goes on with the
    /// broker started again.
    fn revive(
        &mut self,
        case: &Case,
        why: &str,
        options: &Options,
        report: &mut Report,
    ) -> Result<(), String> {
        let path = options.out.join(format!("death-{}.twin", report.unexplained.len()));
        fs::create_dir_all(&options.out).map_err(|e| format!("{}: {e}", options.out.display()))?;
        fs::write(&path, case.to_string()).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut lines = Vec::new();
        for (name, target) in [("the reference", &mut self.reference), ("Ottla", &mut self.ottla)] {
            let epitaph = target.revive()?;
            target.clean_up(&name_of(self.runs));
            if let Some(epitaph) = epitaph {
                lines.push(format!("{name} has died in {}: {epitaph}", path.display()));
            }
        }
        if lines.is_empty() {
            return Err(why.to_owned());
        }
        lines.iter().for_each(|line| eprintln!("DIFFERENT {line}"));
        report.unexplained.extend(lines);
        Ok(())
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
        let last = self
            .ask(&small)?
            .differences
            .into_iter()
            .find(|d| signature(d) == wanted)
            .unwrap_or(difference.clone());
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
        let case = Case { is_kept: false, ..case.clone() };
        shrink(&case, |case| {
            Instant::now() < until
                && self.ask(case).is_ok_and(|asked| asked.differences.iter().any(|d| signature(d) == wanted))
        })
    }
}

/// What makes two differences the same kind: numbers that a case draws are left out where they are not codes.
pub fn signature(d: &Difference) -> String {
    // Texts and lists are what they are by their place.
    let is_code = d.path.ends_with("error_code");
    let short = |text: &str| match text.chars().next() {
        Some('0'..='9') if !is_code => "number".to_owned(),
        Some('"') => "text".to_owned(),
        Some('[' | '{') => "list".to_owned(),
        _ => text.chars().take(24).collect(),
    };
    format!("{} {} {} {}", d.api, d.path, short(&d.reference), short(&d.other))
}
