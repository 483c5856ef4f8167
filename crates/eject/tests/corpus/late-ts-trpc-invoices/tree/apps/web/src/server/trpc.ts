import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { ZodError } from "zod";
import { db } from "@ledgerly/db";
import { getRedis } from "@ledgerly/kv";
import { auth } from "./auth";
import { limits, type LimitName } from "./ratelimit";

export async function createContext({ headers }: { headers: Headers }) {
  const session = await auth();
  return { db, headers, kv: getRedis(), session };
}

const t = initTRPC.context<typeof createContext>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, zod: error.cause instanceof ZodError ? error.cause.flatten() : null },
  }),
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const signedIn = t.middleware(({ ctx, next }) => {
  if (!ctx.session?.user?.id) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next({ ctx: { ...ctx, userId: ctx.session.user.id } });
});

const limited = (name: LimitName) =>
  t.middleware(async ({ ctx, next }) => {
    const who = ctx.session?.user?.id ?? ctx.headers.get("x-forwarded-for") ?? "anonymous";
    const { success, reset } = await limits[name].limit(who);
    if (!success) {
      const seconds = Math.max(1, Math.ceil((reset - Date.now()) / 1000));
      throw new TRPCError({ code: "TOO_MANY_REQUESTS", message: `Try again in ${seconds} s` });
    }
    return next();
  });

export const publicProcedure = t.procedure.use(limited("read"));
export const protectedProcedure = t.procedure.use(signedIn).use(limited("read"));
export const mutationProcedure = t.procedure.use(signedIn).use(limited("write"));
export const sendProcedure = t.procedure.use(signedIn).use(limited("send"));
