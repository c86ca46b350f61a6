"""Builders of rule files with correlations."""

import yaml


def correlation(name: str = "many", *, rules: object = ("wanted",), **keys: object) -> str:
    """A correlation file: two matches of a rule within an hour, unless told otherwise."""
    head = {key: keys.pop(key) for key in ("id", "level", "tags", "title") if key in keys}
    inner = {"type": "event_count", "rules": list(rules) if isinstance(rules, tuple) else rules, "timespan": "1h"}
    document = {"title": "Many", "name": name, **head, "correlation": {**inner, "condition": {"gte": 2}, **keys}}
    kept = {key: value for key, value in document["correlation"].items() if value is not None}  # type: ignore[attr-defined]
    return yaml.safe_dump({**document, "correlation": kept}, sort_keys=False)
