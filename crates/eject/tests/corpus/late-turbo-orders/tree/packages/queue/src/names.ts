export const QUEUES = { fulfil: "fulfil", email: "email", charge: "charge" } as const;
export type QueueName = keyof typeof QUEUES;
