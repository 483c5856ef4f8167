"""What the services of the laboratory share."""

__version__ = "1.9.0"
