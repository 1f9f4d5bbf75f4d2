"""Values as bad as any API or person could send them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.model import FAILED, NOT_ASKED, NOT_PHONE, Agent, CallIds, Conversation, IdState, PhoneCall

BAD = [
    "",
    " ",
    "<!channel>",
    "<@U123> & <#C1|x>",
    "`",
    "``` code ```",
    "*bold* _it_ ~no~",
    "x" * 20_000,
    "&" * 20_000,
    "<" * 5_000,
    "`" * 5_000,
    "👩‍👩‍👧" * 4_000,
    "\u202eabc\u2066",
    "שלום עולם",
    "a\r\nb\n\n\nc\x00\x07",
    "\ud800",
    "https://evil.example/|x>",
    "=cmd()",
    "\u200b",
    "\ufeff",
]

texts = st.sampled_from(BAD) | st.text(max_size=30) | st.text(alphabet="<>&`*|!@#;\n ", max_size=80)
some = st.none() | texts
counts = st.integers(0, 10**9)
times = st.integers(-(2**62), 2**62) | st.integers(0, 2_000_000_000)
zones = st.sampled_from(
    [ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Argentina/Buenos_Aires")]
)
ids = st.sampled_from(["conv_01jabc", "conv_" + "9" * 60]) | texts

rows = st.builds(
    Conversation,
    conversation_id=ids,
    agent_id=texts,
    agent_name=some,
    start_time_unix_secs=times,
    call_duration_secs=st.integers(-5, 10**9),
    status=st.sampled_from(["done", "in-progress", "failed", "new_status"]) | texts,
    call_successful=st.sampled_from(["success", "failure", "unknown"]) | texts,
    conversation_initiation_source=st.sampled_from(["twilio", "widget", None]) | texts,
)
phones = st.builds(
    PhoneCall,
    phone_provider=texts,
    call_id=some,
    call_sid=some,
    direction=some,
    agent_number=some,
    external_number=some,
)
found = st.sampled_from([FAILED, NOT_ASKED, NOT_PHONE]) | phones.map(
    lambda phone: CallIds(IdState.FOUND, phone)
)
pages = st.lists(rows, max_size=12)
agents = st.lists(st.builds(Agent, agent_id=texts, name=texts), max_size=70)
