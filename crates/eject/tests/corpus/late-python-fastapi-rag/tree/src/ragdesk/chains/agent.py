from langgraph.checkpoint.redis.aio import AsyncRedisSaver
from langgraph.prebuilt import create_react_agent

from ragdesk.chains.llm import model
from ragdesk.settings import settings


async def run_agent(thread: str, question: str) -> str:
    async with AsyncRedisSaver.from_conn_string(str(settings().redis_dsn)) as saver:
        await saver.asetup()
        agent = create_react_agent(model(), tools=[], checkpointer=saver)
        out = await agent.ainvoke({"messages": [("user", question)]}, {"configurable": {"thread_id": thread}})
    return out["messages"][-1].content
