import argparse

from forecast import edge, exports, housekeeping
from forecast.progress import percent
from forecast.training import train


def main():
    parser = argparse.ArgumentParser(description="Forecasts; --wait needs the broker to be up")
    parser.add_argument("action", choices=["train", "export", "forget", "upload"])
    parser.add_argument("name")
    parser.add_argument("--wait", action="store_true")
    arguments = parser.parse_args()
    if arguments.action == "train":
        result = train(arguments.name)
        if arguments.wait:
            print(result.get(timeout=3600), percent(result.id, 5))
    elif arguments.action == "export":
        print(exports.start(arguments.name))
    elif arguments.action == "forget":
        housekeeping.forget(arguments.name)
    else:
        edge.upload(arguments.name)
