"""What people ask for and ElevenLabs cannot filter by: each is answered with the reason and a way round."""

from __future__ import annotations

_MORE = "over|above|under|below|more|less|fewer|exceeding|at|up"
_THAN = "than|least|most|to"
_MONEY = "dollar|dollars|euro|euros|cent|cents|usd|eur|credits|credit|$|€"
_PRICED = "[with|whose] [a|the] cost|costs|costing|price|priced [is|was|of]"
_EACH = "agent|day|week|month|hour|year|language|user|caller|tool|tag|source|channel"

_COST = "Cost cannot be filtered or sorted by: it is a column of the CSV."
_MESSAGES = (
    "The number of messages cannot be filtered: it is the column message_count of the CSV. "
    "A length can be, such as “over 5 minutes”."
)
_PER = (
    "Calls are listed and counted all together, not per day or agent: ask for one at a time, such as "
    "“how many calls yesterday for Support EN”, or count in the CSV, which has all columns."
)
_RATE = (
    "Rates and averages are not worked out here: ask “how many failed calls” and “how many calls”, "
    "or use the CSV, which has a row for each call."
)
_SCORE = (
    "Scores other than the caller's rating cannot be filtered: say failed or successful, an evaluation "
    "such as eval:politeness=failure, or “rated 2 or less”."
)
_ENDED = (
    'write ended:"…" with the reason as ElevenLabs words it; it is the column termination_reason of the CSV.'
)
_NUMBER = (
    "A caller's phone number cannot be filtered: ElevenLabs offers no such filter. The numbers are columns "
    'of the CSV; if it is the id that your system gave the person, write user:"…".'
)
_VOICEMAIL = f"Whether a call reached voicemail is no filter of its own: {_ENDED}"
_HUNG_UP = f"Who hung up is no filter of its own: {_ENDED}"
_TRANSFERRED = (
    "Transfers are no filter of their own: if a tool does them, write tool:NAME with its name, such as "
    "tool:transfer_to_number."
)
_MISSED = (
    "Missed calls are no filter of their own: write failed for calls that were judged so, or status:failed "
    "for those that did not come about."
)
UNSUPPORTED: dict[str, tuple[str, ...]] = {
    _COST: (
        f"{_PRICED} [{_MORE}] [{_THAN}] [{{digits}}] [{_MONEY}]",
        f"{_MORE} [{_THAN}] {{digits}} {_MONEY}",
    ),
    _MESSAGES: (
        f"[with] {_MORE} [{_THAN}] {{digits}} messages|message|turns",
        "[the] number of messages|turns",
    ),
    _PER: (
        f"[count|counts|counted|calls|number|grouped|total|totals] per {_EACH}",
        f"count|counts|counted|group|grouped|split by {_EACH}",
        "calls|conversations by day|week|weekday|month|hour|year",
        "[broken] breakdown|down by|of {name}",
    ),
    _RATE: (
        "[the] [average|mean|median] success|failure|error|completion|answer rate|rates",
        "[the] average|avg|mean|median|total duration|length|rating|cost|time",
    ),
    _SCORE: (f"success|quality|sentiment score|scores [is|was|of] [{_MORE}] [{_THAN}] [{{digits}}]",),
    _VOICEMAIL: ("[reached|left|hit|to|went] [to] [a|the] voicemail|voicemails",),
    _HUNG_UP: (
        "[who|that|where] [the] [caller|user|customer|agent] hung|hang|hangs up",
        "hangup|hangups|hang-up|hang-ups",
    ),
    _TRANSFERRED: (
        "[were|was|got|been] transferred|transfers|escalated [to] [a|an|the] [human|person|agent]",
    ),
    _MISSED: ("missed|unanswered",),
    _NUMBER: ("[from|by|of|to|with|for] [the] [phone] [number|caller] {phone}",),
}
"""Patterns of phrases, by the reason that is given."""
