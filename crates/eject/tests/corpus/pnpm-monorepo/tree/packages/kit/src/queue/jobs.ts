import * as bull from "bullmq";
import connection from "../cache";

export class Jobs extends bull.Queue {
  constructor(name: string) {
    super(name, { connection });
  }
}
