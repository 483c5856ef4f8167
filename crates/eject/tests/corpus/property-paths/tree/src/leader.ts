import { Connection } from "./connection";

export class Leader {
  connection: Connection;

  constructor(connection = new Connection().open()) {
    this.connection = connection;
  }

  async run() {
    const mine = await this.connection.redis.set("leader:lock", process.pid, "EX", 30, "NX");
    if (mine) await this.connection.redis.expire("leader:lock", 60);
    return this.connection.keyPrefix.trim();
  }
}
