"""The whole bot with no account: a small Slack and a small ElevenLabs on one port, with a chat page."""
