from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel

from ragdesk.chains.agent import run_agent
from ragdesk.chains.history import history
from ragdesk.kv import Kv
from ragdesk.limits import TokenBucket, openai_gate
from ragdesk.limits.http import limiter

router = APIRouter()


class Question(BaseModel):
    tenant: str
    thread: str
    text: str


@router.post("/ask")
@limiter.limit("30/minute")
async def ask(request: Request, q: Question, kv: Kv) -> dict:
    verdict = await TokenBucket(kv, 2_000, 20.0).take(q.tenant, len(q.text) // 4)
    if not verdict.allowed:
        raise HTTPException(429, headers={"Retry-After": str(int(verdict.wait) + 1)})
    async with kv.lock(f"thread:{q.thread}", timeout=60, blocking_timeout=5):
        async with openai_gate:
            answer = await run_agent(q.thread, q.text)
    history(q.thread).add_ai_message(answer)
    await kv.xadd("answers", {"tenant": q.tenant, "n": len(answer)}, maxlen=50_000, approximate=True)
    await kv.publish(f"thread:{q.thread}", answer)
    return {"answer": answer}
