import { revalidateTag } from "next/cache";
import { flags, setFlag } from "@/lib/flags";
import { top } from "@/lib/usage";

export default async function Admin() {
  const [all, teams] = await Promise.all([flags(), top()]);

  async function toggle(form: FormData) {
    "use server";
    await setFlag(String(form.get("flag")), form.get("on") === "on");
    revalidateTag("flags");
  }

  return (
    <main>
      <h1>Usage (counted in Redis, resets monthly)</h1>
      <ol>{teams.map((team) => <li key={team}>{team}</li>)}</ol>
      <form action={toggle}>{Object.keys(all).map((flag) => <input key={flag} name="flag" defaultValue={flag} />)}</form>
    </main>
  );
}
