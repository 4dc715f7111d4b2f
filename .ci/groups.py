"""Groups of both protocols whose members are clients that nobody here wrote: three share twelve partitions, one is killed, another
joins; every record is delivered, nothing is skipped behind a committed offset, and lag ends at 0.

groups.py ADDRESS WORK JARS: WORK has venv/ with confluent-kafka and node_modules/ with kafkajs; JARS is Java's class
path for Kafka's tools, or empty where there is no Java."""
import functools, json, os, pathlib, signal, subprocess, sys

import nodes

wait = functools.partial(nodes.wait, seconds=90)

address, work, jars = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
OTTLA = "target/release/ottla"
PARTITIONS, PHASE = 12, 20000

PYTHON = """
import sys, signal
from confluent_kafka import Consumer
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
c = Consumer({"bootstrap.servers": sys.argv[1], "group.id": sys.argv[3], "auto.offset.reset": "earliest",
              "auto.commit.interval.ms": 500, "client.id": "python",
              **({"group.protocol": "consumer"} if sys.argv[4] == "consumer" else
                 {"session.timeout.ms": 6000, "partition.assignment.strategy": sys.argv[4]})})
c.subscribe([sys.argv[2]])
while not stop:
    m = c.poll(0.2)
    if m is not None and not m.error():
        sys.stdout.write(m.value().decode() + "\\n")
        sys.stdout.flush()
c.close()
"""
NODE = """
const { Kafka, logLevel } = require('kafkajs')
const [address, topic, group] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'kafkajs', brokers: [address], logLevel: logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: group, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000 })
process.on('SIGTERM', async () => { await consumer.disconnect(); process.exit(0) })
;(async () => {
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ autoCommitInterval: 500, eachMessage: async ({ message }) => {
    process.stdout.write(message.value.toString() + '\\n')
  } })
})()
"""
(work / "member.py").write_text(PYTHON)
(work / "member.js").write_text(NODE)
SETTINGS = "auto.commit.interval.ms=500\nauto.offset.reset=earliest\n"
(work / "java.properties").write_text(SETTINGS + "session.timeout.ms=6000\n")
(work / "java-consumer.properties").write_text(SETTINGS + "group.protocol=consumer\n")


# confluent-kafka stops the world for a rebalance, or gives up only what moves (KIP-429), or does as the coordinator
# says (KIP-848).
STRATEGIES = {"python": "range", "cooperative": "cooperative-sticky", "consumer": "consumer"}


def command(kind, topic, group):
    if kind in STRATEGIES:
        member = [str(work / "venv/bin/python"), str(work / "member.py")]
        return [*member, address, topic, group, STRATEGIES[kind]]
    if kind == "kafkajs":
        return ["node", str(work / "member.js"), address, topic, group]
    return ["java", "-Xmx128m", "-cp", jars, "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server",
            address, "--topic", topic, "--group", group, "--command-config", str(work / f"{kind}.properties")]


def start(kind, topic, group, n):
    out = open(work / f"{topic}-{n}.out", "wb")
    environment = dict(os.environ, NODE_PATH=str(work / "node_modules"))
    return subprocess.Popen(command(kind, topic, group), stdout=out, stderr=subprocess.DEVNULL, env=environment)


def ottla(*arguments, **given):
    environment = dict(os.environ, OTTLA_BOOTSTRAP=address)
    done = subprocess.run([OTTLA, *arguments], check=True, capture_output=True, text=True, env=environment, **given)
    return done.stdout


def described(group):
    try:
        return json.loads(ottla("group", "--output", "json", "describe", group))
    except subprocess.CalledProcessError:
        return {"state": "Dead", "members": [], "partitions": []}


def produce(topic, first):
    lines = "".join(f"{n}\n" for n in range(first, first + PHASE))
    ottla("produce", topic, input=lines)


def shared_by(group, count):
    now = described(group)
    owners = [p["member"] for p in now["partitions"] if p["member"]]
    return now["state"] == "Stable" and len(now["members"]) == count == len(set(owners)) and len(owners) == PARTITIONS


def lag(group):
    partitions = described(group)["partitions"]
    return sum(p["end"] - (p["offset"] or 0) for p in partitions) if len(partitions) == PARTITIONS else -1


def run(kind):
    topic, group = f"shared-{kind}", f"group-{kind}"
    ottla("topic", "create", topic, "-p", str(PARTITIONS))
    produce(topic, 0)
    members = [start(kind, topic, group, n) for n in range(3)]
    try:
        wait(f"{kind}: three members do not share {PARTITIONS} partitions: {described(group)}", lambda: shared_by(group, 3))
        produce(topic, PHASE)
        members[0].kill()
        members.append(start(kind, topic, group, 3))
        produce(topic, 2 * PHASE)
        wait(f"{kind}: the members do not share again", lambda: shared_by(group, 3))
        wait(f"{kind}: lag does not end at 0", lambda: lag(group) == 0)
    finally:
        for member in members:
            member.send_signal(signal.SIGTERM)
        for member in members:
            try:
                member.wait(30)
            except subprocess.TimeoutExpired:
                member.kill()
    lines = [line for n in range(4) for line in (work / f"{topic}-{n}.out").read_text().split("\n")]
    got = {line for line in lines if line.isdigit()}
    missing = [n for n in range(3 * PHASE) if str(n) not in got]
    assert not missing, f"{kind}: {len(missing)} records were skipped, the first {missing[:5]}"
    print(f"{kind}: three members, one killed, one more: {3 * PHASE} records, all delivered, lag 0")
    return topic, group


kinds = list(STRATEGIES) + (["kafkajs"] if (work / "node_modules/kafkajs").exists() else []) + (["java", "java-consumer"] if jars else [])
for kind in kinds:
    topic, group = run(kind)


def tool(*arguments):
    classes = ["java", "-cp", jars, "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"]
    done = subprocess.run([*classes, "--bootstrap-server", address, *arguments], capture_output=True, text=True)
    assert done.returncode == 0 and "Error" not in done.stdout, done.stdout + done.stderr
    return done.stdout


if jars:
    wait("the last group does not become empty", lambda: described(group)["state"] == "Empty")
    assert set(tool("--list").split()) >= {f"group-{kind}" for kind in kinds}
    rows = [line.split() for line in tool("--describe", "--group", group).splitlines() if f" {topic} " in f" {line} "]
    assert len(rows) == PARTITIONS and all(row[5] == "0" for row in rows), rows
    tool("--reset-offsets", "--group", group, "--all-topics", "--to-earliest", "--execute")
    assert lag(group) == 3 * PHASE, "the offsets were not reset"
    tool("--delete", "--group", group)
    assert described(group)["state"] == "Dead"
    print("kafka-consumer-groups lists, describes, resets and deletes")
