"""The base of the agreements service's tables."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.tables import NAMES, TYPES


class Base(DeclarativeBase):
    """The base of every mapped class of this service."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES
