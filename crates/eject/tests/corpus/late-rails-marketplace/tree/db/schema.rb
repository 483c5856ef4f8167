ActiveRecord::Schema[7.1].define(version: 2024_10_02_081500) do
  create_table "listings", force: :cascade do |t|
    t.string "title", null: false
    t.bigint "seller_id", null: false
    t.integer "price_cents"
    t.string "state", default: "open"
    t.datetime "closes_at"
    t.datetime "paid_at"
  end

  create_table "sessions", force: :cascade do |t|
    t.bigint "user_id", null: false
    t.string "user_agent"
    t.string "redis_key"
    t.datetime "last_seen_at"
    t.index ["user_id"], name: "index_sessions_on_user_id"
  end
end
