import { FlowProducer } from "bullmq";
import { connection } from "./connection.js";
import { QUEUES } from "./names.js";

const flows = new FlowProducer({ connection });

export const placeOrderFlow = (orderId: string, email: string) =>
  flows.add({
    name: "fulfil",
    queueName: QUEUES.fulfil,
    data: { orderId },
    children: [
      { name: "charge", queueName: QUEUES.charge, data: { orderId } },
      { name: "receipt", queueName: QUEUES.email, data: { to: email, template: "receipt" } },
    ],
  });
