package bank

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Files of the bank arrive in a queue of SQS.
type Files struct {
	c   *sqs.Client
	url string
}

// Next waits for one.
func (f *Files) Next(ctx context.Context) (string, error) {
	out, err := f.c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(f.url), WaitTimeSeconds: 20})
	if err != nil || len(out.Messages) == 0 {
		return "", err
	}
	return aws.ToString(out.Messages[0].Body), nil
}
