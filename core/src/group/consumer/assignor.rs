//! Who is to read what: the assignors of the coordinator (KIP-848, "Server-side assignors").

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use super::stored::Places;
use crate::types::Uuid;

/// An assignor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignor {
    /// Partitions as even as they can be, and each where it was if that is as even.
    Uniform,
    /// Of each topic a run of partitions to each of its readers, so that topics of one shape are read alike.
    Range,
}

/// The assignors, the one that members get if they do not say first.
pub const ASSIGNORS: [Assignor; 2] = [Assignor::Uniform, Assignor::Range];

/// A member, as an assignor sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Its id.
    pub id: String,
    /// Its `group.instance.id`.
    pub instance: Option<String>,
    /// The topics that it names, of those that are there.
    pub named: Arc<BTreeSet<Uuid>>,
    /// The topics that its regular expression matches.
    pub matching: Arc<BTreeSet<Uuid>>,
    /// What it had.
    pub had: Places,
}

impl Reader {
    /// Whether it reads a topic.
    pub fn reads(&self, topic: &Uuid) -> bool {
        self.named.contains(topic) || self.matching.contains(topic)
    }
}

impl Assignor {
    /// Its name in requests and settings.
    pub fn name(self) -> &'static str {
        match self {
            Assignor::Uniform => "uniform",
            Assignor::Range => "range",
        }
    }

    /// The assignor of a name.
    pub fn of(name: &str) -> Option<Assignor> {
        ASSIGNORS.into_iter().find(|assignor| assignor.name() == name)
    }

    /// Gives each partition of the topics to one of those who read its topic; returns what each reader gets, in
    /// their order. `topics` has how many partitions each has.
    pub fn assign(self, readers: &[Reader], topics: &BTreeMap<Uuid, i32>) -> Vec<Places> {
        match self {
            Assignor::Uniform => uniform(readers, topics),
            Assignor::Range => range(readers, topics),
        }
    }
}

/// Topics with the same readers.
struct Pool {
    /// The readers, as numbers.
    of: Vec<usize>,
    topics: Vec<Uuid>,
}

/// Topics by who reads them: there is one pool, if all read the same.
fn pools(readers: &[Reader], topics: &BTreeMap<Uuid, i32>) -> Vec<Pool> {
    // Few expressions match many topics for many readers: they are counted as one.
    let mut matching: Vec<(&BTreeSet<Uuid>, Vec<usize>)> = Vec::new();
    // By their places in memory, in the order of the readers: equal in every run.
    let mut places: BTreeMap<*const BTreeSet<Uuid>, usize> = BTreeMap::new();
    let mut named: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (number, reader) in readers.iter().enumerate() {
        let at = *places.entry(Arc::as_ptr(&reader.matching)).or_insert(matching.len());
        if at == matching.len() {
            matching.push((&reader.matching, Vec::new()));
        }
        matching[at].1.push(number);
        reader.named.iter().for_each(|topic| named.entry(*topic).or_default().push(number));
    }
    let mut alike: BTreeMap<(Vec<usize>, Vec<usize>), Vec<Uuid>> = BTreeMap::new();
    for topic in topics.keys() {
        let matched = matching.iter().enumerate().filter(|(_, (set, _))| set.contains(topic));
        let key = (named.remove(topic).unwrap_or_default(), matched.map(|(at, _)| at).collect());
        alike.entry(key).or_default().push(*topic);
    }
    let pool = |((named, matched), topics): ((Vec<usize>, Vec<usize>), Vec<Uuid>)| {
        let matched = matched.into_iter().flat_map(|at| matching[at].1.iter().copied());
        let of: BTreeSet<usize> = named.into_iter().chain(matched).collect();
        Pool { of: of.into_iter().collect(), topics }
    };
    alike.into_iter().map(pool).filter(|pool| !pool.of.is_empty()).collect()
}

/// The share of the `number`th of `count` readers in `partitions`.
fn share(partitions: i32, count: usize, number: usize) -> Range<i32> {
    let (partitions, longer) = (partitions as usize, partitions as usize % count);
    let each = partitions / count;
    let begin = number * each + number.min(longer);
    begin as i32..(begin + each + usize::from(number < longer)) as i32
}

fn range(readers: &[Reader], topics: &BTreeMap<Uuid, i32>) -> Vec<Places> {
    let mut given = vec![Places::new(); readers.len()];
    for Pool { mut of, topics: pool } in pools(readers, topics) {
        // Static members keep their place whatever their id is.
        of.sort_by_key(|number| {
            let reader = &readers[*number];
            (reader.instance.is_none(), reader.instance.as_ref().unwrap_or(&reader.id))
        });
        for topic in pool {
            let count = topics[&topic];
            // Those behind get nothing of so few.
            for (place, number) in of.iter().enumerate().take(count as usize) {
                given[*number].extend(share(count, of.len(), place).map(|p| (topic, p)));
            }
        }
    }
    given
}

