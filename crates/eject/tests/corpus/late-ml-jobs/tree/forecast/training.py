from celery import chord, group

from forecast.features import load
from forecast.locks import exclusively
from forecast.progress import report
from forecast.worker import app


@app.task(bind=True, queue="gpu")
def fit(self, name, fold):
    frame = load(name)
    report(self.request.root_id, fold)
    return {"name": name, "fold": fold, "rows": len(frame)}


@app.task(queue="cpu")
def select(results):
    return max(results, key=lambda result: result["rows"])


@app.task(queue="cpu", rate_limit="1/m")
def nightly():
    with exclusively("nightly"):
        train_all(["demand", "churn"])


def train(name, folds=5):
    return chord((fit.s(name, fold) for fold in range(folds)), select.s())()


def train_all(names):
    return group(fit.s(name, 0) for name in names).apply_async(queue="gpu")
