import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'

/** The printing house polls this queue. */
export class CertificateQueue {
  private readonly client = new SQSClient({})

  async add(userId: string, courseId: string) {
    await this.client.send(
      new SendMessageCommand({
        QueueUrl: process.env.SQS_CERTIFICATES,
        MessageBody: JSON.stringify({ userId, courseId }),
        MessageGroupId: courseId,
      }),
    )
  }
}
