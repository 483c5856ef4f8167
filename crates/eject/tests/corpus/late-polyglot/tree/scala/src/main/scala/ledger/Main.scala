package ledger

import cats.effect.{IO, IOApp}
import dev.profunktor.redis4cats.Redis
import dev.profunktor.redis4cats.effect.Log.Stdout.given

object Main extends IOApp.Simple:
  val run: IO[Unit] =
    Redis[IO].utf8(sys.env.getOrElse("REDIS_URL", "redis://localhost")).use { redis =>
      redis.setEx("balance", "1", scala.concurrent.duration.Duration(1, "h"))
    }
