import type { SandboxedJob } from "bullmq";
import type { Settlement } from "../../../domain/ports";

export default async function settle(job: SandboxedJob<Settlement>): Promise<{ reference: string }> {
  const response = await fetch("https://bank.example/settlements", {
    method: "POST",
    body: JSON.stringify(job.data),
  });
  await job.updateProgress(50);
  const { reference } = (await response.json()) as { reference: string };
  await job.log(`settled ${job.data.paymentId}`);
  return { reference };
}
