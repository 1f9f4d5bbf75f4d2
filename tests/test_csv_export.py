from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.csv_export import (
    BOM,
    COLUMNS,
    NOT_LOOKED_UP,
    UNREADABLE,
    CsvWriter,
    defuse,
    filename,
)
from bot.model import (
    CHOSEN_COLUMNS,
    FAILED,
    NOT_PHONE,
    CallIds,
    Conversation,
    IdState,
    PhoneCall,
    Results,
    dashboard_url,
)

BERLIN = ZoneInfo("Europe/Berlin")
STARTERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

hostile = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.characters(codec=None, categories=None), max_size=10),
    st.builds(
        lambda lead, first, rest: lead + first + rest,
        st.text(alphabet=" \t\r\n\ufeff\u200b\u200e\u202e\x00\xa0\u3000", max_size=3),
        st.sampled_from(STARTERS),
        st.text(max_size=10),
    ),
    st.sampled_from(
        ["", "-5", "+14155550123", "-1.5e3", "=1+1", '"', '","', "a\r\nb", "שלום", "👩‍👩‍👧", "x" * 20_000]
    ),
)
numbers = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 5).map(float)
phones = st.builds(
    PhoneCall,
    phone_provider=hostile,
    call_id=st.none() | hostile,
    call_sid=st.none() | hostile,
    direction=st.none() | hostile,
    agent_number=st.none() | hostile,
    external_number=st.none() | hostile,
)
found = st.one_of(
    st.sampled_from([FAILED, NOT_PHONE, CallIds(IdState.NOT_ASKED)]),
    phones.map(lambda phone: CallIds(IdState.FOUND, phone)),
)
conversations = st.builds(
    Conversation,
    conversation_id=hostile,
    agent_id=hostile,
    agent_name=st.none() | hostile,
    start_time_unix_secs=st.integers(-(2**62), 2**62) | st.integers(0, 2_000_000_000),
    call_duration_secs=st.integers(0, 10**6),
    message_count=st.integers(0, 10**4),
    status=hostile,
    call_successful=hostile,
    direction=st.none() | hostile,
    conversation_initiation_source=st.none() | hostile,
    main_language=st.none() | hostile,
    rating=numbers,
    termination_reason=st.none() | hostile,
    call_summary_title=st.none() | hostile,
    transcript_summary=st.none() | hostile,
    tool_names=st.lists(hostile, max_size=3).map(tuple),
    cost=numbers,
    cost_fiat=numbers,
)


def written(row: Conversation, ids: CallIds, tz: ZoneInfo = BERLIN) -> dict[str, str]:
    """Return the cells of one row as a reader of the file sees them."""
    out = io.BytesIO()
    CsvWriter(out, tz).write([row], {row.conversation_id: ids})
    lines = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert lines[0] == list(COLUMNS)
    return dict(zip(COLUMNS, lines[1], strict=True))


def storable(text: str) -> str:
    """Return the text as a UTF-8 file may hold it."""
    return "".join("\ufffd" if c in "\x00\x1a" or "\ud800" <= c <= "\udfff" else c for c in text)


TWILIO = CallIds(
    IdState.FOUND,
    PhoneCall(
        phone_provider="twilio",
        call_id="CA1",
        call_sid="CA1",
        direction="inbound",
        agent_number="+1•••0123",
        external_number="+14155550123",
    ),
)


def test_columns_are_the_designs() -> None:
    """The header is the contract, name by name."""
    assert (
        ", ".join(COLUMNS) == "start_time, agent_name, call_duration_secs, call_successful, "
        "call_summary_title, termination_reason, call_id, conversation_id, call_sid, phone_provider, "
        "agent_id, start_time_utc, start_time_unix_secs, message_count, status, direction, "
        "conversation_initiation_source, main_language, rating, transcript_summary, tool_names, cost, "
        "cost_fiat, agent_number, external_number, url"
    )


def test_a_whole_row() -> None:
    """Every column of an ordinary call says what the API said."""
    row = Conversation(
        conversation_id="conv_1",
        agent_id="agent_1",
        agent_name="Support EN",
        start_time_unix_secs=1_763_300_000,
        call_duration_secs=245,
        message_count=12,
        status="done",
        call_successful="failure",
        conversation_initiation_source="twilio",
        main_language="en",
        rating=4.0,
        termination_reason="Client ended call",
        call_summary_title="Refund",
        transcript_summary='Said "no",\nthen left',
        tool_names=("lookup", "refund"),
        cost=120.0,
        cost_fiat=-0.12,
    )
    assert list(written(row, TWILIO).values()) == [
        "2025-11-16 14:33:20", "Support EN", "245", "failure", "Refund", "Client ended call", "CA1", "conv_1",
        "CA1", "twilio", "agent_1", "2025-11-16T13:33:20Z", "1763300000", "12", "done", "inbound", "twilio",
        "en", "4", 'Said "no",\nthen left', "lookup; refund", "120", "-0.12", "'+1•••0123", "+14155550123",
        dashboard_url("conv_1"),
    ]  # fmt: skip


