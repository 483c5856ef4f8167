class ParcelsController < ApplicationController
  def pickup
    parcel = Parcel.find(params[:id])
    token = PickupTokens.issue(parcel)
    NotifyJob.perform_later(parcel.id)
    render json: { token: token, note: "kept in Redis for 15 minutes" }
  end

  def quote
    render json: RateQuotes.new.quote(params[:from], params[:to])
  end

  def import
    ShipmentImport.new(params[:file]).call
    head :accepted
  end
end
