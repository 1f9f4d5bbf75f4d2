"""What was said and done in a call: words, tools, tags, why it ended, and the caller's comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.query.filters.base import Filter, SaidWords, listed
from bot.query.filters.choices import ChoiceFilter, Flag, by_word
from bot.query.phrases import PhraseSlot, Text
from bot.query.tokens import Item, Kind, Segment, clean_value, item_text, quote, word_set
from bot.query.values import Misread, Texts
from bot.query.vocabulary import JOINERS, NEGATIONS, STOP

NO_TOOL = (
    STOP
    | NEGATIONS
    | JOINERS.keys()
    | word_set("""
    today yesterday since until last tool tools error errors failure failures failed fails fail failing
    most least often
    errored broke crashed succeeded worked use used using usage called german english french spanish
    """)
)
"""Words after "tool" that are not its name."""


def read_tool(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a tool's name: quoted, or one word that says nothing about tools themselves."""
    token = text.tokens[at] if at < len(text) else None
    if token is not None and token.kind is Kind.QUOTED:
        yield item_text(token.items[0]), at + 1
    elif token is not None and token.kind is Kind.WORD and token.word not in NO_TOOL:
        yield token.text, at + 1


is_technical = re.compile(".*[^_]_+[^_]").match
"""Whether a word can only be a name: with an underscore inside."""


def read_technical(text: Text, at: int) -> Iterator[tuple[object, int]]:
    """Read a name that can only be a tool's: one with an underscore."""
    for name, end in read_tool(text, at):
        if is_technical(text.word(at)):
            yield name, end


def _ask_which(key: str) -> str:
    """Return what answers a tool that is not named."""
    return (
        "!Which tool? ElevenLabs finds calls only by a tool's own name: "
        f"write {key}:NAME, such as {key}:lookup_order."
    )


_ONE_TOOL = "“{}” takes one tool at a time: ElevenLabs does not say which of several failed."
"""Rows do not say how a tool's call went, so one name is all that can be asked."""


TOOL = ChoiceFilter(
    key="tool",
    form="Tool used",
    typed=True,
    aliases=("tools", "tool-name", "tool-names", "used"),
    about="a tool that the agent used",
    examples=(
        *("that used the refund tool", "using lookup_order", "tool:refund", "tool:refund,cancel"),
        "-tool:refund",
    ),
    parameter="tool_names",
    attribute="tool_names",
    many=True,
    goes_on=True,
    form_joins=(" and not ", " and "),
    said_as="that used the tool {}",
    said_not="that did not use the tool {}",
    phrases={
        "{}": """
            [that|which|where] USED [the|a] {names} tool
            [that|which|where] USED [the|a] tool {tool}
            [that|which] used|using|use|uses|invoked|triggered [the] {tool}
            [the] tool {tool} [was] [used|called]
            where [the] {names} tool was used|called
            [that|which|where|who|when] called|calling|ran [the] {technical}
            that|which|who called|calling|ran [the] {quoted}
            [that|which|where|who|when] {technical} was|got used|called|invoked|triggered
            where|when {quoted} was|got used|called|invoked|triggered
        """,
        "-{}": """
            without [the|a|any] {names} tool
            without [the|a|any] tool {tool}
        """,
        _ask_which("tool"): """
            [that|which] used|using|use|uses TOOLS
            with|without [using] TOOLS [call|calls|use|usage]
            no tool|tools [used|calls]
        """,
    },
    slots={
        "tool": PhraseSlot(read_tool, lambda word: word not in NO_TOOL),
        "technical": PhraseSlot(read_technical, is_technical),
    },
)
TOOL_FAILED = ChoiceFilter(
    key="tool-failed",
    form="Tool that failed",
    typed=True,
    most_chosen=1,
    aliases=("failed-tool", "tool-error", "tool-errored", "tool-names-errored", "toolfailed"),
    about="a tool that failed in the call",
    examples=("where the refund tool failed", "where tool refund failed", "tool-failed:refund"),
    parameter="tool_names_errored",
    said_as="where this tool failed: {}",
    one_only=_ONE_TOOL,
    goes_on=True,
    phrases={
        "{}": """
            [THAT] [which] [the|a] tool {tool} [has|had] BROKE
            [THAT] [which] [the|a] {names} tool [has|had] BROKE
            [THAT] {technical} [has|had] BROKE
            where|when {quoted} [has|had] BROKE
            [with|in] [a|the] failed|failing|broken {names} tool [call]
            [with|in] [a|the] failed|failing|broken tool {tool}
        """,
        _ask_which("tool-failed"): """
            [THAT] TOOLS [call|calls] [has|have|had] BROKE|fail
            [with|without] TOOLS [call|calls] error|errors|failure|failures
            [with] [a|any|some|the] failed|failing|broken tool|tools [call|calls]
        """,
    },
)
TOOL_SUCCEEDED = ChoiceFilter(
    key="tool-succeeded",
    aliases=("tool-ok", "tool-success", "tool-successful", "tool-names-successful"),
    about="a tool that succeeded in the call",
    examples=("where the refund tool succeeded", "tool-succeeded:refund"),
    parameter="tool_names_successful",
    said_as="where this tool succeeded: {}",
    one_only=_ONE_TOOL,
    goes_on=True,
    phrases={
        "{}": """
            [THAT] [which] [the|a] tool {tool} succeeded|worked
            [THAT] [which] [the|a] {names} tool succeeded|worked
            [THAT] {technical} succeeded|worked
            where|when {quoted} succeeded|worked
        """,
        _ask_which("tool-succeeded"): "[THAT] TOOLS [call|calls] succeeded|worked",
    },
)

