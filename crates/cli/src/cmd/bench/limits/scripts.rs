//! The peers on Redis: Lua scripts, which do in one step what has to be one.

use std::sync::Arc;

use anyhow::{Result, ensure};
use redis::{Cmd, aio::MultiplexedConnection};

use super::{Gate, Keys, PerKey, TEAM_SIZE, Target, WINDOW};
use crate::cmd::bench::{load::Arm, redis::Redis};

/// What a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Counts, and begins a window with the first count. Answers with the count.
    Count,
    /// A bucket that refills evenly. Answers with how long to wait for it, in µs.
    Gcra,
    /// Counts for a user and for his team, or for neither. Answers with 1 or 0.
    Both,
}

/// A check at a time, over the connection that all callers share.
pub(super) struct Scripted {
    redis: Arc<Redis>,
    script: Script,
    calls: PerKey<Cmd>,
    keys: Keys,
}

impl Script {
    const fn source(self) -> &'static str {
        match self {
            Self::Count => {
                "local count = redis.call('INCRBY', KEYS[1], ARGV[1])\n\
                 if count == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end\n\
                 return count"
            }
            // What is kept is the instant at which the bucket will be full. Callers on several
            // machines have several clocks, and Redis has one.
            Self::Gcra => {
                "local interval, most, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])\n\
                 if not now then\n\
                 \x20 local time = redis.call('TIME')\n\
                 \x20 now = time[1] * 1000000 + time[2]\n\
                 end\n\
                 local full = tonumber(redis.call('GET', KEYS[1]) or now)\n\
                 full = math.max(full, now) + interval\n\
                 local wait = full - now - most\n\
                 if wait > 0 then return wait end\n\
                 redis.call('SET', KEYS[1], string.format('%.0f', full),\n\
                 \x20 'PX', math.ceil((full - now) / 1000))\n\
                 return 0"
            }
            Self::Both => {
                "for i = 1, 2 do\n\
                 \x20 local count = tonumber(redis.call('GET', KEYS[i]) or 0)\n\
                 \x20 if count >= tonumber(ARGV[i]) then return 0 end\n\
                 end\n\
                 for i = 1, 2 do\n\
                 \x20 if redis.call('INCR', KEYS[i]) == 1 then\n\
                 \x20   redis.call('PEXPIRE', KEYS[i], ARGV[3])\n\
                 \x20 end\n\
                 end\n\
                 return 1"
            }
        }
    }

    /// The call of a script that is there under its hash.
    fn call(self, hash: &str, Target { gate, key }: Target) -> Cmd {
        let mut call = redis::cmd("EVALSHA");
        let limit = gate.limit();
        match self {
            Self::Count => {
                call.arg(hash).arg(1).arg(format!("count:{gate:?}:user:{key}"));
                call.arg(1).arg(WINDOW_MS);
            }
            Self::Gcra => {
                let interval_us = (WINDOW_MS * 1000).div_ceil(limit);
                call.arg(hash).arg(1).arg(format!("gcra:{gate:?}:user:{key}"));
                call.arg(interval_us).arg(interval_us * limit);
            }
            Self::Both => {
                call.arg(hash).arg(2).arg(format!("both:{gate:?}:user:{key}"));
                call.arg(format!("both:{gate:?}:team:{}", key / TEAM_SIZE));
                call.arg(limit).arg(limit).arg(WINDOW_MS);
            }
        }
        call
    }

    fn allows(self, answer: u64, gate: Gate) -> bool {
        match self {
            Self::Count => answer <= gate.limit(),
            Self::Gcra => answer == 0,
            Self::Both => answer == 1,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a day has not so many")]
const WINDOW_MS: u64 = WINDOW.as_millis() as u64;

impl Scripted {
    /// The calls of a scenario, made beforehand, and what is to be refused used up.
    pub(super) async fn prepare(
        redis: &Arc<Redis>,
        script: Script,
        keys: Keys,
    ) -> Result<Arc<Self>> {
        let hash = redis.load(script.source()).await?;
        let calls = PerKey::new(|target| Ok(script.call(&hash, target)))?;
        if keys.reach(Gate::Closed) {
            let mut all = redis::pipe();
            for call in calls.all(Gate::Closed) {
                all.add_command(call.clone()).ignore();
            }
            all.exec_async(&mut redis.connection()).await?;
        }
        Ok(Arc::new(Self { redis: Arc::clone(redis), script, calls, keys }))
    }
}

impl Arm for Scripted {
    type Caller = MultiplexedConnection;

    fn caller(&self) -> MultiplexedConnection {
        self.redis.connection()
    }

    async fn call(&self, connection: &mut MultiplexedConnection, number: u64) -> Result<()> {
        let target = self.keys.of(number);
        let answer = self.calls.get(target).query_async(connection).await?;
        ensure!(
            self.script.allows(answer, target.gate) == (target.gate == Gate::Open),
            "{:?} on Redis: {target:?}: {answer}",
            self.script
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmd::bench::redis::Keep;

    async fn eval(redis: &Redis, script: Script, keys: &[&str], arguments: &[u64]) -> u64 {
        let mut call = redis::cmd("EVAL");
        call.arg(script.source()).arg(keys.len()).arg(keys).arg(arguments);
        call.query_async(&mut redis.connection()).await.unwrap()
    }

    async fn ask<T: redis::FromRedisValue>(redis: &Redis, command: &[&str]) -> T {
        let mut call = redis::cmd(command[0]);
        call.arg(&command[1..]).query_async(&mut redis.connection()).await.unwrap()
    }

    /// A second in µs.
    const S: u64 = 1_000_000;

    #[tokio::test]
    async fn gcra_grants_the_burst_then_refuses_then_grants_what_has_refilled() {
        let redis = Redis::start(Keep::Nothing).await.unwrap();
        // One a second, three at once, at an instant of today's size.
        let at = async |now| {
            eval(&redis, Script::Gcra, &["k"], &[S, 3 * S, 1_700_000_000 * S + now]).await
        };
        assert_eq!([at(0).await, at(1).await, at(2).await], [0, 0, 0]);
        assert_eq!(at(3).await, S - 3, "the first was taken at 0 and is back a second later");
        assert_eq!(at(S - 1).await, 1, "who was refused has taken nothing");
        assert_eq!(at(S).await, 0);
        assert_eq!(at(S).await, S);
        assert_eq!([at(9 * S).await, at(9 * S).await, at(9 * S).await], [0, 0, 0]);
        assert_eq!(at(9 * S).await, S, "it does not hold more than its burst");
        let expires_ms: u64 = ask(&redis, &["PTTL", "k"]).await;
        assert!((1..=3000).contains(&expires_ms), "{expires_ms}: full, and forgotten, after 3 s");
    }

    #[tokio::test]
    async fn gcra_without_an_instant_takes_the_time_of_redis() {
        let redis = Redis::start(Keep::Nothing).await.unwrap();
        let hour = 3600 * S;
        assert_eq!(eval(&redis, Script::Gcra, &["k"], &[hour, hour]).await, 0);
        let time: [u64; 2] = ask(&redis, &["TIME"]).await;
        let now = time[0] * S + time[1];
        let full: u64 = ask(&redis, &["GET", "k"]).await;
        assert!((now..=now + hour).contains(&full), "{now} {full}");
        let wait = eval(&redis, Script::Gcra, &["k"], &[hour, hour]).await;
        assert!((1..=hour).contains(&wait), "{wait}");
    }

    #[tokio::test]
    async fn both_are_counted_or_neither() {
        let redis = Redis::start(Keep::Nothing).await.unwrap();
        let both = async |user| eval(&redis, Script::Both, &[user, "team"], &[2, 3, 60_000]).await;
        assert_eq!([both("a").await, both("a").await, both("a").await], [1, 1, 0]);
        assert_eq!([both("b").await, both("b").await], [1, 0]);
        let counts: Vec<u64> = ask(&redis, &["MGET", "a", "b", "team"]).await;
        assert_eq!(counts, [2, 1, 3], "who was refused by one was not counted by the other");
        for key in ["a", "team"] {
            let expires_ms: u64 = ask(&redis, &["PTTL", key]).await;
            assert!((1..=60_000).contains(&expires_ms), "{key}: {expires_ms}");
        }
    }

    /// As the benchmark calls them: what is open grants, what is closed refuses, and each says so if
    /// it is not.
    #[tokio::test]
    async fn each_script_answers_as_expected() {
        let redis = Arc::new(Redis::start(Keep::Nothing).await.unwrap());
        for script in [Script::Count, Script::Gcra, Script::Both] {
            for keys in [Keys::Uniform, Keys::Hot, Keys::MostlyRefused, Keys::Refused] {
                let arm = Scripted::prepare(&redis, script, keys).await.unwrap();
                for number in 0..100 {
                    arm.call(&mut arm.caller(), number).await.unwrap();
                }
            }
            let closed = Scripted::prepare(&redis, script, Keys::Refused).await.unwrap();
            let () = ask(&redis, &["FLUSHDB"]).await;
            closed.call(&mut closed.caller(), 0).await.unwrap_err();
        }
    }
}
