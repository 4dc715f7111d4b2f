"""A cluster whose nodes are hosts of their own: each in a network namespace with its own address. They find each other by
controller.quorum.bootstrap.servers; one is cut off, and refuses what it could lose; one more joins, and votes.

hosts.py WORK: WORK has venv/ with confluent-kafka. Needs the right to make network namespaces: where there is none, it says so
and ends well."""
import json, os, pathlib, subprocess, sys

import nodes
from nodes import wait

work = pathlib.Path(sys.argv[1])
OTTLA = os.path.abspath("target/release/ottla")
NAME = f"ottla{os.getpid()}"
BRIDGE = f"o{os.getpid() % 1000000}"
NODES = [1, 2, 3, 4]
SERVERS = ",".join(f"{h}:9093" for h in ("10.77.0.1", "10.77.0.2", "10.77.0.3"))
running = {}

PRODUCE = """
import sys
from confluent_kafka import Producer
bootstrap, topic, first, count, timeout = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
told = []
p = Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "message.timeout.ms": timeout,
              "linger.ms": 0, "log_level": 0})
for n in range(first, first + count):
    p.produce(topic, str(n), partition=0, on_delivery=lambda e, m: told.append((int(m.value()), e is None)))
p.flush()
print(*[n for n, ok in told if ok])
"""
CONSUME = """
import sys
from confluent_kafka import Consumer, TopicPartition
c = Consumer({"bootstrap.servers": sys.argv[1], "group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True,
              "auto.offset.reset": "earliest"})
c.assign([TopicPartition(sys.argv[2], 0, 0)])
while True:
    m = c.poll(30)
    assert m is not None, "it is not read to its end"
    if m.error():
        break
    print(m.value().decode())
c.close()
"""


def sh(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True)


def inside(n, *arguments, **more):
    return subprocess.run(["ip", "netns", "exec", f"{NAME}-{n}", *arguments], capture_output=True, text=True, timeout=120, **more)


def up():
    if sh("ip", "link", "add", BRIDGE, "type", "bridge").returncode != 0:
        return False
    sh("ip", "link", "set", BRIDGE, "up")
    for n in NODES:
        ns, outer, inner = f"{NAME}-{n}", f"{BRIDGE}v{n}", f"{BRIDGE}i{n}"
        if sh("ip", "netns", "add", ns).returncode != 0:
            return False
        sh("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
        sh("ip", "link", "set", inner, "netns", ns)
        sh("ip", "link", "set", outer, "master", BRIDGE, "up")
        for do in (["addr", "add", f"10.77.0.{n}/24", "dev", inner], ["link", "set", inner, "up"], ["link", "set", "lo", "up"]):
            if inside(n, "ip", *do).returncode != 0:
                return False
    return True


def down():
    for process in running.values():
        process.kill()
        process.wait()
    for n in NODES:
        sh("ip", "netns", "del", f"{NAME}-{n}")
    sh("ip", "link", "del", BRIDGE)


def start(n):
    settings = [f"node.id={n}", f"controller.quorum.bootstrap.servers={SERVERS}", f"log.dirs={work}/host-{n}",
                f"listeners=PLAINTEXT://10.77.0.{n}:9092,CONTROLLER://10.77.0.{n}:9093", "ottla.http.listener=", "ottla.cores=1",
                "default.replication.factor=3", "min.insync.replicas=2", "broker.session.timeout.ms=2000",
                "broker.heartbeat.interval.ms=500", f"broker.rack=r{n % 3}"]
    out = open(work / f"host-{n}.log", "ab")
    running[n] = subprocess.Popen(["ip", "netns", "exec", f"{NAME}-{n}", OTTLA, "serve",
                                   *[x for s in settings for x in ("--set", s)]], stdout=out, stderr=out)


def ottla(n, *arguments):
    done = inside(n, OTTLA, *arguments, "-b", f"10.77.0.{n}:9092")
    return done.stdout if done.returncode == 0 else None


def is_whole(n, brokers):
    return nodes.is_whole(ottla(n, "cluster", "status", "--output", "json"), brokers)


def leader(n):
    told = json.loads(ottla(n, "topic", "describe", "facts", "--output", "json") or "{}")
    partitions = told.get("partitions") or []
    return partitions[0]["leader"] if partitions else None


def produce(n, at, first, count, timeout):
    done = inside(n, str(work / "venv/bin/python"), "-c", PRODUCE, f"10.77.0.{at}:9092", "facts", str(first), str(count), str(timeout))
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


def main():
    for n in (1, 2, 3):
        start(n)
    wait("three hosts find each other and form a cluster", lambda: is_whole(1, 3))
    assert ottla(1, "topic", "create", "facts", "-p", "1") is not None, "a topic is made"
    wait("the topic is in sync", lambda: is_whole(1, 3))
    acknowledged = produce(1, 1, 0, 1000, 30000)
    assert len(acknowledged) == 1000, len(acknowledged)

    cut = leader(1)
    others = [n for n in (1, 2, 3) if n != cut]
    sh("ip", "link", "set", f"{BRIDGE}v{cut}", "down")
    # A leader that nobody hears takes nothing with acks=all: it could not keep it.
    alone = produce(cut, cut, 10000, 50, 5000)
    assert not alone, f"host {cut}, which is cut off, acknowledged {alone}"
    wait("the others elect another leader", lambda: leader(others[0]) not in (None, cut))
    more = produce(others[0], others[0], 1000, 1000, 30000)
    assert len(more) == 1000, len(more)
    acknowledged += more
    sh("ip", "link", "set", f"{BRIDGE}v{cut}", "up")
    wait("all are in sync again", lambda: is_whole(others[0], 3))

    start(4)
    wait("a fourth host joins", lambda: is_whole(4, 4))
    said = ottla(4, "quorum", "add", "4@10.77.0.4:9093")
    assert said, "the fourth votes"
    roles = {v["node"]: v["role"] for v in json.loads(ottla(4, "quorum", "--output", "json"))["nodes"]}
    assert roles == {1: "voter", 2: "voter", 3: "voter", 4: "voter"}, roles

    done = inside(4, str(work / "venv/bin/python"), "-c", CONSUME, "10.77.0.4:9092", "facts")
    assert done.returncode == 0, done.stderr
    found = [int(line) for line in done.stdout.split()]
    assert found == sorted(acknowledged), (len(found), len(acknowledged))
    print(f"hosts: {len(found)} records acknowledged by clients on three hosts, none lost; host {cut}, cut off, acknowledged none of 50; "
          "a fourth joined and votes")


if not up():
    down()
    print("hosts: this machine does not let network namespaces be made: not run")
    sys.exit(0)
try:
    main()
except AssertionError:
    for n in running:
        print(f"--- host {n}", *(work / f"host-{n}.log").read_text().splitlines()[-15:], sep="\n", file=sys.stderr)
    raise
finally:
    down()
