"""A question: text -> Query -> sentence, selection. Pure: no input or output happens here.

A text is read in this order: `tokens` (words, quotes, pairs), `keys_and_ids` (`since:monday` as words),
`grammar` (what phrase begins at each word), `reader` (from the first word to the last, with `name_reader` for
names and topics) into a `Draft`, `parser` (typing errors, and words that are a command), then a `Query` of
the filters' values. `agent_names` knows which agents it names.
"""

from bot.query.agent_names import AgentChoice, NoSuchAgent, say_agent_problem
from bot.query.filters import help_groups
from bot.query.follow_ups import follow_up, goes_on
from bot.query.keys_and_ids import CallRef, find_ids
from bot.query.parser import Parsed, correction, parse
from bot.query.query import Query, choose, resolve
from bot.query.values import Misread, Unknown

__all__ = [
    "AgentChoice",
    "CallRef",
    "Misread",
    "NoSuchAgent",
    "Parsed",
    "Query",
    "Unknown",
    "choose",
    "correction",
    "find_ids",
    "follow_up",
    "goes_on",
    "help_groups",
    "parse",
    "resolve",
    "say_agent_problem",
]
