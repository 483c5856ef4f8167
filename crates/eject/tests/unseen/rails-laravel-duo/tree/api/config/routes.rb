require "sidekiq/web"

Rails.application.routes.draw do
  mount Sidekiq::Web => "/jobs"
  resources :orders, only: %i[show create]
  get "best-sellers", to: "orders#best"
  get "up" => "rails/health#show"
end
