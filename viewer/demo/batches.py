"""The method `batch`: several calls in one request (`bitrix24-api.md` §1.8)."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from viewer.demo.faults import Refusal
from viewer.demo.parameters import Params

if TYPE_CHECKING:
    from viewer.demo.portal import DemoPortal

_REFERENCE = re.compile(r"\$result\[([^\]]+)\]((?:\[[^\]]+\])*)")


def batch(portal: "DemoPortal", params: Params) -> object:
    """§1.8, with references to earlier results."""
    commands = params.get("CMD") or {}
    commands = dict(enumerate(commands)) if isinstance(commands, list) else commands
    if len(commands) > 50:
        raise Refusal(400, "ERROR_BATCH_LENGTH_EXCEEDED")
    done: dict[str, dict[str, object]] = {
        name: {} for name in ("result", "result_error", "result_total", "result_next", "result_time")
    }
    for key, line in commands.items():
        _run(portal, str(key), str(line), done)
        if done["result_error"] and str(params.get("HALT", "0")) == "1":
            break
    return {name: _php(values) for name, values in done.items()}


def _run(portal: "DemoPortal", key: str, line: str, done: dict[str, dict[str, object]]) -> None:
    method, _, query = line.partition("?")
    try:
        if method.lower() == "batch":
            raise Refusal(405, "ERROR_BATCH_METHOD_NOT_ALLOWED")
        told = portal.call(method, _unflattened(_REFERENCE.sub(lambda found: _referred(found, done["result"]), query)))
    except Refusal as refusal:
        done["result_error"][key] = {"error": refusal.code, "error_description": refusal.text}
        return
    for part in ("result", "total", "next", "time"):
        if part in told:
            done["result" if part == "result" else f"result_{part}"][key] = told[part]


def _referred(found: re.Match[str], results: Mapping[str, object]) -> str:
    value: Any = results.get(found[1])
    for step in re.findall(r"\[([^\]]+)\]", found[2]):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return str(value)


def _unflattened(query: str) -> Params:
    """`filter[PROVIDER_ID]=x&ID[]=1` as nested values, the keys of lists being numbers or nothing."""
    made: Params = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        name, *steps = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", key)
        inner, last = made, name
        for step in steps:
            inner = inner.setdefault(last, {})
            last = step or str(len(inner))
        inner[last] = value
    return {name: _listed(value) for name, value in made.items()}


def _listed(value: Any) -> Any:
    """Maps whose keys count from 0 as lists, at any depth."""
    if not isinstance(value, dict):
        return value
    made = {key: _listed(inner) for key, inner in value.items()}
    return list(made.values()) if list(made) == [str(number) for number in range(len(made))] else made


def _php(values: dict[str, object]) -> object:
    """A map as PHP encodes it: a list when empty or when the keys count from 0 (§1.8)."""
    if [str(number) for number in range(len(values))] == list(values):
        return list(values.values())
    return values
