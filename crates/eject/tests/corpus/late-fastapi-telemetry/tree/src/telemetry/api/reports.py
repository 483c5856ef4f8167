from celery.result import AsyncResult
from fastapi import APIRouter, Request

from telemetry.api.local_limits import limiter
from telemetry.celery_app import app as celery
from telemetry.tasks.reports import monthly

router = APIRouter(prefix="/reports", tags=["reports"])


@router.post("/{month}", status_code=202)
@limiter.limit("5/minute")
async def create(request: Request, month: str):
    task = monthly.delay(month)
    return {"task": task.id}


@router.get("/tasks/{task_id}")
async def state(task_id: str):
    result = AsyncResult(task_id, app=celery)
    return {"state": result.state, "ready": result.ready()}
