export const GET = () => Response.json({ pong: true });
