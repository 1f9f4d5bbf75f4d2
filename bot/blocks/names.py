"""What the API's own words are called where people read them: channels, and any word that is new to us."""

from __future__ import annotations

from bot.blocks.text import literal

__all__ = ["channel", "one_word"]

_CHANNELS = {
    "android_sdk": "Android app",
    "audiocodes": "AudioCodes",
    "flutter_sdk": "Flutter app",
    "genesys_bot_connector": "Genesys bot connector",
    "js_sdk": "JavaScript SDK",
    "node_js_sdk": "Node.js SDK",
    "python_sdk": "Python SDK",
    "react_native_sdk": "React Native app",
    "react_sdk": "React SDK",
    "sip_trunk": "SIP trunk",
    "sip_trunking": "SIP trunk",
    "swift_sdk": "iOS app",
    "twilio_sms": "Twilio SMS",
    "whatsapp": "WhatsApp",
    "widget": "Web widget",
}


def channel(value: str) -> str:
    """Say how a conversation came in, or who carried a call: "js_sdk" -> "JavaScript SDK"."""
    return _CHANNELS.get(value) or one_word(value.removesuffix("_integration"))


def one_word(text: str) -> str:
    """Show a word of the API that we do not know: "user-hung_up" -> "User hung up"."""
    words = literal(text, 30).replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]
