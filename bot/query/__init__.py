"""A question: text -> Query -> sentence, API parameters, curl. Pure: no input or output happens here."""

from .agents import AgentChoice, NoSuchAgent, choose, resolve
from .explain import explain, say_agent_problem
from .filters import filter_help
from .followup import follow_up, looks_like_follow_up
from .ids import CallRef, find_ids
from .parser import Parsed, Unknown, parse
from .query import Query
from .snippets import curl, endpoint, python_snippet
from .values import Misread

__all__ = [
    "AgentChoice", "CallRef", "Misread", "NoSuchAgent", "Parsed", "Query", "Unknown", "choose", "curl", "endpoint",
    "explain", "filter_help", "find_ids", "follow_up",
    "looks_like_follow_up", "parse", "python_snippet", "resolve", "say_agent_problem",
]  # fmt: skip
