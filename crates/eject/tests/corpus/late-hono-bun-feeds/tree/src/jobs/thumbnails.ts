import BeeQueue from "bee-queue";
import { config } from "../config";

export interface Thumbnail { url: string; width: number }

const shared: BeeQueue.QueueSettings = { prefix: "feeds:bq", redis: { url: config.kv.url }, removeOnSuccess: true };

export const thumbnails = (isWorker: boolean) => new BeeQueue<Thumbnail>("thumbnails", { ...shared, isWorker });

const producer = thumbnails(false);

export const request = (data: Thumbnail) =>
  producer
    .createJob(data)
    .setId(Bun.hash(data.url).toString(36))
    .retries(2)
    .backoff("exponential", 1_000)
    .save();