/// Readers by how much they have.
type Loads = BTreeSet<(usize, usize)>;

fn uniform(readers: &[Reader], topics: &BTreeMap<Uuid, i32>) -> Vec<Places> {
    let mut pools = pools(readers, topics);
    let mut given = vec![Places::new(); readers.len()];
    let mut taken = Places::new();
    for (reader, given) in readers.iter().zip(&mut given) {
        let is_there = |(topic, partition): &&(Uuid, i32)| {
            reader.reads(topic) && topics.get(topic).is_some_and(|count| (0..*count).contains(partition))
        };
        given.extend(reader.had.iter().filter(is_there).filter(|place| taken.insert(**place)));
    }
    // Pools of few readers first: whoever may choose makes up for it.
    pools.sort_by_key(|pool| pool.of.len());
    for pool in &pools {
        let mut loads: Loads = pool.of.iter().map(|number| (given[*number].len(), *number)).collect();
        let places = pool.topics.iter().flat_map(|topic| (0..topics[topic]).map(|p| (*topic, p)));
        for place in places.filter(|place| !taken.contains(place)) {
            let (load, number) = loads.pop_first().expect("a pool has readers");
            given[number].insert(place);
            loads.insert((load + 1, number));
        }
    }
    // Each move makes the sum of squares smaller: this ends.
    while 0 < pools.iter().map(|pool| even_out(pool, &mut given)).filter(|moved| *moved).count() {}
    given
}

