import { PrismaClient } from "@prisma/client";
import PQueue from "p-queue";
import { injectable } from "tsyringe";
import type { Payments, Settlement } from "../../domain/ports";

const queue = new PQueue({ concurrency: 4 });

@injectable()
export class PrismaPayments implements Payments {
  private readonly prisma = new PrismaClient();

  async capture(id: string): Promise<Settlement> {
    const row = await queue.add(() => this.prisma.payment.update({ where: { id }, data: { state: "captured" } }));
    return { paymentId: row!.id, amount: row!.amount };
  }
}
