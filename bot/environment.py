"""Settings that come from the environment: `STEWARD_<SECTION>__<KEY>`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from bot.mistakes import nearest

PREFIX = "STEWARD_"


def overlay(
    values: dict[str, dict[str, Any]], environ: Mapping[str, str], known: Mapping[str, type[BaseModel]]
) -> list[str]:
    """Put `STEWARD_<SECTION>__<KEY>` over the values of a file; a line for each name that is none of `known`.

    Lists are JSON, or words with commas between them.
    """
    problems: list[str] = []
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        if "__" not in variable:
            problems += _short_by_an_underscore(variable, known)
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("__")
        if section not in known:
            problems.append(f"环境变量 {variable}：没有小节 {section}{nearest(section, known)} / unknown section")
        elif key not in known[section].model_fields:
            near = nearest(key, known[section].model_fields)
            problems.append(f"环境变量 {variable}：[{section}] 没有 {key}{near} / unknown key")
        else:
            values.setdefault(section, {})[key] = _value(environ[variable], known[section].model_fields[key].annotation)
    return problems


def _short_by_an_underscore(variable: str, known: Mapping[str, type[BaseModel]]) -> list[str]:
    """A line for `STEWARD_HTTP_PORT`, which would be passed over in silence; none for what is no key of ours at all."""
    rest = variable.removeprefix(PREFIX).lower()
    meant = [
        f"{PREFIX}{section}__{key}".upper()
        for section, model in known.items()
        for key in model.model_fields
        if rest == f"{section}_{key}"
    ]
    return [f"环境变量 {variable}：要写两个下划线，{name} / two underscores: {name}" for name in meant]


def _value(text: str, annotation: Any) -> Any:
    if get_origin(annotation) is not tuple:
        return text
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, list):
        return found
    if isinstance(get_args(annotation)[0], type) and issubclass(get_args(annotation)[0], BaseModel):
        return text
    return [part.strip() for part in text.split(",") if part.strip()]
