defmodule Chat.MixProject do
  use Mix.Project

  def project do
    [app: :chat, version: "0.3.0", elixir: "~> 1.16", deps: deps()]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7"},
      {:redix, "~> 1.5"},
      {:phoenix_pubsub_redis, "~> 3.0"},
      {:cachex, "~> 3.6"}
    ]
  end
end
