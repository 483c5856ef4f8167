from datetime import datetime

from sqlalchemy import ForeignKey, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from labcore.settings import get_settings


class Base(DeclarativeBase):
    pass


class Sample(Base):
    __tablename__ = "samples"

    barcode: Mapped[str] = mapped_column(String(32), primary_key=True)
    matrix: Mapped[str]
    received_at: Mapped[datetime]
    redis_key: Mapped[str | None]


class BenchSession(Base):
    """Who sat where: nothing of the web."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    barcode: Mapped[str] = mapped_column(ForeignKey("samples.barcode"))
    queue: Mapped[str] = mapped_column(default="incoming")


def make_session():
    return sessionmaker(create_engine(str(get_settings().database_url)), expire_on_commit=False)()