# --- what a call ended with, its tags, its feedback ---


class Ended(ChoiceFilter):
    """`termination_reasons`: any text, said in quotes."""

    def say(self, value: str) -> str:
        return f"“{value}”"


ENDED = Ended(
    key="ended",
    aliases=(
        *("end-reason", "termination", "termination-reason", "termination-reasons", "reason"),
        "ended-by",
    ),
    about="why the call ended, exactly as ElevenLabs words it",
    examples=('ended:"Client disconnected: 1000"', 'ended because "silence"', "-ended:voicemail"),
    parameter="termination_reasons",
    attribute="termination_reason",
    any_of=True,  # documented
    noun="reason for ending",
    said_as="that ended with {}",
    said_not="that did not end with {}",
    phrases={
        "{}": """
            [that|which] ended|terminated|ending [by|because|with|due|for] [of|to|reason] {quoted}
            [that|which] ended|terminated|ending by|because|with|due [of|to] [the|a] {name}
            [with] [the] termination|end reason {name}
        """
    },
)
TAG = ChoiceFilter(
    key="tag",
    aliases=("tags", "tagged", "tag-ids", "label"),
    about="a tag",
    examples=("tagged vip", "tag:vip", "-tag:test"),
    parameter="tag_ids",
    attribute="tag_ids",
    searchable=False,
    many=True,
    goes_on=True,
    form_joins=(" and not ", " and "),
    said_as="tagged {}",
    said_not="not tagged {}",
    phrases={
        "{}": """
            [that|which] [are|were|is] tagged [as|with] {name}
            [with] [the|a] tag|tags {name}
        """
    },
)
FEEDBACK = Flag(
    key="feedback",
    aliases=("comment", "has-feedback-comment"),
    about="calls with a feedback comment",
    examples=("with feedback", "feedback:yes"),
    parameter="has_feedback_comment",
    table=by_word({"yes": "yes|true|any", "no": "no|false|none"}),
    said_as="with a feedback comment",
    phrases={
        "yes": """
            with|has|have|having|left [a|any] [user|caller|customer] feedback [comment|comments]
            with|has|have|having|left [a|any] [user|caller|customer] comment|comments
        """,
        "-{}": "no|without|neither|nor [a|any] feedback|comment|comments",
    },
)

# --- what was said ---

_MOST_TEXTS = 5
_QUOTED_PART = re.compile(r'("[^"]+")')


class SearchFilter(Filter[Texts]):
    """The message search: its own endpoint, so the query says what to look for."""

    def read(self, items: Sequence[Item], key: str = "") -> Texts:  # noqa: ARG002
        texts = [clean_value("".join(part.text for part in item)) for item in items]
        if not all(texts) or not texts:
            raise self.incomplete()
        return self.merge(Texts(()), Texts(tuple(texts)), "or")

    def from_form(self, text: str) -> Texts:
        """Read one text, or several in quotes with "or" between."""
        parts = [part for part in _QUOTED_PART.split(text) if part.strip(" ,") and part.strip() != "or"]
        several = len(parts) > 1 and all(_QUOTED_PART.fullmatch(part) for part in parts)
        texts = [part[1:-1] for part in parts] if several else [text]
        return self.read([(Segment(each, quoted=True),) for each in texts])

    def merge(self, old: Texts, new: Texts, joiner: str) -> Texts:
        """Look for either; ElevenLabs does not look for two at once."""
        texts = tuple(dict.fromkeys((*old.texts, *new.texts)))
        if len(texts) > _MOST_TEXTS:
            raise Misread(
                f"I look for at most five topics at once, not for {len(texts)}: leave some out, such as "
                f"“{texts[-1]}”."
            )
        if joiner not in {"or", ","} and texts != old.texts:
            said = listed([f"“{text}”" for text in texts], "and")
            raise Misread(
                f"Calls in which both {said} were said cannot be found: write “or” between them for either."
            )
        return Texts(texts)

    def words(self, value: Texts) -> SaidWords:
        return SaidWords(after="about " + listed([f"“{text}”" for text in value.texts]))

    def canonical(self, value: Texts) -> str:
        return f"{self.key}:{','.join(map(quote, value.texts))}"

    def readable(self, value: Texts) -> str:
        return value.texts[0] if len(value.texts) == 1 else " or ".join(f'"{text}"' for text in value.texts)


SEARCH = SearchFilter(
    key="search",
    form="Words said",
    typed=True,
    most_chosen=1,
    aliases=("text", "about", "mentions", "said", "contains", "query", "q"),
    about="words in what was said (full-text and fuzzy, by ElevenLabs)",
    examples=('about "refund"', "mentioning refund", 'search:"late delivery"'),
    free_text=True,
    goes_on=True,
    openers=(
        *("about", "regarding", "concerning", "mentioning", "mention", "mentions", "mentioned", "containing"),
        *("contain", "contains", "with the word", "with the words", "with the text", "asking for"),
        *("asked for", "ask for", "complaining about", "complained about", "complaints about"),
        *("talking about", "talked about", "talk about", "said", "saying", "search", "search for"),
        *("transcript contains", "transcript mentions", "transcripts containing", "transcripts mentioning"),
        *("where the transcript contains", "where the transcript mentions", "whose transcript contains"),
        *("whose transcript mentions", "searching for", "where someone said", "caller said"),
        *("customer said", "where the customer said", "where the caller said"),
    ),
)
