import pika
from labcore.settings import get_settings


def print_label(barcode: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(get_settings().amqp_url))
    channel = connection.channel()
    channel.queue_declare(queue="labels", durable=True)
    channel.basic_publish(exchange="", routing_key="labels", body=barcode.encode())
    connection.close()
