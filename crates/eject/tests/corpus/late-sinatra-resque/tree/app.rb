# frozen_string_literal: true

require "sinatra/base"
require_relative "lib/podcasts/store"
require_relative "lib/podcasts/throttle"
require_relative "lib/podcasts/jobs/fetch_feed"
require_relative "lib/podcasts/titles"

module Podcasts
  class App < Sinatra::Base
    enable :sessions
    set :session_secret, ENV.fetch("SESSION_SECRET")
    use Throttle, limit: 120

    get "/feeds/:id" do |id|
      Store.new.feed(id) || halt(404)
    end

    post "/feeds" do
      Resque.enqueue(Jobs::FetchFeed, params["url"])
      Resque.enqueue_in(3600, Jobs::FetchFeed, params["url"])
      Titles.of(params["url"])
    end
  end
end
