export const slug = (...parts: string[]) => parts.map((p) => p.trim().toLowerCase()).join(":");
