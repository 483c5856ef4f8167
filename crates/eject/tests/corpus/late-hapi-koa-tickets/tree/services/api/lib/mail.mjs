import fastq from "fastq";

const queue = fastq.promise(async ({ to, body }) => {
  await fetch("https://mail.example/send", { method: "POST", body: JSON.stringify({ to, body }) });
}, 2);

export const mail = (to, body) => queue.push({ to, body });
