"""Placeholder: replaced by its owner."""


class PolicyIndex: ...
