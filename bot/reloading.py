"""Which settings take effect while the bot runs, and which at its next start. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings, sections

AT_START = ("dingtalk", "storage", "http")
"""Sections that connections, the open database and the open port were made from."""


@dataclass(frozen=True, slots=True)
class Reloading:
    """What reading the settings anew comes to. Keys are written as people know them, `[quota] quiet_from`."""

    settings: Settings
    """To be in force from now on: the new ones, the sections of `AT_START` as they were."""
    changed: tuple[str, ...]
    """Takes effect now."""
    at_next_start: tuple[str, ...]
    """Differs and does not take effect."""


def reloading(old: Settings, new: Settings) -> Reloading:
    """From the settings in force and those that were read."""
    differing = [
        (section, f"[{section}] {key}")
        for section, model in sections().items()
        for key in model.model_fields
        if getattr(getattr(old, section), key) != getattr(getattr(new, section), key)
    ]
    kept = {section: getattr(old, section) for section in AT_START}
    return Reloading(
        settings=new.model_copy(update={**kept, "base": old.base}),
        changed=tuple(key for section, key in differing if section not in AT_START),
        at_next_start=tuple(key for section, key in differing if section in AT_START),
    )
