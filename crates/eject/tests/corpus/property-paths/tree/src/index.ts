import { app } from "./app";
import { api } from "./api";
import { startJobs } from "./jobs";
import { Leader } from "./leader";

api.routes.push("/");
void startJobs();
void new Leader().run();
app.listen(api.port);
