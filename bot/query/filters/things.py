"""Tags, how a call ended, and ids that the API filters by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.model import Conversation
from bot.query.filters.base import ChoiceFilter, Filter, Params, Words, listed
from bot.query.filters.several import Several
from bot.query.numbers import looks_like_phone
from bot.query.phrases import Phrase
from bot.query.tokens import Item, Segment, bare_or_quoted, item_text
from bot.query.values import Choice, Misread
from bot.query.values import Text as Id


class Tag(Several):
    """`tag_ids`; the message search has no such parameter."""

    key = "tag"
    aliases = ("tags", "tagged", "tag-ids", "label")
    about = "a tag"
    examples = ("tagged vip", "tag:vip", "-tag:test")
    param = "tag_ids"
    said_as = "tagged"
    said_not = "not tagged"

    def facts(self, row: Conversation) -> Sequence[str]:
        """Return the row's tags."""
        return row.tag_ids

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send one tag, but not to the message search."""
        return () if text_search else super().params(value, text_search=text_search)

    def phrases(self) -> Iterable[Phrase]:
        """Return "tagged vip"."""
        yield Phrase("[that|which] [are|were|is] tagged [as|with] {name}", self._named)
        yield Phrase("[with] [the|a] tag|tags {name}", self._named)


class Ended(ChoiceFilter):
    """`termination_reasons`: several mean any of them (documented)."""

    key = "ended"
    aliases = ("end-reason", "termination", "termination-reason", "termination-reasons", "reason", "ended-by")
    about = "why the call ended, exactly as ElevenLabs words it"
    examples = ('ended:"Client disconnected: 1000"', 'ended because "silence"', "-ended:voicemail")
    noun = "reason for ending"

    def phrases(self) -> Iterable[Phrase]:
        """Return "ended because …"."""
        why = "ended|terminated|ending"
        yield Phrase(f"[that|which] {why} [by|because|with|due|for] [of|to|reason] {{quoted}}", self._named)
        yield Phrase(f"[that|which] {why} by|because|with|due [of|to] [the|a] {{name}}", self._named)
        yield Phrase("[with] [the] termination|end reason {name}", self._named)

    def _named(self, slots: Mapping[str, object]) -> Choice:
        return self.one(str(next(iter(slots.values()))))

    def params(self, value: Choice, *, text_search: bool) -> Params:
        """Send all."""
        del text_search
        return tuple(("termination_reasons", reason) for group in value.groups for reason in group)

    def local(self, value: Choice, *, text_search: bool) -> bool:
        """Excluded reasons are tested here."""
        del text_search
        return bool(value.exclude)

    def keeps(self, value: Choice, row: Conversation) -> bool:
        """Compare the row's reason."""
        return self.matches(value, [row.termination_reason])

    def words(self, value: Choice) -> Words:
        """Say "that ended with …"."""
        quoted = [f"“{v}”" for v in (value.groups[0] if value.groups else value.exclude)]
        return Words(after=f"that {'ended' if value.groups else 'did not end'} with {listed(quoted)}")


class OneId(Filter[Id]):
    """A filter that takes one id, which the API alone can test."""

    def __init__(
        self, key: str, param: str, about: str, *aliases: str, phrases: tuple[str, ...] = ()
    ) -> None:
        """`key:` sends `param`; phrases hold one `{name}`."""
        self.key = key
        self.param = param
        self.about = about
        self.aliases = aliases
        self.examples = (f"{key}:123",)
        self._patterns = phrases

    def phrases(self) -> Iterable[Phrase]:
        """Return the patterns given."""
        for pattern in self._patterns:
            yield Phrase(pattern, lambda slots: Id(str(slots["name"])))

    def form_items(self, text: str) -> tuple[Item, ...]:
        """Take the text whole."""
        return ((Segment(text),),)

    def read(self, items: Sequence[Item]) -> Id:
        """Accept one value."""
        if len(items) != 1 or not item_text(items[0]):
            raise Misread(f"“{self.key}:” takes one value, such as {self.key}:123.")
        return Id(item_text(items[0]))

    def params(self, value: Id, *, text_search: bool) -> Params:
        """Send it."""
        del text_search
        return ((self.param, value.text),)

    def words(self, value: Id) -> Words:
        """Say "with user 4711"."""
        return Words(after=f"with {self.key} {value.text}")

    def canonical(self, value: Id) -> str:
        """Return the pair."""
        return f"{self.key}:{bare_or_quoted(value.text)}"

    def readable(self, value: Id) -> str:
        """Return the id."""
        return value.text


class User(OneId):
    """`user_id`. "caller:" often comes with a phone number, which is another thing."""

    def read_as(self, key: str, items: Sequence[Item]) -> Id:
        """Refuse a phone number, unless it is said to be the id."""
        value = self.read(items)
        if key in {"caller", "customer"} and looks_like_phone(value.text):
            raise Misread(
                "A caller's phone number cannot be filtered: ElevenLabs offers no such filter. "
                f'If it is the id that your system gave the person, write user:"{value.text[:40]}".'
            )
        return value


USER = User(
    "user",
    "user_id",
    "the user id of the person who called",
    "user-id",
    "caller",
    "customer",
    phrases=("[from|by|of|for|with] [the] user [id|with] [id] {name}",),
)
TOPIC = OneId("topic", "topic_ids", "a topic found by ElevenLabs, by id", "topics", "topic-ids")
BRANCH = OneId("branch", "branch_id", "a branch of the agent, by id", "branch-id")
VERSION = OneId("version", "version_id", "a version of the agent, by id", "version-id")
NUMBER = OneId(
    "number",
    "phone_number_ids",
    "the agent's phone number, by ElevenLabs' id for it",
    "phone-number",
    "phone-number-id",
)
