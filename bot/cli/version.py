"""`steward version`."""

from __future__ import annotations

from importlib.metadata import version as installed

import click


@click.command("version")
def version() -> None:
    """版本 / version."""
    click.echo(f"dingtalk-steward {installed('dingtalk-steward')}")
