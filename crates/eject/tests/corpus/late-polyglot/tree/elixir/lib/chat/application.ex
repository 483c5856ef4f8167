defmodule Chat.Application do
  use Application

  def start(_type, _args) do
    children = [
      {Redix, {System.fetch_env!("REDIS_URL"), [name: :redix]}},
      {Phoenix.PubSub, adapter: Phoenix.PubSub.Redis, node_name: node(), name: Chat.PubSub},
      {Cachex, name: :local}
    ]

    Supervisor.start_link(children, strategy: :one_for_one)
  end

  def seen(user), do: Redix.command(:redix, ["SETEX", "seen:#{user}", "60", "1"])
end
