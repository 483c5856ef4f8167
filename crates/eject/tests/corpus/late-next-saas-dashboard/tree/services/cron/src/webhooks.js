const { SQSClient, ReceiveMessageCommand, DeleteMessageCommand } = require('@aws-sdk/client-sqs');

const client = new SQSClient({ region: 'eu-central-1' });
const QueueUrl = process.env.WEBHOOK_QUEUE_URL;

exports.drainWebhooks = async function drainWebhooks() {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const message of Messages) {
    const { url, body } = JSON.parse(message.Body);
    await fetch(url, { method: 'POST', body });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  }
};
