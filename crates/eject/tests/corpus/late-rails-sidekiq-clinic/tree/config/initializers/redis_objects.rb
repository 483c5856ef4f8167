Redis::Objects.redis = Clinic::Kv::POOL
