"""Vectors of articles and questions, by the model that made them and the words that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Vector:
    """A direction: a signed byte a dimension; times `scale` they make a vector of length one."""

    values: bytes
    scale: float


class Vectors:
    """Everything here can be computed again; it takes a while."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, model: str) -> set[bytes]:
        """The digests that have a vector of this model."""
        return {row["digest"] for row in self._database.rows("select digest from vectors where model = ?", (model,))}

    def all(self, model: str) -> dict[bytes, Vector]:
        """All vectors of a model, by digest."""
        return {
            row["digest"]: Vector(row["vector"], row["scale"])
            for row in self._database.rows("select digest, scale, vector from vectors where model = ?", (model,))
        }

    def put(self, model: str, vectors: Mapping[bytes, Vector]) -> None:
        """Store vectors; what is there of the same words is replaced."""
        for digest, vector in vectors.items():
            self._database.execute(
                "insert or replace into vectors (model, digest, scale, vector) values (?, ?, ?, ?)",
                (model, digest, vector.scale, vector.values),
            )

    def forget(self, model: str, digests: Iterable[bytes]) -> None:
        """Drop some vectors of a model."""
        for digest in digests:
            self._database.execute("delete from vectors where model = ? and digest = ?", (model, digest))

    def forget_others(self, model: str) -> None:
        """Drop what other models made."""
        self._database.execute("delete from vectors where model <> ?", (model,))
