import datetime

from aredis_om import EmbeddedJsonModel, Field, JsonModel, Migrator, get_redis_connection
from labcore.settings import get_settings


class Calibration(EmbeddedJsonModel):
    at: datetime.date
    drift: float = 0.0


class Instrument(JsonModel):
    serial: str = Field(index=True, primary_key=True)
    room: str = Field(index=True)
    vendor: str = Field(index=True, full_text_search=True)
    calibration: Calibration | None = None

    class Meta:
        global_key_prefix = "lab"
        model_key_prefix = "instrument"
        database = get_redis_connection(url=str(get_settings().redis_url), decode_responses=True)


async def migrate() -> None:
    await Migrator().run()


async def in_room(room: str) -> list[Instrument]:
    return await Instrument.find(Instrument.room == room).sort_by("serial").all()
