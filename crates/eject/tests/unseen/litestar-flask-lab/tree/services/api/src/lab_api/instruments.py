from litestar import Controller, Request, get, put
from litestar.channels import ChannelsPlugin

from lab_api.models import in_room


class InstrumentController(Controller):
    path = "/instruments"

    @get("/")
    async def index(self, room: str) -> list[dict]:
        return [i.model_dump() for i in await in_room(room)]

    @put("/{serial:str}/calibration")
    async def calibrated(self, request: Request, serial: str, data: dict, channels: ChannelsPlugin) -> dict:
        request.session["last_serial"] = serial
        channels.publish({"serial": serial, **data}, "instruments")
        return {"serial": serial}
