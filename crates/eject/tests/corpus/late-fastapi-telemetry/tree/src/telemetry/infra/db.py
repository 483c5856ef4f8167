from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from telemetry.settings import get_settings

engine = create_async_engine(
    str(get_settings().database_url),
    pool_size=10,
    pool_pre_ping=True,
    query_cache_size=1200,
)
Session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session():
    async with Session() as session:  # type: AsyncSession
        yield session
