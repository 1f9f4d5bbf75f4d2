"""Rows kept in the database, how complete and how old they are; keeping them true."""
