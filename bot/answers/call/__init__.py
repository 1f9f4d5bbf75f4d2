"""One call: opened in a modal, its transcript and recording sent as files."""
