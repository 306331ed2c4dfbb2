"""Vectors are kept by model and words."""

from __future__ import annotations

from storage.database import Database
from storage.vectors import Vector, Vectors


def test_each_model_has_its_own() -> None:
    with Database(":memory:") as database:
        vectors = Vectors(database)
        vectors.put("small", {b"a": Vector(b"\x01\x7f", 0.5), b"b": Vector(b"\x00\x80", 0.25)})
        vectors.put("large", {b"a": Vector(b"\x01\x02\x03", 0.1)})
        assert vectors.known("small") == {b"a", b"b"}
        assert vectors.all("large") == {b"a": Vector(b"\x01\x02\x03", 0.1)}
        vectors.put("small", {b"a": Vector(b"\x05\x06", 1.0)})
        assert vectors.all("small")[b"a"] == Vector(b"\x05\x06", 1.0)
        vectors.forget("small", [b"b", b"nowhere"])
        assert vectors.known("small") == {b"a"}
        vectors.forget_others("large")
        assert vectors.known("small") == set()
        assert vectors.known("large") == {b"a"}
