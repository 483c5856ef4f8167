import Bull from "bull";

/** The queues before BullMQ. */
export const legacyEmail = new Bull("email", process.env.REDIS_URL!);
