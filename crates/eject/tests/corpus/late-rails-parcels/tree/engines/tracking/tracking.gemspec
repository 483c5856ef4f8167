Gem::Specification.new do |spec|
  spec.name        = "tracking"
  spec.version     = "0.3.0"
  spec.summary     = "Asks carriers where parcels are. No Redis of its own."
  spec.files       = Dir["{app,lib}/**/*"]

  spec.add_dependency "rails", ">= 7.1"
  spec.add_dependency "sidekiq", ">= 7"
  spec.add_development_dependency "mock_redis"
end
