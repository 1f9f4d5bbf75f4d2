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
        self.recorded = Counter(
            "bot_requests_recorded",
            "Requests recorded before Slack heard our ack",
            ["kind"],
            registry=self.registry,
        )
        self.answers = Counter(
            "bot_answers", "Answers by what became of them", ["kind", "outcome"], registry=self.registry
        )
        self.ack = Histogram(
            "bot_ack_seconds", "From a request's arrival to its ack", registry=self.registry, buckets=_ACK
        )
        self.first_list = Histogram(
            "bot_first_list_seconds", "From the question to its list", registry=self.registry, buckets=_LIST
        )
        self.file = Histogram(
            "bot_file_seconds", "From the question to its file", registry=self.registry, buckets=_FILE
        )
        self.looks = Histogram(
            "bot_alert_look_seconds",
            "Looks at subscriptions and alerts, by what became of them",
            ["outcome"],
            registry=self.registry,
            buckets=_LOOK,
        )
        self.waiting = Gauge(
            "bot_queue_depth", "Requests recorded and not begun by any process", registry=self.registry
        )
        self.archive = {
            name: Gauge(f"bot_archive_{name}", about, registry=self.registry)
            for name, about in (
                ("rows", "Conversations kept in the database"),
                ("head_age_seconds", "How long ago the newest conversations were read"),
                ("rows_without_ids", "Phone calls whose carrier ids are still to be looked up"),
                ("full_check_timestamp_seconds", "Since when everything kept was read again"),
            )
        }
        self.registry.register(_Read(counts, running))

    def archived(self, state: ArchiveState, now: float) -> None:
        """Take what the archive holds; it says nothing of its head while it is empty."""
        self.archive["rows"].set(state.rows)
        self.archive["head_age_seconds"].set(math.nan if state.head is None else now - state.head)
        self.archive["rows_without_ids"].set(state.without_ids)
        self.archive["full_check_timestamp_seconds"].set(math.nan if state.whole is None else state.whole)

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
        yield CounterMetricFamily(
            "bot_elevenlabs_requests", "Requests sent to ElevenLabs, retries too", value=counts.requests
        )
        yield CounterMetricFamily(
            "bot_elevenlabs_failures",
            "Requests without a usable answer; nearly all are tried again",
            value=counts.failures,
        )
        yield CounterMetricFamily(
            "bot_elevenlabs_rate_limited", "Answers 429 of ElevenLabs", value=counts.refusals
        )
        yield CounterMetricFamily(
            "bot_elevenlabs_cached", "First lists answered without a request", value=counts.cached
        )
        yield GaugeMetricFamily("bot_answers_running", "Answers being worked on here", value=self._running())
