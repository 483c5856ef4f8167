from setuptools import find_packages, setup

setup(
    name="forecast",
    version="2.4.0",
    packages=find_packages(),
    install_requires=["numpy", "pandas", "scikit-learn"],
    extras_require={
        "queue": ["celery[redis]>=5.3", "flower"],
        "lock": ["redlock-py>=1.0.8"],
        "plots": ["matplotlib"],
    },
    entry_points={"console_scripts": ["forecast=forecast.cli:main"]},
)
