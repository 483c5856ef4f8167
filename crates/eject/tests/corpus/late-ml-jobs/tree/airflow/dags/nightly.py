from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.providers.redis.hooks.redis import RedisHook


def publish(**context):
    client = RedisHook(redis_conn_id="redis_default").get_conn()
    client.set("forecast:last_run", context["ds"])


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False) as dag:
    PythonOperator(task_id="publish", python_callable=publish, queue="default")
