"""What is published of the contracts that stand alone: a JSON Schema each, and all events in AsyncAPI 3."""

from __future__ import annotations

import json
from typing import Any

import yaml

from contracts.publish import asyncapi, schemas

Files = dict[str, str]


def files() -> Files:
    """Every file by its path under contracts/published, with its text; the same each time for the same contracts."""
    made = {f"schemas/{schemas.path_of(each)}": as_json(schemas.schema(each)) for each in schemas.all_contracts()}
    return {"asyncapi.yaml": as_yaml(asyncapi.document()), **dict(sorted(made.items()))}


def as_json(document: Any) -> str:
    """JSON to be read and compared: indented, in the order it was made."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_yaml(document: Any) -> str:
    """YAML to be read and compared: in the order it was made, nothing folded, no anchors."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000)


class _Plain(yaml.CSafeDumper):
    """Writes what is used twice out twice: an anchor points to nothing a reader knows."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never."""
        return True


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)
