//! What frameworks of Ruby give by a container, and what classes of jobs do by themselves.

use super::told;

#[test]
fn containers_hold_clients() {
    let files = [
        ("Gemfile", "gem 'redis'\n"),
        (
            "system/providers/redis.rb",
            "Shop::Container.register_provider(:redis) do\n  start do\n    register 'redis', Redis.new\n  end\n  stop { container['redis'].close }\nend\n",
        ),
        (
            "lib/shop/quotes.rb",
            "module Shop\n  class Quotes\n    include Deps['redis', 'tariffs', store: 'caches.redis']\n    def call(k)\n      redis.get(k)\n      store.set(k, 1)\n      tariffs.get(k)\n    end\n  end\nend\n",
        ),
        (
            "bin/listen",
            "#!/usr/bin/env ruby\nShop::Container['redis'].dup.subscribe('x') { |on| on }\nShop::Container['tariffs'].subscribe('x')\n",
        ),
    ];
    let told = told(&files);
    for place in [
        "system/providers/redis.rb:3 Client",
        "system/providers/redis.rb:5 Command",
        "lib/shop/quotes.rb:5 Command",
        "lib/shop/quotes.rb:6 Command",
        "bin/listen:2 Command",
    ] {
        assert!(told.iter().any(|of| of.starts_with(place)), "{place}: {told:?}");
    }
    for other in ["system/providers/redis.rb:1 ", "lib/shop/quotes.rb:7", "bin/listen:3"] {
        assert!(!told.iter().any(|of| of.starts_with(other)), "{other}: {told:?}");
    }
}

#[test]
fn jobs_come_again_and_settings_are_told_to_their_library() {
    let files = [
        ("config/initializers/sidekiq.rb", "Sidekiq.default_job_options = { retry: 5 }\n"),
        (
            "app/workers/poll.rb",
            "class Poll\n  include Sidekiq::Job\n  def perform(n)\n    self.class.perform_in(60, n)\n  end\nend\nclass Other\n  def perform(n)\n    self.class.perform_in(60, n)\n  end\nend\n",
        ),
        (
            "app/list.rb",
            "class List\n  def join(id)\n    rank = Shop::REDIS.call('ZRANK', @key, id)\n    Shop::OTHER.call('ZRANK', @key, id)\n  end\nend\n",
        ),
        (
            "lib/shop.rb",
            "module Shop\n  REDIS = RedisClient.config(url: 'x').new_pool(size: 5)\nend\n",
        ),
    ];
    let told = told(&files);
    for place in [
        "config/initializers/sidekiq.rb:1 Setting queue sidekiq",
        "app/workers/poll.rb:4 Command queue perform_in",
        "app/list.rb:3 Command queue ZRANK",
    ] {
        assert!(told.iter().any(|of| of == place), "{place}: {told:?}");
    }
    for other in ["app/workers/poll.rb:9", "app/list.rb:4"] {
        assert!(!told.iter().any(|of| of.starts_with(other)), "{other}: {told:?}");
    }
}

#[test]
fn values_of_a_class_are_asked_by_who_has_an_object_of_it() {
    let files = [
        ("Gemfile", "gem 'kredis'\ngem 'sidekiq'\n"),
        (
            "app/models/listing.rb",
            "class Listing\n  class Index\n    include Sidekiq::Job\n    def perform(id) = id\n  end\n  kredis_set :watchers\n  after_commit -> { Index.perform_async(id) }\n  after_commit -> { Other.perform_async(id) }\nend\n",
        ),
        (
            "app/channels/watch.rb",
            "class Watch\n  def on\n    listing = Listing.find(1)\n    listing.watchers.add(2)\n    Listing.find_by(id: 1)&.watchers&.remove(2)\n    listing.bids.add(2)\n  end\nend\n",
        ),
        ("app/plain.rb", "class Plain\n  def on(post) = post.watchers.add(2)\nend\n"),
    ];
    let told = told(&files);
    for place in [
        "app/models/listing.rb:6 Client",
        "app/models/listing.rb:7 Command queue perform_async",
        "app/channels/watch.rb:3 Wrapper",
        "app/channels/watch.rb:4 Command",
        "app/channels/watch.rb:5 Command",
    ] {
        assert!(told.iter().any(|of| of.starts_with(place)), "{place}: {told:?}");
    }
    for other in ["app/models/listing.rb:8", "app/channels/watch.rb:6", "app/plain.rb"] {
        assert!(!told.iter().any(|of| of.starts_with(other)), "{other}: {told:?}");
    }
}
