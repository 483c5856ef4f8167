class ExportJob < ApplicationJob
  self.queue_adapter = :inline

  def perform(order)
    Aws::SQS::Client.new.send_message(queue_url: ENV.fetch("EXPORT_QUEUE_URL"), message_body: order.to_json)
  end
end
