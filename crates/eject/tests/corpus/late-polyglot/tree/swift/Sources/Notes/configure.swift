import Redis
import Vapor

public func configure(_ app: Application) throws {
    app.redis.configuration = try RedisConfiguration(url: Environment.get("REDIS_URL") ?? "redis://127.0.0.1:6379")
    app.sessions.use(.redis)
}