def test_columns_can_be_chosen() -> None:
    """A file asked for a further column has it where it was asked for; every other file does not."""
    out = io.BytesIO()
    rows = [Conversation(conversation_id="a", call_success_score=0.75), Conversation(conversation_id="b")]
    CsvWriter(out, BERLIN, ("conversation_id", *CHOSEN_COLUMNS)).write(rows, {})
    assert out.getvalue().decode("utf-8-sig") == "conversation_id,success_score\r\na,0.75\r\nb,\r\n"
    assert CHOSEN_COLUMNS.keys().isdisjoint(COLUMNS)


def test_collected_data_and_verdicts_are_columns() -> None:
    """A cell for each id: numbers stay numbers, what a caller said is no formula, nor is a header."""
    out = io.BytesIO()
    said = Results({"order_id": "=cmd()", "csat": 4, "share": 0.5, "large": 1e300})
    rows = [
        Conversation(
            conversation_id="a",
            data_collection_results=said,
            evaluation_criteria_results=Results({"greeting": "failure"}),
        ),
        Conversation(conversation_id="b", data_collection_results=Results()),
    ]
    columns = ("data.order_id", "data.csat", "data.share", "data.large", "eval.greeting", "data.x;=1")
    CsvWriter(out, BERLIN, ("conversation_id", *columns)).write(rows, {})
    assert out.getvalue().decode("utf-8-sig").splitlines() == [
        "conversation_id,data.order_id,data.csat,data.share,data.large,eval.greeting,data.x;'=1",
        "a,'=cmd(),4,0.5,1e+300,failure,",
        "b,,,,,,",
    ]


@pytest.mark.parametrize(
    ("source", "ids", "cell"),
    [
        ("twilio", FAILED, UNREADABLE),
        ("twilio", NOT_PHONE, ""),
        ("twilio", CallIds(IdState.NOT_ASKED), NOT_LOOKED_UP),
        ("widget", CallIds(IdState.NOT_ASKED), ""),
        ("sip_trunk", CallIds(IdState.FOUND, PhoneCall(phone_provider="sip_trunking", call_sid="SCL_1")), ""),
    ],
)
def test_call_id_says_why_it_is_missing(source: str, ids: CallIds, cell: str) -> None:
    """A blank call_id always means there is none; a failed or skipped lookup is marked in words."""
    cells = written(Conversation(conversation_id="c", conversation_initiation_source=source), ids)
    assert cells["call_id"] == cell
    assert cells["call_sid"] == ("SCL_1" if ids.phone else "")


def test_direction_of_the_row_wins() -> None:
    """The list's direction is kept; the detail's fills in only when the list had none."""
    assert written(Conversation(conversation_id="c", direction="outbound"), TWILIO)["direction"] == "outbound"
    assert written(Conversation(conversation_id="c"), TWILIO)["direction"] == "inbound"


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "  =1",
        "\ufeff=1",
        "\u200b=1",
        "\xa0@x",
        "\uff1d1+1",
        "\uff20x",
        "\uff0d1+1",
        "\x00=1",
        "+1•••0123",
        "-",
        "- item",
        "+1 415 555",
        "\tx",
    ],
)
def test_formulas_are_defused(text: str) -> None:
    """Whatever a spreadsheet might run is turned into text, and nothing else of it changes."""
    assert defuse(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "-5", "+5", "-12.50", "+14155550123", "1e5", "a=b", "a\nb=c", "'x", "שלום", "—"]
)
def test_other_text_is_left_alone(text: str) -> None:
    """Numbers, negative ones too, and ordinary text stay exactly as they are."""
    assert defuse(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; =1", "x; '=1"),
        ("x\t=1", "x\t'=1"),
        ("x\r\n\t=1", "x\r\n\t'=1"),
        ('x;"=1', "x;\"'=1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("a\n=b", "a\n'=b"),
        ("a;+1;-2;@x", "a;'+1;'-2;'@x"),
        ("a = b; c, =d", "a = b; c, =d"),
        ("well-known; so-so\nfine", "well-known; so-so\nfine"),
    ],
)
def test_formulas_of_other_locales_are_defused(text: str, safe: str) -> None:
    """What follows a semicolon, a tab or a line break starts a cell where that is the separator."""
    assert defuse(text) == safe


