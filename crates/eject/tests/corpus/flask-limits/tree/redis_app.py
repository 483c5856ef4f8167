import os

from flask import Flask, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_session import Session
from redis import Redis, ConnectionPool

app = Flask(__name__)
app.config["SESSION_TYPE"] = "redis"
app.config["SESSION_REDIS"] = Redis.from_url(os.environ["SESSION_REDIS_URL"])
Session(app)

limiter = Limiter(
    get_remote_address,
    app=app,
    storage_uri="redis://localhost:6379/3",
)
pool = ConnectionPool(host="redis", port=6379)


@app.get("/")
@limiter.limit("5/minute")
def index():
    hits = Redis(connection_pool=pool).incr("hits")
    return f"{session.get('user')} {hits}"


if __name__ == "__main__":
    app.run()
