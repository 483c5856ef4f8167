import { Kafka } from 'kafkajs';
import { env } from '../env.js';

export class AnalyticsProducer {
  private readonly producer = new Kafka({ clientId: 'market', brokers: env.KAFKA_BROKERS.split(',') }).producer();

  async publish(topic: string, value: object): Promise<void> {
    await this.producer.send({ topic, messages: [{ value: JSON.stringify(value) }] });
  }
}
