"""Placeholder: replaced by its owner."""


class Scanner: ...
