class TopicsController < ApplicationController
  def index
    @online = Presence.count
    @topics = Topic.order(:updated_at).limit(50)
  end

  def show
    @topic = Topic.find(params[:id])
    @topic.viewed!
    current_user&.seen(@topic)
    @html = RenderCache.new.topic(@topic)
  end

  def typing
    session[:typing] = true
    ActionCable.server.broadcast("typing", { user: current_user.id })
    head :no_content
  end
end
