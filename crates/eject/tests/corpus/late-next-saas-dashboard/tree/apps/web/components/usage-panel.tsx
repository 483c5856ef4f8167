import { usageToday } from "@/lib/usage";

const format = new Intl.NumberFormat("en", { notation: "compact" });

export async function UsagePanel({ team }: { team: string }) {
  const { bytes, exports } = await usageToday(team);
  return (
    <section className="card">
      <strong>{format.format(bytes)}B</strong> transferred
      <br />
      <strong>{format.format(exports)}</strong> exports
    </section>
  );
}
