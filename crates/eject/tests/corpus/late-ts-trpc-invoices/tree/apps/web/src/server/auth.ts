import NextAuth from "next-auth";
import Resend from "next-auth/providers/resend";
import { UpstashRedisAdapter } from "@auth/upstash-redis-adapter";
import { upstash } from "./upstash";

export const { handlers, auth, signIn, signOut } = NextAuth({
  adapter: UpstashRedisAdapter(upstash, { baseKeyPrefix: "ledgerly:auth:" }),
  session: { strategy: "database", maxAge: 14 * 24 * 60 * 60 },
  providers: [Resend({ from: "no-reply@ledgerly.dev" })],
  callbacks: {
    session({ session, user }) {
      session.user.id = user.id;
      return session;
    },
  },
});
