import { Worker } from "bullmq";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { createBullConnection, publishEvent } from "@ledgerly/kv";
import { RENDER, type RenderJob } from "@ledgerly/jobs/names";
import { loadInvoice, storePdf } from "@ledgerly/db";

export function startRender() {
  const worker = new Worker<RenderJob, { bytes: number }>(
    RENDER,
    async (job) => {
      const invoice = await loadInvoice(job.data.invoiceId);
      const pdf = await PDFDocument.create();
      const page = pdf.addPage([595, 842]);
      const font = await pdf.embedFont(StandardFonts.Helvetica);
      let y = 780;
      for (const [index, line] of invoice.lines.entries()) {
        page.drawText(`${line.quantity} × ${line.text}`, { x: 60, y, font, size: 10 });
        y -= 14;
        await job.updateProgress(Math.round(((index + 1) / invoice.lines.length) * 100));
      }
      const bytes = await pdf.save();
      await storePdf(invoice.id, bytes);
      await publishEvent(invoice.id, { type: "rendered", bytes: bytes.length });
      return { bytes: bytes.length };
    },
    { connection: createBullConnection(), concurrency: Number(process.env.WORKER_CONCURRENCY ?? 4) },
  );
  worker.on("stalled", (jobId) => console.warn("stalled", jobId));
  return worker;
}
