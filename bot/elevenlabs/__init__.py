"""ElevenLabs' conversations: the only users of httpx. `client` is the way in, `errors` are what it raises."""
