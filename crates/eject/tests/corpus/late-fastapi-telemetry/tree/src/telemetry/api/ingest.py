import time
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, UploadFile
from fastapi_limiter.depends import RateLimiter
from pydantic import BaseModel

from telemetry.dependencies import Arq, Devices, Latest, Stream

router = APIRouter(prefix="/ingest", tags=["ingest"])


class Reading(BaseModel):
    values: dict[str, float]
    at: float | None = None


async def by_device(request) -> str:
    return request.headers.get("x-device") or request.client.host


@router.post("/readings", status_code=202, dependencies=[Depends(RateLimiter(times=50, seconds=1, identifier=by_device))])
async def readings(reading: Reading, x_device: Annotated[str, Header()], stream: Stream, latest: Latest, devices: Devices):
    if await devices.model_of(x_device) is None:
        raise HTTPException(404, "unknown device")
    at = reading.at or time.time()
    entry = await stream.append(x_device, reading.values, at)
    await latest.put(x_device, reading.values, at)
    return {"id": entry}


@router.post("/firmware", status_code=202)
async def firmware(file: UploadFile, x_device: Annotated[str, Header()], arq: Arq):
    path = f"/var/lib/telemetry/{x_device}.bin"
    with open(path, "wb") as target:
        target.write(await file.read())
    job = await arq.enqueue_job("check_firmware", x_device, path, _job_id=f"fw:{x_device}")
    return {"job": job.job_id if job else None}
