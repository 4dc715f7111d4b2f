//! A run that failed, as a page: its verdict, the life of the record that is to blame, the space-time diagram of nodes and
//! messages, the plan, and how to replay it.

mod life;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Verdict,
    plan::Plan,
    run::{Moment, observe},
};

/// The page without its data. It needs nothing from elsewhere.
const PAGE: &str = include_str!("page.html");

/// What the page's script draws. Times are microseconds of the run; lanes are numbers in `lanes`.
#[derive(Serialize)]
struct Data<'a> {
    holds: bool,
    verdict: String,
    replay: String,
    plan: String,
    lanes: Vec<&'a str>,
    end: u64,
    /// Lane, begin, end, and what it was meanwhile: `down`, or `held`.
    spans: Vec<(usize, u64, u64, &'static str)>,
    /// When, and what went wrong on purpose.
    faults: Vec<(u64, String)>,
    /// When, from, to, how long it took (0: it did not arrive), bytes.
    messages: Vec<(u64, usize, usize, u64, u64)>,
    /// The partition that is shown.
    partition: i32,
    /// When, lane, epoch, whether it leads, log end, high watermark.
    moments: Vec<(u64, usize, i32, bool, i64, i64)>,
    /// When, lane, and what happened to the record that is to blame, or to its partition.
    life: Vec<life::Step>,
}

/// Runs a plan, and writes what it comes to as a page of HTML.
pub fn report(plan: &Plan, replay: &str) -> (Verdict, String) {
    let (verdict, observed) = observe(plan);
    let events: Vec<Event<'_>> = verdict.trace.iter().filter_map(|line| Event::parse(line)).collect();
    let end = verdict.simulated.as_micros() as u64;
    let mut lanes: Vec<&str> = events.iter().map(|event| event.node).filter(|node| *node != "plan").collect();
    lanes.sort_unstable_by_key(|lane| (order(lane), lane.len(), *lane));
    lanes.dedup();
    let lane_of: BTreeMap<&str, usize> = lanes.iter().enumerate().map(|(at, lane)| (*lane, at)).collect();
    let culprit = life::Culprit::of(verdict.violation.as_deref().unwrap_or_default());
    let partition = culprit.partition.unwrap_or(0);
    let moments: Vec<&Moment> = observed.moments.iter().filter(|m| m.partition == partition).collect();
    let lane_of_node = |node: usize| lane_of.get(&*format!("b{node}")).copied().unwrap_or(0);
    let data = Data {
        holds: verdict.violation.is_none(),
        verdict: verdict.violation.clone().unwrap_or_else(|| "Everything that was promised holds.".into()),
        replay: replay.to_owned(),
        plan: plan.to_string(),
        spans: spans(&events, &lane_of, end),
        faults: events.iter().filter(|e| e.node == "plan").map(|e| (e.at, e.what.to_owned())).collect(),
        messages: messages(&events, &lane_of),
        partition,
        moments: moments
            .iter()
            .map(|m| {
                let at = m.at.as_micros() as u64;
                (at, lane_of_node(m.node), m.epoch, m.leads, m.log_end, m.high_watermark)
            })
            .collect(),
        life: life::of(&culprit, &observed, &moments, &lane_of, &events),
        lanes,
        end,
    };
    let json = serde_json::to_string(&data).expect("numbers and texts");
    // A text of the run must not end the script.
    let page = PAGE.replace("\"DATA\"", &json.replace("</", "<\\/"));
    (verdict, page)
}

/// Brokers come first, then clients and members, then the others.
fn order(lane: &str) -> usize {
    let kind = lane.trim_end_matches(|c: char| c.is_ascii_digit());
    ["b", "c", "m"].iter().position(|known| *known == kind).unwrap_or(3)
}

/// A line of the trace.
struct Event<'a> {
    /// Microseconds.
    at: u64,
    node: &'a str,
    what: &'a str,
}

impl<'a> Event<'a> {
    fn parse(line: &'a str) -> Option<Event<'a>> {
        let (time, rest) = line.trim_start().split_once(' ')?;
        let (ms, ns) = time.split_once('.')?;
        let at = ms.parse::<u64>().ok()? * 1_000 + ns.parse::<u64>().ok()? / 1_000;
        let (node, what) = rest.split_once(' ')?;
        Some(Event { at, node, what: what.trim_start() })
    }
}

fn messages(events: &[Event<'_>], lane_of: &BTreeMap<&str, usize>) -> Vec<(u64, usize, usize, u64, u64)> {
    let message = |event: &Event<'_>| {
        let mut words = event.what.strip_prefix("send ")?.split(' ');
        let to = *lane_of.get(words.next()?)?;
        let number = |word: Option<&str>, name: &str| word?.strip_prefix(name)?.parse::<u64>().ok();
        let bytes = number(words.next(), "len=")?;
        let takes = number(words.nth(1), "takes=")?;
        Some((event.at, *lane_of.get(event.node)?, to, takes, bytes))
    };
    events.iter().filter_map(message).collect()
}

/// When lanes were down, or held.
fn spans(
    events: &[Event<'_>],
    lane_of: &BTreeMap<&str, usize>,
    end: u64,
) -> Vec<(usize, u64, u64, &'static str)> {
    let mut since: BTreeMap<(usize, &'static str), u64> = BTreeMap::new();
    let mut spans = Vec::new();
    for event in events {
        let named = |what: &str, kind: char| {
            let number = event.what.strip_prefix(what)?.strip_suffix(')')?;
            lane_of.get(&*format!("{kind}{number}")).copied()
        };
        let own = lane_of.get(event.node).copied();
        let begins = match event.what {
            what if what.starts_with("crash ") => own.map(|lane| (lane, "down")),
            _ => named("Hold(", 'b').or(named("MemberHold(", 'm')).map(|lane| (lane, "held")),
        };
        let ends = match event.what {
            what if what.starts_with("boot ") => own.map(|lane| (lane, "down")),
            _ => named("Release(", 'b').or(named("MemberRelease(", 'm')).map(|lane| (lane, "held")),
        };
        if let Some(begins) = begins {
            since.entry(begins).or_insert(event.at);
        }
        if let Some((lane, kind)) = ends
            && let Some(from) = since.remove(&(lane, kind))
        {
            spans.push((lane, from, event.at, kind));
        }
    }
    spans.extend(since.into_iter().map(|((lane, kind), from)| (lane, from, end, kind)));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Flush, Oracle};

    #[test]
    fn a_page_tells_what_went_wrong() {
        let plan = |seed| Plan { flush: Flush::PageCache, oracle: Oracle::Everything, ..Plan::single(seed) };
        let told = (1..20).map(|seed| report(&plan(seed), "cargo chaos replay FILE"));
        let (verdict, page) =
            told.into_iter().find(|(v, _)| v.id() == Some("CHANGED")).expect("power is lost");
        assert!(page.contains("CHANGED: partition") && page.contains("crash Power"));
        assert!(page.contains("is acknowledged at offset") && !page.contains("\"DATA\""));
        // Observing a run changes nothing of it.
        let unobserved = crate::run(&plan(plan_seed(&page)), 0);
        assert_eq!(unobserved.trace_hash, verdict.trace_hash);
    }

    fn plan_seed(page: &str) -> u64 {
        let (_, rest) = page.split_once("seed: ").expect("the plan is on the page");
        rest.split_once(',').and_then(|(seed, _)| seed.parse().ok()).expect("a seed")
    }
}
