class StallChannel < ApplicationCable::Channel
  def subscribed
    stream_from "stall_#{params[:id].to_i}"
  end
end
