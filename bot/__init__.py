"""ElevenLabs voice-agent conversations in Slack: ask in a sentence, get the calls, their ids and the CSV."""
