ThisBuild / scalaVersion := "3.4.2"

lazy val root = (project in file("."))
  .settings(
    name := "ledger",
    libraryDependencies ++= Seq(
      "dev.profunktor" %% "redis4cats-effects" % "1.7.1",
      "redis.clients" % "jedis" % "5.1.5",
      "com.github.scredis" %% "scredis" % "2.4.3" % Test,
      "org.tpolecat" %% "doobie-core" % "1.0.0-RC5"
    )
  )
