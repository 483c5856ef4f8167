import aio_pika

from ragdesk.settings import settings


async def announce(doc: str) -> None:
    connection = await aio_pika.connect_robust(str(settings().amqp_url))
    async with connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(doc.encode()), routing_key="documents")
