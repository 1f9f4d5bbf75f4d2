from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.query import Query, parse
from bot.query.filters import FILTERS
from bot.query.filters.order_limit_columns import RANKINGS
from bot.query.report_question import settle_report
from bot.query.time.calendar import Clock
from bot.query.tokens import clean_value
from bot.query.values import (
    AgentRef,
    Choice,
    Compared,
    Comparison,
    Comparisons,
    Keys,
    Limit,
    Order,
    Range,
    Span,
    Texts,
    Value,
)
from bot.report.groups import GROUPS
from bot.report.measures import MEASURES
from tests.laws import law

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 19, 14, 30, tzinfo=ZONE)

names = st.text(min_size=1, max_size=30).map(clean_value).filter(bool)
"""Any text that a name can be: quotes, colons, commas, backslashes, emoji and all."""
facts = names.filter(lambda name: ":" not in name)


def choices(values: st.SearchStrategy[str], *, many: bool = False) -> st.SearchStrategy[Choice]:
    """Return choices as merging leaves them: sorted, and not both wanted and excluded."""
    group = st.sets(values, min_size=1, max_size=3).map(lambda found: tuple(sorted(found)))
    wanted = st.sets(group, min_size=1, max_size=3 if many else 1).map(
        lambda found: Choice(tuple(sorted(found)))
    )
    return st.one_of(wanted, group.map(lambda excluded: Choice((), excluded)))


refs = st.one_of(
    names.map(AgentRef),
    st.builds(AgentRef, names, names),
    names.map(lambda text: AgentRef("", text)),
    st.from_regex(r"agent_[a-z0-9]{4,20}", fullmatch=True).map(lambda text: AgentRef("", text)),
)


def one(text: str) -> Choice:
    return Choice(((text,),))


some_refs = st.sets(refs, min_size=1, max_size=3)
agents = st.one_of(some_refs.map(Choice.of), some_refs.map(lambda found: Choice.of((), found)))
ranges = st.tuples(st.integers(0, 9000), st.integers(0, 9000), st.booleans(), st.booleans()).map(
    lambda t: Range(min(t[:2]), None if t[2] else max(t[:2])) if t[3] else Range(None, max(t[:2]))
)
ratings = st.sampled_from(
    [
        Range(low=1),
        Range(low=3),
        Range(high=2),
        Range(2, 4),
        Range(3, 3),
        Range(missing=True),
        Range(2, 4, outside=True),
    ]
)
tests = st.builds(Comparison, facts, st.sampled_from(["eq", "neq"]), st.one_of(names, st.just("")))
tests |= st.builds(
    Comparison, facts, st.sampled_from(["gt", "gte", "lt", "lte"]), st.integers(-99, 99).map(str)
)
several = st.sets(tests, min_size=1, max_size=3).map(
    lambda found: Comparisons(
        tuple(sorted({t.name: t for t in found}.values(), key=lambda t: (t.name, t.op, t.value)))
    )
)
verdicts = st.builds(
    Comparison, facts, st.just("eq"), st.sampled_from(["success", "failure", "unknown"])
).map(lambda test: Comparisons((test,)))
moments = st.integers(1_500_000_000, 1_795_000_000)
spans = st.one_of(
    st.tuples(moments, moments).filter(lambda t: t[0] != t[1]).map(lambda t: Span(min(t), max(t), ZONE)),
    moments.map(lambda unix: Span(unix, None, ZONE)),
    moments.map(lambda unix: Span(None, unix, ZONE)),
)
CONDITIONS: dict[str, st.SearchStrategy[Value]] = {
    "count": st.just(Choice((("yes",),))),
    "result": choices(st.sampled_from(["success", "failure", "unknown"])) | st.just(Choice((("error",),))),
    "direction": choices(st.sampled_from(["inbound", "outbound"])),
    "lang": choices(st.sampled_from(["de", "en", "pt-br", "fil"])),
    "agent": agents,
    "source": choices(
        st.sampled_from(["phone", "web", "twilio", "sip_trunk", "zendesk_integration", "unknown"])
    ),
    "status": choices(st.sampled_from(["initiated", "in-progress", "processing", "done", "failed"])),
    "duration": ranges,
    "rating": ratings,
    "feedback": st.just(Choice((("yes",),))),
    "tool": choices(names, many=True),
    "tool-failed": names.map(one),
    "tool-succeeded": names.map(one),
    "tag": choices(names, many=True),
    "ended": choices(names),
    "user": names.map(one),
    "data": several,
    "eval": verdicts,
    "var": several,
    "topic": names.map(one),
    "branch": names.map(one),
    "version": names.map(one),
    "parent": names.map(one),
    "number": names.map(one),
    "search": st.lists(names, min_size=1, max_size=5, unique=True).map(lambda texts: Texts(tuple(texts))),
    "time": spans,
    "show": st.lists(st.sampled_from([*MEASURES]), min_size=1, max_size=3, unique=True).map(
        lambda keys: Keys(tuple(keys))
    ),
    "by": st.lists(
        st.sampled_from([*GROUPS, "data.Order id", "eval.greeting"]), min_size=1, max_size=2, unique=True
    ).map(lambda keys: Keys(tuple(keys))),
    "compare": st.one_of(
        st.just(Compared()), spans.filter(lambda span: span.since and span.until).map(Compared)
    ),
    "sort": st.sampled_from(["oldest", *RANKINGS]).map(Order),
    "columns": st.lists(names, min_size=1, max_size=4, unique=True)
    .filter(lambda found: found != ["none"])
    .map(lambda found: Keys(tuple(found))),
    "limit": st.one_of(st.integers(1, 10**9).map(Limit), st.just(Limit(None))),
}


def sensible(values: dict[str, Value]) -> Query:
    """Return a question without what a report refuses."""
    clock = Clock(NOW)
    for _problem in settle_report(values, clock):
        pass
    return Query.of(values, ZONE)


queries = st.fixed_dictionaries({}, optional=CONDITIONS).map(sensible)


@given(queries)
@example(Query.of({"var": Comparisons((Comparison("<", "eq", ""),))}, ZONE))
@example(Query.of({"data": Comparisons((Comparison(">", "neq", ""),))}, ZONE))
@law(100)
def test_canonical_text_is_the_same_question(query: Query) -> None:
    """Query -> canonical text -> Query is the identity, now and a year later, whatever the names contain."""
    for now in (NOW, NOW + timedelta(days=400)):
        parsed = parse(query.canonical(), now=now)
        assert parsed.understood, parsed
        assert parsed.query == query
        assert parsed.query.canonical() == query.canonical()
        assert parsed.query.selection() == query.selection()


@given(queries)
@law(100)
def test_the_sentence_names_every_filter(query: Query) -> None:
    """Taking any filter away changes the sentence: each is named in it."""
    sentence = query.sentence()
    for key in query.filters():
        assert query.without(key).sentence() != sentence, key


@given(names.filter(lambda name: not set('"\\“”„‟«»') & set(name)))
@law(80)
def test_what_slack_escapes_is_read_as_typed(name: str) -> None:
    """Slack sends `&`, `<` and `>` escaped; the question holds what the person typed."""
    sent = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse(f'search:"{sent}" rating:&lt;=2', now=NOW).query.filters() == {
        "rating": "<=2",
        "search": name,
    }


def test_every_filter_has_its_round_trip() -> None:
    """The strategies above cover the whole registry: a new filter must be added there."""
    assert {each.key for each in FILTERS} == set(CONDITIONS)
