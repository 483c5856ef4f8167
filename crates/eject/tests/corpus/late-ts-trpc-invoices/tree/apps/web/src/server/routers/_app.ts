import { createCallerFactory, router } from "../trpc";
import { invoicesRouter } from "./invoices";
import { ratesRouter } from "./rates";

export const appRouter = router({
  invoices: invoicesRouter,
  rates: ratesRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
