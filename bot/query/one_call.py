"""The API request of one conversation, to run without this bot: curl, and Python with the official SDK."""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import quote

from bot.query.call_ids import CallRef

KEY = '-H "xi-api-key: $ELEVENLABS_API_KEY"'


def call_endpoint(conversation_id: str, base_url: str) -> str:
    """Return the address of a conversation's detail; an id from outside cannot leave its place in it."""
    place = quote(conversation_id, safe="").replace(".", "%2E")
    return f"{base_url.rstrip('/')}/v1/convai/conversations/{place}"


def call_curl(conversation_id: str, base_url: str) -> str:
    """Return one shell command; the key is only named, as $ELEVENLABS_API_KEY."""
    return f"curl -sS {shlex.quote(call_endpoint(conversation_id, base_url))} {KEY}"


def call_python(conversation_id: str, base_url: str) -> str:
    """Return a program with the official SDK; the key comes from the environment."""
    lines = [
        "import os",
        "",
        "from elevenlabs import ElevenLabs",
        "",
        f'client = ElevenLabs(api_key=os.environ["ELEVENLABS_API_KEY"], base_url={base_url.rstrip("/")!r})',
        f"call = client.conversational_ai.conversations.get(conversation_id={conversation_id!r})",
        "print(call.metadata.phone_call, call.transcript)",
    ]
    return "\n".join(lines) + "\n"


def ref_curl(ref: CallRef, base_url: str) -> str:
    """Return the shell command that leads from an id to its call: its detail, or the list filtered by it."""
    return (call_curl if ref.kind == "conversation_id" else sid_curl)(ref.value, base_url)


def ref_params(ref: CallRef) -> dict[str, Any]:
    """Return the parameters of that request, with their types: none for a conversation's own detail."""
    return {} if ref.kind == "conversation_id" else {"dynamic_variable_params": [_by_sid(ref.value)]}


def _by_sid(carrier_id: str) -> str:
    return f"system__call_sid:eq:{carrier_id}"


def sid_curl(carrier_id: str, base_url: str) -> str:
    """Return the shell command that asks the list for the call with a carrier's sid."""
    address = f"{base_url.rstrip('/')}/v1/convai/conversations"
    wanted = shlex.quote(f"dynamic_variable_params={_by_sid(carrier_id)}")
    return f"curl -sS --get {shlex.quote(address)} {KEY} --data-urlencode {wanted}"
