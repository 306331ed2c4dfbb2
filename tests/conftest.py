"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# No assertion about time: how long an example takes is the machine's affair. What CI sets by itself stays.
settings.register_profile("steward", settings(), deadline=None)
settings.load_profile("steward")
