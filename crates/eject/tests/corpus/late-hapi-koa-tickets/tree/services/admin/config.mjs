export const config = {
  port: Number(process.env.PORT || 8001),
  sessionStore: process.env.SESSION_REDIS_URL || "redis://localhost:6379/5",
  reportStore: process.env.REPORT_REDIS_URL,
  flagsUrl: process.env.FLAGS_URL,
};
