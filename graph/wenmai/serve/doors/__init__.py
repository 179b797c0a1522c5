"""What a request passes before a route sees it: each door is one thing that is refused, added or noted.

A connection (`connection`, watched by `gate`) is held to sizes and times; then the doors follow, from outside to
inside: who it is from (`proxy`), the log (`access`), what browsers are told (`headers`), which host it is for (`host`),
which path (`path`), which page sent it (`origin`), what it brings (`body`), where its answer may lead (`home`), and
what becomes of a fault (`fault`).
"""

from __future__ import annotations

from starlette.types import ASGIApp

from wenmai.serve.doors.access import AccessDoor
from wenmai.serve.doors.body import BodyDoor
from wenmai.serve.doors.fault import FaultDoor
from wenmai.serve.doors.headers import HeadersDoor
from wenmai.serve.doors.home import HomeDoor
from wenmai.serve.doors.host import HostDoor
from wenmai.serve.doors.origin import OriginDoor
from wenmai.serve.doors.path import PathDoor
from wenmai.serve.doors.proxy import ProxyDoor
from wenmai.serve.settings import Settings


def behind(app: ASGIApp, settings: Settings, public: str) -> ProxyDoor:
    """Return `app` behind all doors; `public` is the URL people reach the server by."""
    app = BodyDoor(HomeDoor(FaultDoor(app), public), settings)
    app = OriginDoor(app, settings, public)
    app = HostDoor(PathDoor(app), settings, public)
    return ProxyDoor(AccessDoor(HeadersDoor(app, settings)), settings)
