import { FlowProducer, type ConnectionOptions, type FlowJob } from 'bullmq'
import { QueueName } from './names.js'

export class DispatchFlow {
  private readonly producer: FlowProducer

  constructor(connection: ConnectionOptions, prefix: string) {
    this.producer = new FlowProducer({ connection, prefix })
  }

  /** The dispatch waits until the label is printed and, outside of the EU, customs has cleared. */
  async start(shipmentId: string, opts: { carrier: string; abroad: boolean }) {
    const children: FlowJob[] = [
      { name: 'print', queueName: QueueName.Labels, data: { shipmentId, carrier: opts.carrier, format: 'pdf' } },
    ]
    if (opts.abroad) {
      children.push({ name: 'declare', queueName: QueueName.Customs, data: { shipmentId } })
    }
    const node = await this.producer.add({ name: 'dispatch', queueName: QueueName.Dispatch, data: { shipmentId }, children })
    return node.job.id
  }
}
