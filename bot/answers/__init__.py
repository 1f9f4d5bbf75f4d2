"""The use cases: answer a question, serve a click. Slack is reached only through `reply`."""
