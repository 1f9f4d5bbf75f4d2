"""Whose conversations the archive holds, and the key of its hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec
import sqlalchemy as sa

from bot.archive.sealed_texts import Seal
from bot.archive.tables import archive_state
from bot.store.database import Database, upsert


class _Kept(msgspec.Struct, frozen=True):
    key: str
    """A hash of the API key and the address it is used at."""
    site: str
    masked: bool
    sealed: bool = False
    """Whether numbers that are not masked are sealed; earlier versions kept them as they were."""


class KeptAccount:
    """An account of ElevenLabs, told by its API key and address, and how its conversations are kept."""

    def __init__(self, secret: bytes, api_key: str, *, base_url: str, site: str, masked: bool) -> None:
        """`secret` is the key of hashes. `site`: where the account's dashboard is."""
        self.site = site
        self.masked = masked
        told_by = f"{api_key} {base_url}".encode()
        self.seal = None if masked else Seal(secret, api_key)
        """Closes numbers that are not masked."""
        self._kept = _Kept(hmac.new(secret, told_by, hashlib.sha256).hexdigest(), site, masked, not masked)

    def owns(self, connection: sa.Connection) -> bool:
        """Whether the archive holds this account's conversations."""
        return _read(connection) == self._kept

    def same_place(self, connection: sa.Connection) -> bool:
        """Whether all but the key is the same, and what is kept can be read without that."""
        kept = _read(connection)
        return (
            self.seal is None
            and kept is not None
            and msgspec.structs.replace(kept, key=self._kept.key) == self._kept
        )

    def claim(self, connection: sa.Connection) -> None:
        """Note that the archive holds this account's conversations."""
        row: dict[str, object] = {"name": "account", "value": msgspec.json.encode(self._kept).decode()}
        upsert(connection, archive_state, [row])


def _read(connection: sa.Connection) -> _Kept | None:
    found = connection.execute(
        sa.select(archive_state.c.value).where(archive_state.c.name == "account")
    ).scalar()
    return None if found is None else msgspec.json.decode(found, type=_Kept)


async def hash_key(database: Database) -> bytes:
    """Return the key of hashes, made at the first start; it never leaves the database."""
    name = archive_state.c.name == "secret"

    def read_or_make(connection: sa.Connection) -> str:
        found = connection.execute(sa.select(archive_state.c.value).where(name)).scalar()
        if found is None:
            found = secrets.token_hex(32)
            connection.execute(sa.insert(archive_state), {"name": "secret", "value": found})
        return str(found)

    try:
        return bytes.fromhex(await database.run(read_or_make))
    except sa.exc.IntegrityError:  # another process has just made it
        return bytes.fromhex(await database.run(read_or_make))
