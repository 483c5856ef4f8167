import nox


@nox.session(python=["3.10", "3.12"])
@nox.parametrize("redis", ["5.0.8", "5.2.1"])
def integration(session: nox.Session, redis: str) -> None:
    session.install(".[redis]", "pytest", "pytest-asyncio", "fakeredis[lua]")
    session.install(f"redis[hiredis]=={redis}")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    session.install("ruff")
    session.run("ruff", "check", "src")
