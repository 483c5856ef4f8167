class WardChannel < ApplicationCable::Channel
  def subscribed
    stream_from "ward_#{params[:ward]}"
  end
end
