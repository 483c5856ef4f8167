import json
from queue import SimpleQueue

import boto3
from django.conf import settings

_sqs = boto3.client("sqs", region_name="eu-central-1")
_failed: SimpleQueue = SimpleQueue()


def notify_seller(seller_id, event):
    body = json.dumps({"seller": seller_id, "event": event})
    try:
        _sqs.send_message(QueueUrl=settings.SQS_WEBHOOKS_URL, MessageBody=body)
    except Exception:
        _failed.put(body)
        raise
