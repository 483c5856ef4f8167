import PgBoss from "pg-boss";

export const boss = new PgBoss(process.env.PG_URL!);
export class Queue {
  constructor(private readonly name: string) {}
  add = (data: object) => boss.send(this.name, data);
}
export const mail = new Queue("mail");
void mail.add({ to: "a@example.com" });
