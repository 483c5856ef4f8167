from flask import Blueprint, jsonify, session

from library.extensions import cache, limiter, local_cache, store
from library.holds import Holds
from library.tasks import remind

bp = Blueprint("loans", __name__)


@cache.memoize(300)
def titles(member: str) -> list[str]:
    return [f"{member}: a book"]


@bp.get("/shelf")
@cache.cached(timeout=60, key_prefix="shelf")
def shelf():
    return jsonify(titles("all"))


@bp.get("/hours")
@local_cache.cached(timeout=3600)
def hours():
    return jsonify({"open": 9, "close": 18})


@bp.post("/<book>/hold/<member>")
@limiter.limit("5/minute")
def hold(book: str, member: str):
    session["last"] = book
    Holds().place(book, member)
    cache.delete_memoized(titles, member)
    return "", 201


@bp.post("/overdue/<member>")
def overdue(member: str):
    store.client.sadd("overdue", member)
    result = remind.delay(member)
    return jsonify({"task": result.id}), 202


@bp.post("/export/<member>")
def export(member: str):
    job = store.exports.enqueue("library.exports.to_csv", member, job_timeout=600)
    return jsonify({"job": job.id}), 202
