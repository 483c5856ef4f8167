require_relative "system/container"
require_relative "app"

Pricing::Container.finalize!
run Pricing::App.freeze.app
