"""Values as bad as any API or person could send them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.model import (
    FAILED,
    NOT_ASKED,
    NOT_PHONE,
    Agent,
    Call,
    CallIds,
    Collected,
    Conversation,
    Criterion,
    IdState,
    PhoneCall,
    Turn,
)

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
    call_summary_title=some,
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

turns = st.lists(
    st.builds(
        Turn,
        role=st.sampled_from(["agent", "user"]) | texts,
        message=some,
        time_in_call_secs=st.integers(-1, 10**6),
        tool_names=st.lists(texts, max_size=3).map(tuple),
        failed_tool_names=st.lists(texts, max_size=3).map(tuple),
        interrupted=st.booleans(),
    ),
    max_size=12,
).map(tuple)
calls = st.builds(
    Call,
    conversation_id=ids,
    agent_id=texts,
    agent_name=some,
    status=texts,
    user_id=some,
    start_time_unix_secs=times,
    call_duration_secs=st.integers(-5, 10**9),
    call_successful=texts,
    conversation_initiation_source=some,
    main_language=some,
    rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    feedback_comment=some,
    termination_reason=some,
    error=some,
    warnings=st.lists(texts, max_size=30).map(tuple),
    cost=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    call_summary_title=some,
    transcript_summary=some,
    criteria=st.lists(st.builds(Criterion, criteria_id=texts, result=texts, rationale=some), max_size=30).map(
        tuple
    ),
    collected=st.lists(st.builds(Collected, data_collection_id=texts, value=some), max_size=30).map(tuple),
    transcript=turns,
    has_audio=st.booleans(),
    phone=st.none() | phones,
)
