ActiveRecord::Schema[7.2].define(version: 2024_09_01_120000) do
  create_table "topics" do |t|
    t.string "title", null: false
    t.string "redis_key"
    t.integer "posts_count", default: 0
  end
end
