class BackendError(Exception):
    """The backend, Redis for instance, does not answer."""


class MissingExtra(ImportError):
    def __init__(self, extra: str) -> None:
        super().__init__(f"pip install 'floodgate[{extra}]'")
