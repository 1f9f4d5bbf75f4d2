"""What a reply can do, whatever carries it: the only way in which `answers` reaches Slack.

`slack/delivery.py` implements it and can rebuild one from a stored `Address`, so that any process can go on
with an answer after another died.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, Self

import msgspec

from bot.model import Message


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a request came from and who asked: enough to answer it, nothing personal beyond Slack's ids."""

    team_id: str
    user_id: str
    channel_id: str
    """Where it was asked; for a private answer the direct message is opened from user_id."""
    thread_ts: str | None = None
    """The thread to answer in, for a mention or a direct message."""
    reads_in: str | None = None
    """The thread that the asker was reading when they asked, where what only they see can be shown: Slack
    shows nothing of that kind in a thread that has no reply yet, such as the one that answers a mention."""
    private: bool = True
    """True: list and file go to the asker's direct message. False: to the thread of a mention, or shared."""
    shared_channel: bool = False
    """Whether the channel is shared with another company, which must not read data: answered in private."""
    unshared: bool = False
    """Whether Slack said with the request that it is not: that counts where it does not say more."""
    kept_private: str | None = None
    """Why it is answered in private although it was asked for all to see, as a code; None when it is not."""
    response_url: str | None = None
    """Slack's own, for the glance of a command or to replace a clicked message. Valid for 30 minutes."""

    def in_channel(self, channel_id: str) -> Address:
        """Return where the same person has something posted for all in a channel, wherever they asked."""
        return Address(team_id=self.team_id, user_id=self.user_id, channel_id=channel_id, private=False)


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    channel_id: str
    ts: str
    thread_ts: str | None = None
    """The thread it stands in; None when it is a message of its own."""
    moved_because: str | None = None
    """Why it is in the direct message although it was asked in a channel (Slack's error code)."""

    @property
    def thread(self) -> str:
        """The thread that files and follow-ups of this message belong to."""
        return self.thread_ts or self.ts


def is_direct_message(channel_id: str) -> bool:
    """Whether a channel is a person's direct message with the app: Slack's ids of those begin with D."""
    return channel_id.startswith("D")


def thread_read(thread_ts: str | None, ts: str | None) -> str | None:
    """Return the thread in which a message is a reply; None when it stands in the channel itself."""
    return thread_ts if thread_ts and thread_ts != ts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    content: BinaryIO
    """An open file: read from its beginning, and again when it has to be sent again; it stays open."""
    filename: str
    title: str
    words: str = ""
    """What stands beside it, in markup."""


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    file_id: str
    channel_id: str
    url: str | None = None
    """Where Slack shows it, if it said so."""


class ReplyError(Exception):
    """Slack refused for good: its code, such as `channel_not_found`, and the seconds it takes no more."""

    def __init__(self, code: str, method: str, *, retry_after: float = 0.0) -> None:
        super().__init__(f"Slack answered {code} to {method}")
        self.code = code
        self.method = method
        self.retry_after = retry_after


@dataclass
class Mark:
    """Which step of which answer posts something, to know it after a crash. All can read it."""

    answer: str
    """Short hash of the answer's id: the reference of its log lines and error messages."""
    step: str
    since: float
    """Unix seconds at which the answer was asked for: nothing of it is older."""
    look: bool
    """Whether a process that died may have posted it already."""
    _parts: dict[str, int] = field(default_factory=dict)

    def part(self, kind: str) -> str:
        """Name the next thing of a kind that this step posts: repeated, it gets the same name."""
        number = self._parts[kind] = self._parts.get(kind, 0) + 1
        return self.step if number == 1 else f"{self.step} {number}"


class Reply(Protocol):
    """The effects of one answer. Each raises ReplyError when Slack refuses for good."""

    def marked(self, mark: Mark) -> Self:
        """Return the same reply, whose posts and files carry a mark."""

    def at(self, address: Address) -> Self:
        """Return what can be done at another address, with the same mark."""

    async def show(self, message: Message) -> Posted:
        """Post the updatable message of this answer where the address says."""

    async def update(self, posted: Posted, message: Message) -> None:
        """Replace a message posted by `show`."""

    async def progress(self, posted: Posted, draw: Callable[[], Message]) -> bool:
        """Show in it how far the answer is, if that has a turn; False, perhaps undrawn, when it has none."""

    async def glance(self, message: Message) -> bool:
        """Show something to the asker only, on the spot. It cannot be edited later. False if not possible."""

    async def replace_glance(self, message: Message) -> bool:
        """Replace what was pressed and only the presser sees. False if not possible."""

    async def file(self, posted: Posted | None, file: Upload) -> Filed:
        """Upload a file into a message's thread; to the direct message where that is refused, or for None."""

    async def link(self, posted: Posted) -> str | None:
        """Return the address of a posted message in Slack, or None when Slack does not say."""

    async def fail(self, message: Message) -> None:
        """Tell the asker something, such as what went wrong, somewhere they can see it and nobody else."""


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    tz: str = "UTC"
    """IANA time zone of their Slack profile."""
    refused: str | None = None
    """Why they may not ask, in words for them; None when they may."""
    audience: str | None = None
    """Why no data may be posted where they ask for all to see, as a code; None when it may."""


class People(Protocol):
    async def asker(self, address: Address) -> Asker:
        """Return the asker's time zone, and whether they may ask here. Raises ReplyError."""

    async def name_of(self, mention: str) -> str | None:
        """Return the name of who or what is mentioned (`@U…`, `#C…`, `!subteam^S…`); None if not known."""

    async def audience(self, address: Address) -> str | None:
        """Return why no data may be posted in the address's channel, as a code; None when it may."""

    async def barred(self, address: Address) -> str | None:
        """As `audience`, for a channel they did not ask in: they must be a member of it, too."""

    async def channels_of(self, user_id: str) -> Mapping[str, str]:
        """Return the channels that somebody is in, id by name; private ones if the app is in them, too."""


class Tabs(Protocol):
    """A person's Home tab; and niceties beside a direct message: where Slack has none, nothing happens."""

    async def home(self, user_id: str, view: dict[str, object]) -> None:
        """Show a Home tab. Raises ReplyError."""

    async def prompts(self, channel_id: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer (title, text) prompts in a direct message."""

    async def status(self, channel_id: str, thread_ts: str, words: str) -> None:
        """Say what the bot is doing in a thread of a direct message; "" for nothing any more."""
