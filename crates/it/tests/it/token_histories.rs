//! Processes refresh the same sessions at once, and what each has seen is held against a model: at any
//! moment a session has one good token, and each outcome has a moment at which it was right.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    process::Stdio,
    time::Duration,
};

use pgstead_it::{TestDb, is_long};
use pgstead_tokens::{Config, KeyEncryptionKey, NewSession, Tokens};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::Command,
    task::JoinSet,
};

const PROCESSES: usize = 4;
/// Sessions of each process that one task has, and that four have.
const LONE: usize = 4;
const TABS: usize = 100;
/// Sessions that all have.
const SHARED: usize = 300;
/// Short, so that it passes while the processes run.
const GRACE: Duration = Duration::from_millis(500);

/// Something that was asked.
#[derive(Clone, Debug)]
struct Call {
    began: i128,
    /// It may take effect for ever after, if nobody waited for it.
    ended: Option<i128>,
    token: String,
    outcome: String,
    next: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn at_any_moment_a_session_has_one_good_token() {
    let db = TestDb::new().await;
    let kek = KeyEncryptionKey::generate();
    let config = Config::new("https://auth.test", kek.clone());
    let tokens = Tokens::open(db.db(), config).await.unwrap();
    let first_tokens = issue(&tokens, PROCESSES * (LONE + TABS) + SHARED).await;
    let seconds = if is_long() { "60" } else { "5" };
    let mut processes = JoinSet::new();
    for process in 0..PROCESSES {
        let lines = sessions_of(process, &first_tokens);
        let grace_ms = GRACE.as_millis().to_string();
        let arguments = [db.url().to_owned(), kek.reveal().to_string(), seconds.into(), grace_ms];
        processes.spawn(refresher(arguments, lines));
    }
    let mut histories: BTreeMap<usize, Vec<Call>> = BTreeMap::new();
    for line in processes.join_all().await.concat() {
        let (session, call) = read(&line);
        histories.entry(session).or_default().push(call);
    }
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for (session, calls) in &histories {
        check(&first_tokens[*session], calls, GRACE.as_nanos().cast_signed())
            .unwrap_or_else(|why| panic!("session {session}: {why}\n{calls:#?}"));
        for call in calls {
            *outcomes.entry(&call.outcome).or_default() += 1;
        }
        // Whoever is alone and asks again within the grace is never logged out. On a machine that has
        // stood still for that long he was too late.
        let is_lone = *session < PROCESSES * (LONE + TABS) && session % (LONE + TABS) < LONE;
        let is_over = |call: &&Call| ["reused", "revoked"].contains(&call.outcome.as_str());
        let is_late = |call: &Call| {
            let same = calls.iter().filter(|one| one.token == call.token);
            let first = same.map(|one| one.began).min().unwrap_or(call.began);
            call.ended() - first >= GRACE.as_nanos().cast_signed()
        };
        let is_well = calls.iter().filter(is_over).all(is_late);
        assert!(!is_lone || is_well, "session {session}: {calls:#?}");
    }
    println!("{} sessions: {outcomes:?}", histories.len());
    for outcome in ["rotated", "graced", "reused", "revoked", "given-up"] {
        assert!(outcomes.get(outcome).is_some_and(|count| *count > 50), "{outcomes:?}");
    }
}

async fn issue(tokens: &Tokens, count: usize) -> Vec<String> {
    let mut issued = JoinSet::new();
    for number in 0..count {
        let tokens = tokens.clone();
        issued.spawn(async move {
            let new = NewSession::new(&format!("user {number}")).unwrap();
            let issued = tokens.issue(&new).await.unwrap();
            issued.refresh_token.reveal().to_owned()
        });
    }
    issued.join_all().await
}

/// Those of its own, then those of all.
fn sessions_of(process: usize, first_tokens: &[String]) -> String {
    let mut lines = String::new();
    let own = process * (LONE + TABS)..(process + 1) * (LONE + TABS);
    for number in own.chain(PROCESSES * (LONE + TABS)..first_tokens.len()) {
        let class = match number {
            _ if number >= PROCESSES * (LONE + TABS) => "shared",
            _ if number % (LONE + TABS) < LONE => "lone",
            _ => "tabs",
        };
        writeln!(lines, "{class} {number} {}", first_tokens[number]).unwrap();
    }
    lines + "go\n"
}

async fn refresher(arguments: [String; 4], sessions: String) -> Vec<String> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_refresher"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("ready"));
    process.stdin.take().unwrap().write_all(sessions.as_bytes()).await.unwrap();
    let mut history = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        history.push(line);
    }
    assert!(process.wait().await.unwrap().success());
    history
}

