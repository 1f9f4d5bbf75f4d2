"""Figures for an operator, as Prometheus reads them. README names and explains each.

Labels are few and fixed: no person, question or id.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.answers.steps import CSV, EMPTY, LIST
from bot.archive.archive_state import ArchiveState

_LOOK = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ACK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
_LIST = (0.25, 0.5, 1, 2, 3, 5, 10, 30, 60)
_FILE = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
_FIRST_SEEN = frozenset({LIST.name, EMPTY.name})


class Counts(Protocol):
    """What ElevenLabs was sent: `bot.elevenlabs`' own counts."""

    requests: int
    failures: int
    refusals: int
    cached: int


class Metrics:
    """All figures of one process."""

    def __init__(self, counts: Callable[[], Counts], running: Callable[[], int]) -> None:
        """Read `counts` and `running` (answers being worked on here) when figures are asked for."""
        self.registry = CollectorRegistry()

        def seconds(name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"bot_{name}_seconds", about, labels, registry=self.registry, buckets=buckets)

        def gauge(name: str, about: str) -> Gauge:
            return Gauge(f"bot_{name}", about, registry=self.registry)

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"bot_{name}", about, labels, registry=self.registry)

        self.recorded = counter("requests_recorded", "Requests recorded before Slack heard our ack", "kind")
        self.answers = counter("answers", "Answers by what became of them", "kind", "outcome")
        self.ack = seconds("ack", "From a request's arrival to its ack", _ACK)
        self.first_list = seconds("first_list", "From the question to its list", _LIST)
        self.file = seconds("file", "From the question to its file", _FILE)
        looks = "Looks at subscriptions and alerts, by what became of them"
        self.looks = seconds("alert_look", looks, _LOOK, "outcome")
        self.waiting = gauge("queue_depth", "Requests recorded and not begun by any process")
        self.rows = gauge("archive_rows", "Conversations kept in the database")
        self.head_age = gauge("archive_head_age_seconds", "How long ago the newest conversations were read")
        without_ids = "Phone calls whose carrier ids are still to be looked up"
        self.rows_without_ids = gauge("archive_rows_without_ids", without_ids)
        checked = "Since when everything kept was read again"
        self.full_check = gauge("archive_full_check_timestamp_seconds", checked)
        self.registry.register(_Read(counts, running))

    def archived(self, state: ArchiveState, now: float) -> None:
        """Take what the archive holds; it says nothing of its head while it is empty."""
        self.rows.set(state.rows)
        self.head_age.set(math.nan if state.head is None else now - state.head)
        self.rows_without_ids.set(state.without_ids)
        self.full_check.set(math.nan if state.whole is None else state.whole)

    def answered(self, kind: str, outcome: str) -> None:
        """Count an answer."""
        self.answers.labels(kind=kind, outcome=outcome).inc()

    def looked(self, outcome: str, seconds: float) -> None:
        """Count a look at all that is watched, and take its time."""
        self.looks.labels(outcome=outcome).observe(seconds)

    def step(self, name: str, seconds: float) -> None:
        """Take the time of a step that was done."""
        if name == CSV.name:
            self.file.observe(seconds)
        elif name in _FIRST_SEEN:
            self.first_list.observe(seconds)


class _Read(Collector):
    def __init__(self, counts: Callable[[], Counts], running: Callable[[], int]) -> None:
        self._counts = counts
        self._running = running

    def collect(self) -> Iterator[Metric]:
        counts = self._counts()
        for name, about, value in (
            ("requests", "Requests sent to ElevenLabs, retries too", counts.requests),
            ("failures", "Requests without a usable answer; nearly all are tried again", counts.failures),
            ("rate_limited", "Answers 429 of ElevenLabs", counts.refusals),
            ("cached", "First lists answered without a request", counts.cached),
        ):
            yield CounterMetricFamily(f"bot_elevenlabs_{name}", about, value=value)
        yield GaugeMetricFamily("bot_answers_running", "Answers being worked on here", value=self._running())
