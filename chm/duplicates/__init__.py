"""Entities that are likely to be one, with the reasons in plain words; whether they are is for people to decide."""

from chm.duplicates.pairs import Pair, likely

__all__ = ["Pair", "likely"]
