import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReportsService {
  private readonly queue = new SQSClient({});

  request(clinic: string, month: string) {
    return this.queue.send(
      new SendMessageCommand({ QueueUrl: process.env.SQS_REPORTS_URL, MessageBody: JSON.stringify({ clinic, month }) }),
    );
  }
}
