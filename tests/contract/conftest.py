from __future__ import annotations

from tests.middleware.conftest import cheap_password_hashes

__all__ = ["cheap_password_hashes"]
