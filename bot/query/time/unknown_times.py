"""Times that are not known here, each with what to write instead."""

from __future__ import annotations

_HOLIDAY = (
    "Holidays are not known here, since they differ between places: write the dates, such as "
    "“between 24 and 26 december”."
)
_FISCAL = "Your fiscal year is not known here: write its months, such as “from july 2025 to june 2026”."
_OVERNIGHT = (
    "“overnight” says no hours: write “last night”, which is 18:00 to 6:00, or for example "
    "“since yesterday 22:00 until today 6:00”."
)
_LEAD = (
    "[since|until|till|before|after|between|over|during|on|in|at|from|this|last|next] [the|this|last|next]"
)
_HOURS = "business office working work opening after off"
UNKNOWN_TIMES: dict[str, tuple[str, ...]] = {
    **{
        f"I do not know which hours “{said}” are: write them with their day, such as “yesterday from 9:00 to "
        "17:00” or “yesterday after 17:00”.": tuple(
            f"[outside|during|in|within|after|before|not] [of] [the|our|normal|regular] {form}"
            for form in (said, said.replace(" ", "-"))
        )
        for said in ("out of hours", *(f"{word} hours" for word in _HOURS.split()))
    },
    _OVERNIGHT: ("overnight",),
    _HOLIDAY: (
        f"{_LEAD} christmas|xmas|easter|thanksgiving|halloween|diwali|ramadan|eid [day|eve|weekend|week]",
        f"{_LEAD} [bank|public] holiday|holidays [weekend|season]",
        f"{_LEAD} black|good friday",
        f"{_LEAD} cyber|easter|labor|labour|memorial monday|day",
        f"{_LEAD} boxing|independence|veterans|presidents|valentine|valentines|mlk day",
        f"{_LEAD} new year|years [day|eve]",
    ),
    _FISCAL: (
        f"{_LEAD} fiscal|financial year|quarter|month|half [{{digits}}]",
        f"{_LEAD} fy [{{digits}}]",
        f"{_LEAD} " + "|".join(f"fy{year:02}|fy20{year:02}" for year in range(15, 40)),
    ),
}
"""Patterns of phrases, by the reason that is given."""
