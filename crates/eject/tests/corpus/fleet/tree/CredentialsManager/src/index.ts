import { createServer } from "node:http";
import { checkTotp } from "./totp";

createServer(async (request, response) => {
  const ok = await checkTotp(request.headers["x-user"] as string, request.headers["x-code"] as string);
  response.statusCode = ok ? 204 : 403;
  response.end();
}).listen(8080);
