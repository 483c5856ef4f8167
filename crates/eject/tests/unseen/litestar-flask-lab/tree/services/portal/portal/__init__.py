from flask import Flask
from redis.exceptions import ConnectionError as RedisConnectionError

from . import views
from .extensions import cache, limiter, sessions


def create_app(config: str = "portal.config.Production") -> Flask:
    app = Flask(__name__)
    app.config.from_object(config)
    cache.init_app(app)
    limiter.init_app(app)
    sessions.init_app(app)
    app.register_blueprint(views.bp)

    @app.errorhandler(RedisConnectionError)
    def no_redis(error):
        app.logger.error("redis is away: %s", error)
        return "try again", 503

    return app
