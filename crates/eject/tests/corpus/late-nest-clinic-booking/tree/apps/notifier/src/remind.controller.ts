import { InjectQueue } from '@nestjs/bull';
import { Body, Controller, Post } from '@nestjs/common';
import type { Queue } from 'bull';

@Controller('remind')
export class RemindController {
  constructor(@InjectQueue('sms') private readonly sms: Queue) {}

  @Post()
  async remind(@Body() body: { patient: string; at: string }) {
    await this.sms.add('remind', body, { attempts: 3, removeOnComplete: true });
    return { queued: true };
  }
}