fn read(line: &str) -> (usize, Call) {
    let [session, began, ended, token, outcome, next] = line.split(' ').collect::<Vec<_>>()[..]
    else {
        panic!("{line}");
    };
    let ended = (outcome != "given-up").then(|| ended.parse().unwrap());
    let next = (next != "-").then(|| next.to_owned());
    let (token, outcome) = (token.to_owned(), outcome.to_owned());
    (session.parse().unwrap(), Call { began: began.parse().unwrap(), ended, token, outcome, next })
}

const NEVER: i128 = i128::MAX;

/// Whether there are moments of the rotations, and of the end, at which every outcome was right.
///
/// Each is taken as early as can be: whatever follows only gains by that.
fn check(first: &str, calls: &[Call], grace: i128) -> Result<(), String> {
    let numbers = number(first, calls)?;
    // What was done with each token.
    let mut of_token: Vec<Vec<&Call>> = vec![Vec::new(); numbers.len()];
    for call in calls {
        of_token[numbers[&call.token]].push(call);
    }
    let moments = moments(&of_token)?;
    let moment = |number: usize| moments.get(number).copied().unwrap_or(NEVER);
    for (number, calls) in of_token.iter().enumerate() {
        let with = |outcome: &'static str| calls.iter().filter(move |call| call.outcome == outcome);
        // The latest moment at which it can have been rotated.
        let latest = with("rotated").map(|call| call.ended()).next().unwrap_or(NEVER);
        let late = |call: &&&Call| call.began.saturating_sub(moment(number).max(latest)) >= grace;
        if let Some(call) = with("graced").find(late) {
            return Err(format!("it was graced too late: {call:?}"));
        }
        let unfounded = |call: &&&Call| {
            let was_older = moment(number + 1) <= call.ended();
            let grace_was_over = call.ended().saturating_sub(moment(number)) >= grace;
            !was_older && !grace_was_over
        };
        if let Some(call) = with("reused").find(unfounded) {
            return Err(format!("it was no reuse: {call:?}"));
        }
    }
    end(calls, &moments, |call| numbers[&call.token])
}

/// When the session went from each number to the next; from the last, when it may have, if nobody has
/// waited for it.
fn moments(of_token: &[Vec<&Call>]) -> Result<Vec<i128>, String> {
    let mut moments = Vec::new();
    let mut before = i128::MIN;
    let mut asked_before = i128::MIN;
    for (number, calls) in of_token.iter().enumerate() {
        let with = |outcome: &'static str| calls.iter().filter(move |call| call.outcome == outcome);
        let rotations: Vec<_> = with("rotated").collect();
        let (earliest, latest) = match rotations[..] {
            [] => match with("given-up").map(|call| call.began).min() {
                Some(began) => (began, NEVER),
                None if number + 1 == of_token.len() => break,
                None => return Err(format!("nobody has rotated token {number}")),
            },
            [one] => (one.began, one.ended()),
            _ => return Err(format!("token {number} was rotated twice: {rotations:#?}")),
        };
        let moment = before.max(earliest).max(asked_before);
        let answered_after = with("graced").map(|call| call.ended()).min().unwrap_or(NEVER);
        if moment > latest.min(answered_after) {
            return Err(format!("there is no moment at which token {number} was rotated"));
        }
        moments.push(moment);
        before = moment;
        // Who got the same successor did before that was used.
        asked_before = with("graced").map(|call| call.began).max().unwrap_or(i128::MIN);
    }
    Ok(moments)
}

