"""Processes of the bot as people run them: several at once, stopped, killed, restarted."""
