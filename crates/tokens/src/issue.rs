//! Begins a session.

use std::collections::HashMap;

use pgstead_store::{Result, tokio_postgres::types::Type};

use crate::{
    Issued, Tokens,
    lanes::{Answer, Ask, Live, Statements},
    session::{NewSession, RANDOM_BYTES, SessionId},
};

pub(crate) const SQL: &str = include_str!("../sql/issue.sql");

impl Tokens {
    /// Begins a session, and mints its first tokens.
    pub async fn issue(&self, new: &NewSession) -> Result<Issued> {
        let ask = Ask::Issue(Box::new((new.clone(), SessionId::random_part())));
        match self.ask(ask).await? {
            Answer::Issued(live) => Ok(self.mint(&live)),
            other => unreachable!("asked to issue, it answered {other:?}"),
        }
    }
}

pub(crate) async fn flush(
    statements: &mut Statements<'_>,
    asks: &[Ask],
    answers: &mut [Option<Answer>],
) -> Result<()> {
    let mut waiting: HashMap<&[u8], usize> = HashMap::new();
    let mut columns = Columns::default();
    for (index, ask) in asks.iter().enumerate() {
        let Ask::Issue(new) = ask else { continue };
        let (new, random_part) = &**new;
        waiting.insert(random_part, index);
        columns.push(new, random_part);
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let lifetimes = statements.lifetimes;
    let parameters = [
        (&columns.random_parts as _, Type::BYTEA_ARRAY),
        (&columns.users as _, Type::TEXT_ARRAY),
        (&columns.tenants as _, Type::TEXT_ARRAY),
        (&columns.grants as _, Type::TEXT_ARRAY),
        (&columns.labels as _, Type::TEXT_ARRAY),
        (&columns.user_agents as _, Type::TEXT_ARRAY),
        (&columns.addresses as _, Type::TEXT_ARRAY),
        (&lifetimes.absolute_ns as _, Type::INT8),
        (&lifetimes.idle_ns as _, Type::INT8),
    ];
    for row in statements.run(SQL, &parameters).await? {
        let index = waiting[row.try_get::<_, &[u8]>(8)?];
        answers[index] = Some(Answer::Issued(Live::read(&row)?));
    }
    Ok(())
}

#[derive(Default)]
struct Columns<'a> {
    random_parts: Vec<&'a [u8]>,
    users: Vec<&'a str>,
    tenants: Vec<Option<&'a str>>,
    grants: Vec<Option<&'a str>>,
    labels: Vec<Option<&'a str>>,
    user_agents: Vec<Option<&'a str>>,
    addresses: Vec<Option<String>>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, new: &'a NewSession, random_part: &'a [u8; RANDOM_BYTES]) {
        let NewSession { user, tenant, grant, device } = new;
        self.random_parts.push(random_part);
        self.users.push(user);
        self.tenants.push(tenant.as_deref());
        self.grants.push(grant.as_deref());
        self.labels.push(device.label.as_deref());
        self.user_agents.push(device.user_agent.as_deref());
        self.addresses.push(device.address.map(|address| address.to_string()));
    }
}
