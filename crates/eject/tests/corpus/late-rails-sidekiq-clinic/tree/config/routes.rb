require "sidekiq/web"
require "sidekiq/cron/web"

Rails.application.routes.draw do
  authenticate :user, ->(user) { user.admin? } do
    mount Sidekiq::Web => "/admin/sidekiq"
  end
  mount ActionCable.server => "/cable"

  resources :patients, only: %i[index show]
  resources :appointments do
    post :check_in, on: :member
  end
  resource :code, only: %i[create update]
  get "/up", to: "health#show"
end
