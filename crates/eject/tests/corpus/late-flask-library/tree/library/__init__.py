from flask import Flask

from library.celery_app import celery_init_app
from library.config import Config
from library.extensions import cache, db, limiter, local_cache, session, store


def create_app(config: object = Config) -> Flask:
    app = Flask(__name__)
    app.config.from_object(config)
    app.config.from_prefixed_env()

    db.init_app(app)
    cache.init_app(app)
    local_cache.init_app(app, config={"CACHE_TYPE": "SimpleCache"})
    limiter.init_app(app)
    session.init_app(app)
    store.init_app(app)
    celery_init_app(app)

    from library.loans import bp as loans

    app.register_blueprint(loans, url_prefix="/loans")
    return app
