import importlib
import sys

from .connection import connect
from .queue import enqueue
from .work import resize


def main():
    if sys.argv[1:] == ["listen"]:
        listen()
    elif sys.argv[1:] == ["bus"]:
        importlib.import_module("jobs.bus").consume()
    else:
        enqueue(resize, 42)


def listen():
    subscription = connect().pubsub()
    subscription.subscribe("jobs")
    for message in subscription.listen():
        print(message)
