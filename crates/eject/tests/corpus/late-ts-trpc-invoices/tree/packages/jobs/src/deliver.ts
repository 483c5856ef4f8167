import { flows } from "./queues";
import { DELIVER, RENDER } from "./names";

export async function deliverInvoice(invoiceId: string, customer: string): Promise<string | undefined> {
  const tree = await flows.add({
    name: "deliver",
    queueName: DELIVER,
    data: { invoiceId, customer },
    opts: { jobId: `deliver-${invoiceId}` },
    children: [{ name: "final", queueName: RENDER, data: { invoiceId }, opts: { failParentOnFailure: true } }],
  });
  return tree.job.id;
}
