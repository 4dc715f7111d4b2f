"""What the checks of a cluster share: its state as `ottla cluster status` tells it, and waiting for it."""
import json, time


def wait(what, is_so, seconds=60):
    until = time.time() + seconds
    while not is_so():
        assert time.time() < until, what
        time.sleep(0.2)


def is_whole(status, brokers):
    """Whether so many brokers are there, none fenced, and every partition has a leader and all its replicas in sync; `status`
    is what `ottla cluster status --output json` printed, or None."""
    status = status and json.loads(status)
    return bool(status) and len(status["brokers"]) == brokers and not any(b["fenced"] for b in status["brokers"]) \
        and status["without_leader"] == 0 and status["under_replicated"] == 0
