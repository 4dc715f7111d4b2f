"""A real cluster under real faults: three processes, of which one at random is killed, stopped for a while, or restarted
cleanly, round after round, while clients that nobody here wrote produce and a group of them consumes. In the end every
acknowledged record is there once, in the order of its partition, and was delivered to the group.

cluster.py ROUNDS WORK JARS SEED: WORK has venv/ with confluent-kafka; JARS is Java's class path for Kafka's tools, or empty
where there is no Java."""
import json, os, pathlib, random, signal, socket, statistics, subprocess, sys, threading, time

import nodes
from nodes import wait

rounds, work, jars = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
seed = int(sys.argv[4]) if len(sys.argv) > 4 else int(time.time())
OTTLA = os.path.abspath("target/release/ottla")
draw = random.Random(seed)
PARTITIONS = 6


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


NODES = {n: (port(), port()) for n in (1, 2, 3)}
BOOTSTRAP = ",".join(f"127.0.0.1:{p}" for p, _ in NODES.values())
VOTERS = ",".join(f"{n}@127.0.0.1:{c}" for n, (_, c) in NODES.items())
running, clients = {}, []


def start(n):
    p, c = NODES[n]
    settings = [f"node.id={n}", f"controller.quorum.voters={VOTERS}", f"log.dirs={work}/node-{n}",
                f"listeners=PLAINTEXT://127.0.0.1:{p},CONTROLLER://127.0.0.1:{c}", "ottla.http.listener=", "ottla.cores=1",
                "default.replication.factor=3", "min.insync.replicas=2", "group.initial.rebalance.delay.ms=500"]
    out = open(work / f"node-{n}.log", "ab")
    running[n] = subprocess.Popen([OTTLA, "serve", *[x for s in settings for x in ("--set", s)]], stdout=out, stderr=out)


def end():
    for process in [*clients, *running.values()]:
        process.send_signal(signal.SIGCONT)
        process.kill()


def ottla(*arguments):
    done = subprocess.run([OTTLA, *arguments], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, OTTLA_BOOTSTRAP=BOOTSTRAP))
    return done.stdout if done.returncode == 0 else None


def is_whole():
    return nodes.is_whole(ottla("cluster", "status", "--output", "json"), len(NODES))


PRODUCER = """
import sys, time, signal
from confluent_kafka import Producer
stop, out = [], open(sys.argv[2], "w")
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
p = Producer({"bootstrap.servers": sys.argv[1], "enable.idempotence": True, "acks": "all", "linger.ms": 1,
              "delivery.timeout.ms": 120000})
def told(e, m):
    if e is None:
        out.write(f"{m.partition()} {m.offset()} {m.value().decode()} {time.time():.4f}\\n")
n = 0
while not stop:
    for partition in range(int(sys.argv[3])):
        p.produce("chaos", f"python-{n}".encode(), partition=partition, on_delivery=told)
        n += 1
    p.poll(0.004)
left = p.flush(120)
out.close()
sys.exit(1 if left else 0)
"""
CONSUMER = """
import sys, signal
from confluent_kafka import Consumer
stop, out = [], open(sys.argv[2], "w")
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
c = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "readers", "auto.offset.reset": "earliest",
              "auto.commit.interval.ms": 500, "session.timeout.ms": 6000,
              # A request for Metadata that goes down with its broker is not sent again before this.
              "topic.metadata.refresh.interval.ms": 5000})
c.subscribe(["chaos"])
while not stop:
    m = c.poll(0.2)
    if m is not None and not m.error():
        out.write(f"{m.partition()} {m.offset()} {m.value().decode()}\\n")
c.close()
out.close()
"""
(work / "produce.py").write_text(PRODUCER)
(work / "consume.py").write_text(CONSUMER)
python = str(work / "venv/bin/python")
quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def inflict(kind, n):
    process = running[n]
    if kind == "kill -9":
        process.kill()
        process.wait()
        time.sleep(draw.uniform(0.5, 3))
        start(n)
    elif kind == "SIGSTOP":
        process.send_signal(signal.SIGSTOP)
        time.sleep(draw.uniform(1, 14))
        process.send_signal(signal.SIGCONT)
    else:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, f"node {n} did not stop cleanly"
        start(n)


def gap(told, begin, until):
    """The longest time that any partition was without an acknowledgement, of those that began in a window."""
    longest = 0
    for partition in range(PARTITIONS):
        inside = sorted(float(t) for p, _, _, t in told if int(p) == partition and begin - 1 <= float(t) <= until + 5)
        longest = max([longest, *((b - a) for a, b in zip(inside, inside[1:]) if begin - 0.5 <= a <= until)])
    return longest


