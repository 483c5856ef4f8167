//! A whole login step: password, then one-time password, with what keeps guesses few.
//!
//! ```console
//! $ cargo run -p pgstead --example login
//! ```
//!
//! It plays somebody who guesses, and somebody who logs in. Without `DATABASE_URL` it runs a
//! PostgreSQL of its own, which is gone afterwards.

#![expect(clippy::print_stdout, reason = "a person reads it")]
#![expect(clippy::disallowed_methods, reason = "no library: it reads the environment and a clock")]

use std::{env, time::Duration};

use anyhow::Result;
use pgstead::{
    limits::{
        self, Algorithm, Config, InvalidPolicy, Limits, Policy, PolicyConfig,
        totp::{Guard, Verification, totp_rs},
    },
    store::{self, Db, migrate::migrate},
};

const MINUTE: Duration = Duration::from_mins(1);

/// What a service keeps of a user: the secret is encrypted at rest, which is not shown here.
struct User {
    name: &'static str,
    secret: &'static str,
}

const ADA: User = User { name: "ada", secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" };

/// How a login ends.
enum Login {
    Welcome,
    /// Password or one-time password: who guesses is not told which.
    Wrong,
    /// Too many attempts, or PostgreSQL cannot count them now.
    NotBefore(Duration),
}

/// Attempts are counted where a crash does not forget them, and nobody gets in uncounted.
fn policies() -> Result<[Policy; 3], InvalidPolicy> {
    let durable = |algorithm, limit, per| {
        let mut config = PolicyConfig::new(algorithm, limit, per);
        config.durable = true;
        config
    };
    // Of passwords an address may try 20 in five minutes, whatever the account.
    let passwords = durable(Algorithm::SlidingWindow, 20, 5 * MINUTE);
    // Of one-time passwords an account may try 5 in five minutes, and then none for a while.
    let mut codes = durable(Algorithm::FixedWindow, 5, 5 * MINUTE);
    codes.lockout = vec![15 * MINUTE, 60 * MINUTE, 24 * 60 * MINUTE];
    let addresses = durable(Algorithm::FixedWindow, 50, 60 * MINUTE);
    Ok([
        Policy::new("login-address", &passwords)?,
        Policy::new("totp", &codes)?,
        Policy::new("totp-address", &addresses)?,
    ])
}

async fn log_in(
    limits: &Limits,
    guard: &Guard,
    user: &User,
    password_is_right: bool,
    code: &str,
    address: &str,
) -> Result<Login> {
    // 1. Before the password is looked at: the attempt is counted for the address.
    let attempt = limits.subject("login-address", address)?.costing(1)?;
    let decision = limits.check(&attempt).await?;
    if let Some(wait) = decision.retry_after() {
        return Ok(Login::NotBefore(wait));
    }
    // 2. The password, by a slow hash. A wrong one does not use up a one-time password.
    if !password_is_right {
        return Ok(Login::Wrong);
    }
    // 3. The one-time password: counted before it is checked, and used once.
    let secret = totp_rs::Secret::try_from_base32(user.secret)?;
    let totp = totp_rs::Builder::new().with_secret(secret).build()?;
    Ok(match guard.verify(&totp, user.name, Some(address), code).await? {
        Verification::Verified => {
            // Who got in was no guesser: his attempt is given back to his address.
            limits.refund(&attempt).await?;
            Login::Welcome
        }
        Verification::Wrong { .. } | Verification::Replayed => Login::Wrong,
        Verification::LockedOut { retry_after } => Login::NotBefore(retry_after),
        _ => Login::NotBefore(Duration::from_secs(1)),
    })
}

#[tokio::main]
async fn main() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let (url, own) = if let Ok(url) = env::var("DATABASE_URL") {
        (url, None)
    } else {
        let mut config = pgstead_embedded::Config::new(directory.path().join("data"));
        config.path = env::var_os("PATH");
        let cluster = pgstead_embedded::start(&config).await?;
        (cluster.url(), Some(cluster))
    };
    let db = Db::connect(&store::Config::new(&url)).await?;
    migrate(&db, &[limits::MIGRATIONS]).await?;
    let limits = Limits::start(&db, Config::new(policies()?));
    let guard = Guard::new(&limits, "totp", Some("totp-address"))?;

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let secret = totp_rs::Secret::try_from_base32(ADA.secret)?;
    let code = totp_rs::Builder::new().with_secret(secret).build()?.generate(now).to_string();
    let (home, elsewhere) = ("203.0.113.7", "198.51.100.23");
    let shown = |who: &str, login: &Login| match login {
        Login::Welcome => println!("{who:<28} welcome"),
        Login::Wrong => println!("{who:<28} wrong"),
        Login::NotBefore(wait) => println!("{who:<28} not before {} s", wait.as_secs()),
    };

    shown("ada", &log_in(&limits, &guard, &ADA, true, &code, home).await?);
    shown(
        "somebody who saw her code",
        &log_in(&limits, &guard, &ADA, true, &code, elsewhere).await?,
    );
    for guess in 0..5 {
        let code = format!("{guess:06}");
        let login = log_in(&limits, &guard, &ADA, true, &code, elsewhere).await?;
        shown(&format!("who guesses {code}"), &login);
    }
    for guess in 0..16 {
        let login = log_in(&limits, &guard, &ADA, false, "", elsewhere).await?;
        if guess == 0 || matches!(login, Login::NotBefore(_)) {
            shown(&format!("who guesses password {}", guess + 1), &login);
        }
    }

    limits.close().await;
    drop((guard, limits, db));
    if let Some(cluster) = own {
        cluster.stop().await;
    }
    Ok(())
}