/// Moves partitions of a pool from those who have most to those who have least, until nobody who has some has two
/// more than another; returns whether it moved any.
fn even_out(pool: &Pool, given: &mut [Places]) -> bool {
    let topics: BTreeSet<&Uuid> = pool.topics.iter().collect();
    let mut loads: Loads = pool.of.iter().map(|number| (given[*number].len(), *number)).collect();
    // What each of the rich has of the pool; the last partitions go first, so that the order of the rest stays.
    let mut stocks: BTreeMap<usize, Vec<(Uuid, i32)>> = BTreeMap::new();
    let mut moved = false;
    while let Some((most, rich)) = loads.pop_last() {
        let Some((least, poor)) = loads.first().copied() else { break };
        if most < least + 2 {
            break;
        }
        let of_pool = || given[rich].iter().filter(|(topic, _)| topics.contains(topic)).copied().collect();
        // Whoever has none of the pool can give nothing here.
        let Some(place) = stocks.entry(rich).or_insert_with(of_pool).pop() else { continue };
        given[rich].remove(&place);
        given[poor].insert(place);
        loads.remove(&(least, poor));
        loads.insert((most - 1, rich));
        loads.insert((least + 1, poor));
        moved = true;
    }
    moved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> Uuid {
        Uuid([number; 16])
    }

    fn reader(name: &str, topics: &[u8]) -> Reader {
        Reader {
            id: name.into(),
            named: Arc::new(topics.iter().map(|t| id(*t)).collect()),
            ..Reader::default()
        }
    }

    fn counts(given: &[Places]) -> Vec<usize> {
        given.iter().map(Places::len).collect()
    }

    fn partitions(given: &Places, topic: u8) -> Vec<i32> {
        given.iter().filter(|(t, _)| *t == id(topic)).map(|(_, p)| *p).collect()
    }

    /// What every assignment must be, whoever made it.
    fn check(
        readers: &[Reader],
        topics: &BTreeMap<Uuid, i32>,
        given: &[Places],
    ) -> Result<(), TestCaseError> {
        let all = given.iter().flatten().collect::<Vec<_>>();
        let once: BTreeSet<_> = all.iter().collect();
        prop_assert_eq!(all.len(), once.len(), "a partition is given to two");
        for (reader, given) in readers.iter().zip(given) {
            prop_assert!(given.iter().all(|(topic, p)| reader.reads(topic) && *p < topics[topic]));
        }
        let is_read = |topic: &Uuid| readers.iter().any(|reader| reader.reads(topic));
        let wanted: usize = topics.iter().filter(|(t, _)| is_read(t)).map(|(_, n)| *n as usize).sum();
        prop_assert_eq!(all.len(), wanted, "a partition is given to nobody");
        Ok(())
    }

    fn cases() -> impl Strategy<Value = (Vec<Reader>, BTreeMap<Uuid, i32>)> {
        let topics = prop::collection::btree_map(0u8..6, 1i32..9, 0..5);
        let subscription = (prop::collection::btree_set(0u8..6, 0..5), 0usize..4);
        let subscriptions = prop::collection::vec(subscription, 1..7);
        (subscriptions, topics).prop_map(|(subscriptions, topics): (_, BTreeMap<u8, i32>)| {
            // Expressions that match nothing, even numbers, all.
            let matching = |kind: usize| -> BTreeSet<Uuid> {
                let matches = |t: &&u8| kind == 3 || kind == 2 && t.is_multiple_of(2);
                topics.keys().filter(matches).map(|t| id(*t)).collect()
            };
            let name = |(number, (named, kind)): (usize, (BTreeSet<u8>, usize))| {
                let named: Vec<u8> = named.into_iter().filter(|t| topics.contains_key(t)).collect();
                Reader { matching: Arc::new(matching(kind)), ..reader(&format!("m{number}"), &named) }
            };
            let readers = subscriptions.into_iter().enumerate().map(name).collect();
            (readers, topics.iter().map(|(t, n)| (id(*t), *n)).collect())
        })
    }

    proptest! {
        #[test]
        fn uniform_is_even_and_stays_as_it_is((mut readers, topics) in cases(), gone: usize) {
            let given = Assignor::Uniform.assign(&readers, &topics);
            check(&readers, &topics, &given)?;
            for (rich, has) in given.iter().enumerate() {
                for (poor, less) in given.iter().enumerate() {
                    let could_move = has.iter().any(|(topic, _)| readers[poor].reads(topic));
                    prop_assert!(!could_move || has.len() <= less.len() + 1, "{rich} has more than {poor}");
                }
            }
            readers.iter_mut().zip(&given).for_each(|(reader, given)| reader.had = given.clone());
            prop_assert_eq!(&Assignor::Uniform.assign(&readers, &topics), &given);
            // Where all read the same, whoever stays keeps what it has when another goes.
            readers.remove(gone % readers.len());
            let again = Assignor::Uniform.assign(&readers, &topics);
            check(&readers, &topics, &again)?;
            if readers.windows(2).all(|pair| pair[0].named == pair[1].named && pair[0].matching == pair[1].matching)
                && readers.first().is_some_and(|r| given.len() == readers.len() + 1 && topics.keys().all(|t| r.reads(t)))
            {
                for (reader, again) in readers.iter().zip(&again) {
                    let is_lighter = again.len() < reader.had.len();
                    prop_assert!(is_lighter || again.is_superset(&reader.had));
                }
            }
        }

        #[test]
        fn range_gives_runs((readers, topics) in cases()) {
            let given = Assignor::Range.assign(&readers, &topics);
            check(&readers, &topics, &given)?;
            for (topic, given) in topics.keys().flat_map(|t| given.iter().map(move |g| (t, g))) {
                let run: Vec<i32> = given.iter().filter(|(t, _)| t == topic).map(|(_, p)| *p).collect();
                prop_assert!(run.windows(2).all(|pair| pair[0] + 1 == pair[1]));
            }
        }
    }

    #[test]
    fn range_reads_topics_of_one_shape_alike() {
        let mut readers = [reader("b", &[1, 2]), reader("a", &[1, 2]), reader("c", &[2])];
        let topics = BTreeMap::from([(id(1), 5), (id(2), 5)]);
        let given = Assignor::Range.assign(&readers[..2], &topics);
        assert_eq!((partitions(&given[1], 1), partitions(&given[0], 1)), (vec![0, 1, 2], vec![3, 4]));
        assert_eq!((partitions(&given[1], 2), partitions(&given[0], 2)), (vec![0, 1, 2], vec![3, 4]));
        readers[2].instance = Some("i".into());
        let given = Assignor::Range.assign(&readers, &topics);
        assert_eq!(partitions(&given[2], 2), [0, 1], "static members come first");
    }

    #[test]
    fn a_newcomer_takes_no_more_than_its_share() {
        let topics = BTreeMap::from([(id(1), 12)]);
        let mut readers = vec![reader("a", &[1]), reader("b", &[1]), reader("c", &[1])];
        let given = Assignor::Uniform.assign(&readers, &topics);
        assert_eq!(counts(&given), [4, 4, 4]);
        readers.iter_mut().zip(given).for_each(|(reader, given)| reader.had = given);
        readers.push(reader("d", &[1]));
        let again = Assignor::Uniform.assign(&readers, &topics);
        assert_eq!(counts(&again), [3, 3, 3, 3]);
        assert!(again.iter().zip(&readers[..3]).all(|(given, reader)| given.is_subset(&reader.had)));
    }
}
