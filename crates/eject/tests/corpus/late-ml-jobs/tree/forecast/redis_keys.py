"""Names of keys, in one place. Nothing here speaks to a server."""

MODEL = "forecast:model:{name}"
PROGRESS = "forecast:progress:{run}"
