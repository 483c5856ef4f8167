class OrdersController < ApplicationController
  def show
    order = Rails.cache.fetch(["order", params[:id]], expires_in: 5.minutes) { Order.find(params[:id]).as_json }
    render json: order
  end

  def create
    customer = Customer.find(params[:customer_id])
    return head :locked if customer.on_hold.marked?

    order = customer.orders.create!(sku: params[:sku], pieces: params[:pieces])
    customer.seen(order.sku)
    BestSellers.count(order.sku, order.pieces)
    RecountJob.perform_in(10.minutes, order.sku)
    ExportJob.perform_later(order)
    ActionCable.server.broadcast("orders_#{customer.id}", order.as_json)
    render json: order, status: :created
  end

  def best
    render json: BestSellers.top
  end
end
