from work.celery import app
from work.text import title


@app.task
def rename(name: str) -> str:
    return title(name)
