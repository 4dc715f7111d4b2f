//! The life of the record that is to blame: sent, appended here and there, acknowledged, gone.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::Event;
use crate::{
    history::{Outcome, Sent},
    run::{Moment, Observed},
};

/// What a violation is about, as far as its sentence says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Culprit {
    pub(super) partition: Option<i32>,
    pub(super) offset: Option<i64>,
}

impl Culprit {
    pub(super) fn of(violation: &str) -> Culprit {
        let words: Vec<&str> = violation.split_whitespace().collect();
        let after = |name: &str| {
            let at = words.iter().position(|word| *word == name)?;
            words.get(at + 1)?.trim_end_matches([',', ';', ':']).parse::<i64>().ok()
        };
        Culprit { partition: after("partition").and_then(|p| p.try_into().ok()), offset: after("offset") }
    }
}

/// When (microseconds), on which lane (-1: the plan's doing), and what.
#[derive(Debug, Serialize)]
pub(super) struct Step(u64, i64, String);

/// The steps of the record's life, and of its partition's leadership, by time.
pub(super) fn of(
    culprit: &Culprit,
    observed: &Observed,
    moments: &[&Moment],
    lane_of: &BTreeMap<&str, usize>,
    events: &[Event<'_>],
) -> Vec<Step> {
    let Some(partition) = culprit.partition else { return Vec::new() };
    let lane = |name: &str| lane_of.get(name).map_or(-1, |at| *at as i64);
    let us = |at: Duration| at.as_micros() as u64;
    let mut steps = Vec::new();
    let client = observed.histories.iter().position(|history| history.partition == partition);
    let is_it =
        |sent: &&Sent| matches!(sent.outcome, Outcome::Acknowledged(at) if Some(at) == culprit.offset);
    if let Some(at) = client
        && let Some(sent) = observed.histories[at].records.iter().find(is_it)
    {
        let name = String::from_utf8_lossy(&sent.value[..sent.value.len().min(12)]).into_owned();
        let lane = lane(&format!("c{at}"));
        steps.push(Step(us(sent.sent), lane, format!("{name} is sent to partition {partition}")));
        if let (Some(told), Some(offset)) = (sent.told, culprit.offset) {
            steps.push(Step(us(told), lane, format!("it is acknowledged at offset {offset}")));
        }
    }
    let mut last: BTreeMap<usize, Moment> = BTreeMap::new();
    for moment in moments {
        let node = format!("b{}", moment.node);
        let before = last.insert(moment.node, **moment);
        let mut step = |what: String| steps.push(Step(us(moment.at), lane(&node), what));
        let led = before.is_some_and(|before| before.leads && before.epoch == moment.epoch);
        if moment.leads && !led {
            step(format!("{node} leads in epoch {}, its log ends at {}", moment.epoch, moment.log_end));
        }
        if let Some(offset) = culprit.offset {
            let had = before.is_some_and(|before| offset < before.log_end);
            match (had, offset < moment.log_end) {
                (false, true) => {
                    step(format!("{node} has a record at offset {offset}, in epoch {}", moment.epoch))
                }
                (true, false) => {
                    step(format!("{node} has none there any more: its log ends at {}", moment.log_end))
                }
                _ => {}
            }
            let was_committed = before.is_some_and(|before| offset < before.high_watermark);
            if moment.leads && !was_committed && offset < moment.high_watermark {
                step(format!("it is committed: {node}'s high watermark is {}", moment.high_watermark));
            }
        }
    }
    let ends = events.iter().filter(|e| e.node.starts_with('b'));
    for event in ends.filter(|e| e.what.starts_with("crash ") || e.what.starts_with("its disks are lost")) {
        steps.push(Step(event.at, lane(event.node), format!("{}: {}", event.node, event.what)));
    }
    // Links are many; the diagram shows them.
    let is_telling = |e: &&Event<'_>| e.node == "plan" && !e.what.contains("lock");
    steps.extend(events.iter().filter(is_telling).map(|e| Step(e.at, -1, e.what.to_owned())));
    steps.sort_by_key(|step| step.0);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_it_is_about() {
        let lost =
            Culprit::of("LOST: partition 2 lacks offset 17, acknowledged for c2-000017-; it ends at 9");
        assert_eq!((lost.partition, lost.offset), (Some(2), Some(17)));
        assert_eq!(Culprit::of("STUCK: nothing"), Culprit::default());
    }
}
