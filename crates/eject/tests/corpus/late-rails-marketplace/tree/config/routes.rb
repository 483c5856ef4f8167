require "sidekiq/web"
require "sidekiq/cron/web"

Rails.application.routes.draw do
  devise_for :users, controllers: { sessions: "users/sessions" }

  authenticate :user, ->(user) { user.admin? } do
    mount Sidekiq::Web => "/admin/sidekiq"
    mount Flipper::UI.app(Flipper) => "/admin/flipper"
  end

  resources :listings, only: %i[index show] do
    resources :bids, only: :create
  end
  post "/codes", to: "codes#create"
  get "/up", to: "health#show"
  root "listings#index"
end
