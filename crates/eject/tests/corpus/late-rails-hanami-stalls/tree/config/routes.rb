require "sidekiq/web"
require "sidekiq/cron/web"

Rails.application.routes.draw do
  resources :stalls, only: %i[index show] do
    resources :bookings, only: %i[create destroy]
  end

  authenticate = ->(request) { request.session[:role] == "warden" }
  constraints(authenticate) { mount Sidekiq::Web => "/warden/jobs" }

  get "up", to: "rails/health#show"
  root "stalls#index"
end
