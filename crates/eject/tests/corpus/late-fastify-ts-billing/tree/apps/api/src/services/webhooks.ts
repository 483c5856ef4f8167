import amqp, { type Channel } from "amqplib";
import { env } from "@billing/shared/env";

let channel: Channel | undefined;

/** Webhooks of merchants leave by RabbitMQ, not by the job queues. */
export async function publish(topic: string, payload: object): Promise<void> {
  if (!env.AMQP_URL) return;
  if (!channel) {
    const connection = await amqp.connect(env.AMQP_URL);
    channel = await connection.createChannel();
    await channel.assertExchange("webhooks", "topic", { durable: true });
  }
  channel.publish("webhooks", topic, Buffer.from(JSON.stringify(payload)));
}
