import { z } from "zod";
import { memoized } from "~/lib/memo";
import { publicProcedure, router } from "../trpc";

/** The rates of the ECB change once a day: the process keeps them. */
const daily = memoized(60 * 60_000, async (base: string) => {
  const response = await fetch(`https://api.frankfurter.dev/v1/latest?base=${base}`);
  const { rates } = (await response.json()) as { rates: Record<string, number> };
  return rates;
});

export const ratesRouter = router({
  of: publicProcedure.input(z.object({ base: z.string().length(3) })).query(({ input }) => daily(input.base)),
});
