"""The archive: rows kept in the database."""
