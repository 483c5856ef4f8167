from starlette.responses import PlainTextResponse

from floodgate.gate import Gate


class GateMiddleware:
    def __init__(self, app, gate: Gate) -> None:
        self.app = app
        self.gate = gate

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and not await self.gate.acquire(scope["client"][0]):
            await PlainTextResponse("ask Redis again later", 429)(scope, receive, send)
            return
        await self.app(scope, receive, send)
