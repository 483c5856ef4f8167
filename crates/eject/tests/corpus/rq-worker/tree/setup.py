from setuptools import setup

setup(
    name="jobs",
    packages=["jobs"],
    install_requires=[
        "rq>=1.16",
        "redis",
        "walrus; python_version >= '3.8'",
    ],
    extras_require={"dev": ["birdisle"]},
    entry_points={"console_scripts": ["jobs=jobs.cli:main"]},
)
