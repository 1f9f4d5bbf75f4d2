"""The phrases that say filters without a colon, with what each means."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.query.filters.base import NAMED, NOT_NAMED
from bot.query.filters.choices import one, running_for
from bot.query.filters.number_ranges import (
    LOWEST,
    ask_for_no_messages,
    ask_length,
    ask_length_or_time,
    ask_rating,
    ask_unit,
    ask_whole_stars,
    exact_length,
)
from bot.query.filters.order_and_limit import ENDS, first_of, limit_of, newest, oldest, refuse_order
from bot.query.filters.rankings import RANKINGS
from bot.query.filters.tools import ask_which_tool
from bot.query.values import Choice, Columns, Flag, Limit, Order, Range

Patterns = tuple[tuple[str, Any], ...]


def _all(meaning: object, *patterns: str) -> Patterns:
    """Give several patterns one meaning."""
    return tuple((pattern, meaning) for pattern in patterns)


COUNT = _all(
    Flag(),
    "how many|much|often",
    "[the] [total] number|count|no|no.|nr of",
    "count|counts",
    "[the] total|overall count|number|calls|conversations",
)

_RESULT = "result|outcome|results|outcomes"
RESULT = (
    *_all(
        one("failure"),
        "failed|failing|failure|failures|fail|fails|unsuccessful|unsuccessfully",
        "fail|fails|failed|failing [the] most",
        "went wrong|badly",
        "did not|n't succeed",
        "didn't|didnt succeed",
        f"[with] [a|an] failed|failure|unsuccessful|bad|negative {_RESULT}",
        f"[with|whose] [a|the] {_RESULT} [is|was|of|=] failed|failure|unsuccessful",
    ),
    *_all(
        one("success"),
        "successful|successfully|success|successes|succeeded|succeeding",
        "went well|fine|ok|right",
        f"[with] [a] successful|success|good|positive {_RESULT}",
        f"[with|whose] [a|the] {_RESULT} [is|was|of|=] successful|success",
    ),
    *_all(
        one("unknown"),
        f"[with] [an] unknown [{_RESULT}]",
        "undecided|inconclusive",
        f"[with|whose] [an|the] {_RESULT} [is|was|of|=] unknown",
    ),
)

DIRECTION = (
    *_all(one("inbound"), "inbound|incoming|in-bound", "[that|which] we received", "to us"),
    *_all(
        one("outbound"),
        "outbound|outgoing|out-bound",
        "[that|which|who|whom] we made|placed|dialed|dialled|called",
        "made|placed by us",
        "from us",
    ),
)

LANGUAGE = _all(
    NAMED,
    "[spoken|speaking|held|using|used|spoke] [in] {language} [speaking|language|spoken|speakers]",
    "[in|with|where] [the] language|lang [is|was|=] {code}",
)

AGENT = _all(
    NAMED,
    "from|of|with|by|to|on|via [the|our] {framed}",
    "for|from|of|by|to [the|our|my] {group}",
    "[for|from|of|with|by|to|on|via] {every}",
)
AGENT_OPENERS = (
    "for",
    "for agent",
    "agent",
    "agents",
    "assistant",
    "by",
    "by agent",
    "handled by",
    "answered by",
    "taken by",
    "from agent",
    "of agent",
    "with agent",
    "to agent",
    "on agent",
)

_CHATS = "[call|calls|chat|chats|conversation|conversations|channel|source|messages]"
SOURCE = (
    *_all(
        NAMED,
        f"from|via|through|over|on|by|using|in [the|our|a|an] {{source}} {_CHATS}",
        f"{{plain_source}} {_CHATS}",
        "[with|whose] [the] source|channel [is|was|of|=] {source}",
        "[that|which|who] used|use|uses {plain_source}",
    ),
    ("app|apps call|calls|conversation|conversations", one("app")),
)


_LONGER = "[for|since] [at] [over|longer|more|above|exceeding|least] [than|then] {length}"
STATUS = (
    (f"[still|been|are] [in] progress|ongoing|running|live|stuck|in-progress {_LONGER}", running_for),
    *_all(one("in-progress"), "[still] ongoing|running|live|in-progress|active", "[still] in progress"),
    *_all(
        one("in-progress"),
        "who|who's [is|are] [talking|speaking|calling] on the|a phone|call|line [right] [now]",
        "who|who's [is|are] talking|speaking|calling [right] [now]",
        "[calls|conversations] [that|which] [are] going|happening on|now [right] [now]",
        "{alone} calls|conversations|chats|call [happening] [are] right now",
        "{alone} calls|conversations|chats now",
        "current call|calls|conversation|conversations|chats",
    ),
    *_all(one("processing"), "[still] processing", "[still] being processed"),
    ("finished|completed", one("done")),
    ("incomplete|incompleted|uncompleted|unfinished", Choice((), ("done",))),
    *_all(NAMED, "{status} status|state", "[with|in|whose] [the] status|state [is|was|of|=] {status}"),
)

_UNITLESS = "longer|shorter|over|under|above|below|more|less"
DURATION = (
    *_all(
        NAMED,
        "[that|which] [lasted|lasting|took|taking|last|of|with|were|are] "
        "[a|the] [call] [duration|length] [is|was|of|:] [was|is] {lengths} [long|minutes|min]",
        "duration|length|secs|seconds [is|was|of] {seconds}",
    ),
    *_all(
        exact_length,
        "lasted|lasting|took|taking|exactly|duration|length [is|was|of|exactly] {length} [long]",
        "{length} long",
    ),
    ("{length}", ask_length_or_time),
    (f"{_UNITLESS} than|then {{digits}}", ask_unit),
    (f"{_UNITLESS} than|then {{digits}} message|messages|turn|turns", ask_for_no_messages),
    *(
        (f"[very|really|too] {word}", ask_length(word, example))
        for example, words in (
            ("shorter than 30s", "short shorter quick brief"),
            ("longer than 10 minutes", "long longer lengthy"),
        )
        for word in words.split()
    ),
)


def _or_less(slots: dict[str, Range]) -> Range:
    return Range(high=slots["stars"].high)


def _or_more(slots: dict[str, Range]) -> Range:
    return Range(low=slots["stars"].low)


_WHOSE = "[with] [a|an|the|their|whose] [user|caller|customer]"
_LOW, _HIGH = "rated 2 or less", "rated 4 or more"
RATING = (
    (f"{_WHOSE} rating|ratings|rated|score|scored [is|was|of|as] [is|was] {{rating}}", NAMED),
    (
        f"{_WHOSE} rating|ratings|rated|score|scored [is|was|of|as] [at] [least|most] {{fraction}}",
        ask_whole_stars,
    ),
    ("{fraction} star|stars", ask_whole_stars),
    ("[with] [a|an] {stars} [rating|ratings|rated]", NAMED),
    ("[with] [a] {stars} or|and less|fewer|below", _or_less),
    ("[with] [a] {stars} or|and more|above|better|up", _or_more),
    *_all(
        Range(missing=True),
        "unrated",
        "without [a|any] rating|ratings",
        "no rating|ratings",
        "not rated",
        "with no rating",
    ),
    ("not rated {rating}", NOT_NAMED),
    *_all(Range(low=LOWEST), "rated", "with [a|any] rating|ratings", "that have [a] rating"),
    *(
        (pattern, ask_rating(word, example))
        for example, words in ((_LOW, "badly poorly low"), (_HIGH, "highly well high"))
        for word in words.split()
        for pattern in (f"{word} rated|rating|ratings", f"rated {word}")
    ),
    ("low-rated", ask_rating("low-rated", _LOW)),
    ("high-rated", ask_rating("high-rated", _HIGH)),
)

_LEFT = "with|has|have|having|left [a|any] [user|caller|customer]"
FEEDBACK = (
    *_all(Flag(), f"{_LEFT} feedback [comment|comments]", f"{_LEFT} comment|comments"),
    ("no|without [a|any] feedback|comment|comments", NOT_NAMED),
)

_SOME_TOOL = "[a|any|some|one|the] tool|tools"
_USED = "used|using|use|uses|called|calling|invoked|invoking|ran|triggered|triggering|with"
TOOL = (
    *_all(
        NAMED,
        f"[that|which|where] {_USED} [the|a] {{names}} tool",
        f"[that|which|where] {_USED} [the|a] tool {{tool}}",
        "[that|which] used|using|use|uses|invoked|triggered [the] {tool}",
        "[the] tool {tool} [was] [used|called]",
        "where [the] {names} tool was used|called",
        "[that|which|where|who|when] called|calling|ran [the] {technical}",
        "that|which|who called|calling|ran [the] {quoted}",
        "[that|which|where|who|when] {technical} was|got used|called|invoked|triggered",
        "where|when {quoted} was|got used|called|invoked|triggered",
    ),
    *_all(NOT_NAMED, "without [the|a|any] {names} tool", "without [the|a|any] tool {tool}"),
    *_all(
        ask_which_tool("tool"),
        f"[that|which] used|using|use|uses {_SOME_TOOL}",
        f"with|without [using] {_SOME_TOOL} [call|calls|use|usage]",
        "no tool|tools [used|calls]",
    ),
)
_THAT, _WHERE, _FAILED = "[that|which|where|in|when]", "where|when", "failed|fails|errored|broke|crashed"
TOOL_FAILED = (
    *_all(
        NAMED,
        f"{_THAT} [which] [the|a] tool {{tool}} [has|had] {_FAILED}",
        f"{_THAT} [which] [the|a] {{names}} tool [has|had] {_FAILED}",
        f"{_THAT} {{technical}} [has|had] {_FAILED}",
        f"{_WHERE} {{quoted}} [has|had] {_FAILED}",
        "[with|in] [a|the] failed|failing|broken {names} tool [call]",
        "[with|in] [a|the] failed|failing|broken tool {tool}",
    ),
    *_all(
        ask_which_tool("tool-failed"),
        f"{_THAT} {_SOME_TOOL} [call|calls] [has|have|had] {_FAILED}|fail",
        f"[with|without] {_SOME_TOOL} [call|calls] error|errors|failure|failures",
        "[with] [a|any|some|the] failed|failing|broken tool|tools [call|calls]",
    ),
)
TOOL_SUCCEEDED = (
    *_all(
        NAMED,
        f"{_THAT} [which] [the|a] tool {{tool}} succeeded|worked",
        f"{_THAT} [which] [the|a] {{names}} tool succeeded|worked",
        f"{_THAT} {{technical}} succeeded|worked",
        f"{_WHERE} {{quoted}} succeeded|worked",
    ),
    (f"{_THAT} {_SOME_TOOL} [call|calls] succeeded|worked", ask_which_tool("tool-succeeded")),
)

TAG = _all(NAMED, "[that|which] [are|were|is] tagged [as|with] {name}", "[with] [the|a] tag|tags {name}")

_ENDED = "[that|which] ended|terminated|ending"
ENDED = _all(
    NAMED,
    f"{_ENDED} [by|because|with|due|for] [of|to|reason] {{quoted}}",
    f"{_ENDED} by|because|with|due [of|to] [the|a] {{name}}",
    "[with] [the] termination|end reason {name}",
)

NUMBER = (("[from|by|of|to|with|for] [the] [phone] [number|caller] {phone}", NAMED),)
USER = _all(NAMED, "[from|by|of|for|with] [the] user [id|with] [id] {name}")

SEARCH_OPENERS = (
    "about",
    "regarding",
    "concerning",
    "mentioning",
    "mention",
    "mentions",
    "mentioned",
    "containing",
    "contain",
    "contains",
    "with the word",
    "with the words",
    "with the text",
    "asking for",
    "asked for",
    "ask for",
    "complaining about",
    "complained about",
    "complaints about",
    "talking about",
    "talked about",
    "talk about",
    "said",
    "saying",
    "search",
    "search for",
    "transcript contains",
    "transcript mentions",
    "transcripts containing",
    "transcripts mentioning",
    "where the transcript contains",
    "where the transcript mentions",
    "whose transcript contains",
    "whose transcript mentions",
    "searching for",
    "where someone said",
    "caller said",
    "customer said",
    "where the customer said",
    "where the caller said",
)

_VERB, _OLD, _NEW = "sort|sorted|order|ordered", "oldest|earliest", "newest|latest"
SORT = (
    *_all(
        Order("oldest"),
        f"[{_VERB}] [by|from] [the] {_OLD} [one|ones|call|calls] first",
        f"{_VERB} [by|from] {_OLD} [to] [newest|latest]",
        f"[from] {_OLD} to {_NEW}",
        "[in] chronological|ascending [order]",
        "oldest",
    ),
    *_all(
        Order(),
        f"{_VERB} by [the] [start] date|time|day|start [descending]",
        f"[{_VERB}] [by|from] [the] {_NEW} [one|ones|call|calls] first",
        "[with] [the] most recent [one|ones|call|calls] first",
        f"{_VERB} [by|from] {_NEW} [to] [oldest|earliest]",
        f"[from] {_NEW} to {_OLD}",
        "[in] descending [order]",
        "newest|latest|recent|recents",
        "most recent",
    ),
    *(
        pattern
        for key, ranking in RANKINGS.items()
        for pattern in _all(
            Order(key),
            f"[{_VERB}] [by] [the] {ranking.words} [one|ones|calls|conversations] [first]",
            f"{_VERB} by [the] {ranking.sorted_by}",
        )
    ),
    *((f"{words} first", order) for words, order in ENDS.items()),
    (f"{_VERB} by [the] {{name}}", refuse_order),
)

_ROWS = "call|calls|conversation|conversations|chat|chats|results|rows|ones|entries|records|sessions"
_FIRST = "first|oldest|earliest"
LIMIT = (
    *_all(
        lambda slots: limit_of(slots["count"]),
        f"top {{count}} [{_ROWS}]",
        f"limit|limited [to|of|=] {{count}} [{_ROWS}]",
        f"at most {{count}} {_ROWS}",
        f"max|maximum|only|just {{count}} {_ROWS}",
        f"up to {{count}} {_ROWS}",
        f"no more than {{count}} {_ROWS}",
        f"{{count}} {_ROWS}",
        "max|maximum {count}",
    ),
    *_all(
        lambda slots: newest(slots["count"]),
        f"last|latest|newest|previous|past {{count}} [{_ROWS}]",
        f"most recent {{count}} [{_ROWS}]",
        f"{{count}} most recent [{_ROWS}]",
        f"{{count}} last|newest|latest [{_ROWS}]",
    ),
    *_all(
        lambda slots: oldest(slots["count"]), f"{_FIRST} {{count}} [{_ROWS}]", f"{{count}} {_FIRST} {_ROWS}"
    ),
    *(
        pattern
        for key, ranking in RANKINGS.items()
        if ranking.adjective
        for pattern in (
            (f"[the] {ranking.words} {{count}} [{_ROWS}]", partial(first_of, key)),
            (f"[the] {ranking.words} call|conversation", first_of(key, {"count": 1})),
        )
    ),
    *_all(newest(1), "last|latest|newest call|conversation", "most recent call|conversation"),
    (f"{_FIRST} call|conversation", oldest(1)),
    *_all(Limit(None), "no|without [a|any] limit", "unlimited"),
)

COLUMNS = (
    ("[with|add] [the] [further|additional|extra] column|columns {columns}", lambda slots: slots["columns"]),
    *_all(Columns(("all",)), "[with|add] all|every [the] [further|additional|extra] column|columns"),
    *_all(
        Columns(), "without|no [the|any] [further|additional|extra] column|columns", "only the usual columns"
    ),
)
