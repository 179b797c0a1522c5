"""Whether a request shows a secret."""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection


def bearer(request: HTTPConnection, secret: str) -> bool:
    """Tell whether `request` carries `Authorization: Bearer` with `secret` (RFC 6750, section 2.1), once.

    The time it takes does not depend on how much of it is right. No secret is shown by nobody.
    """
    given = request.headers.getlist("authorization")
    scheme, _, shown = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    right = hmac.compare_digest(shown.strip().encode("utf-8", "replace"), secret.encode("utf-8"))
    return right and bool(secret) and scheme.lower() == "bearer"
