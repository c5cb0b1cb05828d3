"""The base of identity's mapped classes."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.bare.tables import NAMES, TYPES


class Base(DeclarativeBase):
    """Every table of identity."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES
