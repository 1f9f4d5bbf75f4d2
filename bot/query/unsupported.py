"""What people ask for and ElevenLabs cannot filter by: each is answered with the reason and a way round."""

from __future__ import annotations

_MORE = "over|above|under|below|more|less|fewer|exceeding|at|up"
_THAN = "than|least|most|to"
_MONEY = "dollar|dollars|euro|euros|cent|cents|usd|eur|credits|credit|$|€"
_PRICED = "[with|whose] [a|the] cost|costs|costing|price|priced [is|was|of]"
_EACH = "agent|agents|day|week|weekday|month|hour|year|language|user|caller|tool|tag|source|channel"
_MOST = "most|fewest|highest|lowest|least|best|worst|busiest|slowest|longest|shortest"
_PEAK = "busiest|quietest|peak|slowest"
_SPENT = "spend|spent|spending|expensive|cost|costs|costing|expenses|price|prices|pricey"
_JUDGED = "success|failure|error|completion|answer|response|failed"
_WHOSE = "call|calls|talk|talking|handle|handling|wait|waiting|conversation"
_MEASURED = (
    "duration|length|lengths|rating|ratings|cost|costs|time|times|minutes|hours|seconds|messages|turns|score"
)
_BY = f"[of|by|per] [{_EACH}]"
_AVERAGE = "average|avg|mean|median|typical"
_GOING = "[going|gone|getting|went] [up|down|better|worse]"
_PEOPLE = "callers|caller|customers|customer|people|persons|users|clients|individuals"
_UNLIKE = "unique|different|distinct|individual|repeat|repeated|returning|frequent|separate"

_COST = (
    "What calls cost, or what you spend on them, cannot be filtered, sorted or summed here: "
    "cost is a column of the CSV."
)
_MESSAGES = (
    "The number of messages cannot be filtered: it is the column message_count of the CSV. "
    "A length can be, such as “over 5 minutes”."
)
_PER = (
    "Calls are listed and counted all together, not per hour, per day or per agent, so I cannot say which "
    "had the most, which was the busiest, or what the trend is: ask for one at a time, such as "
    "“how many calls yesterday for Support EN”, or count in the CSV, which has all columns."
)
_COMPARE = (
    "Two times cannot be compared in one question: ask for each, such as “how many calls this week” and "
    "“how many calls last week”."
)
_RATE = (
    "Rates, averages, medians and totals are not worked out here: ask “how many failed calls” and "
    "“how many calls”, or use the CSV, which has a row for each call."
)
_SHARE = (
    "A share or a percentage is not worked out here: ask for both numbers, such as “how many failed calls "
    "last week” and “how many calls last week”."
)
_CALLERS = (
    "I count and list calls, and one caller may have called several times: callers cannot be counted or "
    "ranked. Ask “how many calls …”; the CSV has the column external_number."
)
_WHY = (
    "I cannot tell why calls failed or ended, or the reasons for it. The CSV of “failed calls last week” "
    "shows how each ended."
)
_PART = (
    "Only whole calls are found, not parts of them: open a call for its transcript. For the time before now "
    "write “last 10 minutes” alone, for the length of calls “over 10 minutes”."
)
_MEASURE = (
    "Latency, sentiment and mood are nothing that ElevenLabs finds calls by: say failed or successful, or "
    "“rated 2 or less”, or words to look for, such as about “complaint”."
)
_UNLESS = "I do not read “unless”: say what is not wanted, such as “not failed” or “except German”."
_NOT_ONLY = (
    "“Not only” and “not just” leave open what else is wanted: name all of it, such as “failed or "
    "successful”, or leave the words out for every call."
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
_HOLIDAY = (
    "Holidays are not known here, since they differ between places: write the dates, such as "
    "“between 24 and 26 december”."
)
_FISCAL = "Your fiscal year is not known here: write its months, such as “from july 2025 to june 2026”."
_OVERNIGHT = (
    "“overnight” says no hours: write “last night”, which is 18:00 to 6:00, or for example "
    "“since yesterday 22:00 until today 6:00”."
)
_WHEN = (
    "[since|until|till|before|after|between|over|during|on|in|at|from|this|last|next] [the|this|last|next]"
)
_NAMED_HOURS = "business office working work opening after off"
UNSUPPORTED: dict[str, tuple[str, ...]] = {
    _COST: (
        f"{_PRICED} [{_MORE}] [{_THAN}] [{{digits}}] [{_MONEY}]",
        f"{_MORE} [{_THAN}] {{digits}} {_MONEY}",
        f"[most|least|how] [much] [did|do|have|has|does] [we|i|you|they] {_SPENT} [of|on|for]",
    ),
    _MESSAGES: (
        f"[with] {_MORE} [{_THAN}] {{digits}} messages|message|turns",
        "[the] number of messages|turns",
    ),
    _PER: (
        f"[count|counts|counted|calls|number|grouped|total|totals] per {_EACH}",
        f"count|counts|counted|group|grouped|split|sorted|broken by {_EACH}",
        "calls|conversations|failures|successes by day|week|weekday|month|hour|year",
        f"[in] {_EACH} by {_EACH}",
        "[broken] breakdown|down by|of {name}",
        f"which|what|whose {_EACH} [calls|call] [has|have|had|is|was|got|gets|saw|with] [the] {_MOST}",
        f"[the] [what|when] [is|was|are] [our] {_PEAK} [{_EACH}|time|times] [of] [the] [day|week]",
        "[the] trend|trends|trending [of|in|for]",
        "over time",
    ),
    _COMPARE: (
        "compare|comparing|comparison|compared [of|to|with|against]",
        "vs|versus|vs.",
    ),
    _RATE: (
        f"[what] [is|was] [the|our] [{_AVERAGE}] [{_JUDGED}] rate|rates [by|per] [{_EACH}] {_GOING}",
        f"[what] [is|was] [the|our] {_AVERAGE}|total|sum [of] [the|all] [{_WHOSE}] {_MEASURED} {_BY}",
        f"[the|our] {_AVERAGE} [of]",
        "talk|handle|handling|wait time",
        "how long [on] [average]",
    ),
    _SHARE: (
        "[what] [is|was] [the|a] share|proportion|fraction|ratio of",
        "what share|proportion|fraction",
        "[what] [is|was] [the|a] percentage|percent|pct|% [of]",
    ),
    _CALLERS: (
        f"how many [{_UNLIKE}] {_PEOPLE}",
        f"[the] number|count of [{_UNLIKE}] {_PEOPLE}",
        f"[the] top|first|last|biggest [{{count}}] [{_UNLIKE}] {_PEOPLE}",
        f"[the] {_UNLIKE} {_PEOPLE}",
    ),
    _WHY: (
        "why|how-come",
        "[the] [top|main|common|usual] [{count}] reason|reasons [for|why|of|behind]",
    ),
    _PART: (
        "[the] first|last {length} of each|every|any|a|the|all [call|calls|conversation|conversations]",
        "[the] end|ending|beginning|start|middle|half of each|every|any|a|the call|calls|conversation",
    ),
    _MEASURE: ("[the] sentiment|sentiments|mood|latency|latencies [of|in]", "[the] response time|times"),
    _UNLESS: ("unless",),
    _NOT_ONLY: ("not only|just|merely|simply|exclusively",),
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
    **{
        f"I do not know which hours “{said}” are: write them with their day, such as “yesterday from 9:00 to "
        "17:00” or “yesterday after 17:00”.": tuple(
            f"[outside|during|in|within|after|before|not] [of] [the|our|normal|regular] {form}"
            for form in (said, said.replace(" ", "-"))
        )
        for said in ("out of hours", *(f"{word} hours" for word in _NAMED_HOURS.split()))
    },
    _OVERNIGHT: ("overnight",),
    _HOLIDAY: (
        f"{_WHEN} christmas|xmas|easter|thanksgiving|halloween|diwali|ramadan|eid [day|eve|weekend]",
        f"{_WHEN} [bank|public] holiday|holidays [weekend|season]",
        f"{_WHEN} black|good friday",
        f"{_WHEN} cyber|easter|labor|labour|memorial monday|day",
        f"{_WHEN} boxing|independence|veterans|presidents|valentine|valentines|mlk day",
        f"{_WHEN} new year|years [day|eve]",
    ),
    _FISCAL: (
        f"{_WHEN} fiscal|financial year|quarter|month|half [{{digits}}]",
        f"{_WHEN} fy [{{digits}}]",
        f"{_WHEN} " + "|".join(f"fy{year:02}|fy20{year:02}" for year in range(15, 40)),
    ),
}
"""Patterns of phrases, by the reason that is given."""
