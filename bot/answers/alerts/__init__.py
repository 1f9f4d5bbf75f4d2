"""The bot speaks first: subscriptions and alerts, looked at together, told once."""