try:
    [start(n) for n in NODES]
    wait("the cluster does not form", lambda: (ottla("topic", "create", "chaos", "-p", str(PARTITIONS), "-r", "3") or
                                             "chaos" in (ottla("topic", "list") or "")))
    wait("the topic is not whole", is_whole)
    producers = [subprocess.Popen([python, str(work / "produce.py"), BOOTSTRAP, str(work / "told.txt"), str(PARTITIONS)], **quiet)]
    if jars:
        out = open(work / "java.txt", "w")
        java = ["java", "-Xmx128m", "-cp", jars, "org.apache.kafka.tools.VerifiableProducer", "--bootstrap-server", BOOTSTRAP,
                "--topic", "chaos", "--acks", "-1", "--throughput", "300", "--value-prefix", "7"]
        producers.append(subprocess.Popen(java, stdout=out, stderr=subprocess.DEVNULL))
    members = [subprocess.Popen([python, str(work / "consume.py"), BOOTSTRAP, str(work / f"read-{n}.txt")], **quiet) for n in range(2)]
    clients = producers + members
    windows = []
    for round in range(rounds):
        time.sleep(1)
        kind, n = draw.choice(["kill -9", "SIGSTOP", "clean restart"]), draw.choice(list(NODES))
        begin = time.time()
        inflict(kind, n)
        windows.append((kind, begin, time.time()))
        wait(f"round {round}: the cluster is not whole again after {kind} of node {n} (seed {seed})", is_whole)
    time.sleep(2)
    assert all(p.poll() is None for p in clients), f"a client has ended by itself (seed {seed})"
    for p in producers:
        p.send_signal(signal.SIGTERM)
    codes = [p.wait(150) for p in producers]
    assert codes[0] == 0, f"records were not delivered in time (seed {seed})"
    told = [line.split() for line in (work / "told.txt").read_text().splitlines()]
    java_told = 0
    acknowledged = {(int(p), int(o)): v for p, o, v, _ in told}
    for line in (work / "java.txt").read_text().splitlines() if jars else []:
        if '"producer_send_success"' in line:
            said = json.loads(line)
            acknowledged[(said["partition"], said["offset"])] = said["value"]
            java_told += 1
    ends = {p["partition"]: p["end"] for p in json.loads(ottla("topic", "describe", "chaos", "--output", "json"))["partitions"]}

    def is_read():
        described = json.loads(ottla("group", "describe", "readers", "--output", "json") or "{}")
        offsets = {p["partition"]: p["offset"] for p in described.get("partitions", [])}
        return offsets == ends

    wait(f"the group does not read to the end (seed {seed})", is_read, 90)
    for m in members:
        m.send_signal(signal.SIGTERM)
    for m in members:
        m.wait(30)
    read = {}
    for n in range(2):
        for line in (work / f"read-{n}.txt").read_text().splitlines():
            p, o, v = line.split()
            assert read.setdefault((int(p), int(o)), v) == v, f"{p}-{o} changed"
    missing = [at for at, v in acknowledged.items() if read.get(at) != v]
    assert not missing, f"{len(missing)} acknowledged records are lost or were not delivered: {missing[:5]} (seed {seed})"
    values = [v for v in read.values() if v.startswith("python-")]
    assert len(values) == len(set(values)), f"{len(values) - len(set(values))} records are there twice (seed {seed})"
    for partition in range(PARTITIONS):
        numbers = [int(v[7:]) for (p, o), v in sorted(read.items()) if p == partition and v.startswith("python-")]
        assert numbers == sorted(numbers), f"partition {partition} is out of order (seed {seed})"
    assert all(o in range(end) for (_, o), end in ((at, ends[at[0]]) for at in read)), "beyond the end"
    print(f"{rounds} rounds (seed {seed}): {len(told)} records of Python and {java_told} of Java acknowledged, none lost, all delivered; "
          f"those of Python are there once and in order")
    for kind in ("kill -9", "SIGSTOP", "clean restart"):
        gaps = [gap(told, begin, until) * 1000 for k, begin, until in windows if k == kind]
        if gaps:
            print(f"{kind}: a partition was without service for {statistics.median(gaps):.0f} ms (median of {len(gaps)} "
                  f"rounds, the worst partition of each), {max(gaps):.0f} ms at most")
finally:
    end()