/// Whether there is a moment at which the session ended.
fn end(calls: &[Call], moments: &[i128], of: impl Fn(&Call) -> usize) -> Result<(), String> {
    let with = |outcome: &'static str| calls.iter().filter(move |call| call.outcome == outcome);
    let told = with("reused").chain(with("revoked"));
    let Some(known_by) = told.filter_map(|call| call.ended).min() else { return Ok(()) };
    let ending = with("reused").chain(with("given-up")).map(|call| call.began).min();
    let ending = ending.ok_or("nobody has ended it, and it was over")?;
    let alive = with("rotated").chain(with("graced"));
    let alive_at = alive.map(|call| call.began).max().unwrap_or(i128::MIN);
    let rotated_at = with("rotated").map(|call| moments[of(call)]).max().unwrap_or(i128::MIN);
    if ending.max(alive_at).max(rotated_at) > known_by {
        return Err("it went on after it was over".to_owned());
    }
    Ok(())
}

impl Call {
    fn ended(&self) -> i128 {
        self.ended.unwrap_or(NEVER)
    }
}

/// Which token of the session each is. A token has one successor.
fn number(first: &str, calls: &[Call]) -> Result<HashMap<String, usize>, String> {
    let mut successors: HashMap<&str, &str> = HashMap::new();
    for call in calls {
        if let Some(next) = &call.next
            && *successors.entry(&call.token).or_insert(next) != next
        {
            return Err(format!("two successors: {call:?}"));
        }
    }
    let mut numbers = HashMap::new();
    let mut token = Some(first);
    while let Some(this) = token {
        numbers.insert(this.to_owned(), numbers.len());
        token = successors.get(this).copied();
    }
    match calls.iter().find(|call| !numbers.contains_key(&call.token)) {
        Some(stray) => Err(format!("where is it from? {stray:?}")),
        None => Ok(numbers),
    }
}

fn call(began: i128, ended: i128, token: &str, outcome: &str) -> Call {
    let next = match (outcome, token) {
        ("rotated" | "graced", "a") => Some("b".to_owned()),
        ("rotated" | "graced", "b") => Some("c".to_owned()),
        _ => None,
    };
    let ended = (outcome != "given-up").then_some(ended);
    Call { began, ended, token: token.to_owned(), outcome: outcome.to_owned(), next }
}

#[test]
fn the_model_knows_right_from_wrong() {
    let good: [&[Call]; 6] = [
        &[call(0, 1, "a", "rotated"), call(2, 3, "b", "rotated")],
        &[call(0, 9, "a", "rotated"), call(0, 9, "a", "graced"), call(0, 9, "b", "rotated")],
        &[call(0, 0, "a", "given-up"), call(2, 3, "a", "graced"), call(4, 5, "b", "rotated")],
        &[call(0, 1, "a", "rotated"), call(12, 13, "a", "reused"), call(14, 15, "b", "revoked")],
        &[call(0, 1, "a", "rotated"), call(2, 3, "b", "rotated"), call(4, 5, "a", "reused")],
        &[
            call(0, 1, "a", "rotated"),
            call(2, 3, "b", "rotated"),
            call(3, 9, "a", "given-up"),
            call(5, 6, "c", "revoked"),
        ],
    ];
    for calls in good {
        check("a", calls, 10).unwrap_or_else(|why| panic!("{why}: {calls:#?}"));
    }
    let bad: [&[Call]; 8] = [
        // Rotated twice.
        &[call(0, 1, "a", "rotated"), call(2, 3, "a", "rotated")],
        // Its successor before it.
        &[call(2, 3, "a", "rotated"), call(0, 1, "b", "rotated")],
        // Graced after the successor was used.
        &[call(0, 1, "a", "rotated"), call(2, 3, "b", "rotated"), call(4, 5, "a", "graced")],
        // Too late, and too early.
        &[call(0, 1, "a", "rotated"), call(12, 13, "a", "graced")],
        &[call(0, 1, "a", "rotated"), call(2, 3, "a", "reused")],
        // Alive after its end.
        &[call(0, 1, "a", "rotated"), call(12, 13, "a", "reused"), call(14, 15, "b", "rotated")],
        // Ended by nobody.
        &[call(0, 1, "a", "rotated"), call(2, 3, "b", "revoked")],
        // From nowhere.
        &[call(0, 1, "x", "rotated")],
    ];
    for calls in bad {
        assert!(check("a", calls, 10).is_err(), "{calls:#?}");
    }
}
