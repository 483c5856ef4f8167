"""Made here, bound to the application in the factory."""

from flask import Flask
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy
from redis import Redis
from rq import Queue
from walrus import Database


class Store:
    """The client of Redis, as an extension."""

    client: Redis
    walrus: Database
    exports: Queue

    def init_app(self, app: Flask) -> None:
        self.client = Redis.from_url(app.config["REDIS_URL"], decode_responses=True)
        self.walrus = Database.from_url(app.config["REDIS_URL"])
        self.exports = Queue("exports", connection=Redis.from_url(app.config["REDIS_URL"]))
        app.extensions["redis"] = self


cache = Cache()
local_cache = Cache()
db = SQLAlchemy()
limiter = Limiter(key_func=get_remote_address, default_limits=["200/hour"])
session = Session()
store = Store()
