import os

from starlette.applications import Starlette
from starlette.middleware import Middleware

from floodgate import open_gate
from floodgate.contrib.starlette import GateMiddleware

gate = open_gate(os.environ.get("FLOODGATE_URL", "redis://localhost:6379/0"), limit="100/minute")
app = Starlette(middleware=[Middleware(GateMiddleware, gate=gate)])
