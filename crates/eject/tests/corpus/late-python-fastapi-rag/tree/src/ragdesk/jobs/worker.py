from arq import Retry, cron
from arq.worker import func

from ragdesk.chains.llm import embeddings
from ragdesk.jobs.pool import arq_settings
from ragdesk.jobs.publish import announce


async def split_and_embed(ctx: dict, doc: str) -> int:
    await ctx["redis"].hset(f"doc:{doc}", mapping={"state": "embedding", "try": ctx["job_try"]})
    try:
        vectors = await embeddings().aembed_documents([doc])
    except TimeoutError as exc:
        raise Retry(defer=ctx["job_try"] * 10) from exc
    await announce(doc)
    return len(vectors)


async def trim_answers(ctx: dict) -> None:
    await ctx["redis"].xtrim("answers", maxlen=10_000, approximate=False)


class WorkerSettings:
    functions = [func(split_and_embed, max_tries=5, timeout=900)]
    cron_jobs = [cron(trim_answers, hour={3}, minute=15)]
    redis_settings = arq_settings()
    max_jobs = 12
