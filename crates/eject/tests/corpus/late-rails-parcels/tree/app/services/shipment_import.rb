require "csv"

class ShipmentImport
  def initialize(file = nil)
    @file = file
  end

  def call
    rows = CSV.read(@file, headers: true)
    batch = Sidekiq::Batch.new
    batch.description = "shipments of #{@file}"
    batch.on(:success, ShipmentImport, "file" => @file)
    batch.jobs do
      rows.each { |row| PrintLabels.perform_async(row.fetch("id")) }
    end
  end

  def on_success(_status, options)
    NotifyJob.set(wait: 1.minute).perform_later(options["file"])
  end
end
