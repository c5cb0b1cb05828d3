"""The folder of published files: written, or held against what would be written."""

from __future__ import annotations

from pathlib import Path

PUBLISHED = Path(__file__).parent.parent / "published"


def write(made: dict[str, str], folder: Path = PUBLISHED) -> list[str]:
    """Write what is new or changed, remove what is not published any more; returns those paths."""
    changed = drifted(made, folder)
    for path in changed:
        if path in made:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(made[path], encoding="utf-8")
        else:
            (folder / path).unlink()
    return changed


def drifted(made: dict[str, str], folder: Path = PUBLISHED) -> list[str]:
    """The paths whose content differs from what is made now, is missing, or should not be there."""
    there = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    return sorted(path for path in there | set(made) if not _same(folder / path, made.get(path)))


def _same(file: Path, text: str | None) -> bool:
    return file.is_file() and text is not None and file.read_text(encoding="utf-8") == text
