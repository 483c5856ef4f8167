class NotifyJob < ApplicationJob
  queue_as :default
  retry_on Net::OpenTimeout, wait: :polynomially_longer

  def perform(id)
    ParcelMailer.with(id: id).moved.deliver_now
  end
end
