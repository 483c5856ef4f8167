from flask import Blueprint, abort, jsonify, render_template, request, session

from . import jobs, tokens
from .extensions import cache, limiter

bp = Blueprint("portal", __name__)


@bp.get("/")
@cache.cached(timeout=300, unless=lambda: "user" in session)
def index():
    return render_template("index.html")


@bp.post("/reports")
@limiter.limit("5/hour")
def report():
    job = jobs.request_report(request.form["month"])
    return jsonify(id=job.id), 202


@bp.post("/results/<barcode>/link")
def link(barcode: str):
    token = tokens.issue(barcode)
    jobs.send_result.delay(request.form["address"], barcode)
    return {"token": token}


@bp.get("/results/<token>")
def result(token: str):
    barcode = tokens.redeem(token) or abort(410)
    session.setdefault("seen", []).append(barcode)
    return {"barcode": barcode}
