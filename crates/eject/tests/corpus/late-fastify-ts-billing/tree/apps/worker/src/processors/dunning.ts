import { DelayedError, UnrecoverableError, type Job } from "bullmq";
import pLimit from "p-limit";
import type { DunningJob } from "@billing/shared/queues";

const mails = pLimit(5);

export default async function dunning(job: Job<DunningJob>, token?: string) {
  const hour = new Date().getHours();
  if (hour < 8) {
    await job.moveToDelayed(Date.now() + (8 - hour) * 3_600_000, token);
    throw new DelayedError();
  }
  const response = await mails(() => fetch(`https://mail.example.com/dunning/${job.data.level}`, { method: "POST" }));
  if (response.status === 410) throw new UnrecoverableError("customer is gone");
}
