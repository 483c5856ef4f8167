import functools
import queue
from multiprocessing import Queue

import pandas as pd
from joblib import Memory
from sqlalchemy import create_engine

from forecast.config import config

memory = Memory("/var/cache/forecast", verbose=0)
results: Queue = Queue()
pending: queue.Queue = queue.Queue(maxsize=100)


@functools.lru_cache(maxsize=8)
def engine():
    return create_engine(config.warehouse, pool_size=2)


@memory.cache
def load(name):
    return pd.read_sql_table(name, engine())


def drain():
    while not pending.empty():
        results.put(pending.get())
