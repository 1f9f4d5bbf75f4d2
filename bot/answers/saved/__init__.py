"""Saved questions: kept by words or by a form, listed in Home, asked on a schedule."""
