from typing import Annotated

from arq.connections import ArqRedis
from arq.jobs import Job, JobStatus
from fastapi import APIRouter, Depends
from fastapi_cache.decorator import cache

from ragdesk.ingest.tasks import crawl
from ragdesk.jobs.pool import arq_pool

router = APIRouter(prefix="/documents")
Pool = Annotated[ArqRedis, Depends(arq_pool)]


@router.put("/{doc}")
async def index(doc: str, pool: Pool) -> dict:
    job = await pool.enqueue_job("split_and_embed", doc, _job_id=f"doc:{doc}", _defer_by=2)
    return {"job": job.job_id if job else None}


@router.get("/jobs/{job_id}")
async def status(job_id: str, pool: Pool) -> JobStatus:
    return await Job(job_id, pool).status()


@router.post("/crawl")
async def start_crawl(url: str) -> dict:
    return {"task": crawl.apply_async((url,), countdown=5).id}


@router.get("/lines")
@cache(expire=600)
async def lines() -> list[str]:
    return ["home", "car", "liability"]
