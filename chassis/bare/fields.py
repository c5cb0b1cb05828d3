"""Field types that contracts share: strict, and safe to store and to print."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

PLAIN_CONTROLS = {"\n", "\t"}
CONTROLS = {"Cc", "Cs", "Co"}
BREAKS = {"Zl", "Zp"}
# Marks that turn the direction of what follows: with them a signed text would read otherwise than it is.
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Text(fields.String):
    """Text of `shortest` to `longest` characters, trimmed and NFC; control characters and line separators are refused.

    With `lines`, line breaks and tabs are kept.
    """

    def __init__(self, longest: int = 200, shortest: int = 1, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        length = validate.Length(shortest, longest)
        super().__init__(validate=[length, *_listed(kwargs.pop("validate", None))], **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs)).strip()
        text = text.replace("\r\n", "\n")
        if any(self._is_refused(letter) for letter in text):
            raise ValidationError("Control characters are not allowed.")
        return text

    def _is_refused(self, letter: str) -> bool:
        if letter in TURNS:
            return True
        category = unicodedata.category(letter)
        # A line separator (Zl, Zp) breaks a mail's subject as a line feed does.
        return category in BREAKS | CONTROLS if not self.lines else category in CONTROLS and letter not in PLAIN_CONTROLS


class Choice(fields.String):
    """One word out of a closed list."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        self.choices = tuple(choices)
        super().__init__(validate=[validate.OneOf(self.choices), *_listed(kwargs.pop("validate", None))], **kwargs)


class Whole(fields.Integer):
    """A whole number between `least` and `most`; 1.9 is refused rather than cut."""

    def __init__(self, least: int = 0, most: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=[validate.Range(least, most), *_listed(kwargs.pop("validate", None))], **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Instant(fields.AwareDateTime):
    """A moment: RFC 3339 with its offset; kept and shown in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: datetime | None, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type="datetime") from error


class Several(fields.List):
    """A list of `fewest` to `most` things, none of them twice unless `repeats`."""

    def __init__(self, inner: Any, *, fewest: int = 0, most: int = 100, repeats: bool = False, **kwargs: Any) -> None:
        self.repeats = repeats
        super().__init__(inner, validate=[validate.Length(fewest, most), *_listed(kwargs.pop("validate", None))], **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        items = super()._deserialize(value, attr, data, **kwargs)
        if not self.repeats and len({repr(item) for item in items}) < len(items):
            raise ValidationError("The same item stands here more than once.")
        return items


class Digest(fields.String):
    """The SHA-256 of a content, as 64 lower-case hexadecimal digits."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Regexp(r"^[0-9a-f]{64}\Z", error="A SHA-256 is 64 lower-case hexadecimal digits.")
        super().__init__(validate=[rule, *_listed(kwargs.pop("validate", None))], **kwargs)


def _listed(validators: Any) -> list[Any]:
    if validators is None:
        return []
    return list(validators) if isinstance(validators, (list, tuple)) else [validators]
