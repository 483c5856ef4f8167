from .connection import from_settings
from .frontier import Frontier, Memory


def main():
    server = from_settings({"REDIS_URL": "redis://localhost"})
    Frontier(server, "start").push("https://example.com")
    Memory().push("https://example.com")