@given(conversations, found)
def test_a_reader_gets_back_what_was_written(row: Conversation, ids: CallIds) -> None:
    """csv.reader returns every text exactly, apart from defusing and characters that no file can hold."""
    cells = written(row, ids)
    for name in (
        "conversation_id",
        "agent_id",
        "agent_name",
        "status",
        "main_language",
        "transcript_summary",
    ):
        value = getattr(row, name) or ""
        assert cells[name] == storable(defuse(value))
    assert cells["tool_names"] == storable(defuse("; ".join(row.tool_names)))
    assert int(cells["start_time_unix_secs"]) == row.start_time_unix_secs


@given(conversations, found)
def test_no_cell_is_a_formula(row: Conversation, ids: CallIds) -> None:
    """No cell begins as a formula does, whatever came, unless it is a plain number."""
    for name, cell in written(row, ids).items():
        shown = cell.lstrip(" \t\r\n\x0b\x0c\ufeff\u200b\u200e\u202e\xa0\u3000")
        if shown[:1] and shown[0] in STARTERS:
            float(cell)
            assert cell[0] in "+-", name
        assert not cell or cell[0] not in "\t\r\n", name
        assert not re.search(r'[;\t\r\n][\s"]*[=+\-@]', cell), name


@given(
    st.integers(1, 4_000_000_000),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York", "Europe/London"]),
)
def test_start_times_say_the_same_second(unix: int, zone: str) -> None:
    """start_time is the clock on the asker's wall, start_time_utc the same second anywhere."""
    row, tz = Conversation(conversation_id="c", start_time_unix_secs=unix), ZoneInfo(zone)
    cells = written(row, NOT_PHONE, tz)
    assert cells["start_time"] == datetime.fromtimestamp(unix, tz).strftime("%Y-%m-%d %H:%M:%S")
    assert datetime.fromisoformat(cells["start_time_utc"]) == datetime.fromtimestamp(unix, UTC)
    assert cells["start_time_utc"].endswith("Z")


def test_mark_once_and_batches_join() -> None:
    """One byte order mark, CRLF line ends, and the same bytes however the rows are cut into batches."""
    rows = [Conversation(conversation_id=f"conv_{n}") for n in range(1201)]
    whole, pieces = io.BytesIO(), io.BytesIO()
    one, many = CsvWriter(whole, BERLIN), CsvWriter(pieces, BERLIN)
    one.write(rows, {})
    for start in range(0, len(rows), 7):
        many.write(rows[start : start + 7], {})
    data = whole.getvalue()
    assert data == pieces.getvalue()
    assert data.startswith(BOM.encode())
    assert data.count(BOM.encode()) == 1
    assert data.count(b"\r\n") == data.count(b"\n") == 1202
    assert (one.rows, one.size) == (1201, len(data))


def test_failed_lookups_are_counted() -> None:
    """The writer knows how many ids could not be read, for the message about the file."""
    writer = CsvWriter(io.BytesIO(), BERLIN)
    writer.write([Conversation(conversation_id="a"), Conversation(conversation_id="b")], {"b": FAILED})
    assert writer.ids_failed == 1


moments = st.none() | st.integers(1_600_000_000, 1_900_000_000).map(
    lambda unix: datetime.fromtimestamp(unix, BERLIN)
)


@given(hostile, moments, moments)
def test_filenames_are_safe(words: str, since: datetime | None, until: datetime | None) -> None:
    """A file name is plain ASCII without blanks, slashes or surprises, and short."""
    name = filename(words, since, until, date(2026, 11, 29))
    assert name.endswith(".csv")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(name) <= 80


@pytest.mark.parametrize(
    ("since", "until", "name"),
    [
        ("2026-11-23", None, "failed-calls-2026-11-23-to-29.csv"),
        ("2026-11-23", "2026-11-30", "failed-calls-2026-11-23-to-29.csv"),
        ("2026-11-23", "2026-11-23T12:00", "failed-calls-2026-11-23.csv"),
        ("2026-11-29", "2026-11-30", "failed-calls-2026-11-29.csv"),
        ("2026-10-01", "2026-11-01", "failed-calls-2026-10.csv"),
        ("2026-10-26", "2026-11-02", "failed-calls-2026-10-26-to-11-01.csv"),
        ("2025-12-29", "2026-01-05", "failed-calls-2025-12-29-to-2026-01-04.csv"),
        (None, "2026-11-01", "failed-calls-until-2026-10-31.csv"),
        (None, None, "failed-calls-until-2026-11-29.csv"),
        ("2027-01-01", None, "failed-calls-2027-01-01.csv"),
    ],
)
def test_a_filename_says_what_is_inside(since: str | None, until: str | None, name: str) -> None:
    """Which calls, and of which days: none after the day on which it was asked for."""
    low, high = (
        None if moment is None else datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
        for moment in (since, until)
    )
    assert filename("Failed calls", low, high, date(2026, 11, 29)) == name
    assert filename("…", low, high, date(2026, 11, 29)) == name.replace("failed-calls", "calls")
