require "dry/system"

module Pricing
  class Container < Dry::System::Container
    use :env, inferrer: -> { ENV.fetch("RACK_ENV", "development").to_sym }

    configure do |config|
      config.root = File.expand_path("..", __dir__)
      config.component_dirs.add("lib") { |dir| dir.namespaces.add "pricing", key: nil }
    end
  end

  Import = Container.injector
end
