from cachetools import TTLCache
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_models: TTLCache[str, str] = TTLCache(maxsize=5_000, ttl=300)


class DeviceRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def model_of(self, device: str) -> str | None:
        if (known := _models.get(device)) is not None:
            return known
        model = await self._session.scalar(text("select model from devices where id = :id"), {"id": device})
        if model is not None:
            _models[device] = model
        return model

    async def open_session(self, device: str, stream_id: str | None) -> None:
        await self._session.execute(
            text("insert into sessions (device_id, redis_stream_id) values (:device, :stream)"),
            {"device": device, "stream": stream_id},
        )
        await self._session.commit()
