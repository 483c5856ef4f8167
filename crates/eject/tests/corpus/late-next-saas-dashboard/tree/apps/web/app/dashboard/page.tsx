import { eq } from "drizzle-orm";
import { Suspense } from "react";
import { UsagePanel } from "@/components/usage-panel";
import { db, teams } from "@/db/schema";

export const revalidate = 0;

export default async function Dashboard({ searchParams }: { searchParams: { team?: string } }) {
  const team = searchParams.team ?? "demo";
  const [known] = await db.select().from(teams).where(eq(teams.id, team));
  return (
    <main>
      <h1>{known?.name ?? team}</h1>
      <Suspense fallback={<p>Counting…</p>}>
        <UsagePanel team={team} />
      </Suspense>
      <footer>Counts are kept in Redis for three days.</footer>
    </main>
  );
}
