import { factory } from "./factory.js";

const publisher = factory();
const subscriber = publisher.duplicate();
await subscriber.psubscribe("events:*");
subscriber.on("pmessage", (_pattern, channel, message) => console.log(channel, message));

export const broadcast = (message: string) => publisher.publish("events:all", message);
