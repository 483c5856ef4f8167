from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, default_limits=["100/hour"], storage_uri="memory://")


@app.get("/")
@limiter.limit("5/minute")
def index():
    return "Redis is not needed here"


if __name__ == "__main__":
    app.run()
