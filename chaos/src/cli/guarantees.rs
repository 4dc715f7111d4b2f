//! The table of what holds.

use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ottla_chaos::{
    guarantees::{Cell, Class},
    plan::Flush,
    run,
};

use super::{exit_code, in_parallel, write};

#[derive(Args)]
pub(super) struct Guarantees {
    /// Seeds for each cell in which all of its faults happen.
    #[arg(long, default_value_t = 50)]
    seeds: u64,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Writes the page to this file.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Only cells whose name has this in it, as in `acks=all`.
    #[arg(long, default_value = "")]
    only: String,
    /// Prints the plan of this seed for the first of those cells, and runs nothing.
    #[arg(long)]
    plan: Option<u64>,
}

/// A guarantee: its sentence, and what violates it.
const GUARANTEES: [(&str, &[&str]); 4] = [
    (
        "An acknowledged record is read in the end, where it was acknowledged",
        &["LOST", "CHANGED", "UNREADABLE"],
    ),
    (
        "A record of an idempotent producer is there at most once, and in its order",
        &["REPEATED or REORDERED"],
    ),
    ("Offsets are dense, and nothing is there that nobody sent", &["GAP", "FABRICATED"]),
    ("Fifteen seconds after the last fault everything is served again", &["STUCK"]),
];
/// Seeds that are tried for one in which all faults happen, at most.
const TRIES: u64 = 6;

/// What was seen of a cell: of each guarantee, the first seed that violates it, and how many do.
#[derive(Default)]
struct Seen {
    seeds: u64,
    violated: [Option<(u64, u64)>; GUARANTEES.len()],
    /// What no configuration may show.
    broken: Option<(u64, String)>,
}

fn acks(acks: i16) -> String {
    if acks == -1 { "all".into() } else { acks.to_string() }
}

fn configuration(cell: &Cell) -> String {
    let flush = if cell.flush == Flush::Each { "each" } else { "page cache" };
    let unclean = if cell.unclean { "on" } else { "off" };
    format!("acks={} min.insync={} unclean={unclean} flush={flush}", acks(cell.acks), cell.min_in_sync)
}

impl Guarantees {
    pub(super) fn carry_out(&self) -> Result<ExitCode, String> {
        let name = |cell: &Cell| format!("{} {}", configuration(cell), cell.class.name());
        let cells: Vec<Cell> =
            Cell::all().into_iter().filter(|cell| name(cell).contains(&self.only)).collect();
        if cells.is_empty() {
            return Err(format!("no cell has {} in its name", self.only));
        }
        if let Some(seed) = self.plan {
            print!("{}", cells[0].plan(seed));
            return Ok(ExitCode::SUCCESS);
        }
        let bar = ProgressBar::new(cells.len() as u64);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} cells, {eta} left");
        bar.set_style(style.expect("a legal template"));
        let mut seen = Vec::new();
        let look = |(at, cell): (usize, &Cell)| (at, self.look(cell));
        in_parallel(self.jobs, cells.iter().enumerate(), look, |looked| {
            seen.push(looked);
            bar.inc(1);
        });
        bar.finish_and_clear();
        seen.sort_by_key(|(at, _)| *at);
        let rows: Vec<(Cell, Seen)> = seen.into_iter().map(|(at, seen)| (cells[at], seen)).collect();
        let page = page(&rows, self.seeds);
        print!("{page}");
        let surprises: Vec<String> = rows.iter().flat_map(|(cell, seen)| surprises(cell, seen)).collect();
        surprises.iter().for_each(|surprise| println!("{surprise}"));
        if let Some(file) = &self.write {
            write(file, &page)?;
        }
        Ok(exit_code(surprises.is_empty()))
    }

    fn look(&self, cell: &Cell) -> Seen {
        let mut seen = Seen::default();
        for seed in 0..TRIES * self.seeds {
            if self.seeds <= seen.seeds {
                break;
            }
            let plan = cell.plan(seed);
            let verdict = run(&plan, 0);
            // A broken assertion or invariant is what no configuration may show.
            let is_guarantee = |text: &str| {
                GUARANTEES.iter().any(|(_, ids)| ids.iter().any(|id| text.split(':').next() == Some(id)))
            };
            if let Some(text) = verdict.violations.iter().find(|text| !is_guarantee(text)) {
                seen.broken.get_or_insert((seed, text.clone()));
            } else if verdict.missed != 0 {
                continue;
            }
            seen.seeds += 1;
            for (at, (_, ids)) in GUARANTEES.iter().enumerate() {
                let is_violated = |text: &String| ids.iter().any(|id| text.split(':').next() == Some(id));
                if verdict.violations.iter().any(is_violated) {
                    seen.violated[at].get_or_insert((seed, 0)).1 += 1;
                }
            }
        }
        seen
    }
}

/// What is not as theory has it.
fn surprises(cell: &Cell, seen: &Seen) -> Vec<String> {
    let name = format!("{}, {}", configuration(cell), cell.class.name());
    let mut all = Vec::new();
    if let Some((seed, text)) = &seen.broken {
        all.push(format!("{name}: seed {seed}: {text}"));
    }
    match (seen.violated[0], cell.may_lose()) {
        (Some((seed, _)), false) => all.push(format!("{name}: seed {seed} loses what was promised")),
        (None, true) => all.push(format!("{name}: no seed shows the loss that may be")),
        _ => {}
    }
    for (at, violated) in seen.violated.iter().enumerate().skip(1) {
        // Where a record may be lost nothing else is promised of it.
        if let (Some((seed, _)), false) = (violated, cell.may_lose()) {
            all.push(format!("{name}: seed {seed}: not so: {}", GUARANTEES[at].0));
        }
    }
    all
}

fn page(rows: &[(Cell, Seen)], seeds: u64) -> String {
    let mut page = format!(
        "# What holds

`cargo chaos guarantees --write docs/guarantees.md` makes this page: {seeds} seeds for each cell in which all of its faults
happen; five nodes, topics with three replicas, 100 records a second to each partition. A seed can be looked at:

```text
cargo chaos guarantees --only 'acks=1 min.insync=1 unclean=off flush=each process crash' --plan 1 > plan.ron
cargo chaos replay plan.ron
```
"
    );
    for (at, (guarantee, _)) in GUARANTEES.iter().enumerate() {
        let _ = write!(page, "\n## {guarantee}\n\n| acks | min.insync | unclean | flush |");
        Class::ALL.iter().for_each(|class| page.push_str(&format!(" {} |", class.name())));
        let _ = write!(page, "\n|{}\n", "---|".repeat(4 + Class::ALL.len()));
        for row in rows.chunk_by(|(a, _), (b, _)| configuration(a) == configuration(b)) {
            let cell = &row[0].0;
            let flush = if cell.flush == Flush::Each { "each" } else { "page cache" };
            let unclean = if cell.unclean { "on" } else { "off" };
            let _ = write!(page, "| {} | {} | {unclean} | {flush} |", acks(cell.acks), cell.min_in_sync);
            for (cell, seen) in row {
                let is_asked = at != 1 || cell.acks == -1;
                let told = match seen.violated[at] {
                    _ if !is_asked => "–".to_owned(),
                    Some((seed, count)) => format!("**violated**, seed {seed} ({count} of {})", seen.seeds),
                    None => format!("holds, {} seeds", seen.seeds),
                };
                let _ = write!(page, " {told} |");
            }
            page.push('\n');
        }
    }
    page
}
