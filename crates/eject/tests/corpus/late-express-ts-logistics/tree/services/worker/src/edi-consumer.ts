import { Kafka, logLevel } from "kafkajs";
import { TtlMap, type AppConfig, type Logger } from "@haul/platform";

interface Scan {
  id: string;
  shipmentId: string;
  depot: string;
}

/** Carriers tell us of scans by Kafka, at least once; what was seen lately is dropped here. */
export async function startEdi(config: AppConfig, logger: Logger, onScan: (scan: Scan) => Promise<void>) {
  const seen = new TtlMap<string, true>(10 * 60_000);
  const kafka = new Kafka({ clientId: "haul-worker", brokers: config.kafka.brokers, logLevel: logLevel.WARN });
  const consumer = kafka.consumer({ groupId: "edi", sessionTimeout: 30_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: "carrier.scans", fromBeginning: false });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const scan = JSON.parse(String(message.value)) as Scan;
      if (seen.get(scan.id)) {
        logger.debug({ scan: scan.id }, "seen before");
        return;
      }
      seen.set(scan.id, true);
      await onScan(scan);
    },
  });
  return consumer;
}
