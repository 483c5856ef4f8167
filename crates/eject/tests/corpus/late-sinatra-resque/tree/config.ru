# frozen_string_literal: true

require "resque/server"
require_relative "app"

map("/resque") { run Resque::Server.new }
run Podcasts::App
