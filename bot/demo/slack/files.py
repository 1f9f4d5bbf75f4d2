"""Files: asked for, uploaded, completed, shared."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from bot.demo.slack.shapes import Ids, Json

PRETTY = {"csv": "CSV", "txt": "Plain Text", "mp3": "MP3", "json": "JSON", "wav": "WAV", "png": "PNG"}
TYPES = {"txt": "text", "": "binary"}


@dataclass(slots=True)
class File:
    """One file. `content` is None until its bytes came; `complete` once completeUploadExternal named it."""

    id: str
    name: str
    length: int
    owner: str
    created: int
    upload_token: str
    title: str = ""
    content: bytes | None = None
    complete: bool = False

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @property
    def mimetype(self) -> str:
        if self.extension == "csv":
            return "text/csv"
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def as_api(self, base_url: str, domain: str) -> Json:
        private = f"{base_url}/demo/files/{self.id}"
        kind = TYPES.get(self.extension, self.extension)
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": kind,
            "pretty_type": PRETTY.get(self.extension, kind.upper()),
            "user": self.owner,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "url_private": private,
            "url_private_download": private,
            "permalink": f"https://{domain}.slack.com/files/{self.owner}/{self.id}/{self.name}",
        }

    def as_page(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "size": self.length,
            "filetype": TYPES.get(self.extension, self.extension),
            "url": f"/demo/files/{self.id}",
        }


class Files:
    """All files of the workspace."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._files: dict[str, File] = {}
        self._uploads: dict[str, File] = {}

    def reserve(self, name: str, length: int, owner: str) -> File:
        now = int(self._ids.clock())
        made = File(self._ids.new("F"), name, length, owner, now, self._ids.secret(32))
        self._files[made.id] = made
        self._uploads[made.upload_token] = made
        return made

    def by_upload(self, token: str) -> File | None:
        return self._uploads.get(token)

    def get(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def all(self) -> list[File]:
        return [file for file in self._files.values() if file.complete]
