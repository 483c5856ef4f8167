import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { Queue } from 'bullmq';

@Injectable()
export class MailService {
  constructor(@InjectQueue('mail') private readonly mail: Queue) {}

  async welcome(address: string) {
    await this.mail.add('welcome', { address }, { delay: 60_000 });
  }
}
