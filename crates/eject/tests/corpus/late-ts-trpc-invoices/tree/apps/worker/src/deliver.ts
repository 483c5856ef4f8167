import { DelayedError, Worker, type Job } from "bullmq";
import { Resend } from "resend";
import { createBullConnection, publishEvent } from "@ledgerly/kv";
import { DELIVER, type DeliverJob } from "@ledgerly/jobs/names";

const mail = new Resend(process.env.RESEND_API_KEY);

async function deliver(job: Job<DeliverJob>, token?: string) {
  const hour = new Date().getUTCHours();
  if (hour < 6) {
    await job.moveToDelayed(Date.now() + (6 - hour) * 3_600_000, token);
    throw new DelayedError();
  }
  const [rendered] = Object.values(await job.getChildrenValues<{ bytes: number }>());
  const { error } = await mail.emails.send({
    from: "billing@ledgerly.dev",
    to: job.data.customer,
    subject: "Your invoice",
    text: `Attached (${rendered?.bytes ?? 0} bytes)`,
  });
  if (error) throw new Error(error.message);
  await publishEvent(job.data.invoiceId, { type: "sent" });
}

export function startDeliver() {
  const worker = new Worker(DELIVER, deliver, {
    connection: createBullConnection(),
    limiter: { max: 10, duration: 1_000 },
  });
  worker.on("failed", (job, cause) => console.error(job?.id, cause.message));
  return worker;
}
