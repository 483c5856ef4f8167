import type { SandboxedJob } from "bullmq";
import PDFDocument from "pdfkit";

/** Runs in a thread of its own: no connection here but the one of the parent. */
export default async function render(job: SandboxedJob<{ invoiceId: string; locale: string }>) {
  const document = new PDFDocument({ size: "A4" });
  document.text(`Invoice ${job.data.invoiceId}`);
  await job.updateProgress(50);
  document.end();
  return { customerId: job.data.invoiceId.split("-")[0] };
}
