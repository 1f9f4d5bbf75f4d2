"""A database made by an earlier version gets what has come since: tables, columns, indexes.

Columns are only ever added, and may be empty in rows of before; nothing is renamed, retyped or dropped. That
is all this project's tables have needed, and processes of the old and the new version can share a database
while a deploy runs.
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from sqlalchemy.schema import CreateColumn

log = structlog.get_logger(__name__)


def bring_up_to_date(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Create what is missing, keeping every row. Raises SQLAlchemyError for a column that must be filled."""
    metadata.create_all(connection)
    inspector = sa.inspect(connection)
    prepare = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                described = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(
                    sa.text(f"ALTER TABLE {prepare.format_table(table)} ADD COLUMN {described}")
                )
                log.info("database column added", table=table.name, column=column.name)
        for index in table.indexes:
            index.create(connection, checkfirst=True)
