export const INTEGRATIONS = [
  { id: "redis", name: "Redis", logo: "/logos/redis.svg" },
  { id: "mongodb", name: "MongoDB", logo: "/logos/mongo.svg" },
] as const;

export type Integration = "redis" | "postgres";

export function label(kind: Integration) {
  switch (kind) {
    case "redis":
      return "Redis";
    default:
      return "PostgreSQL";
  }
}
