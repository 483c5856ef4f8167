import { Queue } from "bullmq";
import { half } from "./half";

export const queue = new Queue("a");
void queue.add("b", half);
